"""The mark of the keyboard's focus around the paper."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from handwrite_app.canvas.ink.ink_layer import PaperView
from handwrite_app.ui.watched import watch

_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)


class FocusRing(QObject):
    """Shows the ring while the focus was moved by a key, not by a pointer."""

    def __init__(self, widget: QWidget, view: PaperView) -> None:
        super().__init__(widget)
        self._widget = widget
        self._view = view
        watch(widget, [QEvent.Type.FocusIn, QEvent.Type.FocusOut], self._on_focus)
        watch(widget, [QEvent.Type.MouseButtonPress, QEvent.Type.TabletPress], self._on_press)

    def _on_focus(self, event: QEvent) -> bool:
        assert isinstance(event, QFocusEvent)
        self._show(event.type() == QEvent.Type.FocusIn and event.reason() in _BY_KEY)
        return False

    def _on_press(self, _event: QEvent) -> bool:
        self._show(False)
        return False

    def _show(self, shown: bool) -> None:
        if shown != self._view.has_ring:
            self._view.has_ring = shown
            self._widget.update()
