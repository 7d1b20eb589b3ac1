"""Driving the real window from outside: real mouse events, a heartbeat of its event loop, and when an
answer was painted. Imports Qt.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Generator, Iterable
from typing import Self

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from handwrite_app.window.main_window import MainWindow
from trainer.processes.recognition_messages import Reading

Point = tuple[float, float]

#: A script: it is resumed after so many milliseconds, or when `Player.resume` is called where it yields
#: None.
Script = Generator[float | None, None, None]

_PATIENCE_MS = 30_000


class Hand:
    """Draws on a window's canvas with mouse events, as Qt would deliver them.

    times: seconds that the canvas took for every move with the button held, and only for those.
    """

    def __init__(self, window: MainWindow) -> None:
        self._canvas = window.canvas
        self.times: list[float] = []

    def press(self, point: Point, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        self._send(QEvent.Type.MouseButtonPress, point, button, button)

    def move(self, point: Point, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        took = self._send(QEvent.Type.MouseMove, point, Qt.MouseButton.NoButton, button)
        self.times.append(took)

    def release(self, point: Point, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        self._send(QEvent.Type.MouseButtonRelease, point, button, Qt.MouseButton.NoButton)

    def stroke(self, points: Iterable[Point]) -> None:
        """A whole stroke at once."""
        first, *rest = points
        self.press(first)
        for point in rest:
            self.move(point)
        self.release(rest[-1] if rest else first)

    def _send(
        self, kind: QEvent.Type, point: Point, button: Qt.MouseButton, held: Qt.MouseButton
    ) -> float:
        canvas = self._canvas
        position = self._on_canvas(point)
        event = QMouseEvent(
            kind,
            position,
            canvas.mapToGlobal(position),
            button,
            held,
            Qt.KeyboardModifier.NoModifier,
        )
        event.setTimestamp(time.monotonic_ns() // 1_000_000)
        begun = time.perf_counter()
        QApplication.sendEvent(canvas, event)
        return time.perf_counter() - begun

    def _on_canvas(self, point: Point) -> QPointF:
        place = self._canvas.place()
        return QPointF(
            place.rect.left() + point[0] * place.scale, place.rect.top() + point[1] * place.scale
        )


class Heartbeat:
    """A timer that should fire every so many milliseconds; `gaps` are the seconds between firings."""

    def __init__(self, milliseconds: int) -> None:
        self.gaps: list[float] = []
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(milliseconds)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _on_timeout(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now


class Paints(QObject):
    """Calls back when a widget's next painting is on the screen: after the event that painted it."""

    def __init__(self, widget: QWidget, then: Callable[[], None]) -> None:
        super().__init__(widget)
        self._widget = widget
        self._then = then
        self._waits = False
        widget.installEventFilter(self)

    def end(self) -> None:
        self._widget.removeEventFilter(self)
        self.deleteLater()

    def await_next(self) -> None:
        self._waits = True

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if self._waits and event.type() == QEvent.Type.Paint:
            self._waits = False
            # All widgets are painted and the window is flushed before the loop gets to this.
            QTimer.singleShot(0, self._then)
        return False


class Answers:
    """Calls back when the answer to the newest request is painted, as long as the context lasts."""

    def __init__(self, window: MainWindow, then: Callable[[], None]) -> None:
        self._requester = window.asking
        self._then = then
        self._number = 0
        self._paints = Paints(window.reading.bars, self._on_painted)
        self._window = window
        self._line_paints: Paints | None = None

    def __enter__(self) -> Self:
        # The window's own slot was connected before: the panel has the answer when this is called.
        self._requester.answered.connect(self._on_reading)
        return self

    def __exit__(self, *_: object) -> None:
        self._requester.answered.disconnect(self._on_reading)
        self._paints.end()
        if self._line_paints is not None:
            self._line_paints.end()

    def _on_reading(self, reading: Reading) -> None:
        if reading.probabilities is not None:
            self._number = reading.number
            (self._paints if reading.line is None else self._paints_of_lines()).await_next()

    def _paints_of_lines(self) -> Paints:
        # Not at once: benchmarks.startup has this before the first paint.
        from handwrite_app.lines.controller import LinesController

        if self._line_paints is None:
            panel = self._window.feature(LinesController).panel
            self._line_paints = Paints(panel.number, self._on_painted)
        return self._line_paints

    def _on_painted(self) -> None:
        # The pen may have gone on, or been lifted, since that answer came.
        if self._number == self._requester.newest:
            self._then()


class Player:
    """Plays a script in the event loop, so that all between its steps goes as it does for a person."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._loop = QEventLoop()
        self._error: BaseException | None = None
        self._next = QTimer()
        self._next.setSingleShot(True)
        self._next.setTimerType(Qt.TimerType.PreciseTimer)
        self._next.timeout.connect(self._step)
        self._patience = QTimer()
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._on_patience_over)

    def play(self) -> None:
        """Until the script ends. Raises what it raises, and TimeoutError where it waits for nothing."""
        self._next.start(0)
        self._loop.exec()
        if self._error is not None:
            raise self._error

    def resume(self) -> None:
        """What the script waits for has happened."""
        if self._patience.isActive():
            self._patience.stop()
            self._step()

    def _step(self) -> None:
        try:
            wait = next(self._script)
        except StopIteration:
            self._loop.quit()
        except BaseException as error:  # raised again where `play` was called
            self._error = error
            self._loop.quit()
        else:
            if wait is None:
                self._patience.start(_PATIENCE_MS)
            else:
                self._next.start(round(wait))

    def _on_patience_over(self) -> None:
        self._error = TimeoutError("what the script waited for did not happen")
        self._loop.quit()


def densely(points: list[Point], step: float) -> list[Point]:
    """The same line with a point at least every `step` of its length, as a fast mouse gives them."""
    result = [points[0]]
    for (x0, y0), (x1, y1) in itertools.pairwise(points):
        parts = max(1, round(((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5 / step))
        result += [
            (x0 + (x1 - x0) * part / parts, y0 + (y1 - y0) * part / parts)
            for part in range(1, parts + 1)
        ]
    return result
