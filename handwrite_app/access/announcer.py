"""Announces every answer to screen readers, and speaks it where that is switched on."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

from handwrite_app.access.speech import speak, speech_program
from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.reading.reading_panel import ReadingPanel
from handwrite_app.ui.settings import Settings
from trainer.processes.recognition_messages import Loaded

#: The setting that switches speech on.
SPOKEN = "access/spoken"


class Announcer(QObject):
    """Once for each drawing that is done, and never while the pen moves. The same answer to the same drawing
    (its network was changed, say) is not repeated.

    say, announce: replaced by tests.
    """

    def __init__(
        self,
        panel: ReadingPanel,
        requester: ReadRequester,
        line_words: Callable[[], str],
        settings: Settings,
        parent: QObject,
    ) -> None:
        """line_words: what is said of several characters on the paper."""
        super().__init__(parent)
        self._line_words = line_words
        self._panel = panel
        self._requester = requester
        self._settings = settings
        self._last: tuple[object, str] = (None, "")
        self.announce: Callable[[str], object] = self._announce
        self.say: Callable[[str], object] = _say
        # After the panels, which have the words.
        requester.answered.connect(self._on_answered)

    def set_active_model(self, loaded: Loaded) -> None:
        """An answer is an answer, whichever network gives it."""

    def retranslate(self) -> None:
        """The next answer is in the new language."""

    def close(self) -> None:
        self._requester.answered.disconnect(self._on_answered)

    def _on_answered(self) -> None:
        answer = self._requester.answer
        if answer is None or self._requester.is_moving or answer.drawing.is_empty:
            return
        is_line = answer.reading.line is not None
        words = self._line_words() if is_line else self._panel.answer.accessibleName()
        if (answer.drawing, words) == self._last or not words:
            return
        self._last = (answer.drawing, words)
        self.announce(words)
        if self._settings.flag(SPOKEN):
            self.say(words)

    def _announce(self, words: str) -> None:
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._panel, words))


def _say(words: str) -> None:
    if (program := speech_program()) is not None:
        speak(program, words)
