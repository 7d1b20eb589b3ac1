"""The ink of a photographed line as pieces: connected parts, or columns of one where it may be cut."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from trainer.picture.preprocess import Picture, picture_from_ink
from trainer.segmentation.ink.image_signs import straight_strokes
from trainer.segmentation.ink.pieces import SAMPLES, line_height
from trainer.segmentation.reading import Span

_LEAST_CUT = 0.25  # of the line's height is left on both sides of a cut
_MOST_CUTS = 4
_MOST_OF_SIGN = 3  # parts


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """A connected part of ink. left, top: where it lies in the image, in pixels. ink: uint8 (H, W)."""

    left: int
    top: int
    ink: NDArray[np.uint8]

    @property
    def box(self) -> tuple[float, float, float, float]:
        height, width = self.ink.shape
        return self.left, self.top, self.left + width, self.top + height


@dataclass(eq=False)
class PartInk:
    """Parts of a line as pieces, see trainer.segmentation.ink.pieces.Ink."""

    parts: list[Part]
    boxes: NDArray[np.float64]
    samples: NDArray[np.float64]
    joined: NDArray[np.bool_]
    ligatures: NDArray[np.bool_]
    height: float
    _strokes: dict[int, list[NDArray[np.float32]] | None] = field(default_factory=dict)

    @classmethod
    def of(cls, parts: Sequence[Part], *, cut: Sequence[int] = ()) -> PartInk:
        """parts: from left to right. cut: numbers of those that may be cut."""
        height = line_height(np.array([part.box for part in parts], np.float64))
        pieces: list[Part] = []
        joined: list[bool] = []
        for number, part in enumerate(parts):
            slices = _cut(part, height) if number in cut else [part]
            pieces += slices
            joined += [i > 0 for i in range(len(slices))]
        return cls(
            parts=pieces,
            boxes=np.array([piece.box for piece in pieces], np.float64),
            samples=np.stack([_sampled(piece) for piece in pieces]),
            joined=np.array(joined),
            ligatures=np.zeros(len(joined), np.bool_),
            height=height,
        )

    def picture(self, pieces: Sequence[int]) -> Picture | None:
        return picture_from_ink(self._together(pieces))

    def key(self, pieces: Sequence[int]) -> bytes:
        ink = self._together(pieces)
        return hashlib.blake2b(ink.tobytes(), digest_size=16).digest() + repr(ink.shape).encode()

    def spans(self, pieces: Sequence[int]) -> tuple[Span, ...]:
        return ()

    def lines(self, pieces: Sequence[int]) -> list[NDArray[np.float32]] | None:
        """Straight strokes alone: of others the pen's way is not known."""
        if len(pieces) > _MOST_OF_SIGN:
            return None
        found: list[NDArray[np.float32]] = []
        for piece in pieces:
            if piece not in self._strokes:
                part = self.parts[piece]
                strokes = straight_strokes(part.ink)
                place = np.array((part.left, part.top), np.float32)
                self._strokes[piece] = None if strokes is None else [s + place for s in strokes]
            own = self._strokes[piece]
            if own is None:
                return None
            found += own
        return found

    def _together(self, pieces: Sequence[int]) -> NDArray[np.uint8]:
        boxes = self.boxes[list(pieces)].astype(int)
        left, top = boxes[:, :2].min(axis=0).tolist()
        right, bottom = boxes[:, 2:].max(axis=0).tolist()
        ink = np.zeros((bottom - top, right - left), np.uint8)
        for piece in pieces:
            part = self.parts[piece]
            y, x = part.top - top, part.left - left
            place = ink[y : y + part.ink.shape[0], x : x + part.ink.shape[1]]
            np.maximum(place, part.ink, out=place)
        return ink


def _cut(part: Part, height: float) -> list[Part]:
    """Slices of a part between the columns with the least ink."""
    width = part.ink.shape[1]
    rim = round(_LEAST_CUT * height)
    profile = (part.ink > 96).sum(axis=0).astype(float)
    chosen: list[int] = []
    for column in np.argsort(profile, kind="stable").tolist():
        if rim <= column <= width - rim and all(abs(column - other) >= rim for other in chosen):
            chosen.append(column)
        if len(chosen) == _MOST_CUTS:
            break
    edges = [0, *sorted(chosen), width]
    slices = []
    for first, last in itertools.pairwise(edges):
        ink = part.ink[:, first:last]
        rows = np.flatnonzero(ink.any(axis=1))
        if rows.size:
            inner = ink[rows[0] : rows[-1] + 1]
            slices.append(Part(left=part.left + first, top=part.top + int(rows[0]), ink=inner))
    return slices


def _sampled(part: Part) -> NDArray[np.float64]:
    """SAMPLES of its pixels, spread over its outline's whole range."""
    rows, columns = np.nonzero(part.ink > 96)
    if not rows.size:
        rows, columns = np.nonzero(part.ink)
    order = np.lexsort((rows, columns))[np.linspace(0, rows.size - 1, SAMPLES).astype(int)]
    return np.stack([columns[order] + part.left, rows[order] + part.top], axis=1).astype(np.float64)
