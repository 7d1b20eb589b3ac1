"""Made images of one digit with more in them than the digit: ruled and squared sheets, cells of tables,
displays, saved figures, close crops; and of several digits. Each kind beside the same digit cropped by hand.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image
from scipy import ndimage

from benchmarks.disturbances import Random
from benchmarks.scenes import (
    INKS,
    LINES,
    Plane,
    Subject,
    choice,
    image_of,
    ink_of,
    jpeg,
    line,
    line_across,
    lit,
    pen_width,
    photographed,
    printed,
    put,
    put_inside,
)

__all__ = ["KINDS", "PRINTED", "PictureKind", "by_hand", "printed", "several"]


@dataclass(frozen=True, kw_only=True)
class PictureKind:
    """name: in the tables. make: an image of the subject, or of the subjects of `several` kinds."""

    name: str
    title: str
    make: Callable[[Subject, Random], Image.Image]
    several: bool = False


def by_hand(subject: Subject, random: Random) -> Image.Image:
    """The digit cropped by hand from clean paper: dark ink on white with a margin."""
    ink = ink_of(subject, 90, pen_width(random))
    return image_of(255 * (1 - np.pad(ink, 15)))


def _edge_line(subject: Subject, random: Random) -> Image.Image:
    """Flat, with a line along one edge: the rest of a crop, or of a scanner's lid."""
    shape = ((135, 155), (200, 200), (120, 90))[int(random.integers(3))]
    plane = np.zeros(shape, np.float32)
    ink = ink_of(subject, random.uniform(0.4, 0.6) * min(shape), pen_width(random))
    put_inside(plane, ink, random, 10)
    width = float(random.choice([1, 1, 2, 3, 4]))
    strength = float(random.uniform(0.4, 1))
    edge = int(random.integers(4))
    line = np.zeros(shape, np.float32)
    turned = np.rot90(line, edge)
    inset = int(random.integers(0, 2))
    turned[inset : inset + int(width)] = strength
    turned[inset + int(width)] = strength * random.uniform(0, 1)
    return image_of(255 * (1 - np.maximum(plane, line)))


def _scanned(plane: Plane, lines: Plane, random: Random) -> Image.Image:
    """A scan: nearly white, the pen lighter than the lines or as dark."""
    pen, line = random.uniform(0.45, 1), random.uniform(0.6, 1)
    dark = np.maximum(pen * plane, line * lines)
    dark = ndimage.gaussian_filter(dark, random.uniform(0.3, 0.8))
    grey = 254 - 250 * dark + random.normal(0, 0.7, plane.shape)
    return image_of(grey.astype(np.float32))


def _cell(
    subject: Subject, random: Random, insets: tuple[float, float], *, most: int = 4
) -> tuple[Plane, Plane]:
    """A digit and the lines of its cell. insets: fractions of the side at which a line lies, from … to."""
    side = int(random.integers(90, 190))
    shape = (side, int(side * random.uniform(1, 1.35)))
    plane = np.zeros(shape, np.float32)
    lines = np.zeros(shape, np.float32)
    width = random.uniform(0.008, 0.035) * side
    turn = float(random.normal(0, 0.008))
    edges = random.permutation(4)[: int(random.integers(min(most, 2), most + 1))]
    for edge in edges:
        upright = edge % 2 == 1
        extent = shape[1] if upright else shape[0]
        inset = random.uniform(*insets) * extent
        at = inset if edge < 2 else extent - inset
        np.maximum(lines, line_across(shape, at, width, turn, upright), out=lines)
    ink = ink_of(subject, random.uniform(0.45, 0.6) * side, pen_width(random))
    put_inside(plane, ink, random, max(insets[1] * side + width + 3, 0.16 * side))
    return plane, lines


def _cell_off(subject: Subject, random: Random) -> Image.Image:
    return _scanned(*_cell(subject, random, (0.06, 0.16), most=2), random)


def _cell_on_line(subject: Subject, random: Random) -> Image.Image:
    return _scanned(*_cell(subject, random, (-0.006, 0.012)), random)


def _cell_with_frame(subject: Subject, random: Random) -> Image.Image:
    """The whole frame is in the image, with a margin around it."""
    side = int(random.integers(100, 190))
    shape = (side, side)
    plane = np.zeros(shape, np.float32)
    frame = np.zeros(shape, np.float32)
    inset, width = random.uniform(0.02, 0.06) * side, random.uniform(0.01, 0.035) * side
    turn = float(random.normal(0, 0.008))
    a, b = inset, side - inset
    for corner in range(4):
        xs, ys = [(a, b), (b, b), (b, a), (a, a)][corner], [(a, a), (a, b), (b, b), (b, a)][corner]
        ends = [
            (x - turn * (y - side / 2), y + turn * (x - side / 2))
            for x, y in zip(xs, ys, strict=True)
        ]
        np.maximum(frame, line(shape, ends[0], ends[1], width), out=frame)
    ink = ink_of(subject, random.uniform(0.45, 0.6) * side, pen_width(random))
    put_inside(plane, ink, random, 0.15 * side)
    return _scanned(plane, frame, random)


