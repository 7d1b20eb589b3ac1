"""Synthetic digits: the ten digits as people write them, no two quite the same.

For export checks, rehearsal data and tests where there is no data set. A digit is a list of strokes, a
stroke a list of (x, y) on a 280×280 paper, x to the right and y downward. Curves are given by a few knots
that the pen passes through and sampled at 25 points; straight strokes keep their corners only, as a slow
mouse does.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from trainer.picture.strokes import Drawing, Stroke

Point = tuple[float, float]
Strokes = list[list[Point]]

#: Side of the paper that the strokes are written on, in their units.
PAPER = 280

_SAMPLES = 25
_STEP = 12.0  # units between the points of a straight stroke that is to bend a little
# Variation between writers, as standard deviations: chosen by eye so that a person still reads every
# drawing at once.
_SLANT = 0.14  # of a shift to the side for each unit upward
_TURN = 0.07  # radians
_STRETCH = 0.10  # of the logarithm of width and height each
_PLACE = 12.0  # units that the middle lies beside the paper's, across and down
_BEND = 3.5  # units that each of _WAVES moves what lies under it, across and down, …
_WAVES = 3
_WAVINESS = 1.5  # … and how many times it swings over the width of the paper
_TREMOR = 0.5  # units that each point moves for itself
_SIZES = (0.45, 1.1)  # of the whole, relative to STYLES
_WIDTHS = (9.0, 28.0)  # of the pen, in units


def synthetic_digits(
    count: int, seed: int = 0, *, shapes: Mapping[str, Sequence[Strokes]] | None = None
) -> list[tuple[str, Drawing]]:
    """`count` pairs (label, drawing), the labels "0" … "9" in turn; the same ones for the same seed.

    shapes: the possible shapes of each label; None: STYLES. Shape, slant, rotation, proportions, size,
    position, pen width and tremor vary.
    """
    shapes = STYLES if shapes is None else shapes
    random = np.random.default_rng(seed)
    labels = list(shapes)
    return [
        (label, _varied(shapes[label], random))
        for label in itertools.islice(itertools.cycle(labels), count)
    ]


def _varied(shapes: Sequence[Strokes], random: np.random.Generator) -> Drawing:
    strokes = shapes[int(random.integers(len(shapes)))]
    slant, turn = random.normal(0, _SLANT), random.normal(0, _TURN)
    wide, high = np.exp(random.normal(0, _STRETCH, 2)) * random.uniform(*_SIZES)
    sheared = np.array([[1.0, -slant], [0.0, 1.0]]) * np.array([[wide], [high]])
    rotated = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ sheared
    centre = PAPER / 2 + random.normal(0, _PLACE, 2)
    waves = random.normal(0, 2 * np.pi / PAPER * _WAVINESS, (_WAVES, 2))
    phases = random.uniform(0, 2 * np.pi, (_WAVES, 2))
    reach = random.normal(0, _BEND, (_WAVES, 2))
    pen = float(random.uniform(*_WIDTHS))
    varied = []
    for stroke in strokes:
        points = _subdivided(np.array(stroke))
        bend = (np.sin((points @ waves.T)[..., None] + phases) * reach).sum(1)
        moved = points + bend + random.normal(0, _TREMOR, points.shape)
        varied.append(Stroke.make((moved - PAPER / 2) @ rotated.T + centre, width=pen))
    return Drawing(tuple(varied))


def _subdivided(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same line with points at most _STEP apart."""
    parts = [points[:1]]
    for start, end in itertools.pairwise(points):
        pieces = max(1, int(np.ceil(np.hypot(*(end - start)) / _STEP)))
        parts.append(start + (end - start) * (np.arange(1, pieces + 1) / pieces)[:, None])
    return np.concatenate(parts)


def line(*corners: Point) -> list[Point]:
    """Straight from corner to corner."""
    return list(corners)


def curve(*knots: Point, samples: int = _SAMPLES) -> list[Point]:
    """Points on a smooth curve (Catmull-Rom) through the knots, the first and the last included."""
    padded = (knots[0], *knots, knots[-1])
    spans = len(knots) - 1
    points: list[Point] = []
    for i in range(samples):
        position = i / (samples - 1) * spans
        span = min(int(position), spans - 1)
        t = position - span
        p0, p1, p2, p3 = padded[span : span + 4]
        points.append(
            (
                round(_catmull_rom(p0[0], p1[0], p2[0], p3[0], t), 2),
                round(_catmull_rom(p0[1], p1[1], p2[1], p3[1], t), 2),
            )
        )
    return points


