"""A panel in the place of the reading: a title, what is read meanwhile, and sections that scroll."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.reading.reading_panel import PANEL_WIDTH
from handwrite_app.ui.theme import figures_font, text_font
from handwrite_app.ui.tokens import SIZE_TEXT, SIZE_TITLE, SPACE
from handwrite_app.ui.widgets.labels_and_buttons import ElidedLabel

#: Width of what is in the panel, beside a scroll bar.
INNER = PANEL_WIDTH - 5 * SPACE


class ModePanel(QFrame):
    """The base of the panels. Sections are added to `column`.

    Signals:
        closeRequested(): by its button, or Escape.
    """

    closeRequested = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("card", True)
        escape = QShortcut(Qt.Key.Key_Escape, self, self.closeRequested.emit)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.title = ElidedLabel()
        self.title.setFont(text_font(SIZE_TITLE, bold=True))
        self.answer = QLabel()
        self.answer.setObjectName("modeAnswer")
        self.answer.setTextFormat(Qt.TextFormat.PlainText)
        self.answer.setFont(figures_font(SIZE_TITLE))
        self.back = QPushButton()
        self.back.setObjectName("modeBack")
        self.back.setProperty("quiet", True)
        self.back.setProperty("compact", True)
        self.back.setAutoDefault(False)
        self.back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.back.clicked.connect(self.closeRequested)
        self.message = QLabel()
        self.message.setObjectName("modeMessage")
        self.message.setWordWrap(True)
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setProperty("role", "muted")
        self.message.hide()
        self.body = QWidget()
        self.column = QVBoxLayout(self.body)
        self.column.setContentsMargins(0, 0, SPACE, 0)
        self.column.setSpacing(SPACE)
        self.scroll_area = QScrollArea()
        self.scroll_area.setWidgetResizable(True)
        self.scroll_area.setFrameShape(QFrame.Shape.NoFrame)
        self.scroll_area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.scroll_area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.scroll_area.setWidget(self.body)
        self.scroll_area.viewport().setAutoFillBackground(False)
        self.body.setAutoFillBackground(False)
        head = QHBoxLayout()
        head.setSpacing(SPACE)
        head.addWidget(self.title, 1)
        head.addWidget(self.answer)
        head.addWidget(self.back)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(2 * SPACE, SPACE, SPACE, SPACE)
        self._outer.setSpacing(SPACE)
        self._outer.addLayout(head)
        self._outer.addWidget(self.message)
        self._outer.addWidget(self.scroll_area, 1)

    def set_message(self, text: str) -> None:
        """A sentence above the sections, "" for none: what is waited for, or why there is nothing."""
        self.message.setText(text)
        self.message.setVisible(bool(text))

    def set_fresh(self, fresh: bool) -> None:
        """Whether what is shown is about what is on the paper; else it is not shown."""
        self.body.setVisible(fresh)

    def retranslate(self) -> None:
        self.back.setText(self.tr("Close"))
        self.back.setAccessibleName(self.tr("Back to the reading"))
        self.back.setToolTip(self.tr("Back to the reading (Esc)"))

    def sizeHint(self) -> QSize:
        return QSize(PANEL_WIDTH, 400)

    def minimumSizeHint(self) -> QSize:
        return QSize(PANEL_WIDTH, 240)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closeRequested.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()


def heading(parent: QWidget | None = None) -> QLabel:
    label = QLabel(parent)
    label.setFont(text_font(SIZE_TEXT, bold=True))
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label


def small(parent: QWidget | None = None) -> QLabel:
    """A line or more of small print, wrapped."""
    label = QLabel(parent)
    label.setProperty("role", "small")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return label


def rule(parent: QWidget | None = None) -> QFrame:
    line = QFrame(parent)
    line.setProperty("rule", True)
    line.setFixedHeight(1)
    return line
