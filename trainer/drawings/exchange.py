"""Export of stored drawings to strokes files (trainer.picture.strokes_files), and import from them.

Numbers are written so that every bit comes back: what was exported and is imported again is the same
drawing. Training needs no more of a line than strokes, label and writer.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import math
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import HandwriteError, InputError, PictureError
from trainer.base.files import check_regular
from trainer.drawings.entries import (
    DEVICES,
    EVERYTHING,
    Contradiction,
    Entry,
    Filter,
    Said,
    WeightsId,
    checked_label,
    checked_name,
    to_micros,
    utc_now,
)
from trainer.drawings.merging import Incoming
from trainer.drawings.packing import MOST_PIXELS, checked_image, pack
from trainer.drawings.store import DrawingStore
from trainer.picture.strokes import Drawing, InkImage
from trainer.picture.strokes_files import (
    EXAMPLE,
    STROKES_SUFFIXES,
    StrokesLine,
    read_strokes_file,
    write_lines,
)

Progress = Callable[[int], object]
T = TypeVar("T")

_MOST_PROBLEMS = 20  # lines whose reasons are kept
_REPORT_EVERY = 200  # drawings, lines
_DIGITS = 7  # decimal digits of a float32, as trainer.picture.strokes writes them


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """The result of an import, in numbers of lines.

    stored: new drawings; restored: deleted ones that came back; known: already in the store. unusable: lines
    that could not be used; problems: (line's number from 1, reason) of the first of them, and of where a
    damaged file ends. contradictions: the first drawings of the file that the store has with several labels.
    """

    stored: int
    restored: int
    known: int
    unusable: int
    problems: tuple[tuple[int, HandwriteError], ...]
    new_writers: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]


def export_drawings(
    store: DrawingStore,
    path: Path,
    *,
    wanted: Filter = EVERYTHING,
    only: Iterable[int] | None = None,
    overwrite: bool = False,
    progress: Progress | None = None,
) -> int:
    """Writes drawings into a .jsonl or .jsonl.gz file, oldest first, and returns their number.

    only: ids, of the wanted drawings only these; None: all. The file appears, or replaces an older one,
    when it is complete. progress: called now and then with the number written; an exception from it ends
    the export. Raises InputError for another suffix, or where the file exists and is not to be overwritten;
    RunError where it cannot be written.
    """
    if not path.name.lower().endswith(STROKES_SUFFIXES):
        raise InputError(
            "drawings.export-suffix",
            "{path} cannot hold drawings: name a file that ends in {suffixes}",
            path=path,
            suffixes=", ".join(STROKES_SUFFIXES),
        )
    if check_regular(path) is not None and not overwrite:
        raise InputError(
            "drawings.export-exists",
            "{path} already exists: name another file, or have it replaced (--overwrite)",
            path=path,
        )
    numbers = store.ids(wanted)
    if only is not None:
        chosen = set(only)
        numbers = [number for number in numbers if number in chosen]

    def documents() -> Iterator[Mapping[str, Any]]:
        for count, number in enumerate(reversed(numbers)):
            if progress is not None and count and count % _REPORT_EVERY == 0:
                progress(count)
            with suppress(InputError):  # deleted since
                yield line_of(*store.get(number))

    return write_lines(path, documents())


def import_drawings(
    store: DrawingStore,
    path: Path,
    *,
    writer: str | None = None,
    progress: Progress | None = None,
) -> Imported:
    """Imports a strokes file: all its usable lines or, on an error, none.

    writer: the writer of all drawings; None: the one that each line names, else the default writer. Missing
    writers are added. The same drawing (content, writer and label) is stored once. progress: called now and
    then with the number of lines read; an exception from it ends the import. Raises InputError where no line
    can be used, or the writer's name cannot be one; RunError where the store cannot be written.
    """
    chosen = None if writer is None else checked_name(writer)
    now = utc_now()
    taken = _taken(path, lambda line: _incoming(line, chosen, now), progress)
    incoming = [one for _, one in taken.lines]
    # In one step at the end: other processes can write into the store while a long file is read.
    merged = store.merge(incoming)
    return Imported(
        stored=merged.stored,
        restored=merged.restored,
        known=merged.known,
        unusable=len(taken.problems) + len(taken.end),
        # The same file, whole again, brings the rest and doubles nothing.
        problems=(*taken.problems[:_MOST_PROBLEMS], *taken.end),
        new_writers=merged.new_writers,
        contradictions=merged.contradictions,
    )


def _nothing_usable(path: Path, problem: tuple[int, HandwriteError]) -> InputError:
    number, reason = problem
    return InputError(
        "drawings.nothing-usable",
        "{path} holds no drawing that can be used (line {number}: {reason}): a line is {example}",
        path=path,
        number=number,
        reason=reason,
        example=EXAMPLE,
    )


class LabelledLine(NamedTuple):
    """number: of the line, from 1. writer: "" where none is named."""

    number: int
    drawing: Drawing
    label: str
    writer: str


def labelled_lines(path: Path) -> tuple[list[LabelledLine], list[tuple[int, HandwriteError]]]:
    """Every line that import_drawings would take, and what is wrong with the others, by number.

    Raises PictureError where the file cannot be read, InputError where no line can be used.
    """

    def take(line: StrokesLine) -> tuple[Drawing, str, str]:
        drawing, label, writer = _understood(line)
        pack(drawing)  # as an import does, which finds more faults
        return drawing, label, writer

    taken = _taken(path, take)
    return (
        [LabelledLine(number, *found) for number, found in taken.lines],
        [*taken.problems, *taken.end],
    )


class _Taken(NamedTuple, Generic[T]):
    """lines: what could be taken of each. problems: why others could not. end: where and why the file could
    not be read on, if so. Each with the line's number from 1."""

    lines: list[tuple[int, T]]
    problems: list[tuple[int, HandwriteError]]
    end: list[tuple[int, HandwriteError]]


def _taken(
    path: Path, take: Callable[[StrokesLine], T], progress: Progress | None = None
) -> _Taken[T]:
    """What is made of a file's lines, up to where it can be read.

    take: raises InputError for a line that cannot be used. progress: called now and then with how many lines
    are read. Raises PictureError where nothing can be read, InputError where no line can be used.
    """
    found: _Taken[T] = _Taken([], [], [])
    number = 0
    try:
        for line in read_strokes_file(path):
            number = line.number
            try:
                found.lines.append((number, take(line)))
            except InputError as error:
                found.problems.append((number, error))
            if progress is not None and number % _REPORT_EVERY == 0:
                progress(number)
    except PictureError as error:
        if not found.lines:
            raise
        found.end.append((number + 1, error))
    if found.problems and not found.lines:
        raise _nothing_usable(path, found.problems[0])
    return found


def line_of(entry: Entry, drawing: Drawing) -> dict[str, Any]:
    """A drawing as an exported line. Keys of trainer.picture.strokes, those of Entry.to_json, and "image"."""
    strokes = drawing.strokes
    facts = entry.to_json()
    line: dict[str, Any] = {"label": facts.pop("label")}
    line["strokes"] = [_exact(s.points) for s in strokes]
    if any(s.pressure is not None for s in strokes):
        line["pressure"] = [None if s.pressure is None else _exact(s.pressure) for s in strokes]
    if any(s.times is not None for s in strokes):
        line["times"] = [None if s.times is None else s.times.tolist() for s in strokes]
    if any(s.width is not None for s in strokes):
        line["widths"] = [s.width for s in strokes]
    if drawing.image is not None:
        image = drawing.image
        line["image"] = {
            "ink": base64.b64encode(zlib.compress(image.ink.tobytes())).decode(),
            "shape": list(image.ink.shape),
            "place": [image.left, image.top, image.width, image.height],
        }
    return line | facts


def _incoming(line: StrokesLine, writer: str | None, now: dt.datetime) -> Incoming:
    """A line, with what cannot be understood beside strokes and label left out. Raises InputError."""
    drawing, label, whose = _understood(line, writer)
    document = line.document
    device = document.get("device")
    return Incoming(
        packed=pack(drawing),
        label=label,
        said=_said(document),
        weights=_weights(document.get("weights")),
        device=device if isinstance(device, str) and device in DEVICES else "",
        created=to_micros(_moment(document.get("created")) or now),
        writer=whose,
    )


def _understood(line: StrokesLine, writer: str | None = None) -> tuple[Drawing, str, str]:
    """Drawing, label, and writer ("" where none is named). Raises InputError.

    writer: overrides the line's; None: the writer that the line names.
    """
    if line.drawing is None:
        assert line.error is not None
        raise line.error
    drawing, document = line.drawing, line.document
    if line.label is None:
        raise PictureError("drawings.no-label", "the drawing has no label")
    if isinstance(document.get("image"), Mapping):
        drawing = Drawing(drawing.strokes, _image(document["image"]))
    if drawing.is_empty:
        raise PictureError("drawings.empty", "nothing is drawn")
    if writer is None:
        named = document.get("writer")
        writer = checked_name(str(named)) if named not in (None, "") else ""
    return drawing, checked_label(line.label), writer


def _said(document: Mapping[str, Any]) -> Said:
    label, probability = document.get("said"), document.get("probability")
    usable = (
        isinstance(probability, int | float)
        and not isinstance(probability, bool)
        and 0 <= probability <= 1
    )
    return Said(
        label=str(label) if isinstance(label, str | int) else None,
        probability=float(probability) if usable and probability is not None else None,
        refused=document.get("refused") is True,
    )


def _weights(found: object) -> WeightsId | None:
    if isinstance(found, str) and found:
        return WeightsId(name=found)
    if not isinstance(found, Mapping):
        return None
    name, digest = found.get("name"), found.get("hash")
    if not isinstance(name, str) or not name:
        return None
    return WeightsId(name=name, hash=digest if isinstance(digest, str) else "")


def _moment(found: object) -> dt.datetime | None:
    if not isinstance(found, str):
        return None
    try:
        moment = dt.datetime.fromisoformat(found)
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        return None


def _image(found: Mapping[str, Any]) -> InkImage:
    """Raises PictureError where it is not what line_of writes."""
    try:
        rows, columns = (int(side) for side in found["shape"])
        left, top, width, height = (float(number) for number in found["place"])
        if rows < 1 or columns < 1 or rows * columns > MOST_PIXELS:
            raise ValueError(f"{rows} × {columns} pixels")
        # Not a byte more than there are to be: a few of them could unpack to a whole memory full.
        ink = zlib.decompressobj().decompress(
            base64.b64decode(found["ink"], validate=True), rows * columns
        )
        pixels = np.frombuffer(ink, np.uint8).reshape(rows, columns)
    except (KeyError, TypeError, ValueError, OverflowError, binascii.Error, zlib.error) as error:
        raise PictureError(
            "drawings.image",
            "the image under its strokes cannot be read ({reason})",
            reason=str(error),
        ) from error
    return checked_image(InkImage(pixels, left, top, width, height))


def _exact(array: NDArray[np.float32]) -> Any:
    """As few decimals as bring every float32 back; the few digits that mouse and pen give, most often."""
    largest = float(np.abs(array).max())
    places = _DIGITS - math.ceil(math.log10(largest)) if largest > 0 else 0
    whole = array.astype(np.float64)
    for more in (0, 2):
        rounded = np.round(whole, places + more)
        if rounded.astype(np.float32).tobytes() == array.tobytes():
            return rounded.tolist()
    return whole.tolist()
