"""From the points of a stroke to the outline of its ink. Knows no Qt.

The middle line is the quadratic B-spline of the points: it goes through the middles between them, has no
corners and never overshoots, so that a fast movement leaves no polygon and a slow one does not show the
pixel grid of a mouse. The outline is made of one polygon for every short piece, of wedges on the outer
side of every turn, and of two round ends. They all turn the same way and only share edges, so a winding
fill gives clean anti-aliasing, which pieces that overlap along the ink's edge would not.
"""

from __future__ import annotations

import math
from typing import Protocol

from trainer.strokes import Stroke

#: How far the outline may lie from the true curve, in drawing units (a third of a pixel on a 4K screen).
_TOLERANCE = 0.05
_MOST_PIECES = 24

Sample = tuple[float, float, float]  # x, y, radius of the ink


class PathSink(Protocol):
    """The part of QPainterPath that an outline is written to."""

    def moveTo(self, x: float, y: float, /) -> None: ...
    def lineTo(self, x: float, y: float, /) -> None: ...
    def closeSubpath(self) -> None: ...


class Smoother:
    """Turns points into samples of the middle line, as they come."""

    def __init__(self) -> None:
        self._last: Sample | None = None
        self._middle: Sample | None = None

    @property
    def last(self) -> Sample | None:
        """The newest point, to which the line has not come yet."""
        return self._last

    @property
    def middle(self) -> Sample | None:
        """Up to here the line is final."""
        return self._middle

    def add(self, point: Sample) -> list[Sample]:
        """The samples that one more point makes final."""
        last, start = self._last, self._middle
        self._last = point
        if last is None:
            self._middle = point
            return [point]
        middle = ((last[0] + point[0]) / 2, (last[1] + point[1]) / 2, (last[2] + point[2]) / 2)
        self._middle = middle
        if start is None:
            return [middle]
        return _quadratic(start, last, middle)


def _quadratic(a: Sample, b: Sample, c: Sample) -> list[Sample]:
    """Samples of the Bézier curve from a (left out) over the control point b to c."""
    bend = math.hypot(a[0] - 2 * b[0] + c[0], a[1] - 2 * b[1] + c[1])
    # A curve cut into n equal parts is off its chords by bend / 4n² at most.
    count = min(_MOST_PIECES, math.ceil(math.sqrt(bend / (4 * _TOLERANCE))))
    if count <= 1:
        return [c]
    samples = []
    for i in range(1, count):
        t = i / count
        u, v, w = (1 - t) * (1 - t), 2 * t * (1 - t), t * t
        samples.append(
            (
                u * a[0] + v * b[0] + w * c[0],
                u * a[1] + v * b[1] + w * c[1],
                u * a[2] + v * b[2] + w * c[2],
            )
        )
    samples.append(c)
    return samples


class Outline:
    """Grows the outline of a stroke on a path, sample by sample."""

    def __init__(self, path: PathSink) -> None:
        self.path = path
        self.count = 0
        self._x = self._y = self._radius = 0.0
        self._angle: float | None = None  # direction of the last piece, None before the first

    def add(self, sample: Sample) -> None:
        """Continue the ink to the sample."""
        x, y, radius = sample
        if self.count > 0:
            angle = self._piece(self.path, x, y, radius)
            if angle is None:
                self._radius = max(self._radius, radius)
                return
            self._angle = angle
        self.count += 1
        self._x, self._y, self._radius = x, y, radius

    def finish(self, path: PathSink, sample: Sample) -> None:
        """Write what is missing up to the sample, and the round end there, to a path: this one's own, or
        another one that is shown together with it and thrown away."""
        if self.count == 0:
            _wedge(path, *sample, 0, math.tau)
            return
        x, y, radius = sample
        angle = self._piece(path, x, y, radius)
        if angle is None:
            x, y, radius, angle = self._x, self._y, max(self._radius, radius), self._angle
        if angle is None:
            _wedge(path, x, y, radius, 0, math.tau)
        else:
            _wedge(path, x, y, radius, angle - math.pi / 2, math.pi)

    def _piece(self, path: PathSink, x: float, y: float, radius: float) -> float | None:
        """One straight piece with the turn (or the round end) before it. Returns its direction, or None
        where it has no length."""
        ax, ay, before = self._x, self._y, self._radius
        dx, dy = x - ax, y - ay
        length = math.hypot(dx, dy)
        if length < 1e-6:
            if radius > before:
                _wedge(path, x, y, radius, 0, math.tau)
            return None
        angle = math.atan2(dy, dx)
        if self._angle is None:
            _wedge(path, ax, ay, before, angle + math.pi / 2, math.pi)
        else:
            turn = (angle - self._angle + math.pi) % math.tau - math.pi
            if turn > 0:
                _wedge(path, ax, ay, before, self._angle - math.pi / 2, turn)
            elif turn < 0:
                _wedge(path, ax, ay, before, angle + math.pi / 2, -turn)
        nx, ny = -dy / length, dx / length
        path.moveTo(ax, ay)
        path.lineTo(ax - nx * before, ay - ny * before)
        path.lineTo(x - nx * radius, y - ny * radius)
        path.lineTo(x, y)
        path.lineTo(x + nx * radius, y + ny * radius)
        path.lineTo(ax + nx * before, ay + ny * before)
        path.closeSubpath()
        # Where the pen is suddenly pressed harder or softer the thicker end looks out at the sides.
        if abs(radius - before) > length / 2:
            if radius > before:
                _wedge(path, x, y, radius, 0, math.tau)
            else:
                _wedge(path, ax, ay, before, 0, math.tau)
        return angle


def outline(stroke: Stroke, path: PathSink, default_width: float) -> None:
    """Write the outline of a whole stroke to a path that is filled by the winding rule."""
    smoother = Smoother()
    shape = Outline(path)
    for point in samples_of(stroke, default_width):
        for sample in smoother.add(point):
            shape.add(sample)
    if smoother.last is not None:
        shape.finish(path, smoother.last)


def samples_of(stroke: Stroke, default_width: float) -> list[Sample]:
    """(x, y, radius) of the points of a stroke."""
    widths = stroke.widths()
    xy: list[list[float]] = stroke.points.tolist()
    if widths is None:
        return [(x, y, default_width / 2) for x, y in xy]
    return [(x, y, w / 2) for (x, y), w in zip(xy, widths.tolist(), strict=True)]


def _wedge(path: PathSink, x: float, y: float, radius: float, begin: float, sweep: float) -> None:
    """A piece of pie, from an angle on over a positive sweep."""
    if sweep < 1e-9 or radius <= 0:
        return
    steps = max(1, math.ceil(sweep / math.sqrt(8 * _TOLERANCE / max(radius, 1.0))))
    if sweep < math.tau:
        path.moveTo(x, y)
        path.lineTo(x + radius * math.cos(begin), y + radius * math.sin(begin))
    else:
        path.moveTo(x + radius * math.cos(begin), y + radius * math.sin(begin))
    for i in range(1, steps + 1):
        angle = begin + sweep * i / steps
        path.lineTo(x + radius * math.cos(angle), y + radius * math.sin(angle))
    path.closeSubpath()
