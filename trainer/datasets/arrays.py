"""Pictures as numbers: .npz files of numpy, and CSV files with one picture a line.

Values may run from 0 to 1, 0 to 16 or 0 to 255 (or 0 to 65,535 as uint16), ink being the high ones: they are
brought to uint8. Anything else is refused with the range that was found: a network that sees nearly blank
pictures learns nothing and says nothing.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import DataError
from trainer.base.messages import Message

#: Names under which an .npz file may hold its pictures and their labels; Keras's and medmnist's among them.
_PICTURES = ("pictures", "images", "images_ink255", "x_train", "train_images", "x", "X", "data")
_LABELS = ("labels", "y_train", "train_labels", "y", "target")

_MOST_SIDE = 1024
_LEAST_SIDE = 4
_LABEL_NAMES = ("label", "class", "target", "digit", "y")
_HDF5 = b"\x89HDF\r\n\x1a\n"

# Highest values of the usual ranges, and what they are multiplied by.
_SCALES = ((1.0, 255.0), (16.0, 255.0 / 16.0), (255.0, 1.0), (65535.0, 1.0 / 257.0))
_LEAST = (
    0.5  # of its range: a whole file has a pixel at least as bright, or was divided once too often
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Arrays:
    """pictures: uint8 (N, H, W), 255 where there is ink. labels, writers: (N,) texts or whole numbers.

    notes: how the values were scaled, and where the label was, where that is not the usual.
    """

    pictures: NDArray[np.uint8]
    labels: NDArray[Any]
    writers: NDArray[Any]
    notes: tuple[Message, ...] = ()


def read_npz(path: Path) -> Arrays:
    """Pictures, labels and, where there are any, writers of an .npz file. Nothing in it is unpickled.

    Raises DataError saying what is wrong and what is wanted.
    """
    _check_kind(path, wants_zip=True)
    try:
        with path.open("rb") as opened:
            file = np.load(opened, allow_pickle=False)
            if not isinstance(file, np.lib.npyio.NpzFile):
                raise DataError(
                    "npz.single-array",
                    "{path} is no .npz file but a single array: write one with numpy.savez",
                    path=path,
                )
            names = [name for name in _PICTURES if name in file.files]
            label_names = [name for name in _LABELS if name in file.files]
            if not names or not label_names:
                raise DataError(
                    "npz.no-pictures",
                    "{path} has {found}; wanted are pictures and labels, as of numpy.savez(FILE, pictures=…, "
                    "labels=…)",
                    path=path,
                    found=", ".join(file.files) or Message.of("npz.nothing", "nothing"),
                )
            pictures, labels = file[names[0]], file[label_names[0]]
            writers = file["writers"] if "writers" in file.files else np.full(len(pictures), "")
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(
            "npz.unreadable",
            "{path} cannot be read as an .npz file ({reason}): write it again with numpy.savez, without "
            "objects in it",
            path=path,
            reason=str(error),
        ) from error
    labels = _plain_labels(labels)
    pictures = _squares(pictures)
    if (
        pictures.ndim != 3
        or pictures.dtype.kind not in "uifb"
        or not pictures.any()
        or max(pictures.shape[1:]) > _MOST_SIDE
    ):
        raise DataError(
            "npz.other-form",
            "{path}: {name} are {dtype} {shape}; wanted are uint8 (N, rows, columns) of at most {most} a "
            "side, 255 where there is ink, or numbers 0…1 or 0…16",
            path=path,
            name=names[0],
            dtype=pictures.dtype,
            shape=pictures.shape,
            most=_MOST_SIDE,
        )
    for name, array in ((label_names[0], labels), ("writers", writers)):
        if array.shape != (len(pictures),) or array.dtype.kind not in "Uiu":
            raise DataError(
                "npz.labels-other-form",
                "{path}: {name} are {dtype} {shape}; wanted is a text or a whole number for each of the "
                "{count:,} pictures",
                path=path,
                name=name,
                dtype=array.dtype,
                shape=array.shape,
                count=len(pictures),
            )
    scaled, notes = _scaled(pictures, path)
    return Arrays(pictures=scaled, labels=labels, writers=writers, notes=notes)


def read_csv(path: Path) -> Arrays:
    """A picture a line: its label and the values of its square of pixels by rows; a header may come first.

    The label is the column that the header calls so; without a header the first value, or the last one where
    all first ones are the same and the last ones could be labels. Raises DataError.
    """
    _check_kind(path)
    labels: list[str] = []
    rows: list[NDArray[np.float32]] = []
    width, at, has_header = 0, 0, False
    try:
        with _text_of(path) as text:
            dialect = _dialect(text)
            for number, cells in enumerate(csv.reader(text, dialect), 1):
                if dialect.delimiter != ",":  # of a country whose decimal mark it is
                    cells = [cell.replace(",", ".") for cell in cells]
                if not cells or not any(cell.strip() for cell in cells):
                    continue
                if not width:
                    width = len(cells)
                    side = math.isqrt(width - 1)
                    if side * side != width - 1 or not _LEAST_SIDE <= side <= _MOST_SIDE:
                        raise _csv_form(path, number, _values(width))
                    if (header := _label_column(cells)) is not None:
                        at, has_header = header, True
                        continue
                if len(cells) != width:
                    found = Message.of(
                        "csv.other-count",
                        "{count:,} values, not {wanted:,}",
                        count=len(cells),
                        wanted=width,
                    )
                    raise _csv_form(path, number, found)
                try:
                    values = np.array([*cells[:at], *cells[at + 1 :]], np.float32)
                except ValueError:
                    found = Message.of("csv.no-number", "a value that is no number")
                    raise _csv_form(path, number, found) from None
                rows.append(values)
                labels.append(_plain(cells[at].strip()))
    except (OSError, EOFError, UnicodeDecodeError, csv.Error, zlib.error) as error:
        raise DataError(
            "csv.unreadable", "{path} cannot be read as CSV: {reason}", path=path, reason=str(error)
        ) from error
    if not rows:
        raise DataError("csv.empty", "{path} holds no line of a label and values", path=path)
    side = math.isqrt(width - 1)
    values, remarks = np.stack(rows), []
    if not has_header and _ends_in_labels(labels, values[:, -1]):
        first = np.full((len(rows), 1), float(labels[0]), np.float32)
        labels = [str(round(float(last))) for last in values[:, -1]]
        values = np.concatenate([first, values[:, :-1]], axis=1)
        remarks.append(
            Message.of(
                "csv.label-last", "{name}: the last value of each line is its label", name=path.name
            )
        )
    scaled, notes = _scaled(values.reshape(-1, side, side), path)
    return Arrays(
        pictures=scaled,
        labels=np.array(labels, np.str_),
        writers=np.full(len(labels), ""),
        notes=(*remarks, *notes),
    )


def _ends_in_labels(first: list[str], last: NDArray[np.float32]) -> bool:
    """Whether the labels are the last values: the first ones tell nothing apart, as the corner of a picture
    does, and the last ones are whole numbers that do."""
    is_corner = len(set(first)) == 1 and _is_number(first[0])
    return is_corner and bool((last == np.rint(last)).all()) and len(np.unique(last)) > 1


def _check_kind(path: Path, *, wants_zip: bool = False) -> None:
    """Raises DataError for a file whose first bytes are those of another kind."""
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise DataError(
            "data.not-readable",
            "{path} cannot be read: {reason}",
            path=path,
            reason=error.strerror or str(error),
        ) from error
    if start == _HDF5:
        raise DataError(
            "data.hdf-file",
            "{path} is an HDF5 file, which is not read: write its arrays with numpy.savez(FILE, pictures=…, "
            "labels=…) and name npz:FILE",
            path=path,
        )
    if wants_zip and not start.startswith((b"PK", b"\x93NUMPY")):
        if _looks_like_csv(path):
            raise DataError(
                "npz.is-csv", "{path} is no .npz file. Is it CSV? Then name csv:{path}.", path=path
            )
        raise DataError(
            "npz.no-npz",
            "{path} is no .npz file: write one with numpy.savez(FILE, pictures=…, labels=…).",
            path=path,
        )


def _looks_like_csv(path: Path) -> bool:
    return path.name.lower().endswith((".csv", ".csv.gz", ".tsv", ".txt"))


def _plain_labels(labels: NDArray[Any]) -> NDArray[Any]:
    """Without a second dimension of length 1; bytes as texts, and whole numbers as such."""
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.dtype.kind == "S":
        return np.char.decode(labels, "utf-8", "replace")
    if labels.dtype.kind == "f" and labels.ndim == 1 and (labels == np.rint(labels)).all():
        return labels.astype(np.int64)
    return labels


def _squares(pictures: NDArray[Any]) -> NDArray[Any]:
    """Without a channel of length 1; rows of pixels as squares."""
    if pictures.ndim == 4 and pictures.shape[1] == 1:
        return pictures[:, 0]
    if pictures.ndim == 4 and pictures.shape[3] == 1:
        return pictures[..., 0]
    if pictures.ndim == 2:
        side = math.isqrt(pictures.shape[1])
        if side * side == pictures.shape[1] and side >= _LEAST_SIDE:
            return pictures.reshape(-1, side, side)
    return pictures


def _scaled(values: NDArray[Any], path: Path) -> tuple[NDArray[np.uint8], tuple[Message, ...]]:
    """uint8 of values in one of the usual ranges. Raises DataError, with the range, for any other."""
    low, high = float(values.min()), float(values.max())
    most, scale = next((one for one in _SCALES if high <= one[0]), (high, None))
    # A byte is 0…255 whatever the brightest of them is.
    faint = high < _LEAST * most and not (scale == 1 and values.dtype == np.uint8)
    if not (low >= 0 and high > 0) or scale is None or faint:
        raise DataError(
            "data.values-out-of-range",
            "{path}: the values run from {low:g} to {high:g}; wanted are 0…1, 0…16 or 0…255, high where "
            "there is ink",
            path=path,
            low=low,
            high=high,
        )
    pictures = (
        values
        if values.dtype == np.uint8 and scale == 1
        else np.rint(values.astype(np.float32) * scale).astype(np.uint8)
    )
    if float(pictures[:: max(1, len(pictures) // 200)].mean()) > 127:
        raise DataError(
            "data.bright-ground",
            "{path}: the pictures are mostly bright, but 255 means ink: store 255 - pictures",
            path=path,
        )
    if scale == 1:
        return pictures, ()
    note = Message.of(
        "data.values-scaled",
        "{name}: values from {low:g} to {high:g}, scaled to 0…255",
        name=path.name,
        low=low,
        high=high,
    )
    return pictures, (note,)


def _text_of(path: Path) -> io.TextIOBase:
    if path.suffix.lower() == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _dialect(text: io.TextIOBase) -> type[csv.Dialect]:
    """Commas, semicolons or tabs, whichever the first line has most of."""
    line = text.readline(1 << 16)
    text.seek(0)

    class Dialect(csv.excel):
        delimiter = max(",;\t", key=line.count)

    return Dialect


def _label_column(cells: list[str]) -> int | None:
    """Where a header has the label; None where the line is no header."""
    names = [cell.strip().strip("\"'").lower() for cell in cells]
    if all(_is_number(name) for name in names[1:]):
        return None
    return next((i for i, name in enumerate(names) if name in _LABEL_NAMES), 0)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _plain(label: str) -> str:
    """7.0, as pandas writes a whole number, is 7."""
    return label[:-2] if label.endswith(".0") and label[:-2].isdigit() else label


def _values(count: int) -> Message:
    return Message.of("csv.count", "{count:,} values", count=count)


def _csv_form(path: Path, number: int, found: Message) -> DataError:
    return DataError(
        "csv.other-form",
        "{path}, line {number}: {found}; wanted are a label and the values of a square picture in each line "
        "(785 for 28×28), with or without a header",
        path=path,
        number=number,
        found=found,
    )
