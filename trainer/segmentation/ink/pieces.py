"""Pieces of ink, of which characters are made: strokes, or parts of one where it may be cut."""

from __future__ import annotations

import itertools
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from trainer.picture.preprocess import Picture, picture_from_drawing
from trainer.picture.strokes import Drawing, Stroke
from trainer.segmentation.ink.cuts import cuts_of
from trainer.segmentation.reading import Span

#: Points by which pieces are compared.
SAMPLES = 20

#: Cuts of a line, at most: of more strokes that may be cut, the ones written last stay whole.
MOST_CUTS = 300

_WIDE = 1.0  # heights of the line is a stroke that has such a way in it, at least
_STRAIGHT = 0.94  # of the pen's way from one character to the next is the distance of its ends
_LONGEST = 1.4  # heights of the line is that way
_RIGHTWARD = 0.3  # of its length it goes to the right, at least: else it may be a 1


class Ink(Protocol):
    """Pieces of ink in the order in which they were written.

    boxes: float64 (N, 4): left, top, right, bottom. samples: float64 (N, SAMPLES, 2), points on each.
    joined: bool (N,), whether a piece continues the one before it without a lift of the pen. ligatures: bool
    (N,), whether a piece may be no more than the pen's way from one character to the next. height: of the
    line's characters.
    """

    boxes: NDArray[np.float64]
    samples: NDArray[np.float64]
    joined: NDArray[np.bool_]
    ligatures: NDArray[np.bool_]
    height: float

    def picture(self, pieces: Sequence[int]) -> Picture | None:
        """The network's input of these pieces; None where there is nothing to read."""
        ...

    def key(self, pieces: Sequence[int]) -> bytes:
        """Equal for equal ink."""
        ...

    def spans(self, pieces: Sequence[int]) -> tuple[Span, ...]: ...

    def lines(self, pieces: Sequence[int]) -> list[NDArray[np.float32]] | None:
        """The pen's way, (N, 2) for each stroke; None where it is not known."""
        ...


@dataclass(eq=False)
class StrokeInk:
    """The strokes of a line as ink. Strokes that `Span`s number are those of the whole drawing."""

    strokes: tuple[Stroke, ...]
    fragments: list[Span]
    boxes: NDArray[np.float64]
    samples: NDArray[np.float64]
    joined: NDArray[np.bool_]
    ligatures: NDArray[np.bool_]
    height: float

    @classmethod
    def of(
        cls,
        strokes: Sequence[Stroke],
        numbers: Sequence[int] | None = None,
        *,
        cut: Container[int] = (),
    ) -> StrokeInk:
        """numbers: of the strokes that count, all by default. cut: those of them that may be cut."""
        numbers = range(len(strokes)) if numbers is None else numbers
        height = line_height(np.array([_box(strokes[i].points) for i in numbers]))
        fragments, joined, left = [], [], MOST_CUTS
        for number in numbers:
            points = strokes[number].points
            cuts = cuts_of(points, height) if left > 0 and number in cut else []
            left -= len(cuts)  # none is cut in part: its pieces stay those that are remembered
            cuts = cuts if left >= 0 else []
            edges = [0, *cuts, len(points)]
            for first, last in itertools.pairwise(edges):
                fragments.append(Span(stroke=number, first=first, last=last))
                joined.append(first > 0)
        # A fragment and the next one share the point between them, so that no ink is lost.
        points_of = [strokes[f.stroke].points[f.first : f.last + 1] for f in fragments]
        samples = np.stack([_sampled(points) for points in points_of])
        wide = {i for i in numbers if np.ptp(strokes[i].points[:, 0]) >= _WIDE * height}
        return cls(
            strokes=tuple(strokes),
            fragments=fragments,
            boxes=np.array([_box(points) for points in points_of]),
            samples=samples,
            joined=np.array(joined),
            ligatures=_ligatures(samples, np.array(joined), height)
            & np.array([f.stroke in wide for f in fragments]),
            height=height,
        )

    def spans(self, pieces: Sequence[int]) -> tuple[Span, ...]:
        merged: list[Span] = []
        for fragment in (self.fragments[i] for i in sorted(pieces)):
            if (
                merged
                and merged[-1].stroke == fragment.stroke
                and merged[-1].last == fragment.first
            ):
                merged[-1] = replace(merged[-1], last=fragment.last)
            else:
                merged.append(fragment)
        return tuple(merged)

    def laid(self, strokes: Sequence[Stroke]) -> StrokeInk:
        """The same pieces of strokes that lie elsewhere, or are turned."""
        parts = [strokes[f.stroke].points[f.first : f.last + 1] for f in self.fragments]
        return replace(self, strokes=tuple(strokes), boxes=np.array([_box(part) for part in parts]))

    def lines(self, pieces: Sequence[int]) -> list[NDArray[np.float32]] | None:
        return [s.points for s in strokes_of(self.strokes, self.spans(pieces))]

    def picture(self, pieces: Sequence[int]) -> Picture | None:
        return picture_from_drawing(Drawing(strokes_of(self.strokes, self.spans(pieces))))

    def key(self, pieces: Sequence[int]) -> bytes:
        return b"|".join(
            part
            for span in self.spans(pieces)
            for part in _key(self.strokes[span.stroke], span.first, span.last + 1)
        )