def _cell_photograph(
    subject: Subject, random: Random, *, insets: tuple[float, float]
) -> Image.Image:
    plane, lines = _cell(subject, random, insets)
    return photographed(
        [
            (lines, choice(random, LINES), float(random.uniform(0.6, 1))),
            (plane, choice(random, INKS), 1.0),
        ],
        random,
        blur=float(random.uniform(0.4, 1.0)),
        noise=float(random.uniform(1, 4)),
    )


def _cell_photo(subject: Subject, random: Random) -> Image.Image:
    return _cell_photograph(subject, random, insets=(0.02, 0.14))


def _cell_photo_exact(subject: Subject, random: Random) -> Image.Image:
    return _cell_photograph(subject, random, insets=(-0.01, 0.02))


def _red_table(subject: Subject, random: Random) -> Image.Image:
    """A cell of an exam's table: red lines, and a red pen now and then."""
    plane, lines = _cell(subject, random, (0.0, 0.14))
    ink = (175, 45, 45) if random.random() < 0.4 else (35, 40, 110)
    return photographed(
        [(lines, (200, 70, 60), float(random.uniform(0.7, 1))), (plane, ink, 1.0)],
        random,
        blur=float(random.uniform(0.4, 1.0)),
        noise=float(random.uniform(1, 4)),
    )


def _ink_at_edge(subject: Subject, random: Random) -> Image.Image:
    """A photograph that ends where the ink ends, at two edges or more."""
    ink = ink_of(subject, float(random.uniform(60, 140)), float(random.uniform(0.1, 0.18)))
    sides = random.integers(0, 2, 4) * random.integers(0, 12, 4)
    left, top, right, bottom = (int(n) for n in sides)
    cut = int(random.integers(0, 3))
    if min(ink.shape) > 20 + 2 * cut:
        ink = ink[cut : ink.shape[0] - cut, cut : ink.shape[1] - cut]
    plane = np.pad(ink, ((top, bottom), (left, right)))
    blur, noise = float(random.uniform(0.4, 1.0)), float(random.uniform(1, 4))
    return photographed([(plane, choice(random, INKS), 1.0)], random, blur=blur, noise=noise)


def _three_tones(subject: Subject, random: Random) -> Image.Image:
    """A digit of a counter: on its ground, in a frame of a third grey."""
    side = int(random.integers(34, 90))
    ink = ink_of(subject, 0.62 * side, float(random.uniform(0.11, 0.17)))
    pad = max(3, round(0.1 * side))
    room = max(round(0.42 * side) - ink.shape[1], 0)
    left = room // 2
    window = np.pad(ink, ((pad, pad), (pad + left, pad + room - left)))
    frame = [int(n) for n in random.integers(1, max(3, round(0.13 * side)), 4)]
    while True:
        tones = random.uniform(15, 240, 3)
        if min(abs(tones[0] - tones[1]) / 2, *np.abs(tones[2] - tones[:2])) > 35:
            break
    panel = tones[0] + (tones[1] - tones[0]) * window
    grey = np.pad(panel, ((frame[0], frame[1]), (frame[2], frame[3])), constant_values=tones[2])
    grey = ndimage.gaussian_filter(grey, random.uniform(0.4, 0.9))
    grey *= lit(grey.shape, random, 1, float(random.uniform(0, 0.15)))
    return image_of(grey + random.normal(0, random.uniform(2, 7), grey.shape).astype(np.float32))


def _tiny(subject: Subject, random: Random, side: int) -> Image.Image:
    """An image of few pixels, filled by the digit in height."""
    scale = 8
    pen = float(random.uniform(0.13, 0.2))
    ink = ink_of(subject, side * scale, pen)
    field = np.zeros((side * scale, side * scale), np.float32)
    put(field, ink, (field.shape[1] - ink.shape[1]) / 2, (field.shape[0] - ink.shape[0]) / 2)
    small = field.reshape(side, scale, side, scale).mean((1, 3))
    levels = np.rint(np.minimum(small * 1.15, 1) * 15) / 15
    if side == 16 and random.random() < 0.4:
        levels = np.where(levels > 0.45, 1.0, 0.0)  # of two levels
    return image_of(255 * (levels if random.random() < 0.7 else 1 - levels))


