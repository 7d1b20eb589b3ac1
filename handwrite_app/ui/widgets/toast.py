"""A bar at the window's lower edge that reports what was done, with one action, and disappears by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget

from handwrite_app.ui.theme import scaled, text_font
from handwrite_app.ui.tokens import SIZE_SMALL, SIZE_TEXT, SPACE, TARGET
from handwrite_app.ui.watched import watch

#: How long it is shown, in milliseconds. It stays while the pointer or the focus is on it.
SHOWN_MS = 8000


class Toast(QFrame):
    """Lies at the lower edge of the card that it is given, else in the window's lower right
    corner. It never takes the focus by itself.

    Signals:
        dismissed(): it is hidden, for any reason. actionChosen(): its button was pressed.
    """

    dismissed = Signal()
    actionChosen = Signal()

    def __init__(self, window: QWidget, *, width: int, home: QWidget) -> None:
        """width: in device-independent pixels. home: gets the focus back from the toast's button."""
        super().__init__(window)
        self._window = window
        self._home = home
        self._card: QWidget | None = None
        self._covered: Callable[[], int] = lambda: 0
        self.setObjectName("toast")
        self._width = width
        self._full = ""
        self._text = QLabel()
        self._text.setObjectName("toastText")
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.button = QPushButton()
        self.button.setObjectName("toastAction")
        self.button.setAutoDefault(False)
        self.button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.button.clicked.connect(self.actionChosen)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * SPACE, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(self._text, 1)
        row.addWidget(self.button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self._on_timeout)
        watch(window, [QEvent.Type.Resize], self._on_window_resized)
        self.hide()

    def set_card(self, card: QWidget, covered: Callable[[], int]) -> None:
        """card: within whose lower edge it lies. covered: how many pixels the card's content takes from the
        top; where it takes them all the toast lies in the window's corner."""
        self._card, self._covered = card, covered

    @property
    def text(self) -> str:
        return self._full

    def tell(self, text: str, action: str) -> None:
        """Shows a sentence and a button; a screen reader speaks the sentence."""
        self.set_words(text, action)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def set_words(self, text: str, action: str) -> None:
        """Replaces the texts, in another language, say."""
        self._full = text
        self.setAccessibleName(text)
        self.button.setText(action)
        self._fit()
        self.button.setAccessibleName(f"{action}. {text}")

    def dismiss(self) -> None:
        """Hides it. Any number of times."""
        self._timer.stop()
        if not self.isHidden():
            if self.button.hasFocus():
                self._home.setFocus()
            self.hide()
            self.dismissed.emit()

    def _on_window_resized(self, _event: QEvent) -> bool:
        """Keeps it in the window's corner."""
        if self.isVisible():
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    def _place(self) -> None:
        window = self._window
        card, height = self._card, scaled(TARGET)
        if card is not None and card.isVisible():
            place = card.rect().translated(card.mapTo(window, QPoint()))
            top = place.bottom() - height - SPACE // 2
            if top > place.top() + self._covered():
                self.setGeometry(place.left() + SPACE, top, place.width() - 2 * SPACE, height)
                self._fit()
                return
        width = min(self._width, window.width() - 6 * SPACE)
        left = window.width() - width - 3 * SPACE
        self.setGeometry(left, window.height() - height - SPACE // 2, width, height)
        self._fit()

    def _fit(self) -> None:
        """One line or, in small type, two; what is longer still ends in an ellipsis."""
        room = self.width() - 3 * SPACE - self.button.sizeHint().width()
        font = text_font(SIZE_TEXT)
        fits = QFontMetrics(font).horizontalAdvance(self._full) <= room
        if not fits:
            font = text_font(SIZE_SMALL)
        self._text.setFont(font)
        self._text.setWordWrap(not fits)
        words = self._full
        if not fits:  # words do not fill lines to their ends
            two = int(1.8 * room)
            words = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, two)
        self._text.setText(words)

    def _on_timeout(self) -> None:
        if self.underMouse() or self.button.hasFocus():
            self._timer.start()
        else:
            self.dismiss()
