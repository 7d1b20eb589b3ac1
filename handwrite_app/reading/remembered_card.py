"""The kept drawing that decided a reading: a thumbnail, when it was drawn, and a button that removes it."""

from __future__ import annotations

import datetime as dt

from PySide6.QtCore import QDate, QEvent, QLocale, Qt, Signal
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from handwrite_app.canvas.ink.thumbnails import thumbnail
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.tokens import SPACE
from trainer.picture.strokes import Drawing

#: Side of the thumbnail in device-independent pixels.
SIDE = 40


class RememberedCard(QWidget):
    """Says which kept drawing the one on the paper resembles.

    Signals:
        forgetRequested(): the kept drawing is to be removed. restoreRequested(): it is to come back.
    """

    forgetRequested = Signal()
    restoreRequested = Signal()

    def __init__(
        self,
        drawing: Drawing,
        label: str,
        created: dt.datetime,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        """created: when it was drawn, with its zone."""
        super().__init__(parent)
        self.setObjectName("rememberedCard")
        self._drawing, self._label, self._created = drawing, label, created
        self._theme = theme
        self._is_removed = False
        self._picture = QLabel()
        self._picture.setFixedSize(SIDE, SIDE)
        self._text = QLabel()
        self._text.setObjectName("rememberedText")
        self._text.setProperty("role", "small")
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self.button = QPushButton()
        self.button.setObjectName("forgetRemembered")
        self.button.setProperty("quiet", True)
        self.button.setAutoDefault(False)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.clicked.connect(self._on_clicked)
        head = QHBoxLayout()
        head.setSpacing(SPACE)
        head.addWidget(self._picture, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._text, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addLayout(head)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        theme.changed.connect(self._paint)
        self._paint()
        self._retranslate()

    def show_removed(self, removed: bool) -> None:
        """Whether the drawing is not kept any more, and the button brings it back."""
        self._is_removed = removed
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _on_clicked(self) -> None:
        if self._is_removed:
            self.restoreRequested.emit()
        else:
            self.forgetRequested.emit()

    def _paint(self) -> None:
        ratio = self.devicePixelRatioF()
        image = thumbnail(self._drawing, round(SIDE * ratio), QColor(self._theme.tokens.text))
        pixmap = QPixmap.fromImage(image)
        pixmap.setDevicePixelRatio(ratio)
        self._picture.setPixmap(pixmap)

    def _retranslate(self) -> None:
        if self._is_removed:
            words, action = self.tr("Removed from My drawings"), self.tr("Undo")
            gloss = self.tr("Keep this drawing again")
        else:
            words, action = self._words(), self.tr("Forget it")
            gloss = self.tr("Remove this drawing from My drawings")
        self._text.setText(words)
        self.button.setText(action)
        self.button.setToolTip(gloss)
        self.button.setAccessibleName(f"{action}: {gloss}")

    def _words(self) -> str:
        created = self._created.astimezone()
        days = (dt.datetime.now().astimezone().date() - created.date()).days
        if days == 0:
            return self.tr("like your {label} of today").format(label=self._label)
        locale = QLocale()
        if 0 < days < 7:
            day = locale.standaloneDayName(created.isoweekday(), QLocale.FormatType.LongFormat)
        else:
            day = locale.toString(
                QDate(created.year, created.month, created.day), QLocale.FormatType.ShortFormat
            )
        return self.tr("like your {label} of {day}").format(label=self._label, day=day)
