"""New drawings of a label from kept ones: two of them blended along their best alignment, and bent a little.

Blending: each stroke of one is aligned with the same stroke of the other by dynamic time warping, and
corresponding points are averaged, so that a loop that one writes larger stays a loop. Bending: an affine map
(slant, turn, proportions) and a slow wave over the drawing, smooth along the pen's way.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from trainer.picture.strokes import Drawing, Stroke

Floats = NDArray[np.float64]

#: Points of a stroke that was blended.
POINTS = 40

# Variation of one person's hand, as standard deviations; much smaller than between writers
# (trainer.synthetic.synthetic_digits), chosen by eye.
_SLANT, _TURN, _STRETCH = 0.04, 0.03, 0.05
_BEND = 0.018  # of the drawing's height that each of _WAVES moves what lies under it
_WAVES = 3
_BLENDS = (0.2, 0.8)  # of the second drawing
_BAND = 10  # points by which two strokes may run apart


def varied(
    drawings: Sequence[Drawing], random: np.random.Generator, *, strength: float = 1.0
) -> Drawing:
    """A new drawing of the kept ones of a label (at least one): a blend of two that go together, where there
    are such, bent. strength: of the bending, 1 for a person's own variation, 0 for none."""
    first = drawings[int(random.integers(len(drawings)))]
    partners = [other for other in drawings if other is not first and are_alike(first, other)]
    drawing = first
    if partners:
        second = partners[int(random.integers(len(partners)))]
        drawing = blended(first, second, float(random.uniform(*_BLENDS)))
    return bent(drawing, random, strength=strength)


def are_alike(one: Drawing, other: Drawing) -> bool:
    """Whether they have the same strokes in the same order and direction, so that they can be blended."""
    if len(one.strokes) != len(other.strokes):
        return False
    ends = zip(_normed(one), _normed(other), strict=True)
    return all(
        float(np.hypot(*(first[0] - second[0]))) + float(np.hypot(*(first[-1] - second[-1]))) < 0.7
        for first, second in ends
    )


def blended(one: Drawing, other: Drawing, weight: float) -> Drawing:
    """Between two drawings that are alike. weight: of the other, 0…1. Its longer side is 1 and its middle at
    (0, 0); pen widths and pressure are the first one's."""
    low, high = _box(one)
    height = max(float((high - low).max()), 1e-9)
    strokes = []
    for stroke, first, second in zip(one.strokes, _normed(one), _normed(other), strict=True):
        a, b = resampled(first), resampled(second)
        mine, theirs = aligned(a, b)
        points = resampled((1 - weight) * a[mine] + weight * b[theirs])
        pressure = None
        if stroke.pressure is not None:
            at = np.linspace(0, len(stroke.pressure) - 1, POINTS)
            pressure = np.interp(at, np.arange(len(stroke.pressure)), stroke.pressure)
        width = None if stroke.width is None else stroke.width / height
        strokes.append(Stroke.make(points, pressure=pressure, width=width))
    return Drawing(tuple(strokes))


def bent(drawing: Drawing, random: np.random.Generator, *, strength: float = 1.0) -> Drawing:
    """The drawing with a slightly other slant, turn and proportions, and a slow wave."""
    low, high = _box(drawing)
    size = max(float((high - low).max()), 1e-9)
    middle = (low + high) / 2
    slant, turn = random.normal(0, _SLANT * strength), random.normal(0, _TURN * strength)
    wide, high_ = np.exp(random.normal(0, _STRETCH * strength, 2))
    shear = np.array([[1.0, -slant], [0.0, 1.0]]) * np.array([[wide], [high_]])
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    waves = random.normal(0, np.pi, (_WAVES, 2))
    phases = random.uniform(0, 2 * np.pi, (_WAVES, 2))
    reach = random.normal(0, _BEND * strength, (_WAVES, 2))
    strokes = []
    for stroke in drawing.strokes:
        points = (stroke.points.astype(np.float64) - middle) / size
        points = points + (np.sin((points @ waves.T)[..., None] + phases) * reach).sum(1)
        points = (points @ (rotation @ shear).T) * size + middle
        strokes.append(Stroke.make(points, pressure=stroke.pressure, width=stroke.width))
    return Drawing(tuple(strokes))


def resampled(points: Floats, count: int = POINTS) -> Floats:
    """So many points at equal distances along the line; a dot stays where it is."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    if not along[-1] > 0:
        return np.repeat(points[:1], count, axis=0)
    at = np.linspace(0, along[-1], count)
    return np.stack([np.interp(at, along, points[:, axis]) for axis in (0, 1)], axis=1)


def aligned(one: Floats, other: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Indices of corresponding points of two lines of the same number of points, by dynamic time warping
    within _BAND."""
    count = len(one)
    costs = np.hypot(*np.moveaxis(one[:, None] - other[None], 2, 0))
    total = np.full((count + 1, count + 1), np.inf)
    total[0, 0] = 0.0
    for i in range(1, count + 1):
        for j in range(max(1, i - _BAND), min(count, i + _BAND) + 1):
            best = min(total[i - 1, j], total[i, j - 1], total[i - 1, j - 1])
            total[i, j] = costs[i - 1, j - 1] + best
    i = j = count
    path = [(i - 1, j - 1)]
    while i > 1 or j > 1:
        steps = ((i - 1, j - 1), (i - 1, j), (i, j - 1))
        i, j = min((step for step in steps if min(step) >= 1), key=lambda step: total[step])
        path.append((i - 1, j - 1))
    mine, theirs = np.array(path[::-1], np.intp).T
    return mine, theirs


def _normed(drawing: Drawing) -> list[Floats]:
    """The points of each stroke with the longer side of the drawing's box 1 and its middle at (0, 0)."""
    low, high = _box(drawing)
    size = max(float((high - low).max()), 1e-9)
    return [(s.points.astype(np.float64) - (low + high) / 2) / size for s in drawing.strokes]


def _box(drawing: Drawing) -> tuple[Floats, Floats]:
    points = np.concatenate([s.points for s in drawing.strokes]).astype(np.float64)
    return points.min(0), points.max(0)
