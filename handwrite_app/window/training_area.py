"""Where the window shows a training run: in the panel, which has three places, and in a strip and the title
while that is hidden."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from handwrite_app.reading.verdict import percent
from handwrite_app.training.session import TrainingSession
from handwrite_app.ui.actions import Actions, fill_choices
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import scaled
from handwrite_app.ui.tokens import SPACE
from handwrite_app.ui.watched import watch
from handwrite_app.ui.window_placement import put_beside, restore

if TYPE_CHECKING:
    from handwrite_app.training.panel import TrainingPanel

#: Settings: where the panel is wanted, whether it was on show, and the sizes in each place.
_PLACE, _SHOWN = "training_place", "training_shown"
_SIZES = {"below": "training_split", "right": "training_split_right", "window": "training_window"}
#: Beside the paper only where that leaves so much of the width for paper and labels.
_COLUMN_WIDTH = 520
#: Fifths of the room that the panel gets at most, unless a person drags it larger.
_MOST_OF_FIVE = 2


class TrainingArea(QObject):
    """Puts the panel below the paper, beside it, or into a window; keeps strip, title and actions in step.

    The wish, the sizes in each place, and whether the panel was on show are remembered. Where the window is
    too narrow for a panel beside a paper of a good size it is below, until there is room.
    """

    def __init__(
        self, window: QMainWindow, column: QWidget, actions: Actions, settings: Settings
    ) -> None:
        """column: what the panel stands below."""
        super().__init__(window)
        self._window = window
        self._column = column
        self._actions = actions
        self._settings = settings
        self._is_learning: Callable[[], bool] = lambda: False
        self._session: TrainingSession | None = None
        self._panel: TrainingPanel | None = None
        self._strip: QWidget | None = None
        self._alone: _PanelWindow | None = None
        self._is_saved = False
        place = settings.text(_PLACE)
        self._wanted = place if place in _SIZES else "below"
        self._place = ""  # where the panel is
        self.splitter = _splitter(Qt.Orientation.Vertical, column)
        self._outer = QSplitter()
        self._beside = QWidget()
        self._beside_column = QVBoxLayout(self._beside)
        self._beside_column.setContentsMargins(0, SPACE, 2 * SPACE, SPACE)
        self._beside.hide()
        actions.menus["place"].aboutToShow.connect(self._fill_menu)
        self._fill_menu()  # an empty submenu does not open
        for name in ("StopTraining", "TrainingResult"):
            actions[name].setEnabled(False)

    def around(self, desk: QWidget) -> QWidget:
        """The desk, beside which the panel may stand."""
        self._outer = _splitter(Qt.Orientation.Horizontal, desk)
        self._outer.addWidget(self._beside)
        watch(self._window, [QEvent.Type.Resize], self._on_window_resized)
        return self._outer

    def follow(self, session: TrainingSession, *, is_learning: Callable[[], bool]) -> None:
        """Shows how this session's runs go. is_learning: whether a personalization is under way."""
        self._session = session
        self._is_learning = is_learning
        session.runningChanged.connect(self.refresh)
        session.progressChanged.connect(self.refresh)
        self.refresh()
        if self._settings.flag(_SHOWN):  # after the first paint
            QTimer.singleShot(0, self, lambda: None if self._is_saved else session.show_panel(True))

    # --- places --------------------------------------------------------------------------------------

    @property
    def place(self) -> str:
        """Where the panel is: "below", "right" or "window"; "" before there is one."""
        return self._place

    def place_panel(self, panel: TrainingPanel, strip: QWidget) -> None:
        """When they are first needed."""
        self._panel, self._strip = panel, strip
        panel.hide()
        watch(panel, [QEvent.Type.ShowToParent, QEvent.Type.HideToParent], self._on_panel_shown)
        self._window.statusBar().insertWidget(0, strip)
        strip.hide()
        self._arrange()

    def move_to(self, place: str) -> None:
        """Has the panel in this place, and shows it; it is remembered."""
        self._wanted = place
        self._settings.set_text(_PLACE, place)
        if self._session is not None:
            self._session.show_panel(True)
        self._arrange()

    def save(self) -> None:
        """The sizes and what is shown, as the window closes."""
        self._keep_sizes()
        self._settings.set_flag(_SHOWN, self._panel is not None and not self._panel.isHidden())
        self._is_saved = True
        if self._alone is not None:
            self._alone.hide()

    def _arrange(self) -> None:
        """Puts the panel where it is wanted, if there is room."""
        panel = self._panel
        if panel is None:
            return
        place = self._wanted
        if place == "right" and not self._fits_beside(panel):
            place = "below"
        panel.view.set_place(self._wanted)
        if place == self._place:
            return
        self._keep_sizes()
        hidden = panel.isHidden()
        alone, self._alone = self._alone, None
        if place == "window":
            self._alone = _PanelWindow(self._window, panel, lambda: self.tr("Training"))
            self._alone.closed.connect(self._on_window_closed)
        elif place == "right":
            self._beside_column.addWidget(panel)
        else:
            self.splitter.addWidget(panel)
        if alone is not None:
            alone.hide()
            alone.deleteLater()
        self._place = place
        panel.setHidden(hidden)
        self._follow_panel()
        self._restore_sizes()

    def _fits_beside(self, panel: TrainingPanel) -> bool:
        least = max(scaled(_COLUMN_WIDTH), self._column.minimumSizeHint().width())
        needed = self._beside_paper() + least + panel.minimumSizeHint().width() + 3 * SPACE
        return self._window.width() >= needed

    def _beside_paper(self) -> int:
        """Width of the reading, with the desk's margins."""
        desk = self._outer.widget(0)
        return (0 if desk is None else desk.width()) - self.splitter.width()

    def _keep_sizes(self) -> None:
        if self._place == "window" and self._alone is not None:
            self._settings.set_bytes(_SIZES["window"], self._alone.saveGeometry())
        elif self._place and self._panel is not None and not self._panel.isHidden():
            splitter = self.splitter if self._place == "below" else self._outer
            self._settings.set_bytes(_SIZES[self._place], splitter.saveState())

    def _restore_sizes(self) -> None:
        state = self._settings.bytes_of(_SIZES[self._place])
        if self._alone is not None:
            put_beside(self._alone, self._window)  # not over the paper
            restore(self._alone, state)
            return
        splitter = self.splitter if self._place == "below" else self._outer
        if state is None or not splitter.restoreState(state):
            vertical = splitter.orientation() == Qt.Orientation.Vertical
            length = splitter.height() if vertical else splitter.width()
            splitter.setSizes([length * 2 // 3, length // 3])
        first, panel = splitter.sizes()
        most = (first + panel) * _MOST_OF_FIVE // 5  # it was larger in a larger window
        if splitter is self._outer:
            most = min(most, first + panel - self._beside_paper() - scaled(_COLUMN_WIDTH))
        if panel > most:
            splitter.setSizes([first + panel - most, most])

    def _follow_panel(self) -> None:
        """What the panel stands in is there with it."""
        shown = self._panel is not None and not self._panel.isHidden()
        self._beside.setVisible(shown and self._place == "right")
        if self._alone is not None:
            self._alone.setVisible(shown)

    def _on_window_closed(self) -> None:
        """Its close button puts the panel back, or a run would be out of sight."""
        if not self._is_saved:
            self.move_to("below")

    def _fill_menu(self) -> None:
        choices = (
            ("below", self.tr("Below the paper")),
            ("right", self.tr("Beside the paper")),
            ("window", self.tr("In a window of its own")),
        )
        fill_choices(
            self._actions.menus["place"],
            [(place, text, True, "") for place, text in choices],
            self._wanted,
            self.move_to,
        )

    # --- what happens --------------------------------------------------------------------------------

    def _on_window_resized(self, _event: QEvent) -> bool:
        self._arrange()
        return False

    def _on_panel_shown(self, event: QEvent) -> bool:
        """Keeps the menu's tick, the strip and the title in step with the panel."""
        self._follow_panel()
        self._actions["ShowTraining"].setChecked(event.type() == QEvent.Type.ShowToParent)
        self.refresh()
        return False

    def refresh(self) -> None:
        """Also after the language changed, and when a personalization begins or is over."""
        title = self.tr("Handwrite")
        session = self._session
        if session is not None:
            running = session.is_running
            hidden = self._panel is not None and self._panel.isHidden()
            self._actions["StopTraining"].setEnabled(running)
            self._allow_training(session)
            self._actions["TrainingResult"].setEnabled(session.has_result)
            if self._strip is not None:
                self._strip.setVisible(hidden and (running or session.is_undecided))
            if running and hidden and session.fraction is not None:
                title = self.tr("{percent} trained · Handwrite").format(
                    percent=percent(session.fraction)
                )
        self._window.setWindowTitle(title)

    def _allow_training(self, session: TrainingSession) -> None:
        """One job at a time: each would slow the other down. Why it has to wait stands in the tooltip."""
        learning = ""
        if self._is_learning():
            learning = self.tr("A network is learning your handwriting. That takes a few seconds.")
        self._actions.allow("Train", session.refusal or learning)
        # It would be asked about when the demo is ended from outside, and nobody would see the question.
        self._actions.allow("Demo", learning or (session.refusal if session.is_running else ""))


class _PanelWindow(QWidget):
    """The panel alone.

    Signals:
        closed(): a person closes it.
    """

    closed = Signal()

    def __init__(self, window: QMainWindow, panel: QWidget, title: Callable[[], str]) -> None:
        super().__init__(window, Qt.WindowType.Window)
        self.setObjectName("trainingWindow")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)  # the keys stay the paper's
        self._title = title
        self.setWindowTitle(title())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)
        self.setMinimumSize(480, 320)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.setWindowTitle(self._title())

    def sizeHint(self) -> QSize:
        return QSize(scaled(600), scaled(480))

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()


def _splitter(orientation: Qt.Orientation, first: QWidget) -> QSplitter:
    """The first widget gets the most of what room there is."""
    splitter = QSplitter(orientation)
    splitter.setChildrenCollapsible(False)
    splitter.addWidget(first)
    splitter.setStretchFactor(0, 3)
    splitter.setStretchFactor(1, 1)
    return splitter
