"""The menu that says how the curves are shown, and saves them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton

from handwrite_app.training.plots.series import RECENT, Look
from handwrite_app.ui.dialogs.dialog import quiet_click


class LookButton(QPushButton):
    """Opens the menu.

    Signals:
        lookChanged(Look). resetRequested(): all in sight. saveRequested(kind): "png" or "csv".
        placeRequested(place): the panel is to be "below" the paper, "right" of it, or a "window".
    """

    lookChanged = Signal(object)
    resetRequested = Signal()
    saveRequested = Signal(str)
    placeRequested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("curvesMenu")
        quiet_click(self)
        self.look = Look()
        self._texts: list[tuple[QAction, Callable[[], str]]] = []
        menu = QMenu(self)
        self.setMenu(menu)
        self.log_scale = self._tick(menu, "logScale", lambda: self.tr("Log scale of the loss"))
        self.log_scale.toggled.connect(lambda on: self._set(log=on))
        outliers = self._tick(menu, "ignoreOutliers", lambda: self.tr("Ignore outliers"))
        outliers.toggled.connect(lambda on: self._set(no_outliers=on))
        menu.addSeparator()
        self._choices(
            menu,
            "last",
            [
                (0, lambda: self.tr("The whole run")),
                (RECENT, lambda: self.tr("The last 1000 points")),
                (200, lambda: self.tr("The last 200 points")),
            ],
        )
        menu.addSeparator()
        self._choices(
            menu,
            "smoothing",
            [
                (0.0, lambda: self.tr("Not smoothed")),
                (0.6, lambda: self.tr("Smoothed a little")),
                (0.9, lambda: self.tr("Smoothed")),
                (0.98, lambda: self.tr("Smoothed a lot")),
            ],
        )
        menu.addSeparator()
        self._entry(menu, "resetZoom", lambda: self.tr("Show all again"), self.resetRequested.emit)
        self._entry(
            menu,
            "savePlot",
            lambda: self.tr("Save as picture…"),
            lambda: self.saveRequested.emit("png"),
        )
        self._entry(
            menu,
            "saveCurves",
            lambda: self.tr("Save the numbers…"),
            lambda: self.saveRequested.emit("csv"),
        )
        menu.addSeparator()
        self.places = QActionGroup(menu)
        for place, say in (
            ("below", lambda: self.tr("Below the paper")),
            ("right", lambda: self.tr("Beside the paper")),
            ("window", lambda: self.tr("In a window of its own")),
        ):
            action = self._tick(menu, place, say)
            self.places.addAction(action)
            action.triggered.connect(lambda _=False, place=place: self.placeRequested.emit(place))
        self.retranslate()

    def set_place(self, place: str) -> None:
        """Where the panel is wanted: see placeRequested."""
        for action in self.places.actions():
            action.setChecked(action.objectName() == place)

    def retranslate(self) -> None:
        self.setText(self.tr("View"))
        self.setToolTip(self.tr("How the curves are shown"))
        for action, say in self._texts:
            action.setText(say())

    def _set(self, **changed: object) -> None:
        self.look = dataclasses.replace(self.look, **changed)  # type: ignore[arg-type]
        self.lookChanged.emit(self.look)

    def _tick(self, menu: QMenu, name: str, say: Callable[[], str]) -> QAction:
        action = menu.addAction("")
        action.setObjectName(name)
        action.setCheckable(True)
        self._texts.append((action, say))
        return action

    def _choices(
        self, menu: QMenu, field: str, choices: list[tuple[float, Callable[[], str]]]
    ) -> None:
        group = QActionGroup(menu)
        for value, say in choices:
            action = self._tick(menu, f"{field}{value:g}", say)
            action.setChecked(value == getattr(self.look, field))
            group.addAction(action)
            action.triggered.connect(lambda _=False, value=value: self._set(**{field: value}))

    def _entry(
        self, menu: QMenu, name: str, say: Callable[[], str], called: Callable[[], object]
    ) -> None:
        action = menu.addAction("")
        action.setObjectName(name)
        action.triggered.connect(lambda: called())
        self._texts.append((action, say))
