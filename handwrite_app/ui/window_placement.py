"""Where a window goes, how large it is at first, and full screen."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QEvent, QObject, QPoint, QRect, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QWidget

from handwrite_app.ui.dialogs.dialog import Dialog
from handwrite_app.ui.tokens import SPACE
from handwrite_app.ui.watched import watch

#: Title bar and frame that a desktop may add; it does not say how much before a window is shown.
_FRAME = QSize(2, 38)


def place_first(window: QWidget, wanted: QSize, smallest: QSize) -> None:
    """Gives a window its first size and minimum size, and a place in the middle of its screen.

    Neither is larger than the screen leaves room for (availableGeometry, in device-independent pixels: a 4K
    screen at scale 3 has 1280 × 720).
    """
    room = window.screen().availableGeometry()
    largest = (room.size() - _FRAME).expandedTo(QSize(1, 1))
    window.setMinimumSize(smallest.boundedTo(largest))
    size = wanted.boundedTo(largest).expandedTo(window.minimumSize())
    window.resize(size)
    frame = QRect(QPoint(), size + _FRAME)
    frame.moveCenter(room.center())
    window.move(max(room.left(), frame.left()), max(room.top(), frame.top()))


def restore(window: QWidget, geometry: QByteArray | None) -> None:
    """The geometry of the last time, as saveGeometry gave it. Qt puts a window whose screen is gone, or is
    smaller now, where it fits."""
    if geometry is not None:
        window.restoreGeometry(geometry)


class FullScreen(QObject):
    """An action that toggles a window's full screen, which Esc leaves too. A window that was maximised is
    maximised again."""

    def __init__(self, window: QWidget, action: QAction) -> None:
        super().__init__(window)
        self._window = window
        self._action = action
        action.triggered.connect(self._set)
        watch(window, [QEvent.Type.WindowStateChange], self._on_state_changed)
        watch(window, [QEvent.Type.KeyPress], self._on_key)

    def _on_state_changed(self, _event: QEvent) -> bool:
        """The desktop may have changed it."""
        with QSignalBlocker(self._action):
            self._action.setChecked(self._window.isFullScreen())
        return False

    def _on_key(self, event: QEvent) -> bool:
        """Esc that nothing in the window wanted."""
        if (
            isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._window.isFullScreen()
        ):
            self._set(False)
            return True
        return False

    def _set(self, on: bool) -> None:
        state = self._window.windowState()
        full = Qt.WindowState.WindowFullScreen
        self._window.setWindowState(state | full if on else state & ~full)


def put_beside(widget: QWidget, window: QWidget) -> None:
    """Places a widget to the right of the window, else to its left, where the screen has the room; else over
    its right edge, over the reading and not over the paper. A desktop that places windows itself does as it
    likes."""
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
    if isinstance(widget, Dialog):
        size = widget.wanted_size()
        return size.width(), size.height()
    hint = widget.sizeHint().expandedTo(widget.minimumSize())
    layout = widget.layout()
    if layout is not None and layout.hasHeightForWidth():
        return hint.width(), layout.totalHeightForWidth(hint.width())
    return hint.width(), hint.height()
