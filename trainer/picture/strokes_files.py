"""Files of strokes: one drawing as a JSON object on each line, plain or compressed.

The one reader of them: for recognition, training, import and the window. What a line can hold is
decided by trainer.picture.strokes.drawing_from_json; this module bounds the file and numbers its lines.
"""

from __future__ import annotations

import codecs
import gzip
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from trainer.base.errors import PictureError
from trainer.base.files import atomic_write
from trainer.picture.strokes import Drawing, drawing_from_json, drawing_to_json, has_lists

#: Ends of the names under which such files are written.
STROKES_SUFFIXES = (".jsonl", ".jsonl.gz")
#: Ends of the names of files that are read: the last two are those of Quick, Draw!
READABLE_SUFFIXES = (*STROKES_SUFFIXES, ".ndjson", ".ndjson.gz")

#: An example line, for error messages.
EXAMPLE = '{"label": "3", "strokes": [[[x, y], …], …]}'

LONGEST_LINE = 2**25  # bytes: a drawing of 500,000 points, or a photograph's ink beneath it
MOST_VALUES = 1_000_000  # in a line: as Python's lists and numbers each takes up to 100 bytes
_MOST_UNPACKED = 2**26  # bytes of a compressed file, or …
_MOST_RATIO = 100  # … so many times its size: strokes shrink to a fifth
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)  # as PowerShell writes texts
_CHUNK = 2**20  # bytes of a line that is passed over
_MOST_WAITING = 256  # drawings whose form later ones can decide, …
_MOST_BYTES = 2**20  # … and bytes of theirs


@dataclass(frozen=True, slots=True, eq=False)
class StrokesLine:
    """What a line of a strokes file holds.

    number: the line's, from 1, blank lines counted. drawing: None where the line cannot be used, and `error`
    says why. label: None where it has none. document: all of the line; empty where it is no JSON object.
    """

    number: int
    drawing: Drawing | None
    label: str | None
    document: Mapping[str, Any]
    error: PictureError | None = None


def is_strokes_file(path: Path) -> bool:
    """By its name."""
    return path.name.lower().endswith(READABLE_SUFFIXES)


def read_strokes_file(path: Path) -> Iterator[StrokesLine]:
    """Every line of a strokes file that is not blank, as it is asked for.

    A bad line is yielded with its error, and reading goes on. Memory is bounded whatever the file holds: a
    line that is too long, or of too many numbers, is such an error. Raises PictureError where the file
    itself cannot be read on: absent, torn, a folder, one JSON document over all lines, or a compressed file
    that unpacks to far more than strokes do.

    Strokes of few points can be [[x, y], …] as well as [[x, …], [y, …]]. What the first drawing that leaves
    no doubt has counts for those too.
    """
    waiting: list[tuple[int, object]] = []
    waiting_bytes = 0
    lists: bool | None = None
    try:
        for number, size, found in _documents(path):
            if lists is None:
                lists = has_lists(found)
                if lists is None and len(waiting) < _MOST_WAITING and waiting_bytes <= _MOST_BYTES:
                    waiting.append((number, found))
                    waiting_bytes += size
                    continue
                lists = bool(lists)
                yield from (_line(*earlier, lists=lists) for earlier in waiting)
                waiting.clear()
            yield _line(number, found, lists=lists)
    except PictureError:
        yield from (_line(*earlier, lists=bool(lists)) for earlier in waiting)
        raise
    yield from (_line(*earlier, lists=bool(lists)) for earlier in waiting)


def write_strokes_file(path: Path, drawings: Iterable[tuple[Drawing, str | None]]) -> int:
    """Writes drawings with their labels, one to a line, compressed where the name ends in .gz.

    The file appears, or replaces an older one, when all of it is written. Opened pictures under the strokes
    are left out. Returns the number of drawings. Raises as trainer.base.files.atomic_write.
    """
    return write_lines(path, (drawing_to_json(drawing, label=label) for drawing, label in drawings))


def write_lines(path: Path, documents: Iterable[Mapping[str, Any]]) -> int:
    """Writes JSON objects, one to a line; the same ones make the same file, byte for byte."""
    count = 0
    with atomic_write(path) as part, part.open("wb") as file:
        lines: Any = nullcontext(file)
        if path.suffix.lower() == ".gz":
            lines = gzip.GzipFile(fileobj=file, mode="wb", filename="", mtime=0)
        with lines as out:
            for document in documents:
                out.write(json.dumps(document, separators=(",", ":")).encode() + b"\n")
                count += 1
    return count