def _ligatures(
    samples: NDArray[np.float64], joined: NDArray[np.bool_], height: float
) -> NDArray[np.bool_]:
    """Of pieces in the order of writing: those within a stroke that run straight and to the right."""
    ways = np.hypot(*np.moveaxis(np.diff(samples, axis=1), 2, 0)).sum(axis=1)
    chords = samples[:, -1] - samples[:, 0]
    lengths = np.hypot(*chords.T)
    found = np.asarray(joined & np.append(joined[1:], False))
    found &= (lengths >= _STRAIGHT * ways) & (lengths <= _LONGEST * height)
    return np.asarray(found & (chords[:, 0] >= _RIGHTWARD * lengths), np.bool_)


def strokes_of(strokes: Sequence[Stroke], spans: Sequence[Span]) -> tuple[Stroke, ...]:
    """The parts of the strokes that the spans name; a whole stroke is the very same object."""
    return tuple(_part(strokes[span.stroke], span) for span in spans)


def _part(stroke: Stroke, span: Span) -> Stroke:
    if span.first == 0 and span.last == len(stroke.points):
        return stroke
    where = slice(span.first, span.last + 1)
    return Stroke(
        points=stroke.points[where],
        pressure=None if stroke.pressure is None else stroke.pressure[where],
        times=None if stroke.times is None else stroke.times[where],
        width=stroke.width,
    )


def key_of(strokes: Sequence[Stroke]) -> bytes:
    """`StrokeInk.key` of all of these strokes."""
    return b"|".join(part for stroke in strokes for part in _key(stroke, 0, len(stroke.points)))


def _key(stroke: Stroke, first: int, last: int) -> Iterator[bytes]:
    yield stroke.points[first:last].tobytes()
    yield repr(stroke.width).encode()
    if stroke.pressure is not None:
        yield stroke.pressure[first:last].tobytes()


def line_height(boxes: NDArray[np.float64]) -> float:
    """Height of a line's characters, from the boxes (N, 4) of its strokes: that of the taller ones."""
    # Sorted by hand: np.quantile takes a third of a millisecond, of which a reading has one or two.
    heights = np.sort(boxes[:, 3] - boxes[:, 1]).tolist()
    widths = np.sort(boxes[:, 2] - boxes[:, 0]).tolist()
    count = len(boxes)
    tall = heights[-(-3 * (count - 1) // 4)]
    median = (widths[(count - 1) // 2] + widths[count // 2]) / 2
    # Of a line of bars and dots alone the widths say how large it is written.
    return float(max(tall, 0.5 * median, 1e-3))


def _box(points: NDArray[np.float32]) -> tuple[float, float, float, float]:
    left, top = points.min(axis=0).tolist()
    right, bottom = points.max(axis=0).tolist()
    return left, top, right, bottom


def _sampled(points: NDArray[np.float32]) -> NDArray[np.float64]:
    """SAMPLES points at equal steps along the line."""
    xy = points.astype(np.float64)
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    at = np.linspace(0, way[-1], SAMPLES)
    return np.stack([np.interp(at, way, xy[:, 0]), np.interp(at, way, xy[:, 1])], axis=1)
