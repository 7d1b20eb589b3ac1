"""Who holds the paper: mouse, pen and fingers become one gesture at a time. Knows no Qt and no window.

The rules:
- One gesture at a time. Other buttons and further fingers do not end it and draw nothing themselves.
- A pen comes before all else. While it draws, and shortly after it was near, fingers are the resting hand
  and the mouse is an echo of the pen. A finger's ink is dropped when the pen touches; a mouse's is kept.
- A gesture may begin beside the paper; its ink begins where it comes onto the paper. Once begun it may
  leave: its points are then held at the paper's edge, where the ink still shows. What is read is what
  is seen.
- A gesture that is cut short (the window loses focus or is hidden) is finished, not lost.
"""

from __future__ import annotations

import math
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from trainer.picture.strokes import Stroke

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    from trainer.base.lazy import np

#: A finger within this time after the last sign of a pen is taken for the resting hand.
PALM_SECONDS = 0.5

Array = TypeVar("Array", bound="NDArray[Any]")


class Source(Enum):
    MOUSE = "mouse"
    PEN = "pen"
    TOUCH = "touch"


class Tool(Enum):
    PEN = "pen"
    ERASER = "eraser"


class PointerSample(NamedTuple):
    """Where a pointer is: drawing units, pressure in 0…1 or None, and the event's time in milliseconds."""

    x: float
    y: float
    pressure: float | None = None
    ms: float = 0.0


class InkSink(Protocol):
    """What a gesture does to the paper."""

    def begin_ink(self, tool: Tool) -> None:
        """Ink (or erasing) begins. Its first point follows."""

    def extend_ink(self, x: float, y: float, pressure: float | None) -> None:
        """One more point, on the paper and not where the last one was."""

    def finish_ink(self) -> None:
        """The gesture is over."""

    def drop_ink(self) -> None:
        """The gesture was none: take its ink away."""


class Trace:
    """The points of the gesture under way, in buffers that grow by doubling.

    Points once written are never changed, so `stroke` hands out views and not copies: it costs the same
    after ten points and after ten thousand.
    """

    def __init__(self) -> None:
        self.count = 0
        self.x = self.y = math.nan
        self.pressure: float | None = None
        self._start = 0.0
        self._has_pressure = False
        self._xy: NDArray[np.float32]  # these from the first point on
        self._pressure: NDArray[np.float32]
        self._times: NDArray[np.float64]

    def add(self, sample: PointerSample) -> bool:
        """Whether the point was taken: one where the last one was, pressed alike, is not."""
        x, y, pressure, ms = sample
        n = self.count
        if n == 0:
            self._start = ms
            self._has_pressure = pressure is not None
            self._xy = np.empty((512, 2), np.float32)
            self._pressure = np.empty(512, np.float32)
            self._times = np.empty(512, np.float64)
        elif x == self.x and y == self.y and (pressure == self.pressure or not self._has_pressure):
            return False
        if n == len(self._xy):
            self._grow()
        self._xy[n] = x, y
        seconds = (ms - self._start) / 1000.0
        self._times[n] = max(seconds, self._times[n - 1]) if n else 0.0
        if self._has_pressure:
            if pressure is None:
                pressure = self.pressure or 0.0
            self._pressure[n] = min(max(pressure, 0.0), 1.0)
        self.x, self.y, self.pressure = x, y, pressure
        self.count = n + 1
        return True

    def path(self, first: int = 0) -> NDArray[np.float32]:
        """(N, 2) points from the first-th on."""
        return self._xy[first : self.count]

    def stroke(self, width: float) -> Stroke:
        """The points so far, at least one, as a stroke. Times are None where the events had none."""
        n = self.count
        times = self._times[:n] if n == 1 or self._times[n - 1] > 0 else None
        return Stroke(
            points=_frozen(self._xy[:n]),
            pressure=_frozen(self._pressure[:n]) if self._has_pressure else None,
            times=None if times is None else _frozen(times),
            width=width,
        )

    def _grow(self) -> None:
        # New buffers: the old ones stay as they are for the strokes that were handed out.
        self._xy = np.concatenate([self._xy, np.empty_like(self._xy)])
        self._pressure = np.concatenate([self._pressure, np.empty_like(self._pressure)])
        self._times = np.concatenate([self._times, np.empty_like(self._times)])


