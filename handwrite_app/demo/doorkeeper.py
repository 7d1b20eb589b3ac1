"""Keeps everything but the screen of a demo out of visitors' sight and reach."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

_PART_OF_ANOTHER = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)


class Doorkeeper(QObject):
    """Hides the windows that are open, and what opens later: a result, a crash report, a question. They are
    there again at the end."""

    def __init__(self, screen: QWidget, window: QWidget) -> None:
        """window: the main window, which is hidden in any case, and shown again before all others."""
        super().__init__(screen)
        self._screen = screen
        self._held: list[QWidget] = [window]
        window.hide()
        for one in QApplication.topLevelWidgets():
            if one.isVisible() and one is not screen:
                self._held.append(one)
                one.hide()
        application = QApplication.instance()
        assert application is not None
        application.installEventFilter(self)

    def release(self) -> None:
        """Shows what was held back."""
        application = QApplication.instance()
        assert application is not None
        application.removeEventFilter(self)
        held, self._held = self._held, []
        for one in filter(isValid, held):
            one.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen, False)
            one.show()

    def drop(self) -> None:
        """As the program ends: nothing is shown any more."""
        self._held = []
        self.release()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            self._hold_back(watched)
        return False

    def _hold_back(self, one: QWidget) -> None:
        if not one.isWindow() or one is self._screen:
            return
        parent = one.parentWidget()
        if one.windowType() in _PART_OF_ANOTHER or (
            parent is not None and parent.window() is self._screen
        ):
            return
        # It counts as shown, and is not seen: to hide it has to wait until it is.
        one.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        if one not in self._held:
            self._held.append(one)
        QTimer.singleShot(0, one, one.hide)
