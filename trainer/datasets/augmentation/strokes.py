"""Stroke augmentation, as tablets and writers vary: sampling, tremor, hooks, gaps, proportions, and digit
shapes that are usual elsewhere. For thousands of drawings at a time.

Lengths are in final pixels: the long side of a drawing is 20 of them, its middle is at (0, 0).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from trainer.datasets.augmentation.spec import StrokeAugmentation
from trainer.picture.preprocess import BOX

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

_STRIDES = (1.0, 3.5)  # pixels along the line between two points of a slow pen
_ROUNDS = 3  # of smoothing
_GAP = (0.8, 2.2)  # pixels along the line
_HOOK = (0.8, 5.0)  # pixels; short ones are the usual
_BACK = np.radians(50)  # a hook that turns back lies so near to where the pen came from
_WAVES = 2
_WAVINESS = 1.2  # periods over the drawing
# Signs that a digit has its other shape already, as fractions of its height (_INSIDE: of its width, too).
_NARROW = 0.42  # wider than this, a 1 has a flag or a foot, …
_BARE = 0.1  # … and where something lies further beside its stem
_FOOTED = 0.25  # as wide as this near its lower end, a 1 has a foot
_INSIDE = 0.2  # something nearer to the middle of a 0 than this is a slash
_BARRED = 0.22  # as wide as this at one height, the lower part of a 7 has a bar
_CURLED = 0.28  # so far to the left of the stem, the foot of a 9 is a curl


class Lines(NamedTuple):
    """points: (P, 2); stroke and drawing: (P,), the numbers of what each belongs to, both in order."""

    points: Floats
    stroke: Integers
    drawing: Integers


class Segments(NamedTuple):
    """starts, ends: (S, 2); drawing: (S,), in order. A dot is a segment of no length."""

    starts: Floats
    ends: Floats
    drawing: Integers


def segments_of(lines: Lines) -> Segments:
    """From every point to the next of its stroke."""
    begin = _segment_starts(lines.stroke)
    return Segments(
        lines.points[begin], lines.points[_other_end(lines.stroke, begin)], lines.drawing[begin]
    )


def augmented(
    lines: Lines,
    labels: NDArray[np.str_],
    augmentation: StrokeAugmentation,
    generator: np.random.Generator,
) -> Segments:
    """The drawings, each changed at random as far as `augmentation` allows. labels: (K,) of the drawings."""
    count = len(labels)
    extras = _extras(lines, labels, augmentation, generator)
    if augmentation.sampling:
        lines = _sampled(lines, generator.random(count) < augmentation.sampling, generator)
    points = lines.points
    if augmentation.smoothing:
        points = _smoothed(lines, generator.random(count) < augmentation.smoothing)
    if augmentation.jitter:
        spread = generator.random(count).astype(np.float32) * np.float32(augmentation.jitter)
        noise = generator.standard_normal(points.shape, np.float32)
        points = points + noise * spread[lines.drawing, None]
    lines = lines._replace(points=points)
    segments = segments_of(lines)
    if augmentation.gaps:
        segments = _torn(segments, generator.random(count) < augmentation.gaps, generator)
    if len(extras.drawing):
        segments = _together(segments, extras)
    change = _bending(lines, count, augmentation, generator)
    return Segments(
        change(segments.starts, segments.drawing),
        change(segments.ends, segments.drawing),
        segments.drawing,
    )


def extremes(points: NDArray[np.floating], first: Integers) -> NDArray[np.floating]:
    """The least and the greatest coordinates of each drawing, (2, K, 2). first: where its points begin."""
    return np.stack([np.minimum.reduceat(points, first), np.maximum.reduceat(points, first)])


# --- points


def _segment_starts(stroke: Integers) -> Integers:
    """Places of the points at which a segment begins: all but the last of a stroke, and lone points."""
    joined = np.append(stroke[1:] == stroke[:-1], False)
    lone = ~joined & ~np.append(False, joined[:-1])
    return np.flatnonzero(joined | lone)


def _other_end(stroke: Integers, begin: Integers) -> Integers:
    """Places of the points at which those segments end; a lone point is both ends of its own."""
    after = np.minimum(begin + 1, len(stroke) - 1)
    return np.where(stroke[after] == stroke[begin], after, begin)


def _sampled(lines: Lines, chosen: NDArray[np.bool_], generator: np.random.Generator) -> Lines:
    """Few points of the chosen drawings: both ends of every stroke, and one in a stride between."""
    points, stroke, of = lines
    begins = np.append(True, stroke[1:] != stroke[:-1])
    ends = np.append(begins[1:], True)
    moved = np.hypot(*np.diff(points, axis=0, prepend=points[:1]).T)
    stride = generator.uniform(*_STRIDES, len(chosen))
    along = np.floor(np.cumsum(np.where(begins, 0, moved / stride[of]), dtype=np.float64))
    kept = ~chosen[of] | begins | ends
    kept[1:] |= along[1:] > along[:-1]
    return Lines(points[kept], stroke[kept], of[kept])


def _smoothed(lines: Lines, chosen: NDArray[np.bool_]) -> Floats:
    """Every point between two others of a chosen drawing drawn towards them, some times over."""
    stroke, points = lines.stroke, lines.points
    same = np.append(False, stroke[1:] == stroke[:-1])
    between = np.flatnonzero(same & np.append(same[1:], False) & chosen[lines.drawing])
    points = points.copy()
    for _ in range(_ROUNDS):
        points[between] = (points[between - 1] + 2 * points[between] + points[between + 1]) / 4
    return points


def _torn(
    segments: Segments, chosen: NDArray[np.bool_], generator: np.random.Generator
) -> Segments:
    """Without a short piece at a random place of every chosen drawing."""
    starts, ends, of = segments
    along = ends - starts
    length = np.hypot(*along.T).astype(np.float64)
    after = np.cumsum(length)
    before = after - length
    numbers = np.arange(len(chosen))
    begin = before[np.searchsorted(of, numbers)]
    end = after[np.searchsorted(of, numbers, side="right") - 1]
    middle = begin + generator.random(len(chosen)) * (end - begin)
    reach = generator.uniform(*_GAP, len(chosen)) / 2
    low, high = (middle - reach)[of], (middle + reach)[of]
    head = ~chosen[of] | (before < low)
    tail = chosen[of] & (after > high)
    # Nothing is left of a tick that was all gap: it stays whole.
    whole = ~chosen[of] | (np.bincount(of[head | tail], minlength=len(chosen)) == 0)[of]
    head |= whole
    safe = np.maximum(length, 1e-12)
    cut, on = (np.clip((at - before) / safe, 0, 1)[:, None] for at in (low, high))
    cut_ends = np.where((whole | (after <= low))[:, None], ends, starts + along * cut)
    return _together(
        Segments(starts[head], cut_ends[head].astype(np.float32), of[head]),
        Segments((starts + along * on)[tail].astype(np.float32), ends[tail], of[tail]),
    )


def _together(segments: Segments, extras: Segments) -> Segments:
    of = np.concatenate([segments.drawing, extras.drawing])
    order = np.argsort(of, kind="stable")
    return Segments(
        np.concatenate([segments.starts, extras.starts])[order],
        np.concatenate([segments.ends, extras.ends])[order],
        of[order],
    )


def _bending(
    lines: Lines, count: int, augmentation: StrokeAugmentation, generator: np.random.Generator
) -> Callable[[Floats, Integers], Floats]:
    """What stretches and bends the paper under each of the drawings: (points, drawing) → points."""
    stretch = np.exp(generator.uniform(-augmentation.aspect, augmentation.aspect, count) / 2)
    stretches = np.stack([stretch, 1 / stretch], 1).astype(np.float32)
    parts = _proportions(lines, count, augmentation, generator)
    if not augmentation.wave:
        return lambda points, of: parts(points, of) * stretches[of]
    swings = generator.normal(0, 2 * np.pi * _WAVINESS / BOX, (_WAVES, count, 2)).astype(np.float32)
    phases = generator.uniform(0, 2 * np.pi, (_WAVES, count)).astype(np.float32)
    reaches = generator.normal(0, augmentation.wave, (_WAVES, count, 2)).astype(np.float32)

    def bent(points: Floats, of: Integers) -> Floats:
        moved = parts(points, of) * stretches[of]
        for swing, phase, reach in zip(swings, phases, reaches, strict=True):
            height = np.sin((points * swing[of]).sum(axis=1) + phase[of])
            moved += height[:, None] * reach[of]
        return moved

    return bent


def _proportions(
    lines: Lines, count: int, augmentation: StrokeAugmentation, generator: np.random.Generator
) -> Callable[[Floats, Integers], Floats]:
    """What makes one half of each drawing larger and the other smaller, across and along."""
    if not augmentation.proportion or not count:
        return lambda points, of: points
    low, high = extremes(lines.points, np.searchsorted(lines.drawing, np.arange(count)))
    size = np.maximum(high - low, np.float32(1e-6))
    amount = generator.uniform(
        -augmentation.proportion, augmentation.proportion, (count, 2)
    ).astype(np.float32)

    def moved(points: Floats, of: Integers) -> Floats:
        # Along an edge it is 1 + amount times as large, along the other 1 - amount.
        fraction = np.clip((points - low[of]) / size[of], 0, 1)
        added: Floats = (amount * size)[of] * fraction * (1 - fraction)
        return points + added

    return moved


# --- what is added


def _extras(
    lines: Lines,
    labels: NDArray[np.str_],
    augmentation: StrokeAugmentation,
    generator: np.random.Generator,
) -> Segments:
    parts: list[Segments] = []
    if augmentation.hooks:
        parts += _hooks(lines, generator.random(len(labels)) < augmentation.hooks, generator)
    if augmentation.shapes:
        first = np.searchsorted(lines.drawing, np.arange(len(labels) + 1))
        chosen = generator.random(len(labels)) < augmentation.shapes
        for place in np.flatnonzero(chosen & np.isin(labels, list(_SHAPES))):
            points = lines.points[first[place] : first[place + 1]]
            for added in _SHAPES[str(labels[place])](points, generator):
                of = np.full(len(added) - 1, place, np.int64)
                parts.append(
                    Segments(added[:-1].astype(np.float32), added[1:].astype(np.float32), of)
                )
    if not parts:
        nothing = np.zeros((0, 2), np.float32)
        return Segments(nothing, nothing, np.zeros(0, np.int64))
    starts, ends, of = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Segments(starts, ends, of)


def _hooks(
    lines: Lines, chosen: NDArray[np.bool_], generator: np.random.Generator
) -> list[Segments]:
    """Short lines where a pen comes down or goes up: in any direction, half of them back along the line."""
    begins = np.append(True, lines.stroke[1:] != lines.stroke[:-1])
    parts = []
    ends = np.append(begins[1:], True)
    for at, inwards in ((begins, 1), (ends, -1)):
        places = np.flatnonzero(at & chosen[lines.drawing])
        places = places[generator.random(len(places)) < 0.5]
        angle = generator.uniform(0, 2 * np.pi, len(places))
        before = np.where((begins & ends)[places], places, places + inwards)
        back = lines.points[before] - lines.points[places]
        turned = generator.random(len(places)) < 0.5
        near = np.arctan2(back[:, 1], back[:, 0]) + generator.uniform(-_BACK, _BACK, len(places))
        angle = np.where(turned, near, angle)
        shortest, longest = _HOOK
        length = shortest + (longest - shortest) * generator.random(len(places)) ** 1.5
        direction = np.stack([np.cos(angle), np.sin(angle)], 1) * length[:, None]
        points = lines.points[places]
        parts.append(Segments(points, points + direction.astype(np.float32), lines.drawing[places]))
    return parts


def _with_middles(points: Floats) -> Floats:
    """The points and the middles between them: straight lines may have few points."""
    return np.concatenate([points, (points[1:] + points[:-1]) / 2])


#: Lines to add to a digit's points, (P, 2) each; none where it has that shape already.
Shape = Callable[[Floats, np.random.Generator], list[NDArray[np.floating]]]


def _slash(points: Floats, generator: np.random.Generator) -> list[NDArray[np.floating]]:
    """Through the middle of a 0: mostly up to the right, sometimes level or the other way."""
    low, high = points.min(axis=0), points.max(axis=0)
    wide, tall = np.maximum(high - low, np.float32(1e-6))
    inside = np.abs(_with_middles(points) - (low + high) / 2) < _INSIDE * (high - low)
    if inside.all(axis=1).any():
        return []
    angle = np.radians(generator.uniform(-10, 75))
    if generator.random() < 0.1:
        angle = np.pi - angle
    direction = np.array([np.cos(angle), -np.sin(angle)])
    to_the_edge = 0.5 / np.hypot(*(direction / [wide, tall]))
    reach = to_the_edge * generator.uniform(0.6, 1.5, 2)
    middle = (low + high) / 2 + generator.uniform(-0.06, 0.06, 2) * tall
    return [np.stack([middle - reach[0] * direction, middle + reach[1] * direction])]


def _flag_and_foot(points: Floats, generator: np.random.Generator) -> list[NDArray[np.floating]]:
    """An upstroke before a bare 1, or a line under it, or both; under one that has a flag, the line."""
    low, high = points.min(axis=0), points.max(axis=0)
    wide, tall = high - low
    top, bottom = points[points[:, 1].argmin()], points[points[:, 1].argmax()]
    stem = bottom - top
    aside = np.abs((points - top) @ np.array([stem[1], -stem[0]]))  # times the stem's length
    is_bare = wide <= _NARROW * tall and aside.max() <= _BARE * tall * np.hypot(*stem)
    below = _with_middles(points)
    below = below[below[:, 1] >= high[1] - 0.2 * tall, 0]
    has_foot = np.ptp(below) > _FOOTED * tall
    wanted = generator.random()
    added = []
    if is_bare and wanted < 0.75:
        angle = np.radians(generator.uniform(20, 70))
        length = generator.uniform(0.15, 0.6) * tall
        added.append(np.array([top, top + length * np.array([-np.sin(angle), np.cos(angle)])]))
    if not has_foot and wanted > 0.45:
        left, right = generator.uniform(0.12, 0.4, 2) * tall
        tilt = generator.uniform(-0.05, 0.05) * tall
        added.append(
            np.array([[bottom[0] - left, bottom[1] + tilt], [bottom[0] + right, bottom[1] - tilt]])
        )
    return added


def _bar(points: Floats, generator: np.random.Generator) -> list[NDArray[np.floating]]:
    """Through the stem of a 7, at half its height."""
    low, high = points.min(axis=0), points.max(axis=0)
    tall = high[1] - low[1]
    line = _with_middles(points)
    for fraction in np.linspace(0.4, 0.7, 6):
        across = line[np.abs(line[:, 1] - low[1] - fraction * tall) < 0.06 * tall, 0]
        if len(across) and np.ptp(across) > _BARRED * tall:
            return []
    height = low[1] + generator.uniform(0.42, 0.65) * tall
    stem = line[np.abs(line[:, 1] - height) < 0.12 * tall]
    if not len(stem) or np.ptp(stem[:, 0]) > 0.35 * tall:
        return []
    middle = float(stem[:, 0].mean())
    left, right = generator.uniform(0.12, 0.35, 2) * tall
    tilt = generator.uniform(-0.06, 0.1) * tall
    return [np.array([[middle - left, height + tilt], [middle + right, height - tilt]])]


def _curl(points: Floats, generator: np.random.Generator) -> list[NDArray[np.floating]]:
    """On to the left and up again from the foot of a 9."""
    low, high = points.min(axis=0), points.max(axis=0)
    tall = high[1] - low[1]
    foot = points[-1]
    lower = points[points[:, 1] >= low[1] + 0.6 * tall, 0]
    if foot[1] < high[1] - 0.12 * tall or lower.max() - foot[0] > _CURLED * tall:
        return []
    reach, rise = generator.uniform(0.15, 0.5) * tall, generator.uniform(0.02, 0.2) * tall
    part = np.linspace(0, 1, 7)
    curl = [foot[0] - reach * part, foot[1] + rise * np.sin(np.pi * 1.3 * part) * 0.7]
    return [np.stack(curl, 1)]


#: By label.
_SHAPES: dict[str, Shape] = {"0": _slash, "1": _flag_and_foot, "7": _bar, "9": _curl}
