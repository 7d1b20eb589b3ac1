"""Begins and ends demo mode."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.demo.doorkeeper import Doorkeeper
from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.ui import language
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.dialogs.message_boxes import Question, ask
from handwrite_app.ui.settings import LEFT_HANDED, Settings
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
        canvas: Canvas,
        recognition: RecognitionWorker,
        theme: Theme,
        settings: Settings,
    ) -> None:
        """requester, canvas: the window's own; the one asks nothing meanwhile, the other says how the pen
        is to be taken."""
        super().__init__(window)
        self._window = window
        self._requester = requester
        self._canvas = canvas
        self._recognition = recognition
        self._theme = theme
        self._settings = settings
        self._loaded: Loaded | None = None
        self._is_closing = False
        self._doorkeeper: Doorkeeper | None = None
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
            pen=self._canvas.pen_settings,
            left_handed=settings.flag(LEFT_HANDED),
            mode=self._requester.mode,
        )
        screen.asking.continue_from(self._requester.newest)
        recognition = self._recognition
        self._requester.readRequested.disconnect(recognition.read)
        screen.asking.readRequested.connect(recognition.read)
        recognition.readingReady.disconnect(self._requester.receive)
        recognition.readingReady.connect(screen.asking.receive)
        recognition.restarted.connect(screen.show_restarting)
        recognition.failed.connect(screen.fail)
        screen.recognitionWanted.connect(recognition.restart)
        screen.leaveRequested.connect(self.stop)
        if self._loaded is not None:
            screen.set_active_model(self._loaded)
        screen.showFullScreen()
        self._doorkeeper = Doorkeeper(screen, self._window)
        screen.wait_for_visitors()

    def stop(self) -> None:
        """Back to the window, which is shown before the screen goes."""
        screen, self.screen = self.screen, None
        if screen is None:
            return
        self._settings.demo_is_running = False
        self._settings.sync()
        recognition, doorkeeper = self._recognition, self._doorkeeper
        assert doorkeeper is not None
        screen.asking.readRequested.disconnect(recognition.read)
        self._requester.readRequested.connect(recognition.read)
        recognition.readingReady.disconnect(screen.asking.receive)
        recognition.readingReady.connect(self._requester.receive)
        recognition.restarted.disconnect(screen.show_restarting)
        recognition.failed.disconnect(screen.fail)
        self._requester.continue_from(screen.asking.newest)
        if self._is_closing:
            doorkeeper.drop()
        else:
            language.install(self._settings.language)
            self._theme.set_scale(scale_for(self._window.size()))
            doorkeeper.release()
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
