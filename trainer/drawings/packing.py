"""Lossless binary form of a drawing.

JSON takes more space and time, and trainer.picture.strokes rounds what it writes.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import PictureError
from trainer.picture.strokes import Drawing, InkImage, Stroke

#: Pixels of an opened image at most.
MOST_PIXELS = 2**26

_FORMAT = 1
_HEAD = struct.Struct("<BI")  # format, number of strokes
_STROKE = struct.Struct("<IBd")  # points, which of the rest there are, width
_PLACE = struct.Struct("<IIdddd")  # rows, columns; left, top, width, height
_PRESSURE, _TIMES, _WIDTH = 1, 2, 4
_Number = TypeVar("_Number", np.float32, np.float64)
_LEVEL = 6  # zlib's; higher ones take longer and gain nothing here


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """strokes: all of them, one after the other. image: the opened picture. hash: of both, 16 bytes."""

    strokes: bytes
    image: bytes | None
    hash: bytes


def pack(drawing: Drawing) -> Packed:
    """Raises PictureError where nothing is drawn, or it is not what Stroke and InkImage promise."""
    if drawing.is_empty:
        raise PictureError("drawings.empty", "nothing is drawn")
    # Checked once more: a float64 array, or NaN, would not come back as it was.
    strokes = [
        Stroke.make(s.points, pressure=s.pressure, times=s.times, width=s.width)
        for s in drawing.strokes
    ]
    parts = [_HEAD.pack(_FORMAT, len(strokes))]
    for stroke in strokes:
        there = (
            _PRESSURE * (stroke.pressure is not None)
            | _TIMES * (stroke.times is not None)
            | _WIDTH * (stroke.width is not None)
        )
        parts.append(_STROKE.pack(len(stroke.points), there, stroke.width or 0.0))
        parts.append(stroke.points.astype("<f4").tobytes())
        if stroke.pressure is not None:
            parts.append(stroke.pressure.astype("<f4").tobytes())
        if stroke.times is not None:
            parts.append(stroke.times.astype("<f8").tobytes())
    raw = b"".join(parts)
    image = None if drawing.image is None else _image_bytes(drawing.image)
    return Packed(
        strokes=zlib.compress(raw, _LEVEL),
        image=None if image is None else zlib.compress(image, _LEVEL),
        hash=_hash(raw, image),
    )


def unpack(packed: Packed) -> Drawing:
    """Raises PictureError where the bytes are not those that were packed."""
    try:
        raw = zlib.decompress(packed.strokes)
        image = None if packed.image is None else zlib.decompress(packed.image)
    except zlib.error as error:
        raise PictureError(
            "drawings.bytes-damaged", "its bytes are damaged ({reason})", reason=str(error)
        ) from error
    if _hash(raw, image) != packed.hash:
        raise PictureError("drawings.bytes-changed", "its bytes are not those that were stored")
    form, count = _HEAD.unpack_from(raw)
    if form != _FORMAT:
        raise PictureError(
            "drawings.packed-form",
            "it is packed in form {form}, this program reads {known}",
            form=form,
            known=_FORMAT,
        )
    place = _HEAD.size
    strokes = []
    for _ in range(count):
        points, there, width = _STROKE.unpack_from(raw, place)
        place += _STROKE.size
        xy, place = _array(raw, place, np.float32, 2 * points)
        pressure: NDArray[np.float32] | None = None
        times: NDArray[np.float64] | None = None
        if there & _PRESSURE:
            pressure, place = _array(raw, place, np.float32, points)
        if there & _TIMES:
            times, place = _array(raw, place, np.float64, points)
        strokes.append(
            Stroke(
                points=xy.reshape(-1, 2),
                pressure=pressure,
                times=times,
                width=width if there & _WIDTH else None,
            )
        )
    return Drawing(tuple(strokes), None if image is None else _image(image))


def checked_image(image: InkImage) -> InkImage:
    """Raises PictureError where it is not what InkImage promises."""
    ink = np.asarray(image.ink)
    if ink.dtype != np.uint8 or ink.ndim != 2 or not 0 < ink.size <= MOST_PIXELS:
        raise PictureError(
            "drawings.image-form", "the image under the strokes is not uint8 (rows, columns)"
        )
    places = (image.left, image.top, image.width, image.height)
    if not np.isfinite(places).all() or min(image.width, image.height) <= 0:
        raise PictureError(
            "drawings.image-place", "the image under the strokes has no place on the paper"
        )
    return image


def _image_bytes(image: InkImage) -> bytes:
    checked_image(image)
    rows, columns = image.ink.shape
    head = _PLACE.pack(rows, columns, image.left, image.top, image.width, image.height)
    return head + image.ink.tobytes()


def _image(raw: bytes) -> InkImage:
    rows, columns, left, top, width, height = _PLACE.unpack_from(raw)
    ink = np.frombuffer(raw, np.uint8, rows * columns, _PLACE.size).reshape(rows, columns)
    return InkImage(ink, left, top, width, height)


def _array(raw: bytes, place: int, kind: type[_Number], count: int) -> tuple[NDArray[_Number], int]:
    """A read-only array in native byte order, and the offset behind it."""
    found = np.frombuffer(raw, np.dtype(kind).newbyteorder("<"), count, place)
    native: NDArray[_Number] = found.astype(kind, copy=False)
    native.flags.writeable = False
    return native, place + found.nbytes


def _hash(raw: bytes, image: bytes | None) -> bytes:
    digest = hashlib.blake2b(raw, digest_size=16)
    if image is not None:
        digest.update(b"image")
        digest.update(image)
    return digest.digest()
