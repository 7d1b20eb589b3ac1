"""The smallest change of the strokes that gives another answer: a counterfactual that a hand could make.

A stroke left out, a tail cut, a gap opened or closed, a bar added. Candidates are read in the order of
the ink that they change; the first of a kind that is read as another label, and not refused, is the one.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from trainer.explanation.cutting import around, length_of, line_like, piece_of
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
_STROKES = 8  # of more strokes, whose pictures take longer, smaller batches are read
_MOST = 240  # of a kind that are read, those that change the least ink

#: What is removed, what is added, and the result.
_Changed = tuple[Drawing, Drawing, Drawing]
#: Ink, kind, and what makes the drawings: of thousands of candidates only those that are read are made.
_Candidate = tuple[float, EditKind, Callable[[], _Changed]]


def smallest_edits(
    reader: Reader, drawing: Drawing, answer: int, *, most: int = 3
) -> Iterator[Edits | None]:
    """Yields None from time to time, so that it can be given up, and the edits at last.

    answer: place of the label that is to change. Only a drawing's strokes are changed: with an opened image
    beneath them, that stays.
    """
    candidates = sorted(_cheapest(drawing), key=lambda one: one[0])
    yield None
    found: dict[EditKind, Edit] = {}
    tried = 0
    size = max(1, _BATCH * _STROKES // max(_STROKES, len(drawing.strokes)))
    for start in range(0, len(candidates), size):
        batch = [
            (ink, kind, *make())
            for ink, kind, make in candidates[start : start + size]
            if kind not in found
        ]
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


def _cheapest(drawing: Drawing) -> Iterator[_Candidate]:
    """The candidates of each kind that change the least ink, at most _MOST of a kind."""
    if not drawing.strokes:
        return
    lengths = [length_of(stroke) for stroke in drawing.strokes]
    total = sum(lengths) or 1.0
    for kind in (_left_out, _tails, _gaps, _closings, _bars):
        every = kind(drawing, lengths, total)
        yield from heapq.nsmallest(_MOST, every, key=lambda one: one[0])


def _left_out(drawing: Drawing, lengths: Sequence[float], total: float) -> Iterator[_Candidate]:
    for place in range(len(lengths) if len(lengths) > 1 else 0):
        yield lengths[place] / total, "stroke left out", partial(_without, drawing, place)


def _tails(drawing: Drawing, lengths: Sequence[float], total: float) -> Iterator[_Candidate]:
    for place in _lines(drawing, lengths):
        for cut in _TAILS:
            ink = cut * lengths[place] / total
            yield ink, "tail cut", partial(_without, drawing, place, 0.0, cut)
            yield ink, "tail cut", partial(_without, drawing, place, 1 - cut, 1.0)


def _gaps(drawing: Drawing, lengths: Sequence[float], total: float) -> Iterator[_Candidate]:
    for place in _lines(drawing, lengths):
        for gap, step in itertools.product(_GAPS, range(1, _GAP_STEPS)):
            low, high = step / _GAP_STEPS - gap / 2, step / _GAP_STEPS + gap / 2
            if low > 0.04 and high < 0.96:
                ink = gap * lengths[place] / total
                yield ink, "gap opened", partial(_without, drawing, place, low, high)


def _lines(drawing: Drawing, lengths: Sequence[float]) -> Iterator[int]:
    """Places of the strokes that are no dots."""
    for place, stroke in enumerate(drawing.strokes):
        if len(stroke.points) >= 2 and lengths[place] > 0:
            yield place


def _closings(drawing: Drawing, _: Sequence[float], total: float) -> Iterator[_Candidate]:
    """Lines between two ends of strokes."""
    strokes = drawing.strokes
    size = _size(strokes)
    ends = np.array([point for stroke in strokes for point in stroke.points[[0, -1]]], np.float64)
    # The nearest ones alone: of a thousand strokes there are two million.
    kept: list[tuple[float, int, int]] = []
    for one in range(len(ends) - 1):
        far = np.hypot(*(ends[one + 1 :] - ends[one]).T)
        others = np.flatnonzero((far > 0.03 * size) & (far < _LONGEST_CLOSING * size))
        if len(others) > _MOST:
            others = others[np.argpartition(far[others], _MOST)[:_MOST]]
        kept += [(float(far[other]), one, one + 1 + other) for other in others.tolist()]
        if len(kept) > 10 * _MOST:
            kept = heapq.nsmallest(_MOST, kept)
    for distance, one, other in sorted(kept):
        line = partial(line_like, strokes[one // 2], ends[one], ends[other])
        yield distance / total, "gap closed", partial(_with, drawing, line)


def _bars(drawing: Drawing, _: Sequence[float], total: float) -> Iterator[_Candidate]:
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
            line = partial(line_like, strokes[-1], one, other)
            yield far / total, "bar added", partial(_with, drawing, line)


def _without(drawing: Drawing, place: int, low: float = 0.0, high: float = 1.0) -> _Changed:
    """Without the part of a stroke between two fractions of its length."""
    strokes = drawing.strokes
    rest = around(strokes[place], low, high)
    result = (*strokes[:place], *rest, *strokes[place + 1 :])
    gone = Drawing((piece_of(strokes[place], low, high),))
    return gone, Drawing(), Drawing(result, drawing.image)


def _with(drawing: Drawing, line: Callable[[], Stroke]) -> _Changed:
    added = line()
    return Drawing(), Drawing((added,)), Drawing((*drawing.strokes, added), drawing.image)


def _size(strokes: Sequence[Stroke]) -> float:
    points = np.concatenate([stroke.points for stroke in strokes])
    return float((points.max(0) - points.min(0)).max())
