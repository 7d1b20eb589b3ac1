"""What a test leaves behind in Qt: timers that run on, calls that are yet to come, windows without an owner.

After napari's conftest. The check costs a fraction of a millisecond where nothing was left; only where a window
was, garbage is collected first, as one in a reference cycle is no leak.
"""

from __future__ import annotations

import gc
import itertools
import sys
import threading
import time
import traceback
import weakref
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QWidget

#: Seconds for threads to end after a test.
PATIENCE = 5.0

_timers: weakref.WeakKeyDictionary[QTimer, str] = weakref.WeakKeyDictionary()
_pending: dict[int, str] = {}
_is_watching = False


def watch_timers() -> None:
    """Remembers from now on which timers are started, and where. Once for all tests."""
    global _is_watching
    if _is_watching or "PySide6.QtCore" not in sys.modules:
        return
    _is_watching = True
    from PySide6.QtCore import QTimer

    start, single_shot = QTimer.start, QTimer.singleShot
    numbers = itertools.count()

    def watched_start(self: QTimer, *msec: int) -> None:
        _timers[self] = _caller()
        start(self, *msec)

    def watched_single_shot(*arguments: object) -> None:
        # With a context, as in singleShot(0, window, call), Qt drops the call together with that.
        if len(arguments) == 2 and callable(arguments[1]):
            number, call = next(numbers), arguments[1]
            _pending[number] = _caller()

            def called() -> None:
                _pending.pop(number, None)
                call()

            arguments = (arguments[0], called)
        single_shot(*arguments)  # type: ignore[call-overload]

    QTimer.start = watched_start  # type: ignore[assignment, method-assign]
    QTimer.singleShot = staticmethod(watched_single_shot)  # type: ignore[assignment, method-assign]


def windows() -> set[int]:
    """The windows that there are, for `left_behind`."""
    app = _application()
    return {_address(window) for window in app.topLevelWidgets()} if app is not None else set()


def left_behind(before: set[int]) -> list[str]:
    """A line for each timer that runs, call to come, and window that there was not before. All are ended, so
    that the next test has nothing of them."""
    app = _application()
    if app is None:
        return []
    _let_go(app)
    if _running_timers() or _new_windows(app, before):
        gc.collect()
        _let_go(app)
    found = [f"a call of QTimer.singleShot in {where}" for where in _pending.values()]
    for timer, where in _running_timers():
        found.append(f"a timer that was started in {where}")
        timer.stop()
    for window in _new_windows(app, before):
        shown = " (shown)" if window.isVisible() else ""
        name = f" {window.objectName()!r}" if window.objectName() else ""
        found.append(f"a window: {type(window).__name__}{name}{shown}")
        window.hide()
        window.deleteLater()
    _pending.clear()
    _timers.clear()
    if found:
        _let_go(app)
    return found


def threads_left_behind(before: set[threading.Thread]) -> list[str]:
    """A line for each thread that there was not before and that does not end."""
    deadline = time.monotonic() + PATIENCE
    while leaked := [t for t in threading.enumerate() if t not in before and t.is_alive()]:
        if time.monotonic() > deadline:
            frames = sys._current_frames()
            return [f"a thread: {t.name}\n{_stack(frames.get(t.ident or 0))}" for t in leaked]
        time.sleep(0.01)
    return []


def _application() -> QApplication | None:
    widgets = sys.modules.get("PySide6.QtWidgets")
    return widgets.QApplication.instance() if widgets is not None else None


def _let_go(app: QApplication) -> None:
    """Has deleteLater done, and what was queued."""
    from PySide6.QtCore import QCoreApplication, QEvent

    app.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    app.processEvents()


def _running_timers() -> list[tuple[QTimer, str]]:
    import shiboken6

    return [
        (timer, where)
        for timer, where in list(_timers.items())
        if shiboken6.isValid(timer) and timer.isActive()
    ]


def _new_windows(app: QApplication, before: set[int]) -> list[QWidget]:
    """Without hidden menus: pyqtgraph's plots leave theirs."""
    from PySide6.QtWidgets import QMenu

    return [
        window
        for window in app.topLevelWidgets()
        if window.parent() is None
        and _address(window) not in before
        and not (isinstance(window, QMenu) and window.isHidden())
    ]


def _address(window: QWidget) -> int:
    """Of the C++ object: Python's side of it may come and go."""
    import shiboken6

    return int(shiboken6.getCppPointer(window)[0])


def _caller() -> str:
    frame = sys._getframe(2)
    return f"{frame.f_code.co_filename}:{frame.f_lineno}"


def _stack(frame: FrameType | None) -> str:
    return "".join(traceback.format_stack(frame)) if frame is not None else ""
