"""Negatives for training that are not digits: scribbles, as made when trying a pen, and symbols.

Strokes as in trainer.synthetic.synthetic_digits: lists of (x, y) on a 280×280 paper, y downward.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from trainer.picture.strokes import Drawing, Stroke
from trainer.synthetic.symbol_shapes import symbols
from trainer.synthetic.synthetic_digits import PAPER, STYLES, synthetic_digits

Points = NDArray[np.float64]
Random = np.random.Generator
Kind = Callable[[Random], list[Points]]

_WIDTHS = (9.0, 28.0)  # of the pen, in units
_MIDDLE = PAPER / 2


def negatives(count: int, seed: int = 0) -> list[Drawing]:
    """`count` drawings, a third of them symbols (trainer.synthetic.symbol_shapes); the same ones for the same
    seed."""
    symbol_count = count // 3
    return [*scribbles(count - symbol_count, seed), *symbols(symbol_count, seed)]


def scribbles(
    count: int, seed: int = 0, *, kinds: Mapping[str, Kind] | None = None
) -> list[Drawing]:
    """`count` drawings, every kind in turn; the same ones for the same seed. kinds: None: KINDS."""
    random = np.random.default_rng(seed)
    makers = list((KINDS if kinds is None else kinds).values())
    drawings = []
    for i in range(count):
        strokes = makers[i % len(makers)](random)
        turn = random.normal(0, 0.12)
        rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        stretch = np.exp(random.normal(0, 0.15, 2))
        width = float(random.uniform(*_WIDTHS))
        drawings.append(
            Drawing(
                tuple(
                    Stroke.make((points - _MIDDLE) * stretch @ rotation.T + _MIDDLE, width=width)
                    for points in strokes
                )
            )
        )
    return drawings


def _knots(points: Points, samples: int) -> Points:
    """A smooth line through the knots (Catmull-Rom), closed at neither end."""
    padded = np.concatenate([points[:1], points, points[-1:]])
    at = np.linspace(0, len(points) - 1, samples)
    span = np.minimum(at.astype(int), len(points) - 2)
    t = (at - span)[:, None]
    a, b, c, d = (padded[span + i] for i in range(4))
    return np.asarray(
        0.5
        * (
            2 * b
            + (c - a) * t
            + (2 * a - 5 * b + 4 * c - d) * t**2
            + (3 * b - a - 3 * c + d) * t**3
        )
    )


def _tangle(random: Random) -> list[Points]:
    """Round and round, as one tries whether a pen writes."""
    knots = random.uniform(50, 230, (int(random.integers(7, 22)), 2))
    return [_knots(knots, 12 * len(knots))]


def _zigzag(random: Random) -> list[Points]:
    turns = int(random.integers(5, 14))
    along = np.linspace(50, 230, turns)
    across = np.where(np.arange(turns) % 2, 1, -1) * random.uniform(25, 90) + random.normal(
        0, 8, turns
    )
    points = np.stack([along, _MIDDLE + across], 1)
    return [points if random.random() < 0.5 else points[:, ::-1]]


def _wave(random: Random) -> list[Points]:
    along = np.linspace(0, 1, 60)
    height = random.uniform(15, 60) * np.sin(2 * np.pi * random.uniform(1.6, 5) * along)
    points = np.stack([45 + 190 * along, _MIDDLE + height], 1)
    return [points if random.random() < 0.7 else points[:, ::-1]]


def _spiral(random: Random) -> list[Points]:
    turns = random.uniform(2.2, 5.5)
    part = np.linspace(0.03, 1, int(30 * turns))
    angle = 2 * np.pi * turns * part + random.uniform(0, 2 * np.pi)
    if random.random() < 0.5:
        angle = -angle
    return [_MIDDLE + 95 * part[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1)]


def _filled(random: Random) -> list[Points]:
    """A shape made black by lines next to each other; at its largest the whole paper."""
    wide, tall = random.uniform(30, 140, 2)
    step = random.uniform(3, 14)
    rows = np.arange(-tall, tall, step)
    round_ = random.random() < 0.4
    reach = (
        wide * np.sqrt(np.maximum(0.05, 1 - (rows / tall) ** 2))
        if round_
        else np.full(len(rows), wide)
    )
    ends = np.stack([-reach, reach], 1)
    ends[1::2] = ends[1::2, ::-1]
    points = np.stack([ends.reshape(-1), np.repeat(rows, 2)], 1) + _MIDDLE
    return [points if random.random() < 0.5 else points[:, ::-1]]


def _blob(random: Random) -> list[Points]:
    """A dot that was gone over."""
    knots = _MIDDLE + random.normal(0, random.uniform(4, 14), (int(random.integers(4, 14)), 2))
    return [_knots(knots, 8 * len(knots))]


def _dots(random: Random) -> list[Points]:
    places = random.uniform(50, 230, (int(random.integers(2, 9)), 2))
    return [place + random.normal(0, 1.5, (int(random.integers(1, 4)), 2)) for place in places]


def _lines(random: Random) -> list[Points]:
    """Strokes that have nothing to do with each other."""
    strokes = []
    for _ in range(int(random.integers(2, 7))):
        knots = random.uniform(45, 235, (1, 2)) + np.cumsum(
            random.normal(0, 40, (int(random.integers(2, 5)), 2)), axis=0
        )
        strokes.append(_knots(knots, 20))
    return strokes


def _hatching(random: Random) -> list[Points]:
    """Parallel lines, or a grid of them."""
    strokes = []
    for across in (False, True) if random.random() < 0.5 else (False,):
        for at in np.linspace(60, 220, int(random.integers(3, 8))) + random.normal(0, 4):
            points = np.array([[50, at], [230, at]]) + random.normal(0, 6, (2, 2))
            strokes.append(points[:, ::-1] if across else points)
    return strokes


def _cross(random: Random) -> list[Points]:
    """A plus, a cross or a star."""
    count = int(random.integers(2, 5))
    turn = random.uniform(0, np.pi)
    angles = turn + np.pi * np.arange(count) / count + random.normal(0, 0.08, count)
    directions = np.stack([np.cos(angles), np.sin(angles)], 1)
    return [
        _MIDDLE + np.array([-1, 1])[:, None] * direction * random.uniform(55, 95)
        for direction in directions
    ]


def _polygon(random: Random) -> list[Points]:
    """A triangle, a star of five, a house."""
    corners = int(random.choice([3, 5, 5, 6]))
    skip = 2 if corners == 5 and random.random() < 0.7 else 1
    angles = -np.pi / 2 + 2 * np.pi * skip * np.arange(corners + 1) / corners
    points = _MIDDLE + 90 * np.stack([np.cos(angles), np.sin(angles)], 1)
    strokes = [points + random.normal(0, 5, points.shape)]
    if corners == 6:  # with something in it
        strokes.append(_MIDDLE + random.normal(0, 30, (3, 2)))
    return strokes


def _arrow(random: Random) -> list[Points]:
    angle = random.uniform(0, 2 * np.pi)
    direction = np.array([np.cos(angle), np.sin(angle)])
    side = np.array([-direction[1], direction[0]])
    tip = _MIDDLE + 90 * direction
    back = tip - direction * random.uniform(30, 60)
    spread = side * random.uniform(22, 50)
    return [
        np.stack([_MIDDLE - 90 * direction, tip]),
        np.stack([back + spread, tip, back - spread]),
    ]


def _heart(random: Random) -> list[Points]:
    t = np.linspace(0, 2 * np.pi, 60)
    x = 16 * np.sin(t) ** 3
    y = -(13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t))
    return [_MIDDLE + random.uniform(4, 6) * np.stack([x, y], 1)]


def _face(random: Random) -> list[Points]:
    t = np.linspace(0, 2 * np.pi, 40)
    ring = np.stack([np.cos(t), np.sin(t)], 1)
    smile = np.linspace(0.2, np.pi - 0.2, 15)
    return [
        _MIDDLE + 90 * ring,
        *(_MIDDLE + np.array([x, -28]) + 6 * ring[::4] for x in (-34, 34)),
        _MIDDLE + random.uniform(30, 55) * np.stack([np.cos(smile), 0.2 + np.sin(smile) * 0.9], 1),
    ]


def _tick(random: Random) -> list[Points]:
    """A check mark, wide enough to be no 1 and no 7."""
    low = np.array([random.uniform(100, 130), random.uniform(180, 215)])
    return [
        np.array(
            [
                low + random.uniform(-60, -30, 2),
                low,
                low + np.array([random.uniform(85, 130), -130]),
            ]
        )
    ]


def _several(random: Random) -> list[Points]:
    """Two or three digits beside each other: each would be one, together they are not."""
    strokes = []
    count = int(random.integers(2, 4))
    for i in range(count):
        styles = STYLES[str(random.integers(10))]
        for stroke in styles[int(random.integers(len(styles)))]:
            points = (np.array(stroke) - _MIDDLE) * [0.75, 1.0]
            strokes.append(points + _MIDDLE + [(i - (count - 1) / 2) * random.uniform(95, 125), 0])
    return strokes


def _crossed_out(random: Random) -> list[Points]:
    """A digit that was scribbled over."""
    (_, drawing), *_ = synthetic_digits(
        1 + int(random.integers(10)), int(random.integers(1 << 30))
    )[::-1]
    strokes = [np.asarray(stroke.points, np.float64) for stroke in drawing.strokes]
    joined = np.concatenate(strokes)
    low, high = joined.min(axis=0) - 8, joined.max(axis=0) + 8
    turns = int(random.integers(5, 12))
    rows = np.linspace(low[1], high[1], turns)
    columns = np.where(np.arange(turns) % 2, low[0], high[0]) + random.normal(0, 8, turns)
    return [*strokes, np.stack([columns, rows], 1)]


#: Every kind, by name.
KINDS: dict[str, Kind] = {
    "tangle": _tangle,
    "zigzag": _zigzag,
    "wave": _wave,
    "spiral": _spiral,
    "filled": _filled,
    "blob": _blob,
    "dots": _dots,
    "lines": _lines,
    "hatching": _hatching,
    "cross": _cross,
    "polygon": _polygon,
    "arrow": _arrow,
    "heart": _heart,
    "face": _face,
    "tick": _tick,
    "several": _several,
    "crossed out": _crossed_out,
}