def _lines(path: Path) -> Iterator[tuple[int, bytes | PictureError]]:
    """Lines that are not blank, by number from 1, or what is wrong with their length."""
    try:
        if path.is_dir():
            raise PictureError(
                "strokes.folder", "{path} is a folder, not a strokes file", path=path
            )
        packed = path.suffix.lower() == ".gz"
        bound = max(_MOST_UNPACKED, _MOST_RATIO * path.stat().st_size) if packed else None
        with gzip.open(path, "rb") if packed else path.open("rb") as file:
            if file.peek(2)[:2] in _UTF16:
                raise PictureError(
                    "strokes.other-encoding", "{path} is UTF-16 text: save it as UTF-8", path=path
                )
            number = total = 0
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                total += len(line)
                content: bytes | PictureError = line
                if len(line) > LONGEST_LINE:
                    content = PictureError(
                        "strokes.long-line",
                        "the line is longer than {most:,} bytes",
                        most=LONGEST_LINE,
                    )
                    total += _pass_over(file, line, None if bound is None else bound - total)
                if bound is not None and total > bound:
                    raise PictureError(
                        "strokes.bomb",
                        "{path} unpacks to more than {most:,} bytes: unpack it first, if it is meant to",
                        path=path,
                        most=bound,
                    )
                if isinstance(content, PictureError) or content.strip():
                    yield number, content
    except FileNotFoundError as error:
        raise PictureError(
            "strokes.absent", "{path} does not exist: check its name and folder", path=path
        ) from error
    except (OSError, EOFError, zlib.error) as error:
        raise PictureError(
            "strokes.torn",
            "{path} cannot be read to its end ({reason}): it is damaged or was cut",
            path=path,
            reason=str(error),
        ) from error


def _pass_over(file: IO[bytes] | gzip.GzipFile, line: bytes, most: int | None) -> int:
    """Reads on to the end of a line, or a little beyond `most` bytes; how many."""
    passed = 0
    while line and not line.endswith(b"\n") and (most is None or passed <= most):
        line = file.readline(_CHUNK)
        passed += len(line)
    return passed


def _documents(path: Path) -> Iterator[tuple[int, int, object]]:
    """(number, bytes, JSON or error) of every line. Raises PictureError where the file cannot be read on."""
    first: tuple[int, int, object] | None = (
        None  # of a document over several lines, if another one follows
    )
    is_first = True
    for number, line in _lines(path):
        if first is not None:
            raise _one_document(path)
        found: object
        if isinstance(line, PictureError):
            found = line
        elif len(line) > MOST_VALUES and line.count(b",") > MOST_VALUES:
            found = PictureError(
                "strokes.many-values", "the line holds more than {most:,} numbers", most=MOST_VALUES
            )
        else:
            found = _parsed(line)
        if is_first and isinstance(found, list):
            raise _one_document(path)
        if is_first and isinstance(line, bytes) and _begins_one(line, found):
            first = number, len(line), found
        else:
            yield number, 0 if isinstance(line, PictureError) else len(line), found
        is_first = False
    if first is not None:
        yield first


def _one_document(path: Path) -> PictureError:
    return PictureError(
        "strokes.one-document",
        "{path} is one JSON document; one drawing per line is expected: {example}",
        path=path,
        example=EXAMPLE,
    )


def _parsed(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return PictureError("strokes.not-json", "the line is not valid JSON")


def _begins_one(line: bytes, found: object) -> bool:
    """Whether a line begins a document over several lines: it is no JSON, and its end is open."""
    text = line.strip()
    return isinstance(found, PictureError) and text[:1] in b"[{" and text[-1:] in b"[{,"


def _line(number: int, found: object, *, lists: bool) -> StrokesLine:
    document = found if isinstance(found, Mapping) else {}
    if isinstance(found, PictureError):
        return StrokesLine(number, None, None, document, found)
    try:
        drawing, label = drawing_from_json(found, lists=lists)
    except PictureError as error:
        return StrokesLine(number, None, None, document, error)
    return StrokesLine(number, drawing, label, document)
