"""What happens to drawings before anybody reads them, in doses: other hands, pens and tablets.

A disturbance ends in the program's own 28×28 picture, made as a user's drawing is. The size of a drawing
is the longer side of the box around its points, and lengths are shares of it. What happens to photographs
is in benchmarks/photographs.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from trainer.picture.preprocess import Picture, picture_from_drawing
from trainer.picture.strokes import Drawing, Stroke

S = TypeVar("S")
Random = np.random.Generator

ANGLES = tuple(float(angle) for angle in range(-30, 31, 5))
ANGLES_BELOW = (-30.0, -15.0, 0.0, 15.0, 30.0)


@dataclass(frozen=True, kw_only=True)
class Disturbance(Generic[S]):
    """One way to disturb a subject of kind S: a drawing, or a picture to photograph.

    strengths: rising. none: the one at which the subject stays as it is, None where there is none. picture:
    what the program makes of a subject at a strength, None where it sees nothing.

    For a plot, ticks: strengths to write below. axis: how strengths are spread over it, "even" being one as
    far from the next as all others. falling: it goes from the highest to the lowest.
    """

    name: str
    title: str
    about: str
    unit: str
    strengths: tuple[float, ...]
    none: float | None
    ticks: tuple[float, ...]
    picture: Callable[[S, float, Random], Picture | None]
    axis: Literal["linear", "log", "even"] = "linear"
    falling: bool = False

    def text(self, strength: float) -> str:
        """A strength with its unit, as in −30° or ×0.5."""
        sign, number = "−" if strength < 0 else "", f"{abs(strength):g}"
        return f"×{number}" if self.unit == "×" else f"{sign}{number}{self.unit}"


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[S]):
    """What can happen to subjects of a kind. undisturbed: what the program makes of one as it is."""

    undisturbed: Callable[[S, Random], Picture | None]
    disturbances: tuple[Disturbance[S], ...]


def size_of(drawing: Drawing) -> float:
    """The longer side of the box around the points, 0 for a dot."""
    low, high = box_of(drawing)
    return float((high - low).max())


def box_of(drawing: Drawing) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The least and the greatest coordinates, (2,) each."""
    points = np.concatenate([stroke.points for stroke in drawing.strokes]).astype(np.float64)
    return points.min(axis=0), points.max(axis=0)


