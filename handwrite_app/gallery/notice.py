"""The message shown where there are no drawings, with a button for the way out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from handwrite_app.ui.theme import text_font
from handwrite_app.ui.tokens import SIZE_TITLE, SPACE


class Notice(QWidget):
    """Signals:
    pressed(): its button.
    """

    pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("galleryNotice")
        self.is_failure = False
        self._say: Callable[[], tuple[str, str, str]] = lambda: ("", "", "")
        self.title = QLabel()
        self.title.setObjectName("galleryNoticeTitle")
        self.title.setFont(text_font(SIZE_TITLE, bold=True))
        self.text = QLabel()
        self.text.setProperty("role", "muted")
        self.button = QPushButton()
        self.button.setObjectName("galleryNoticeButton")
        self.button.clicked.connect(self.pressed)
        column = QVBoxLayout(self)
        column.setContentsMargins(4 * SPACE, 0, 4 * SPACE, 0)
        column.setSpacing(SPACE)
        column.addStretch(1)
        for label in (self.title, self.text):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addSpacing(SPACE)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch(2)

    def show_loading(self) -> None:
        self._show(lambda: (self.tr("Loading your drawings…"), "", ""))

    def show_empty(self, *, filtered: bool) -> None:
        """filtered: there are drawings, but none matches."""
        if filtered:
            self._show(
                lambda: (
                    self.tr("No matching drawings"),
                    self.tr("Choose another writer, label or reading."),
                    self.tr("Show all drawings"),
                )
            )
        else:
            self._show(
                lambda: (
                    self.tr("No drawings"),
                    self.tr(
                        "Draw on the paper, then press the key of its label: it is saved and shown here."
                    ),
                    self.tr("Import…"),
                )
            )

    def show_failure(self, text: str) -> None:
        self._show(lambda: (self.tr("Your drawings cannot be shown"), text, self.tr("Try again")))
        self.is_failure = True

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _show(self, say: Callable[[], tuple[str, str, str]]) -> None:
        """say: title, text, and what the button says."""
        self.is_failure = False
        self._say = say
        self._retranslate()

    def _retranslate(self) -> None:
        title, text, button = self._say()
        self.title.setText(title)
        self.text.setText(text)
        self.button.setText(button)
        self.button.setVisible(bool(button))
