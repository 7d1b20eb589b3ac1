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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import PictureError
from trainer.base.files import atomic_write

#: Pressure of a device that reports none, as in the W3C Pointer Events recommendation.
DEFAULT_PRESSURE = 0.5


#: Ends of the names of files with one drawing as JSON on each line.
STROKES_SUFFIXES = (".jsonl", ".jsonl.gz")


@dataclass(frozen=True, slots=True, eq=False)
class Stroke:
    """One movement of the pen, from touching the paper to leaving it.

    points: float32 (N, 2), N ≥ 1, finite.
    pressure: float32 (N,) in 0…1, or None where the device reports none.
    times: float64 (N,) seconds from any start, as they were recorded, or None where unknown.
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
        """A stroke from any numbers; further columns of the points are left out.

        Raises PictureError where they are not N×2 coordinates that float32 can hold, where pressure or
        times do not have one finite number for each point, or where the width is not a positive number.
        """
        xy = _numbers(points)
        if xy is None or xy.ndim != 2 or xy.shape[0] < 1 or xy.shape[1] < 2:
            raise PictureError("a stroke is not a list of [x, y] number pairs")
        with np.errstate(over="ignore"):
            xy = xy[:, :2].astype(np.float32)
        if not np.isfinite(xy).all():
            raise PictureError("a stroke has a coordinate that is missing or not finite")
        force = _channel(pressure, len(xy), "pressure")
        seconds = _channel(times, len(xy), "time")
        if width is not None:
            width = _width(width)
        weights = None if force is None else np.clip(force, 0, 1).astype(np.float32)
        for array in (xy, weights, seconds):
            if array is not None:
                array.flags.writeable = False
        return cls(points=xy, pressure=weights, times=seconds, width=width)

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
    document["strokes"] = [_rounded(s.points, _places(s.points)) for s in strokes]
    if any(s.pressure is not None for s in strokes):
        document["pressure"] = [_rounded(s.pressure, 4) for s in strokes]
    if any(s.times is not None for s in strokes):
        document["times"] = [_rounded(s.times, 4) for s in strokes]
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
    if label is not None and (isinstance(label, bool) or not isinstance(label, (str, int))):
        raise PictureError('"label" is neither a text nor a whole number')
    return Drawing(strokes), None if label is None else str(label)


def read_strokes_file(path: Path) -> Iterator[tuple[int, Drawing | PictureError, str | None]]:
    """(index, drawing or what is wrong with it, label) for every line of a .jsonl or .jsonl.gz file.

    Blank lines are passed over. A bad line is handed back as its error and reading goes on. Raises
    PictureError where the file itself cannot be read on.
    """
    index = 0
    try:
        with gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb") as lines:
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


def write_strokes_file(path: Path, drawings: Iterable[tuple[Drawing, str | None]]) -> int:
    """Write drawings with their labels, one to a line, compressed where the name ends in .gz.

    The file appears, or replaces an older one, when all of it is written; a failure leaves things as they
    were. Opened pictures under the strokes are left out. Returns the number of drawings. Raises RunError
    where the file cannot be written.
    """
    count = 0
    with atomic_write(path) as part, part.open("wb") as file:
        lines: Any = nullcontext(file)
        if path.suffix.lower() == ".gz":
            # Without a date, the same drawings make the same file.
            lines = gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0)
        with lines as out:
            for drawing, label in drawings:
                document = drawing_to_json(drawing, label=label)
                out.write(json.dumps(document, separators=(",", ":")).encode() + b"\n")
                count += 1
    return count


def _numbers(values: object) -> NDArray[Any] | None:
    """An array of whole or floating numbers, or None where there is anything else among the values."""
    try:
        array: NDArray[Any] = np.array(values)
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None
    return array if array.dtype.kind in "iuf" else None


def _channel(values: object, count: int, name: str) -> NDArray[np.float64] | None:
    if values is None:
        return None
    array = _numbers(values)
    if array is None or array.shape != (count,) or not np.isfinite(array).all():
        raise PictureError(f"a stroke's {name} does not have one finite number for each point")
    return array.astype(np.float64)


def _width(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise PictureError("a stroke's width is not a positive number")
    try:
        width = float(value)
    except OverflowError:
        width = math.inf
    if not (math.isfinite(width) and width > 0):
        raise PictureError("a stroke's width is not a positive number")
    return width


def _beside(document: Mapping[str, Any], key: str, count: int) -> Sequence[Any]:
    """The list under key, one entry a stroke, or Nones where the key is absent or of another form."""
    values = document.get(key)
    if isinstance(values, Sequence) and not isinstance(values, str) and len(values) == count:
        return values
    return [None] * count


def _places(array: NDArray[np.float32]) -> int:
    """Decimal places that hold what float32 holds of the largest number."""
    largest = float(np.abs(array).max())
    return 7 - math.ceil(math.log10(largest)) if largest > 0 else 0


def _rounded(array: NDArray[Any] | None, places: int) -> Any:
    return None if array is None else np.round(array.astype(np.float64), places).tolist()
