"""From the points of a stroke to the outline of its ink. Knows no Qt.

The middle line is the quadratic B-spline of the points: it goes through the middles between them, has no
corners and never overshoots, so that a fast movement leaves no polygon and a slow one does not show the
pixel grid of a mouse. The outline goes once around the ink. (Pieces painted over each other would be shorter
to write, but every overlap along the edge would be blended twice, and the edge become rough.)
"""

from __future__ import annotations

import copy
import math

from trainer.picture.strokes import Stroke

#: How far the outline may lie from the true curve, in drawing units (a third of a pixel on a 4K screen).
_TOLERANCE = 0.05
_MOST_PIECES = 24
#: Points nearer than this many drawing units are averaged.
NEAR = 3.0

Sample = tuple[float, float, float]  # x, y, radius of the ink
Polygon = list[tuple[float, float]]


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
        if self.point is self.last:
            return [self.point]
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
    ux, uy, vx, vy = b[0] - a[0], b[1] - a[1], c[0] - b[0], c[1] - b[1]
    bend = math.hypot(vx - ux, vy - uy)
    if ux * vx + uy * vy > 0:  # onward: only what leads aside bends it
        bend = min(bend, 2 * abs(ux * vy - uy * vx) / math.hypot(ux + vx, uy + vy))
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
    """Grows the outline of a stroke sample by sample.

    Around each sample lies a disc. A piece between two of them is bounded by the tangents that both share:
    in polar angles around either centre these touch at direction ± opening, where opening is a right angle
    for discs of one size and narrower towards a smaller one. Both sides are kept as chains of corners.
    """

    def __init__(self) -> None:
        self.count = 0
        self._x = self._y = self._radius = 0.0
        self._direction: float | None = None  # of the last piece; None where there is none to join
        self._opening = self._length = 0.0
        self._right: Polygon = []
        self._left: Polygon = []
        self._done: list[Polygon] = []

    def add(self, sample: Sample) -> None:
        """Continue the ink to the sample."""
        x, y, radius = sample
        if self.count > 0:
            dx, dy = x - self._x, y - self._y
            length = math.hypot(dx, dy)
            if length <= abs(radius - self._radius) + 1e-6:  # one disc lies in the other
                if radius > self._radius:
                    self._begin_outline(x, y, radius)
                return
            direction = math.atan2(dy, dx)
            opening = math.acos((self._radius - radius) / length)
            self._join(direction, opening, length)
            _arc(self._right, x, y, radius, direction - opening, 0.0)
            _arc(self._left, x, y, radius, direction + opening, 0.0)
            self._direction, self._opening, self._length = direction, opening, length
        self.count += 1
        self._x, self._y, self._radius = x, y, radius

    def polygons(self, tail: list[Sample]) -> list[Polygon]:
        """The outline with a tail and a round end, to be filled by the non-zero winding rule. The outline
        itself stays as it is."""
        if tail:
            fork = copy.copy(self)
            fork._right, fork._left, fork._done = [*self._right], [*self._left], [*self._done]
            for sample in tail:
                fork.add(sample)
            return fork.polygons([])
        x, y, radius = self._x, self._y, self._radius
        if self._direction is None:
            return [*self._done, _disc(x, y, radius)]
        outline = [*self._right]
        _arc(outline, x, y, radius, self._direction - self._opening, 2 * self._opening)
        outline += reversed(self._left)
        return [*self._done, outline]

    def _begin_outline(self, x: float, y: float, radius: float) -> None:
        """The pen is suddenly pressed harder: the disc there takes in the end of what was drawn."""
        if self._direction is not None:
            self._done.append([*self._right, *reversed(self._left)])
            self._done.append(_disc(x, y, radius))
            self._right, self._left, self._direction = [], [], None
        self._x, self._y, self._radius = x, y, radius

    def _join(self, direction: float, opening: float, length: float) -> None:
        """Lead both sides from the last piece to the next, or round the start."""
        x, y, radius = self._x, self._y, self._radius
        if self._direction is None:
            begin = direction + opening
            _arc(self._right, x, y, radius, begin, 0.0)
            _arc(self._right, x, y, radius, begin, math.tau - 2 * opening)
            return
        turn = (direction - self._direction + math.pi) % math.tau - math.pi
        narrowing = self._opening - opening
        # Around the outer side goes an arc. On the inner side the pieces overlap, and the short cut from
        # one to the other lies within both, unless they are shorter than it: then it goes by the middle.
        shortest = min(length, self._length)
        for side, begin, sweep, sense in (
            (self._right, self._direction - self._opening, turn + narrowing, 1.0),
            (self._left, self._direction + self._opening, narrowing - turn, -1.0),
        ):
            if abs(sweep) * radius < _TOLERANCE / 4:
                continue  # one and the same corner
            if sweep > 0:
                _arc(side, x, y, radius, begin, sense * sweep)
                continue
            if -sweep * radius > shortest:
                side.append((x, y))
            _arc(side, x, y, radius, begin + sense * sweep, 0.0)


def outline(stroke: Stroke, default_width: float) -> list[Polygon]:
    """The outline of a whole stroke, to be filled by the non-zero winding rule."""
    shape = Outline()
    for sample in middle_line(stroke, default_width):
        shape.add(sample)
    return shape.polygons([])


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


def _disc(x: float, y: float, radius: float) -> Polygon:
    disc: Polygon = []
    _arc(disc, x, y, radius, 0.0, math.tau)
    return disc


def _arc(side: Polygon, x: float, y: float, radius: float, begin: float, sweep: float) -> None:
    """Corners on a circle, from an angle (itself left out) over a sweep. With no sweep: the one there."""
    steps = math.ceil(abs(sweep) / math.sqrt(8 * _TOLERANCE / max(radius, 1.0)))
    if steps <= 1:
        angle = begin + sweep
        side.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
        return
    for i in range(1, steps + 1):
        angle = begin + sweep * i / steps
        side.append((x + radius * math.cos(angle), y + radius * math.sin(angle)))
