"""Drawings as pen strokes, the project's form of what a person drew.

A drawing is immutable: the canvas, its undo history, a worker and a file share it without a copy or a lock.
Coordinates are in the drawing's own units, x to the right and y downward.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trainer.base.errors import PictureError
from trainer.base.labels import is_label

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    from trainer.base.lazy import NDArray, np

#: Pressure of a device that reports none, as in the W3C Pointer Events recommendation.
DEFAULT_PRESSURE = 0.5


# A point of more numbers than these (pressure, two tilts) is a list of coordinates.
_MOST_COLUMNS = 5


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
            raise PictureError("strokes.no-points", "a stroke is not a list of [x, y] number pairs")
        with np.errstate(over="ignore"):
            xy = xy[:, :2].astype(np.float32)
        if not np.isfinite(xy).all():
            raise PictureError(
                "strokes.not-finite", "a stroke has a coordinate that is missing or not finite"
            )
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
    """An opened image on the paper, already reduced to ink.

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
    """Strokes, oldest first, over at most one opened image."""

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


def drawing_from_json(document: object, *, lists: bool = False) -> tuple[Drawing, str | None]:
    """A drawing and its label (None where it has none) from a line of a strokes file.

    ``{"strokes": [[[x, y], …], …]}``; ``label`` and, beside each stroke, ``pressure``, ``times`` and
    ``widths`` are optional, other keys are ignored. Strokes can be lists of coordinates as well:
    ``[[x, …], [y, …]]``, a third list is left out; and the document one of Quick, Draw!, whose strokes are
    under ``drawing``, in milliseconds, and whose label is its ``word``. lists: whether strokes of which
    `has_lists` cannot tell are lists of coordinates. Raises PictureError with what is wrong.
    """
    raw = _raw_strokes(document)
    if raw is None or not isinstance(document, Mapping):
        raise PictureError(
            "strokes.not-a-drawing",
            "not a drawing: {example} is expected",
            example='{"strokes": [[[x, y], …], …]}',
        )
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        raise PictureError("strokes.no-list", '"strokes" is not a list of strokes')
    found = has_lists(document)
    extras = {key: _beside(document, key, len(raw)) for key in ("pressure", "times", "widths")}
    if lists if found is None else found:
        if "strokes" not in document:
            extras["times"] = [_seconds(stroke) for stroke in raw]
        raw = [list(zip(*stroke[:2], strict=True)) if stroke else [] for stroke in raw]
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
    return Drawing(strokes), _label(document)


def has_lists(document: object) -> bool | None:
    """Whether the strokes of a document are lists of coordinates, [[x, …], [y, …]], and not lists of points,
    [[x, y], …]. None where its strokes are too short to tell, or it has none.
    """
    raw = _raw_strokes(document)
    if not isinstance(raw, Sequence) or isinstance(raw, str):
        return None
    lists: set[int] = set()  # in a stroke
    lengths: set[int] = set()  # of them
    for stroke in raw:
        if isinstance(stroke, Sequence) and not stroke:
            continue
        if not isinstance(stroke, list) or len(stroke) not in (2, 3):
            return False  # at once, as of most drawings
        if not all(isinstance(part, list) for part in stroke):
            return False
        lists.add(len(stroke))
        within = {len(part) for part in stroke}
        if len(lists) > 1 or len(within) > 1:
            return False
        lengths |= within
    if isinstance(document, Mapping) and "strokes" not in document:
        return True
    if len(lengths) == 1 and 2 <= min(lengths) <= _MOST_COLUMNS:
        return None
    return bool(lengths) or None


def _seconds(stroke: Sequence[Sequence[object]]) -> list[float] | None:
    """The times of a stroke of Quick, Draw!, where it has any."""
    times = stroke[2] if len(stroke) == 3 else []
    numbers = [t / 1000 for t in times if isinstance(t, int | float)]
    return numbers if numbers and len(numbers) == len(times) else None


def _raw_strokes(document: object) -> object:
    """What a document has for strokes; None where it is no drawing's."""
    if not isinstance(document, Mapping):
        return None
    return document.get("strokes") if "strokes" in document else document.get("drawing")


def _label(document: Mapping[str, Any]) -> str | None:
    """Raises PictureError where it can be none."""
    label = document.get("label")
    if label is None and "strokes" not in document:
        label = document.get("word")
    if label is None or label == "":
        return None
    if isinstance(label, float) and label.is_integer():
        label = int(label)  # 7.0, as some tables write numbers
    if isinstance(label, bool) or not isinstance(label, (str, int)):
        raise PictureError("strokes.label-type", '"label" is neither a text nor a whole number')
    text = str(label).strip()
    if not is_label(text):
        raise PictureError(
            "strokes.label-blank", "the label is blank, or has characters that cannot be seen"
        )
    return text


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
        raise PictureError(
            "strokes.channel",
            "a stroke's {channel} does not have one finite number for each point",
            channel=name,
        )
    return array.astype(np.float64)


# Far beyond any drawing; twice as much is still a float32.
_MOST_WIDTH = 1e30


def _width(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise PictureError("strokes.width", "a stroke's width is not a positive number")
    try:
        width = float(value)
    except OverflowError:
        width = math.inf
    if not 0 < width <= _MOST_WIDTH:  # NaN neither
        raise PictureError("strokes.width", "a stroke's width is not a positive number")
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
