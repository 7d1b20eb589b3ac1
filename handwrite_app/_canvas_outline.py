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
#: Points nearer than this many drawing units are averaged.
NEAR = 3.0

Sample = tuple[float, float, float]  # x, y, radius of the ink


class PathSink(Protocol):
    """The part of QPainterPath that an outline is written to."""

    def moveTo(self, x: float, y: float, /) -> None: ...
    def lineTo(self, x: float, y: float, /) -> None: ...
    def closeSubpath(self) -> None: ...


class Smoother:
    """Turns points into samples of the middle line, as they come.

    Points that lie closer together than NEAR are replaced by their mean: the steps of a mouse that moves
    slowly are steps of its grid and not of the hand. The ends stay where they are.
    """

    def __init__(self) -> None:
        self.point: Sample | None = None  # the newest one
        self.last: Sample | None = None  # the newest point of the spline
        self.middle: Sample | None = None  # halfway to it: up to here the line is final
        self._near: list[Sample] = []  # not far enough from the last to be one more

    def add(self, point: Sample) -> list[Sample]:
        """The samples that one more point makes final."""
        previous, last = self.point, self.last
        self.point = point
        if previous is None or last is None:
            self.last = self.middle = point
            return [point]
        self._near.append(point)
        if math.hypot(point[0] - last[0], point[1] - last[1]) < NEAR:
            return []
        if math.hypot(point[0] - previous[0], point[1] - previous[1]) < NEAR:
            return self._bend(_mean(self._near))
        samples = self._bend(_mean(self._near[:-1])) if len(self._near) > 1 else []
        return samples + self._bend(point)

    def tail(self) -> list[Sample]:
        """The samples that lead from the final ones to the newest point, were it the stroke's end."""
        if self.point is None or self.last is None or self.middle is None:
            return []
        x, y, radius = self.point
        end = (x, y, max(radius, *(near[2] for near in self._near)) if self._near else radius)
        if self.middle is self.last:
            return [end]
        return [*_quadratic(self.middle, self.last, _mean([self.last, end])), end]

    def _bend(self, control: Sample) -> list[Sample]:
        """One more point of the spline."""
        assert self.last is not None
        assert self.middle is not None
        middle = _mean([self.last, control])
        is_first = self.middle is self.last
        samples = [middle] if is_first else _quadratic(self.middle, self.last, middle)
        self.last, self.middle = control, middle
        self._near = []
        return samples


def _mean(samples: list[Sample]) -> Sample:
    if len(samples) == 1:
        return samples[0]
    x, y, radius = (sum(values) / len(samples) for values in zip(*samples, strict=True))
    return x, y, radius


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
    """Grows the outline of a stroke on a path, sample by sample.

    Around each sample lies a disc. A piece between two of them is bounded by the tangents that both share:
    in polar angles around either centre these touch at direction ± opening, where opening is a right angle
    for discs of one size and narrower towards a smaller one.
    """

    def __init__(self, path: PathSink) -> None:
        self.path = path
        self.count = 0
        self._x = self._y = self._radius = 0.0
        self._direction: float | None = None  # of the last piece; None where there is none to join
        self._opening = 0.0

    def add(self, sample: Sample) -> None:
        """Continue the ink to the sample."""
        x, y, radius = sample
        ax, ay, before = self._x, self._y, self._radius
        if self.count > 0:
            dx, dy = x - ax, y - ay
            length = math.hypot(dx, dy)
            if length <= abs(radius - before) + 1e-6:  # one disc lies in the other
                if radius > before:
                    if self._direction is not None:
                        _wedge(self.path, x, y, radius, 0, math.tau)
                    self._direction = None
                    self._x, self._y, self._radius = x, y, radius
                return
            direction = math.atan2(dy, dx)
            opening = math.acos((before - radius) / length)
            self._join(direction, opening)
            self._piece(x, y, radius, direction, opening)
            self._direction, self._opening = direction, opening
        self.count += 1
        self._x, self._y, self._radius = x, y, radius

    def fork(self, path: PathSink) -> Outline:
        """A continuation on another path, which leaves this one as it is."""
        fork = Outline(path)
        fork.count, fork._direction, fork._opening = self.count, self._direction, self._opening
        fork._x, fork._y, fork._radius = self._x, self._y, self._radius
        return fork

    def finish(self) -> None:
        """The round end."""
        if self._direction is None:
            _wedge(self.path, self._x, self._y, self._radius, 0, math.tau)
        else:
            begin = self._direction - self._opening
            _wedge(self.path, self._x, self._y, self._radius, begin, 2 * self._opening)

    def _join(self, direction: float, opening: float) -> None:
        """The wedges between the last piece and the next, or the round start."""
        path, x, y, radius = self.path, self._x, self._y, self._radius
        if self._direction is None:
            _wedge(path, x, y, radius, direction + opening, math.tau - 2 * opening)
            return
        turn = (direction - self._direction + math.pi) % math.tau - math.pi
        narrowing = self._opening - opening
        _wedge(path, x, y, radius, self._direction - self._opening, turn + narrowing)
        _wedge(path, x, y, radius, direction + opening, narrowing - turn)

    def _piece(self, x: float, y: float, radius: float, direction: float, opening: float) -> None:
        path, ax, ay, before = self.path, self._x, self._y, self._radius
        rx, ry = math.cos(direction - opening), math.sin(direction - opening)
        lx, ly = math.cos(direction + opening), math.sin(direction + opening)
        path.moveTo(ax, ay)
        path.lineTo(ax + before * rx, ay + before * ry)
        path.lineTo(x + radius * rx, y + radius * ry)
        path.lineTo(x, y)
        path.lineTo(x + radius * lx, y + radius * ly)
        path.lineTo(ax + before * lx, ay + before * ly)
        path.closeSubpath()


def outline(stroke: Stroke, path: PathSink, default_width: float) -> None:
    """Write the outline of a whole stroke to a path that is filled by the winding rule."""
    shape = Outline(path)
    for sample in middle_line(stroke, default_width):
        shape.add(sample)
    shape.finish()


def middle_line(stroke: Stroke, default_width: float) -> list[Sample]:
    """The smoothed middle of a stroke as a polygon, with the radius of the ink at its corners."""
    smoother = Smoother()
    line: list[Sample] = []
    for point in samples_of(stroke, default_width):
        line += smoother.add(point)
    return line + smoother.tail()


def samples_of(stroke: Stroke, default_width: float) -> list[Sample]:
    """(x, y, radius) of the points of a stroke."""
    widths = stroke.widths()
    xy: list[list[float]] = stroke.points.tolist()
    if widths is None:
        return [(x, y, default_width / 2) for x, y in xy]
    return [(x, y, w / 2) for (x, y), w in zip(xy, widths.tolist(), strict=True)]


def _wedge(path: PathSink, x: float, y: float, radius: float, begin: float, sweep: float) -> None:
    """A piece of pie, from an angle on over a sweep; nothing where that is not positive."""
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