def _catmull_rom(p0: float, p1: float, p2: float, p3: float, t: float) -> float:
    return 0.5 * (
        2 * p1
        + (p2 - p0) * t
        + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2
        + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    )


#: The common shapes of each digit, the plainest first.
STYLES: dict[str, list[Strokes]] = {
    "0": [
        [curve((148, 52), (104, 74), (84, 136), (102, 206), (142, 228), (184, 200), (196, 132),
               (178, 72), (140, 54))],
        [curve((176, 66), (142, 56), (106, 96), (94, 160), (112, 216), (146, 222), (182, 176),
               (190, 110), (172, 62))],
        [
            curve((140, 60), (92, 96), (86, 170), (138, 218), (190, 172), (188, 98), (142, 60)),
            [(180, 70), (98, 208)],
        ],
    ],
    "1": [
        [[(142, 48), (138, 140), (136, 232)]],
        [[(100, 96), (148, 52), (144, 230)]],
        [[(88, 128), (152, 50), (150, 228)]],
        [[(104, 92), (142, 56), (140, 224)], [(98, 226), (184, 224)]],
        [[(168, 50), (116, 230)]],
    ],
    "2": [
        [curve((90, 92), (118, 58), (160, 60), (178, 98), (156, 146), (118, 186), (88, 220),
               (130, 218), (194, 216))],
        [curve((94, 84), (140, 54), (178, 88), (160, 144), (106, 208), (92, 220), (98, 196),
               (124, 204), (162, 222), (200, 208))],
        [curve((88, 84), (140, 52), (182, 92), (148, 160), (84, 226)), [(84, 226), (200, 226)]],
    ],
    "3": [
        [curve((92, 70), (136, 52), (176, 78), (160, 118), (124, 136), (168, 148), (188, 188),
               (148, 228), (90, 210))],
        [curve((92, 60), (176, 58), (168, 66), (124, 122), (136, 124), (184, 162), (168, 212),
               (120, 230), (86, 208))],
    ],
    "4": [
        [[(118, 54), (104, 96), (86, 148), (140, 146), (198, 142)], [(164, 82), (160, 150), (156, 230)]],
        [[(158, 48), (78, 168), (204, 166)], [(160, 104), (158, 232)]],
        [[(160, 232), (162, 50), (80, 166), (206, 164)]],
    ],
    "5": [
        [
            curve((104, 62), (100, 92), (96, 126), (140, 116), (184, 148), (182, 204),
                  (136, 230), (84, 210)),
            [(104, 62), (150, 58), (192, 56)],
        ],
        [curve((190, 56), (146, 58), (108, 62), (100, 96), (98, 124), (146, 116), (182, 156),
               (166, 214), (118, 230), (82, 206))],
    ],
    "6": [
        [curve((172, 50), (126, 86), (96, 150), (102, 208), (144, 230), (182, 200), (172, 158),
               (134, 148), (102, 182))],
        [curve((150, 46), (106, 120), (96, 190), (130, 228), (176, 212), (180, 170), (144, 152),
               (104, 178))],
    ],
    "7": [
        [[(84, 66), (140, 62), (194, 60), (166, 112), (142, 168), (124, 230)]],
        [[(86, 64), (190, 60), (122, 230)], [(110, 146), (180, 140)]],
        [[(86, 84), (90, 60), (188, 62), (132, 144), (118, 226)]],
    ],
    "8": [
        [curve((172, 78), (136, 52), (100, 80), (126, 124), (168, 156), (176, 204), (138, 230),
               (98, 202), (114, 152), (156, 118), (174, 80), samples=33)],
        [
            curve((140, 54), (106, 80), (138, 128), (174, 88), (140, 54)),
            curve((138, 128), (90, 180), (138, 230), (188, 178), (140, 128)),
        ],
    ],
    "9": [
        [curve((176, 82), (138, 56), (98, 86), (106, 132), (144, 142), (178, 104), (178, 80),
               (174, 150), (162, 230))],
        [curve((178, 92), (144, 54), (100, 92), (128, 140), (176, 110), (182, 84), (186, 168),
               (158, 220), (104, 222))],
        [curve((174, 94), (138, 60), (102, 98), (138, 138), (174, 96)), [(178, 62), (176, 234)]],
    ],
}  # fmt: skip

#: The plainest shape of each digit.
DIGITS: dict[str, Strokes] = {label: styles[0] for label, styles in STYLES.items()}
