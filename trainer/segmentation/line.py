"""Reads a line of writing: division, labels, signs, and what a sum comes to."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from trainer.base.labels import DIGITS
from trainer.picture.strokes import Drawing, Stroke
from trainer.segmentation.context import as_words, settle
from trainer.segmentation.divide import Division, GroupReader, Seen, divide_strokes
from trainer.segmentation.ink.pieces import Ink, StrokeInk, line_height
from trainer.segmentation.lattice import largest_gap
from trainer.segmentation.overwritten import with_overwritten
from trainer.segmentation.reading import PLAIN, UNREAD, Box, Character, Line, LineOptions
from trainer.segmentation.sums import answer_of, may_be_sum
from trainer.segmentation.words import read_words

#: Strokes that a line may have: about 200 characters.
MOST_STROKES = 1000
_ALTERNATIVES = 3
_TINY = 1e-9
_LEAST = 0.005  # a less probable label is no alternative
_BESIDE = 0.5  # of the narrower side's width that two characters may overlap
_HIGH = 0.3  # of the ink's height has each of them, at least
_WIDE = 1.2  # times its height is one stroke that may be two characters
_SURE = (
    0.95  # so probable that the ink is one digit, and that digit, that no other way is looked for …
)
_SLIM = 1.2  # … where it is at most so many times as wide as high …
_WHOLE = 0.15  # … and no gap across it is wider than so much of its height
_TILTED = (
    7.0  # degrees: a line that rises or falls more is turned level as well, if that fits better
)
_TILT_STEP = 5.0
_TALL = 0.5  # of the line's height has a stroke that says where the line goes
_MOST_TILTED = 50.0


def may_be_several(strokes: Sequence[Stroke]) -> bool:
    """Whether the strokes may be more than one character, by their places alone: cheap, and true of nearly
    every line."""
    boxes = np.array([[*s.points.min(axis=0), *s.points.max(axis=0)] for s in strokes], np.float64)
    if not len(boxes):
        return False
    high = float(boxes[:, 3].max() - boxes[:, 1].min())
    wide = float(boxes[:, 2].max() - boxes[:, 0].min())
    if wide > _WIDE * line_height(boxes) and wide > 0.6 * high:
        return True
    for order in (np.arange(len(boxes)), np.argsort(boxes[:, 0] + boxes[:, 2], kind="stable")):
        for place in range(1, len(boxes)):
            one, other = boxes[order[:place]], boxes[order[place:]]
            if min(np.ptp(one[:, 1::2]), np.ptp(other[:, 1::2])) < _HIGH * high:
                continue
            shared = min(one[:, 2].max(), other[:, 2].max()) - max(
                one[:, 0].min(), other[:, 0].min()
            )
            narrow = min(np.ptp(one[:, 0::2]), np.ptp(other[:, 0::2]))
            if shared < _BESIDE * max(narrow, 0.1 * high):
                return True
    return False


def is_surely_one(strokes: Sequence[Stroke], probability: float, is_digit: float | None) -> bool:
    """Whether strokes that may be several characters need not be divided, by what the network says to all of
    them together: a digit of several strokes is read as fast as one of one."""
    if probability * (1.0 if is_digit is None else is_digit) < _SURE or is_digit is None:
        return False
    boxes = np.array([[*s.points.min(axis=0), *s.points.max(axis=0)] for s in strokes], np.float64)
    high = float(boxes[:, 3].max() - boxes[:, 1].min())
    wide = float(boxes[:, 2].max() - boxes[:, 0].min())
    return wide <= _SLIM * high and largest_gap(boxes[:, 0], boxes[:, 2]) <= _WHOLE * high


def read_line(
    drawing: Drawing,
    reader: GroupReader,
    options: LineOptions = PLAIN,
    *,
    unfinished: bool = False,
) -> Line:
    """The line that the strokes of a drawing are; no characters where there are no strokes.

    Of more than MOST_STROKES the first ones are read, and the line's probability is 0.
    unfinished: the last stroke is still being drawn: it is read as it is, which is quicker.
    Raises RunError as `Recognizer.answers` does, and InputError where the list of words cannot be read.
    """
    strokes = drawing.strokes[:MOST_STROKES]
    if not strokes:
        return Line(text="", probability=0.0, characters=())
    line = with_signs_of_sums(
        lambda signs: _divided(strokes, reader, signs=signs, unfinished=unfinished), reader, options
    )
    # What is left out may be anything.
    return (
        line
        if len(strokes) == len(drawing.strokes)
        else replace(line, probability=0.0, divided=0.0)
    )


def with_signs_of_sums(
    divide: Callable[[bool], Division], reader: GroupReader, options: LineOptions
) -> Line:
    """The line of a division that is made with signs (True) or without: signs count where digits are read,
    and among letters only where all of the line may be a sum."""
    signs = options.signs and any(label in DIGITS for label in reader.labels)
    line = line_of(divide(signs), reader, options)
    if signs and reader.reads_letters and not may_be_sum(line.text):
        line = line_of(divide(False), reader, options)
    return line


def _divided(
    strokes: Sequence[Stroke], reader: GroupReader, *, signs: bool, unfinished: bool
) -> Division:
    """The better division of the strokes as they lie and, of a line that rises or falls, turned level."""

    def divided(some: Sequence[Stroke]) -> Division:
        found = divide_strokes(some, reader, signs=signs, unfinished=unfinished)
        return found if unfinished else with_overwritten(found, reader)

    best = divided(strokes)
    if best.is_sure:
        return best
    # In steps: what was read before the last stroke is remembered.
    finished = strokes[:-1] if unfinished else strokes
    tilt = round(tilt_of(finished) / _TILT_STEP) * _TILT_STEP if finished else 0.0
    if abs(tilt) > _TILTED:
        level = divided(turned(strokes, -tilt))
        if level.score > best.score:
            # Boxes are those of the strokes as they lie.
            assert isinstance(level.ink, StrokeInk)
            best = replace(level, ink=level.ink.laid(strokes))
    return best


def line_of(found: Division, reader: GroupReader, options: LineOptions = PLAIN) -> Line:
    """The line that a division is, from left to right."""
    characters = [
        _character(found.ink, group, seen, sign, certain, reader)
        for group, seen, sign, certain in zip(
            found.groups, found.seen, found.signs, found.certain, strict=True
        )
    ]
    characters.sort(key=lambda c: c.box[0] + c.box[2] / 2)
    characters = in_context(characters, reader.labels, options)
    line = Line(text="", probability=0.0, characters=(), divided=found.probability)
    return with_characters(line, characters, options)


def in_context(
    characters: list[Character], labels: tuple[str, ...], options: LineOptions
) -> list[Character]:
    """Letters settled by their neighbours, and by a list of words. labels: of the probabilities.

    Raises InputError as `read_words` does.
    """
    if not any(label.isalpha() for label in labels):
        return characters
    characters = settle(characters, labels)
    return (
        characters
        if options.words is None
        else as_words(characters, labels, read_words(options.words))
    )


def with_characters(line: Line, characters: Sequence[Character], options: LineOptions) -> Line:
    """The line with these characters, from left to right."""
    text = "".join(UNREAD if c.refused else c.label for c in characters)
    right = line.divided
    for character in characters:
        right *= character.probability / max(character.certain, _TINY)
    return replace(
        line,
        text=text,
        probability=right,
        characters=tuple(characters),
        answer=answer_of(text) if options.signs else "",
    )


def _character(
    ink: Ink,
    group: Sequence[int],
    seen: Seen,
    sign: str,
    certain: float,
    reader: GroupReader,
) -> Character:
    box = _around(ink.boxes[list(group)])
    spans = ink.spans(group)
    if sign:
        return Character(
            label=sign,
            probability=certain,
            certain=certain,
            box=box,
            spans=spans,
            picture=seen.picture or b"",
        )
    if seen.picture is None:
        return Character(label=UNREAD, probability=0.0, box=box, refused=True, spans=spans)
    order = np.argsort(-seen.probabilities, kind="stable")
    labels, p = reader.labels, seen.probabilities
    return Character(
        label=labels[order[0]],
        probability=certain * float(p[order[0]]),
        box=box,
        alternatives=tuple(
            (labels[i], certain * float(p[i]))
            for i in order[1 : 1 + _ALTERNATIVES]
            if p[i] >= _LEAST
        ),
        probabilities=tuple(p.tolist()),
        refused=seen.is_digit is not None and seen.is_digit < reader.recognizer.threshold,
        is_digit=seen.is_digit,
        picture=seen.picture,
        spans=spans,
        certain=certain,
    )


def _around(boxes: NDArray[np.float64]) -> Box:
    left, top = boxes[:, :2].min(axis=0).tolist()
    right, bottom = boxes[:, 2:].max(axis=0).tolist()
    return (left, top, right - left, bottom - top)


def tilt_of(strokes: Sequence[Stroke]) -> float:
    """Degrees by which the line rises to the right; 0 where that cannot be told."""
    boxes = np.array([[*s.points.min(axis=0), *s.points.max(axis=0)] for s in strokes], np.float64)
    height = line_height(boxes)
    tall = boxes[
        np.ptp(boxes[:, 1::2], axis=1) >= _TALL * height
    ]  # bars and dots say little of a line
    middles = (tall[:, :2] + tall[:, 2:]) / 2
    if len(middles) < 3 or np.ptp(middles[:, 0]) < 1.5 * height:
        return 0.0
    x = middles[:, 0] - middles[:, 0].mean()
    y = middles[:, 1] - middles[:, 1].mean()
    slope = float((x * y).sum() / (x * x).sum())
    rest = float(np.abs(y - slope * x).mean())
    if rest > 0.35 * height:
        return 0.0
    tilt = -math.degrees(math.atan(slope))
    return tilt if abs(tilt) <= _MOST_TILTED else 0.0


def turned(strokes: Sequence[Stroke], degrees: float) -> tuple[Stroke, ...]:
    """The strokes turned anticlockwise about the origin."""
    angle = math.radians(degrees)
    # y is downward.
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    return tuple(
        replace(s, points=(s.points.astype(np.float64) @ turn).astype(np.float32)) for s in strokes
    )
