"""A row of controls that is one stop of the Tab key: the arrow keys go from one to the next in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class RovingFocus(QObject):
    """The Tab key comes to the control that had the focus last, or to the first that is enabled.

    Left and Right go on in a ring, Home and End to the ends (WAI-ARIA's pattern of a toolbar). A slider
    keeps Up and Down.
    """

    def __init__(self, row: QWidget, controls: Sequence[QWidget]) -> None:
        super().__init__(row)
        self._controls = list(controls)
        self._current = self._controls[0]
        for control in self._controls:
            control.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            control.installEventFilter(self)
        self._choose()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.EnabledChange, QEvent.Type.Show, QEvent.Type.Hide):
            self._choose()
        elif kind == QEvent.Type.FocusIn and isinstance(watched, QWidget):
            self._current = watched
            self._choose()
        elif kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._step(event)
        return False

    def _step(self, event: QKeyEvent) -> bool:
        """Whether this key went to another control."""
        usable = [one for one in self._controls if _is_usable(one)]
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or self._current not in usable:
            return False
        at = usable.index(self._current)
        match event.key():
            case Qt.Key.Key_Home:
                at = 0
            case Qt.Key.Key_End:
                at = len(usable) - 1
            case key if key in _STEPS:
                at = (at + _STEPS[Qt.Key(key)]) % len(usable)
            case _:
                return False
        usable[at].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _choose(self) -> None:
        if not _is_usable(self._current):
            usable = [one for one in self._controls if _is_usable(one)]
            if not usable:
                return
            self._current = usable[0]
        for control in self._controls:
            stops = control is self._current
            wanted = Qt.FocusPolicy.TabFocus if stops else Qt.FocusPolicy.NoFocus
            if control.focusPolicy() != wanted:
                control.setFocusPolicy(wanted)


def _is_usable(control: QWidget) -> bool:
    return control.isEnabled() and not control.isHidden()
