"""Where the window shows a training run: in the panel, and in a strip and the title while that is hidden."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QVBoxLayout, QWidget

from handwrite_app.reading.verdict import percent
from handwrite_app.training.session import TrainingSession
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.window_placement import place_first

_SPLIT = "training_split"


class TrainingArea(QObject):
    """Splits the column of the paper when the panel comes, and keeps strip, title and actions in step."""

    def __init__(
        self, window: QMainWindow, column: QWidget, actions: Actions, settings: Settings
    ) -> None:
        """column: what the panel stands below."""
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._settings = settings
        self._is_learning: Callable[[], bool] = lambda: False
        self._session: TrainingSession | None = None
        self._panel: QWidget | None = None
        self._strip: QWidget | None = None
        self._alone: _PanelWindow | None = None
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.addWidget(column)
        for name in ("StopTraining", "TrainingResult"):
            actions[name].setEnabled(False)

    def follow(self, session: TrainingSession, *, is_learning: Callable[[], bool]) -> None:
        """Shows how this session's runs go. is_learning: whether a personalization is under way."""
        self._session = session
        self._is_learning = is_learning
        session.runningChanged.connect(self.refresh)
        session.progressChanged.connect(self.refresh)
        self.refresh()

    def place(self, panel: QWidget, strip: QWidget) -> None:
        """When they are first needed."""
        self._panel, self._strip = panel, strip
        panel.hide()
        self.splitter.addWidget(panel)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 1)
        state = self._settings.bytes_of(_SPLIT)
        if state is None or not self.splitter.restoreState(state):
            height = self.splitter.height()
            self.splitter.setSizes([height * 2 // 3, height // 3])
        self._window.statusBar().insertWidget(0, strip)
        strip.hide()
        panel.installEventFilter(self)

    def detach(self, alone: bool) -> None:
        """Makes the panel a window of its own, or puts it below the paper again."""
        panel = self._panel
        if panel is None or alone is (self._alone is not None):
            return
        if alone:
            self._alone = _PanelWindow(self._window, panel, self.tr("Training"))
            self._alone.closed.connect(self._on_window_closed)
            self._alone.show()
        else:
            window, self._alone = self._alone, None
            self.splitter.addWidget(panel)
            assert window is not None
            window.deleteLater()
            window.hide()
        panel.show()

    def _on_window_closed(self) -> None:
        """Its close button puts the panel back, or a run would be out of sight."""
        self.detach(False)
        for action in self._window.findChildren(QAction, "ownWindow"):
            action.setChecked(False)

    def save(self) -> None:
        if self._panel is not None and self._alone is None:
            self._settings.set_bytes(_SPLIT, self.splitter.saveState())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps the menu's tick, the strip and the title in step with the panel."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide) and watched is self._panel:
            self._actions["ShowTraining"].setChecked(event.type() == QEvent.Type.Show)
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
        reason = ""
        if session.is_running:
            reason = self.tr("A run is under way. Stop it first, or wait until it is over.")
        elif self._is_learning():
            reason = self.tr("A network is learning your handwriting. That takes a few seconds.")
        self._actions.allow("Train", reason)


class _PanelWindow(QWidget):
    """The panel alone.

    Signals:
        closed(): a person closes it.
    """

    closed = Signal()

    def __init__(self, window: QMainWindow, panel: QWidget, title: str) -> None:
        super().__init__(window, Qt.WindowType.Window)
        self.setObjectName("trainingWindow")
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)
        place_first(self, QSize(900, 560), QSize(480, 320))

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()
