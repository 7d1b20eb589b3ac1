"""The smallest change of the strokes that gives another answer: a counterfactual that a hand could make.

A stroke left out, a tail cut, a gap opened or closed, a bar added. Candidates are read in the order of
the ink that they change; the first of a kind that is read as another label, and not refused, is the one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from trainer.explanation.cutting import length_of, line_like, piece_of
from trainer.explanation.reader import Read, Reader
from trainer.explanation.results import Edit, EditKind, Edits
from trainer.picture.strokes import Drawing, Stroke

_TAILS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.65)  # of a stroke, cut from either end
_GAPS = (0.08, 0.16, 0.24)  # of a stroke
_GAP_STEPS = 12  # places of a gap along a stroke
_LONGEST_CLOSING = 0.45  # of the drawing's longer side
_GRID = 4  # places a side between which bars run
_BARS = (0.2, 0.75)  # lengths of a bar, of the drawing's longer side
_LEAST = 0.5  # probability of the new answer from which it counts
_BATCH = 48

_Candidate = tuple[float, EditKind, Drawing, Drawing, Drawing]  # ink, kind, removed, added, result


def smallest_edits(
    reader: Reader, drawing: Drawing, answer: int, *, most: int = 3
) -> Iterator[Edits | None]:
    """Yields None from time to time, so that it can be given up, and the edits at last.

    answer: place of the label that is to change. Only a drawing's strokes are changed: with an opened image
    beneath them, that stays.
    """
    candidates = sorted(_candidates(drawing), key=lambda one: one[0])
    found: dict[EditKind, Edit] = {}
    tried = 0
    for start in range(0, len(candidates), _BATCH):
        batch = [one for one in candidates[start : start + _BATCH] if one[1] not in found]
        reads = reader.read([result for *_, result in batch])
        tried += len(batch)
        for (ink, kind, removed, added, result), read in zip(batch, reads, strict=True):
            if kind not in found and read is not None and _changes(read, answer):
                found[kind] = Edit(
                    kind=kind,
                    removed=removed,
                    added=added,
                    rest=drawing if added.strokes else result,
                    length=ink,
                    label=reader.labels[read.answer],
                    probability=float(read.probabilities[read.answer]),
                )
        yield None
    ordered = sorted(found.values(), key=lambda edit: edit.length)
    yield Edits(edits=tuple(ordered[:most]), tried=tried)


def _changes(read: Read, answer: int) -> bool:
    best = read.answer
    return best != answer and not read.refused and read.probabilities[best] >= _LEAST


def _candidates(drawing: Drawing) -> Iterator[_Candidate]:
    strokes = drawing.strokes
    if not strokes:
        return
    lengths = [length_of(stroke) for stroke in strokes]
    total = sum(lengths) or 1.0
    for place, stroke in enumerate(strokes):
        rest = (*strokes[:place], *strokes[place + 1 :])
        if rest:
            yield (
                lengths[place] / total,
                "stroke left out",
                Drawing((stroke,)),
                Drawing(),
                _with(drawing, rest),
            )
        if len(stroke.points) < 2 or not lengths[place] > 0:
            continue
        for cut in _TAILS:
            for low, high in ((cut, 1.0), (0.0, 1 - cut)):
                gone = piece_of(stroke, *((0.0, cut) if low else (1 - cut, 1.0)))
                left = piece_of(stroke, low, high)
                yield (
                    cut * lengths[place] / total,
                    "tail cut",
                    Drawing((gone,)),
                    Drawing(),
                    _with(drawing, _replaced(strokes, place, (left,))),
                )
        for gap, step in itertools.product(_GAPS, range(1, _GAP_STEPS)):
            middle = step / _GAP_STEPS
            low, high = middle - gap / 2, middle + gap / 2
            if low <= 0.04 or high >= 0.96:
                continue
            gone = piece_of(stroke, low, high)
            pieces = (piece_of(stroke, 0.0, low), piece_of(stroke, high, 1.0))
            yield (
                gap * lengths[place] / total,
                "gap opened",
                Drawing((gone,)),
                Drawing(),
                _with(drawing, _replaced(strokes, place, pieces)),
            )
    yield from _closings(drawing, total)
    yield from _bars(drawing, total)


def _closings(drawing: Drawing, total: float) -> Iterator[_Candidate]:
    """Lines between two ends of strokes."""
    strokes = drawing.strokes
    size = _size(strokes)
    ends = [
        (stroke, point) for stroke in strokes for point in (stroke.points[0], stroke.points[-1])
    ]
    for (stroke, one), (_, other) in itertools.combinations(ends, 2):
        far = float(np.hypot(*(one - other)))
        if 0.03 * size < far < _LONGEST_CLOSING * size:
            line = line_like(stroke, one, other)
            yield (
                far / total,
                "gap closed",
                Drawing(),
                Drawing((line,)),
                _with(drawing, (*strokes, line)),
            )


def _bars(drawing: Drawing, total: float) -> Iterator[_Candidate]:
    """Lines between the places of a grid over the drawing's box."""
    strokes = drawing.strokes
    low = np.min([stroke.points.min(0) for stroke in strokes], axis=0).astype(np.float64)
    high = np.max([stroke.points.max(0) for stroke in strokes], axis=0).astype(np.float64)
    size = _size(strokes)
    # A narrow drawing, a 1, still has room for a bar on either side.
    grow = np.maximum(0, (0.5 * size - (high - low)) / 2)
    low, high = low - grow, high + grow
    places = [
        low + (high - low) * np.array([x, y]) / (_GRID - 1)
        for x in range(_GRID)
        for y in range(_GRID)
    ]
    for one, other in itertools.combinations(places, 2):
        far = float(np.hypot(*(one - other)))
        if _BARS[0] * size <= far <= _BARS[1] * size:
            line = line_like(strokes[-1], one, other)
            yield (
                far / total,
                "bar added",
                Drawing(),
                Drawing((line,)),
                _with(drawing, (*strokes, line)),
            )


def _size(strokes: Sequence[Stroke]) -> float:
    points = np.concatenate([stroke.points for stroke in strokes])
    return float((points.max(0) - points.min(0)).max())


def _with(drawing: Drawing, strokes: Sequence[Stroke]) -> Drawing:
    return Drawing(tuple(strokes), drawing.image)


def _replaced(strokes: Sequence[Stroke], place: int, by: Sequence[Stroke]) -> tuple[Stroke, ...]:
    return (*strokes[:place], *by, *strokes[place + 1 :])