def lengths_along(points: NDArray[Any]) -> NDArray[np.float64]:
    """How far along the line each of the points (N, 2) lies, (N,)."""
    steps = np.hypot(*np.diff(points.astype(np.float64), axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def turned(drawing: Drawing, degrees: float) -> Drawing:
    """Clockwise, as y is downward."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return _mapped(drawing, [[cos, -sin], [sin, cos]])


def slanted(drawing: Drawing, degrees: float) -> Drawing:
    """Upright lines lean to the right."""
    return _mapped(drawing, [[1, -math.tan(math.radians(degrees))], [0, 1]])


def stretched(drawing: Drawing, factor: float) -> Drawing:
    """As high as before, and so many times as wide."""
    return _mapped(drawing, [[factor, 0], [0, 1]])


def elsewhere(drawing: Drawing, factor: float, random: Random) -> Drawing:
    """So many times as large, pen and all, and moved by up to ten times its old size."""
    if factor == 1:
        return drawing
    way = random.uniform(-10, 10, 2) * size_of(drawing)
    return Drawing(
        tuple(
            Stroke.make(
                stroke.points.astype(np.float64) * factor + way,
                pressure=stroke.pressure,
                width=None if stroke.width is None else stroke.width * factor,
            )
            for stroke in drawing.strokes
        )
    )


def with_pen(drawing: Drawing, share: float) -> Drawing:
    """Written with a pen of that width."""
    width = share * size_of(drawing) or None  # there is no share of a dot's
    return Drawing(
        tuple(Stroke.make(s.points, pressure=s.pressure, width=width) for s in drawing.strokes)
    )


def trembling(drawing: Drawing, share: float, random: Random) -> Drawing:
    """Every point moved for itself; share: the standard deviation, across and down."""
    reach = share * size_of(drawing)
    return Drawing(
        tuple(
            _like(stroke, stroke.points + reach * random.standard_normal(stroke.points.shape))
            for stroke in drawing.strokes
        )
    )


def sampled(drawing: Drawing, share: float) -> Drawing:
    """Of every stroke both ends, and between them the first point after each so much of the line."""
    step = share * size_of(drawing)
    if not step:
        return drawing
    strokes = []
    for stroke in drawing.strokes:
        kept = np.diff(np.floor(lengths_along(stroke.points) / step), prepend=-1) > 0
        kept[-1] = True
        strokes.append(_like(stroke, stroke.points[kept]))
    return Drawing(tuple(strokes))


def torn(drawing: Drawing, share: float, random: Random) -> Drawing:
    """Without a piece of that length; its middle is anywhere on the line. What is all gap stays whole."""
    ends = np.cumsum([lengths_along(stroke.points)[-1] for stroke in drawing.strokes])
    middle, half = random.uniform(0, ends[-1]), share * size_of(drawing) / 2
    if not half:
        return drawing
    strokes = []
    for stroke, end in zip(drawing.strokes, ends, strict=True):
        along = lengths_along(stroke.points)
        along += end - along[-1]
        for low, high in (along[0], middle - half), (middle + half, along[-1]):
            low, high = max(low, along[0]), min(high, along[-1])
            if low > high or (low == high and len(along) > 1):
                continue
            within = along[(along > low) & (along < high)]
            places = np.concatenate([[low], within, [high]])
            strokes.append(
                _like(stroke, np.stack([np.interp(places, along, c) for c in stroke.points.T], 1))
            )
    return Drawing(tuple(strokes)) if strokes else drawing


def _mapped(drawing: Drawing, matrix: Sequence[Sequence[float]]) -> Drawing:
    middle = np.mean(box_of(drawing), axis=0)
    return Drawing(
        tuple(
            _like(stroke, (stroke.points - middle) @ np.array(matrix).T)
            for stroke in drawing.strokes
        )
    )


def _like(stroke: Stroke, points: NDArray[Any]) -> Stroke:
    """By the same pen; how hard it was pressed is known where there are as many points as before."""
    pressure = stroke.pressure if len(points) == len(stroke.points) else None
    return Stroke.make(points, pressure=pressure, width=stroke.width)


# Strengths in per cent are shares of the drawing's size.
_HANDS_AND_PENS: tuple[Disturbance[Drawing], ...] = (
    Disturbance(
        name="rotation",
        title="Rotation",
        about="the paper turned, clockwise where positive",
        unit="°",
        strengths=ANGLES,
        none=0,
        ticks=ANGLES_BELOW,
        picture=lambda d, degrees, _: picture_from_drawing(turned(d, degrees)),
    ),
    Disturbance(
        name="slant",
        title="Slant",
        about="upright lines leaning, to the right where positive",
        unit="°",
        strengths=ANGLES,
        none=0,
        ticks=ANGLES_BELOW,
        picture=lambda d, degrees, _: picture_from_drawing(slanted(d, degrees)),
    ),
    Disturbance(
        name="proportions",
        title="Width to height",
        about="made so many times as wide, and no higher",
        unit="×",
        strengths=(0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.15, 1.3, 1.5, 1.75, 2),
        none=1,
        ticks=(0.5, 0.7, 1, 1.5, 2),
        picture=lambda d, factor, _: picture_from_drawing(stretched(d, factor)),
        axis="log",
    ),
    Disturbance(
        name="size",
        title="Size, at any place",
        about="made so many times as large, and moved by up to ten times the old size",
        unit="×",
        strengths=(0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100),
        none=1,
        ticks=(0.01, 0.1, 1, 10, 100),
        picture=lambda d, factor, random: picture_from_drawing(elsewhere(d, factor, random)),
        axis="log",
    ),
    Disturbance(
        name="pen",
        title="Width of the pen",
        about="from hairline to marker, as a share of the drawing's size",
        unit=" %",
        strengths=(0.2, 0.5, 1, 2, 4, 8, 12, 16, 24, 32, 40),
        none=None,
        ticks=(0.2, 1, 4, 40),
        picture=lambda d, percent, _: picture_from_drawing(with_pen(d, percent / 100)),
        axis="log",
    ),
    Disturbance(
        name="tremor",
        title="Tremor",
        about="every point moved for itself: the standard deviation as a share of the drawing's size",
        unit=" %",
        strengths=(0, 0.5, 1, 2, 3, 4, 6, 8),
        none=0,
        ticks=(0, 2, 4, 6, 8),
        picture=lambda d, percent, random: picture_from_drawing(
            trembling(d, percent / 100, random)
        ),
    ),
    Disturbance(
        name="sampling",
        title="Low pen sampling",
        about="one point each such share of the drawing's size along the line, and straight lines between",
        unit=" %",
        strengths=(0, 2, 5, 10, 15, 20, 25, 30, 40),
        none=0,
        ticks=(0, 10, 20, 30, 40),
        picture=lambda d, percent, _: picture_from_drawing(sampled(d, percent / 100)),
    ),
    Disturbance(
        name="gap",
        title="A gap in the line",
        about="a piece missing anywhere, its length as a share of the drawing's size",
        unit=" %",
        strengths=(0, 5, 10, 15, 20, 30, 40),
        none=0,
        ticks=(0, 10, 20, 30, 40),
        picture=lambda d, percent, random: picture_from_drawing(torn(d, percent / 100, random)),
    ),
)

OF_STROKES = Kind[Drawing](
    undisturbed=lambda d, _: picture_from_drawing(d), disturbances=_HANDS_AND_PENS
)
