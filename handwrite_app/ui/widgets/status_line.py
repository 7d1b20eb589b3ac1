"""The status line: news for a moment, and else the state."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from handwrite_app.ui.tokens import SPACE

#: How long news stands, in milliseconds.
NEWS_MS = 5000


class StatusLine(QLabel):
    """One sentence of plain text, as accessible name too.

    News stands for NEWS_MS, until there is other news, or until the state is set; then the state is shown.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setContentsMargins(2 * SPACE, 0, 2 * SPACE, 0)
        self.setMinimumWidth(1)  # widgets beside it do not make the window wider
        self._state = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(NEWS_MS)
        self._timer.timeout.connect(self.end_news)

    def set_state(self, text: str) -> None:
        """Shows the state, in the place of news, and again when later news has stood for its time."""
        self._state = text
        self.end_news()

    def say(self, text: str, *, stays: bool = False) -> None:
        """Shows news. stays: until the next news or `set_state`, however long that takes."""
        self._show(text)
        if stays:
            self._timer.stop()
        else:
            self._timer.start()

    def end_news(self) -> None:
        """Shows the state again."""
        self._timer.stop()
        self._show(self._state)

    def _show(self, text: str) -> None:
        self.setText(text)
        self.setAccessibleName(text)
