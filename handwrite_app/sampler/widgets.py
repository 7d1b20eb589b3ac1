"""Widgets of the sampler's panels."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, SignalInstance
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from handwrite_app.ui import actions
from handwrite_app.ui.theme import text_font
from handwrite_app.ui.tokens import SPACE
from handwrite_app.ui.widgets.labels_and_buttons import ElidedLabel


class Head(QWidget):
    """A title and buttons beside it, or beneath it where both have no room."""

    def __init__(self, title: ElidedLabel, buttons: Sequence[QPushButton]) -> None:
        super().__init__()
        self._title = title
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SPACE)
        for button in buttons:
            self._buttons.addWidget(button)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE)
        self._row.addWidget(title, 1)
        self._row.addLayout(self._buttons)

    def arrange(self) -> None:
        """Called after a change of the texts."""
        wanted = self._title.fontMetrics().horizontalAdvance(self._title.full_text)
        wanted += self._row.spacing() + self._buttons.sizeHint().width()
        across = QBoxLayout.Direction.LeftToRight
        down = QBoxLayout.Direction.TopToBottom
        self._row.setDirection(across if wanted <= self.width() else down)

    def minimumSizeHint(self) -> QSize:
        # Or it could not become so narrow that the buttons go beneath.
        return QSize(self._buttons.sizeHint().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()


def with_key(text: str, key: Qt.Key) -> str:
    keys = QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)
    return actions.translate("{name} ({keys})").format(name=text, keys=keys)


def title_label(size: int) -> ElidedLabel:
    label = ElidedLabel()
    label.setFont(text_font(size, bold=True))
    return label


def column_of(panel: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(panel)
    column.setContentsMargins(0, 0, SPACE, 0)
    column.setSpacing(SPACE)
    return column


def push_button(
    name: str, pressed: SignalInstance, *, primary: bool = False, quiet: bool = False
) -> QPushButton:
    """One that leaves the focus, and so the keys, to the paper when it is clicked."""
    button = QPushButton()
    button.setObjectName(name)
    button.setProperty("primary", primary)
    button.setProperty("quiet", quiet)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAutoDefault(True)  # Enter presses it where it has the focus
    button.clicked.connect(pressed)
    return button
