"""Drawings as pen strokes: the form in which the project keeps what a person drew.

A drawing is immutable, so that it can be handed between the canvas, its undo history, a worker and
a file without a copy or a lock. Coordinates are in units of the drawing's own, x to the right and y
downward.
"""

from __future__ import annotations

import gzip
import json
import math
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.errors import PictureError

#: Pressure of a device that reports none, as in the W3C Pointer Events recommendation.
DEFAULT_PRESSURE = 0.5


#: Ends of the names of files with one drawing as JSON on each line.
STROKES_SUFFIXES = (".jsonl", ".jsonl.gz")


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """One movement of the pen, from touching the paper to leaving it.

    points: float32 (N, 2), N ≥ 1, finite.
    pressure: float32 (N,) in 0…1, or None where the device reports none.
    times: float64 (N,) seconds, rising, or None where unknown.
    width: nominal width of the ink in the drawing's units at DEFAULT_PRESSURE, or None where unknown
        (a stroke file); the picture then gets the width that MNIST's writers had.
    """

    points: NDArray[np.float32]
    pressure: NDArray[np.float32] | None = None
    times: NDArray[np.float64] | None = None
    width: float | None = None

    @classmethod
    def make(
        cls,
        points: Sequence[Sequence[float]] | NDArray[Any],
        *,
        pressure: Sequence[float] | NDArray[Any] | None = None,
        times: Sequence[float] | NDArray[Any] | None = None,
        width: float | None = None,
    ) -> Stroke:
        """A stroke from any numbers. Raises PictureError where they are not N×2 finite coordinates."""
        try:
            xy = np.array(points, dtype=np.float32)
        except (TypeError, ValueError) as error:
            raise PictureError("a stroke is not a list of [x, y] number pairs") from error
        if xy.ndim != 2 or xy.shape[0] < 1 or xy.shape[1] < 2:
            raise PictureError("a stroke is not a list of [x, y] number pairs")
        xy = np.ascontiguousarray(xy[:, :2])
        if not np.isfinite(xy).all():
            raise PictureError("a stroke has a coordinate that is missing or not finite")
        count = len(xy)
        weights = _channel(pressure, count, np.float32, "pressure")
        seconds = _channel(times, count, np.float64, "time")
        if width is not None and not (math.isfinite(width) and width > 0):
            raise PictureError("a stroke's width is not a positive number")
        xy.flags.writeable = False
        return cls(
            points=xy,
            pressure=None if weights is None else np.clip(weights, 0, 1),
            times=seconds,
            width=width,
        )

    def widths(self) -> NDArray[np.float32] | None:
        """Width of the ink at each point, float32 (N,), or None where the nominal width is unknown.

        A pen pressed lightly draws half the nominal width, one pressed hard one and a half times it.
        """
        if self.width is None:
            return None
        if self.pressure is None:
            return np.full(len(self.points), self.width, np.float32)
        return (self.width * (0.5 + self.pressure)).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class InkImage:
    """An opened picture lying on the paper, already reduced to ink.

    ink: uint8 (H, W), 255 where there is ink. left, top, width, height: where it lies, in the drawing's
    units.
    """

    ink: NDArray[np.uint8]
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """What is on the paper: strokes, oldest first, over at most one opened picture."""

    strokes: tuple[Stroke, ...] = ()
    image: InkImage | None = None

    @property
    def is_empty(self) -> bool:
        return not self.strokes and self.image is None


def drawing_to_json(drawing: Drawing, *, label: str | None = None) -> dict[str, Any]:
    """The strokes of a drawing in the form of a line of a strokes file (an opened picture is left out)."""
    strokes = drawing.strokes
    document: dict[str, Any] = {}
    if label is not None:
        document["label"] = label
    document["strokes"] = [_rounded(s.points, 3) for s in strokes]
    if any(s.pressure is not None for s in strokes):
        document["pressure"] = [
            None if s.pressure is None else _rounded(s.pressure, 3) for s in strokes
        ]
    if any(s.times is not None for s in strokes):
        document["times"] = [None if s.times is None else _rounded(s.times, 4) for s in strokes]
    if any(s.width is not None for s in strokes):
        document["widths"] = [s.width for s in strokes]
    return document


def drawing_from_json(document: object) -> tuple[Drawing, str | None]:
    """A drawing and its label (None where it has none) from a line of a strokes file.

    ``{"strokes": [[[x, y], …], …]}``; ``label`` and, beside each stroke, ``pressure``, ``times`` and
    ``widths`` are optional, other keys are ignored. Raises PictureError with what is wrong.
    """
    if not isinstance(document, Mapping) or "strokes" not in document:
        raise PictureError('not a drawing: {"strokes": [[[x, y], …], …]} is wanted')
    raw = document["strokes"]
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise PictureError('"strokes" is not a list of strokes')
    extras = {key: _beside(document, key, len(raw)) for key in ("pressure", "times", "widths")}
    strokes = tuple(
        Stroke.make(
            points,
            pressure=extras["pressure"][i],
            times=extras["times"][i],
            width=extras["widths"][i],
        )
        for i, points in enumerate(raw)
        if not (isinstance(points, Sequence) and len(points) == 0)
    )
    label = document.get("label")
    return Drawing(strokes), None if label is None else str(label)


def read_strokes_file(path: Path) -> Iterator[tuple[int, Drawing | PictureError, str | None]]:
    """(index, drawing or what is wrong with it, label) for every line of a .jsonl or .jsonl.gz file.

    Blank lines are passed over. A bad line is handed back as its error and reading goes on. Raises
    PictureError where the file itself cannot be read on.
    """
    index = 0
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
            for line in lines:
                if not line.strip():
                    continue
                try:
                    drawing, label = drawing_from_json(json.loads(line))
                    yield index, drawing, label
                except PictureError as error:
                    yield index, error, None
                except (ValueError, RecursionError):
                    yield index, PictureError("the line is not valid JSON"), None
                index += 1
    except (OSError, EOFError, zlib.error) as error:
        raise PictureError(f"{path} cannot be read to its end: {error}") from error


def _channel(
    values: Sequence[float] | NDArray[Any] | None, count: int, dtype: type, name: str
) -> NDArray[Any] | None:
    if values is None:
        return None
    try:
        array: NDArray[Any] = np.array(values, dtype=dtype)
    except (TypeError, ValueError) as error:
        raise PictureError(f"a stroke's {name} is not a list of numbers") from error
    if array.shape != (count,) or not np.isfinite(array).all():
        raise PictureError(f"a stroke's {name} does not have one finite number for each point")
    array.flags.writeable = False
    return array


def _beside(document: Mapping[str, Any], key: str, count: int) -> Sequence[Any]:
    """The list under key, one entry a stroke, or Nones where the key is absent or of another form."""
    values = document.get(key)
    if isinstance(values, Sequence) and not isinstance(values, str) and len(values) == count:
        return values
    return [None] * count


def _rounded(array: NDArray[Any], digits: int) -> Any:
    return np.round(array.astype(np.float64), digits).tolist()