def _plot(subject: Subject, random: Random) -> Image.Image:
    """A saved figure: an image of light ink on black inside a white page with ticks."""
    height, width = (480, 640) if random.random() < 0.7 else (400, 400)
    side = int(random.uniform(0.7, 0.8) * height)
    page = np.full((height, width), 255, np.float32)
    top, left = (height - side) // 2, (width - side) // 2 + int(random.integers(-20, 20))
    ink = ink_of(subject, 20, 0.11)
    small = np.zeros((28, 28), np.float32)
    put(small, ink, (28 - ink.shape[1]) / 2, (28 - ink.shape[0]) / 2)
    shown = Image.fromarray(np.rint(small * 255).astype(np.uint8))
    smooth = random.random() < 0.3
    way = Image.Resampling.BICUBIC if smooth else Image.Resampling.NEAREST
    dark = random.random() < 0.85
    panel = np.asarray(shown.resize((side, side), way), np.float32)
    page[top : top + side, left : left + side] = panel if dark else np.clip(245 - panel, 0, 255)
    page[top : top + side, [left, left + side - 1]] = 0
    page[[top, top + side - 1], left : left + side] = 0
    for i in range(6):
        at = round(i * side / 6 + side / 12)
        page[top + side : top + side + 5, left + at] = 0
        page[top + at, left - 5 : left] = 0
        page[top + side + 9 : top + side + 16, left + at - 2 : left + at + 3] = 60
        page[top + at - 3 : top + at + 4, left - 14 : left - 9] = 60
    return image_of(page)


def _squared_paper(subject: Subject, random: Random, strength: float) -> Image.Image:
    """A photographed squared sheet: lines some part as strong as the pen."""
    side = int(random.integers(300, 520))
    shape = (side, side)
    step = side / random.uniform(7, 14)
    turn = float(random.normal(0, 0.01))
    width = side * random.uniform(0.003, 0.006)
    lines = np.zeros(shape, np.float32)
    first = random.uniform(0, step, 2)
    for upright in (False, True):
        for at in np.arange(first[int(upright)] - step, side + step, step):
            line = line_across(shape, float(at), width, -turn if upright else turn, upright)
            np.maximum(lines, line, out=lines)
    ink = ink_of(subject, side * random.uniform(0.3, 0.6), float(random.uniform(0.04, 0.09)))
    plane = np.zeros(shape, np.float32)
    put_inside(plane, ink, random, 0.1 * side)
    # The pen takes from the light what it takes; the lines the given part of that.
    dark = np.maximum(plane, strength * lines)
    dark = ndimage.gaussian_filter(dark, random.uniform(0.5, 0.9))
    light = lit(shape, random, float(random.uniform(180, 235)), float(random.uniform(0.05, 0.35)))
    grey = light * (1 - 0.75 * dark) + random.normal(0, random.uniform(1, 4), shape)
    return jpeg(image_of(grey.astype(np.float32)), int(random.integers(70, 93)))


def several(subjects: list[Subject], random: Random) -> Image.Image:
    """Two or more digits beside one another on a page."""
    size = int(random.integers(60, 110))
    inks = [
        ink_of(subject, size * random.uniform(0.85, 1.0), pen_width(random)) for subject in subjects
    ]
    gap = random.uniform(0.15, 0.5) * size
    width = int(sum(ink.shape[1] + gap for ink in inks) + size)
    plane = np.zeros((int(1.7 * size), width), np.float32)
    left = size / 2
    for ink in inks:
        put(plane, ink, left, (plane.shape[0] - ink.shape[0]) / 2 + random.normal(0, 0.04 * size))
        left += ink.shape[1] + gap
    if random.random() < 0.5:
        return image_of(255 * (1 - plane))
    blur, noise = float(random.uniform(0.4, 1.0)), float(random.uniform(1, 3))
    return photographed([(plane, choice(random, INKS), 1.0)], random, blur=blur, noise=noise)


def _kind(name: str, title: str, make: Callable[..., Image.Image], *more: float) -> PictureKind:
    def image(subject: Subject, random: Random) -> Image.Image:
        return make(subject, random, *more)

    return PictureKind(name=name, title=title, make=image)


KINDS = (
    _kind("edge-line", "A line along one edge of a flat image", _edge_line),
    _kind("cell-frame", "Cell of a scanned sheet, cut with its frame", _cell_with_frame),
    _kind("cell-on-line", "Cell of a scanned sheet, cut on its lines", _cell_on_line),
    _kind("cell-off", "Cell of a scanned sheet, cut a little off", _cell_off),
    _kind("cell-photo", "Photographed cell of a table, cut loosely", _cell_photo),
    _kind("cell-photo-exact", "Photographed cell of a table, cut on its lines", _cell_photo_exact),
    _kind("red-table", "Photographed cell of a table with red lines", _red_table),
    _kind("ink-at-edge", "Photograph cut where the ink ends", _ink_at_edge),
    _kind("three-tones", "Counter: digit, ground and frame are three greys", _three_tones),
    _kind("tiny-8", "8 × 8 pixels, filled by the digit", _tiny, 8),
    _kind("tiny-16", "16 × 16 pixels, filled by the digit", _tiny, 16),
    _kind("plot", "Saved figure: a dark square in a white page", _plot),
    _kind("squared-30", "Squared paper, lines 30 % as strong as the pen", _squared_paper, 0.3),
    _kind("squared-50", "Squared paper, lines 50 % as strong as the pen", _squared_paper, 0.5),
)

#: The same with a printed digit instead of the subject's.
PRINTED = tuple(
    dataclasses.replace(kind, name=f"{kind.name}-printed")
    for kind in KINDS
    if kind.name in ("cell-photo", "cell-photo-exact")
)
