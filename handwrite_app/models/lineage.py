"""Where the network in use comes from: its family tree, and the one click that goes back."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.pen_up_queue import PenUpQueue
from handwrite_app.models.exporter import Exporter
from handwrite_app.ui.actions import Actions, translate
from handwrite_app.ui.theme import Theme
from handwrite_app.workers.lookup import LookupWorker
from trainer.base.errors import HandwriteError
from trainer.processes.recognition_messages import Loaded

if TYPE_CHECKING:
    from trainer.models.lineage import Forest


class Lineage(QObject):
    """Opens the tree, and keeps the action that goes back in step with the network in use.

    Signals:
        networkChosen(Path): a network's weights. said(text): one sentence for the status line.
    """

    networkChosen = Signal(object)
    said = Signal(str)

    def __init__(self, window: QWidget, actions: Actions, canvas: Canvas, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._action = actions["Rollback"]
        self._lookup = LookupWorker(self)
        self.exporter = Exporter(self._lookup, self)
        self.exporter.said.connect(self.said)
        self._lifted = PenUpQueue(canvas, self)
        self._in_use: Path | None = None
        self._target: Path | None = None  # where going back leads, as far as is known
        self._going_back: Path | None = None
        for menu in self._action.associatedObjects():
            if isinstance(menu, QMenu):
                menu.setToolTipsVisible(True)  # why it cannot be chosen
                menu.aboutToShow.connect(self.refresh)
        self.refresh()

    def set_active_model(self, loaded: Loaded) -> None:
        """This network reads from now on."""
        if self._in_use != Path(loaded.path):
            self._in_use, self._target = Path(loaded.path), None
        if self._going_back == self._in_use:
            self.said.emit(
                self.tr("Went back to {name}: it reads from now on.").format(name=loaded.name)
            )
        self._going_back = None
        self.refresh()

    def refresh(self) -> None:
        """Also after the language changed, and after networks came or went."""
        self._show()
        self._look(lambda _: None)

    def close(self) -> None:
        """For good."""
        self._lifted.forget()
        self.exporter.close()
        self._lookup.close()

    @property
    def is_settled(self) -> bool:
        """Whether all that was to be looked up is known."""
        return self._lookup.is_idle

    def _show(self) -> None:
        target = self._target
        self._action.setEnabled(target is not None)
        self._action.setText(
            translate("Go &back to the previous network")
            if target is None
            else self.tr("Go &back to {name}").format(name=_name(target).replace("&", "&&"))
        )
        if self._in_use is None:
            self._action.setToolTip(self.tr("The network is still loading."))
        elif target is None:
            self._action.setToolTip(
                self.tr(
                    "{name} was not made from another network that is here, and none was in use before it."
                ).format(name=_name(self._in_use))
            )
        else:
            self._action.setToolTip(self.tr("Go back to {name}").format(name=_name(target)))

    def ask(self) -> None:
        """Opens the tree, when it is known where going back leads."""
        self._look(self._open)

    def roll_back(self) -> None:
        """To the parent of the network in use, else to the one that was in use before it."""
        self._look(self._go_back)

    def _open(self, target: Path | None) -> None:
        self._look_at_family(partial(self._show_family, target))

    def _look_at_family(self, then: Callable[[Forest], object]) -> None:
        """Headers, and whole files for their hashes: in the thread."""
        self._lookup.ask(partial(_family, self._in_use), then)

    def _show_family(self, target: Path | None, family: Forest) -> None:
        from handwrite_app.models.lineage_dialog import LineageDialog

        dialog = LineageDialog(
            family=family,
            active_model=self._in_use,
            way_back=target,
            look_again=self._look_at_family,
            exporter=self.exporter,
            theme=self._theme,
            parent=self._window,
        )
        dialog.networkChosen.connect(self.networkChosen)
        dialog.wentBack.connect(self.roll_back)
        dialog.networksChanged.connect(self.refresh)
        dialog.finished.connect(dialog.deleteLater)
        self._lifted.then(dialog.open)

    def _go_back(self, target: Path | None) -> None:
        self._going_back = target
        if target is None:
            self.said.emit(self._action.toolTip())
        else:
            self.networkChosen.emit(target)

    def _look(self, then: Callable[[Path | None], object]) -> None:
        """Finds out where going back leads. Headers and, for their hashes, whole files are read for it: in a
        thread."""
        active_model = self._in_use
        if active_model is None:
            then(None)
            return

        def on_found(target: Path | None) -> None:
            if active_model != self._in_use:  # another network reads meanwhile
                self._look(then)
                return
            self._target = target
            self._show()
            then(target)

        self._lookup.ask(partial(_way_back, active_model), on_found)


def _family(active_model: Path | None) -> Forest:
    from trainer.models.lineage import forest  # not before the first paint

    return forest(*([active_model] if active_model else []))


def _way_back(path: Path) -> Path | None:
    from trainer.models.active_model import way_back  # not before the first paint

    try:
        return way_back(path)
    except HandwriteError:
        return None


def _name(path: Path) -> str:
    from trainer.models.weights import network_name  # not before the first paint

    return network_name(path)