class CanvasInput:
    """Decides what every pointer event means, and keeps the trace of the gesture under way.

    press, move and release return whether the event belongs to the gesture (or began it).
    """

    def __init__(self, sink: InkSink, paper: float) -> None:
        self.trace = Trace()
        self._sink = sink
        self._paper = paper
        self.wide = 1.0  # times its height is the paper's width
        self._source: Source | None = None
        self._contact = 0
        self._tool = Tool.PEN
        self._begun = False
        self._pen_ms = -math.inf
        self.rejects_palm = True

    @property
    def active(self) -> bool:
        """A pointer is down and its gesture counts."""
        return self._source is not None

    @property
    def inking(self) -> bool:
        """A gesture is under way and has come onto the paper."""
        return self._begun

    @property
    def source(self) -> Source | None:
        return self._source

    @property
    def contact(self) -> int:
        """The button or finger of the gesture under way, or of the last one."""
        return self._contact

    @property
    def tool(self) -> Tool:
        """The tool of the gesture under way, or of the last one."""
        return self._tool

    def press(self, source: Source, contact: int, tool: Tool, sample: PointerSample) -> bool:
        """A button, tip or finger goes down. contact tells buttons and fingers of one source apart."""
        if not _is_finite(sample):
            return False
        if source is Source.PEN:
            self._pen_ms = sample.ms
            if self._source is Source.TOUCH:
                self.drop()
            elif self._source is Source.MOUSE:
                self.finish()
        elif source is Source.TOUCH and self._pen_was_near(sample.ms):
            return False
        if self._source is not None:
            return False
        self._source, self._contact, self._tool = source, contact, tool
        self.trace = Trace()
        self._advance(sample)
        return True

    def move(self, source: Source, contact: int, sample: PointerSample) -> bool:
        if source is Source.PEN:
            self.pen_is_near(sample.ms)
        if not self._is_ours(source, contact):
            return False
        self._advance(sample)
        return True

    def release(self, source: Source, contact: int, sample: PointerSample) -> bool:
        """The pointer goes up. Its last point counts, its pressure (none any more) does not."""
        if source is Source.PEN:
            self.pen_is_near(sample.ms)
        if not self._is_ours(source, contact):
            return False
        if (sample.x, sample.y) != (self.trace.x, self.trace.y):
            self._advance(sample._replace(pressure=self.trace.pressure))
        self.finish()
        return True

    def pen_is_near(self, ms: float) -> None:
        """The pen was seen above the paper or on it."""
        self._pen_ms = ms

    def finish(self) -> None:
        """End the gesture, keeping what it did. Harmless where there is none."""
        begun = self._begun
        self._source, self._begun = None, False
        if begun:
            self._sink.finish_ink()

    def drop(self) -> None:
        """End the gesture, taking back what it did. Harmless where there is none."""
        begun = self._begun
        self._source, self._begun = None, False
        if begun:
            self._sink.drop_ink()

    def _advance(self, sample: PointerSample) -> None:
        if not _is_finite(sample):
            return
        x = min(max(sample.x, 0.0), self._paper * self.wide)
        y = min(max(sample.y, 0.0), self._paper)
        if not self._begun:
            if x != sample.x or y != sample.y:
                return
            self._begun = True
            self._sink.begin_ink(self._tool)
        if self.trace.add(PointerSample(x, y, sample.pressure, sample.ms)):
            self._sink.extend_ink(x, y, self.trace.pressure)

    def _is_ours(self, source: Source, contact: int) -> bool:
        return source is self._source and contact == self._contact

    def _pen_was_near(self, ms: float) -> bool:
        if self._source is Source.PEN:
            return True
        return self.rejects_palm and 0 <= ms - self._pen_ms < PALM_SECONDS * 1000


def _is_finite(sample: PointerSample) -> bool:
    return math.isfinite(sample.x) and math.isfinite(sample.y)


def _frozen(array: Array) -> Array:
    array.flags.writeable = False
    return array
