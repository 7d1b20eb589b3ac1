"""Where a window goes that is to be seen beside the paper and not on it."""

from __future__ import annotations

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from handwrite_app.ui.tokens import SPACE


def put_beside(widget: QWidget, window: QWidget) -> None:
    """To the right of the window, else to its left, where the screen has the room; else over its right edge,
    which is where the reading is. A desktop that places windows itself does as it likes."""
    room = window.screen().availableGeometry()
    frame = window.frameGeometry()
    width, height = _wanted(widget)
    height = min(height, room.height() - 5 * SPACE)
    widget.resize(width, height)
    if frame.right() + SPACE + width <= room.right():
        left = frame.right() + SPACE
    elif frame.left() - SPACE - width >= room.left():
        left = frame.left() - SPACE - width
    else:
        left = max(room.left(), min(frame.right() - SPACE, room.right()) - width)
    top = max(room.top(), min(frame.top() + 5 * SPACE, room.bottom() - height))
    widget.move(QPoint(left, top))


def _wanted(widget: QWidget) -> tuple[int, int]:
    """Its size with all its lines; adjustSize would take no more than two thirds of the screen."""
    hint = widget.sizeHint().expandedTo(widget.minimumSize())
    layout = widget.layout()
    if layout is not None and layout.hasHeightForWidth():
        return hint.width(), layout.totalHeightForWidth(hint.width())
    return hint.width(), hint.height()
