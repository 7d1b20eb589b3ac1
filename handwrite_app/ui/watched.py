"""One event filter for all who watch a widget.

Qt calls every filter for every event, and each call from Qt into Python takes microseconds: with seven
filters on the paper every report of a mouse cost half as much again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QWidget

#: Given an event of a kind that was asked for; True where nobody else is to see it.
Handler = Callable[[QEvent], bool]


def watch(widget: QWidget, kinds: Iterable[QEvent.Type], handler: Handler) -> Callable[[], None]:
    """Calls the handler with the widget's events of these kinds before the widget has them.

    Who came last is asked first. The result ends it: whoever goes before the widget does calls that.
    """
    found = widget.findChild(_Watcher, options=Qt.FindChildOption.FindDirectChildrenOnly)
    watcher = _Watcher(widget) if found is None else found
    kinds = tuple(kinds)
    for kind in kinds:
        watcher.handlers[kind] = (handler, *watcher.handlers.get(kind, ()))

    def end() -> None:
        for kind in kinds:
            watcher.handlers[kind] = tuple(
                one for one in watcher.handlers[kind] if one is not handler
            )

    return end


class _Watcher(QObject):
    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.handlers: dict[QEvent.Type, tuple[Handler, ...]] = {}
        widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        handlers = self.handlers.get(event.type())
        return handlers is not None and any(handler(event) for handler in handlers)
