"""Begins and ends demo mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget
from shiboken6 import isValid

from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.ui import language
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.dialogs.message_boxes import Question, ask
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme, scale_for
from handwrite_app.workers.recognition import RecognitionWorker
from trainer.processes.recognition_messages import Loaded

if TYPE_CHECKING:
    from handwrite_app.demo.screen import DemoScreen


class DemoMode(QObject):
    """Owns the screen while there is one. All windows are hidden meanwhile, with their paper as it is: a
    visitor finds nothing but the screen, on whichever monitor."""

    def __init__(
        self,
        window: QMainWindow,
        actions: Actions,
        requester: ReadRequester,
        recognition: RecognitionWorker,
        theme: Theme,
        settings: Settings,
    ) -> None:
        """requester: the window's own, which gets no answers meanwhile."""
        super().__init__(window)
        self._window = window
        self._requester = requester
        self._recognition = recognition
        self._theme = theme
        self._settings = settings
        self._loaded: Loaded | None = None
        self._is_closing = False
        self._hidden: list[QWidget] = []  # windows that were open when the demo began
        self.screen: DemoScreen | None = None
        actions.connect(Demo=self.ask)

    def ask(self) -> None:
        """Says how to leave, which nothing on the screen says, and begins."""
        question = Question(
            title=self.tr("Demo mode"),
            text=self.tr(
                "Visitors draw, the paper clears itself, and nothing is kept.\n\n"
                "To leave: tap the upper left corner four times, then hold it for two seconds."
            ),
            do=self.tr("Begin"),
            keep=self.tr("Cancel"),
            name="demoQuestion",
        )
        ask(self._window, question, self.start)

    def start(self) -> None:
        if self.screen is not None:
            return
        from handwrite_app.demo.screen import DemoScreen  # not before the first paint

        settings = self._settings
        settings.demo_is_running = True
        settings.sync()
        self.screen = screen = DemoScreen(
            self._theme,
            settings.language,
            clear_ms=settings.demo_clear_ms,
            idle_ms=1000 * settings.demo_idle_seconds,
        )
        screen.asking.continue_from(self._requester.newest)
        screen.asking.readRequested.connect(self._recognition.read)
        self._recognition.readingReady.disconnect(self._requester.receive)
        self._recognition.readingReady.connect(screen.asking.receive)
        screen.leaveRequested.connect(self.stop)
        if self._loaded is not None:
            screen.set_active_model(self._loaded)
        screen.showFullScreen()
        self._hidden = [
            one
            for one in QApplication.topLevelWidgets()
            if one.isVisible() and one is not screen and one is not self._window
        ]
        for one in (*self._hidden, self._window):
            one.hide()
        screen.wait_for_visitors()

    def stop(self) -> None:
        """Back to the window, which is shown before the screen goes."""
        screen, self.screen = self.screen, None
        if screen is None:
            return
        self._settings.demo_is_running = False
        self._settings.sync()
        self._recognition.readingReady.disconnect(screen.asking.receive)
        self._recognition.readingReady.connect(self._requester.receive)
        self._requester.continue_from(screen.asking.newest)
        if not self._is_closing:
            language.install(self._settings.language)
            self._theme.set_scale(scale_for(self._window.size()))
            self._window.show()
            for one in filter(isValid, self._hidden):
                one.show()
            self._requester.ask()
        screen.end()
        screen.deleteLater()

    def set_active_model(self, loaded: Loaded) -> None:
        self._loaded = loaded
        if self.screen is not None:
            self.screen.set_active_model(loaded)

    def retranslate(self) -> None:
        """The screen does it by itself."""

    def close(self) -> None:
        """With the window: ended by a person or the system, and not by force."""
        self._is_closing = True
        self.stop()
