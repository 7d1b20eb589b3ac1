"""The mark of the keyboard's focus around the paper."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from handwrite_app.canvas.ink.ink_layer import PaperView

_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class FocusRing(QObject):
    """Shows the ring while the focus was moved by a key, not by a pointer."""

    def __init__(self, widget: QWidget, view: PaperView) -> None:
        super().__init__(widget)
        self._widget = widget
        self._view = view
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QFocusEvent):
            self._show(kind == QEvent.Type.FocusIn and event.reason() in _BY_KEY)
        elif kind in (QEvent.Type.MouseButtonPress, QEvent.Type.TabletPress):
            self._show(False)
        return False

    def _show(self, shown: bool) -> None:
        if shown != self._view.has_ring:
            self._view.has_ring = shown
            self._widget.update()
