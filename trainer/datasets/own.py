"""Files of one's own: strokes with labels, folders of images, pictures as numbers."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import DataError, InputError, PictureError
from trainer.base.events import Note
from trainer.base.labels import CHARACTER_SHAPED, CHARACTERS, DIGIT_SHAPED, NO_LABEL
from trainer.base.messages import Message
from trainer.datasets.arrays import Arrays, read_csv, read_npz
from trainer.datasets.parts import DIGITS, Split, sorted_labels
from trainer.datasets.pictures import (
    DrawingSet,
    Found,
    collected,
    identity_of,
    keep,
    kept,
    kept_or_made,
)
from trainer.datasets.spec import Term, check_path
from trainer.datasets.splitting import MOST_VALIDATION, TEST_SHARE, Pool, chances, hash_of, lowest
from trainer.picture.input_files import files_in, read_items
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing, InkImage
from trainer.picture.strokes_files import StrokesLine, is_strokes_file, read_strokes_file


def prepare(term: Term) -> Iterator[Note]:
    """Makes the pictures of a file, where they are not kept from before. Raises DataError."""
    path, identity = _identity(term)
    if kept(identity, path) is None:
        yield from keep((yield from _made(term.name, path)), identity, path)


def pool(term: Term) -> Pool:
    """Everything but the test split. Raises DataError."""
    drawings, labels, where = _usable(term)
    return pool_of(drawings, labels, where, drawings.notes(_path(term).name))


def whole(term: Term) -> Split:
    """All of its drawings that have a label. Raises DataError."""
    drawings, labels, where = _usable(term)
    names = sorted_labels(set(labels[where].tolist()))
    return _part(drawings, labels, names, where, drawings.notes(_path(term).name))


def test_split(term: Term) -> Split:
    """A tenth of the writers, or of the drawings. Raises DataError."""
    drawings, labels, where = _usable(term)
    part = test_part_of(drawings, labels, where)
    if not len(part):
        raise DataError(
            "data.too-few-for-test",
            "{path} holds too few drawings to keep some apart as a test: write more",
            path=_path(term),
        )
    return part


def pool_of(
    drawings: DrawingSet,
    labels: NDArray[np.str_],
    where: NDArray[np.int64],
    notes: tuple[Message, ...] = (),
) -> Pool:
    """Of the drawings at the places `where` all but the test split. labels: (N,) for all of them."""
    numbers = chances(drawings.writers, drawings.contents)[where]
    rows = where[~lowest(numbers, TEST_SHARE)]
    names = sorted_labels(set(labels[where].tolist()))
    return Pool(
        part=_part(drawings, labels, names, rows, notes),
        chances=numbers[~lowest(numbers, TEST_SHARE)],
        floor=TEST_SHARE,
        most=MOST_VALIDATION,
        drawings=drawings,
        rows=rows,
    )


def test_part_of(drawings: DrawingSet, labels: NDArray[np.str_], where: NDArray[np.int64]) -> Split:
    """The test split of the same."""
    numbers = chances(drawings.writers, drawings.contents)[where]
    # All labels of the file, as in training: which of them come here is chance.
    names = sorted_labels(set(labels[where].tolist()))
    return _part(drawings, labels, names, where[lowest(numbers, TEST_SHARE)])


def _usable(term: Term) -> tuple[DrawingSet, NDArray[np.str_], NDArray[np.int64]]:
    """A file's drawings, the labels that count for each, and the places of those that have one."""
    path, identity = _identity(term)
    drawings = kept_or_made(identity, path, lambda: _made(term.name, path))
    if not len(drawings):
        raise _nothing(term, path, drawings)
    labels = drawings.labels
    if term.selection == "digits":
        where = np.flatnonzero(np.isin(labels, DIGITS))
    elif term.selection == "letters":
        labels = np.char.upper(labels)
        where = np.flatnonzero(np.isin(labels, [chr(c) for c in range(ord("A"), ord("Z") + 1)]))
    elif term.selection == "others":
        where = np.flatnonzero(~np.isin(labels, [*DIGITS, *DIGIT_SHAPED]))
        labels = np.full(len(labels), NO_LABEL)
    elif term.selection == "characters":
        where = np.flatnonzero(np.isin(labels, CHARACTERS))
    elif term.selection == "symbols":
        where = np.flatnonzero(~np.isin(labels, [*CHARACTERS, *CHARACTER_SHAPED]))
        labels = np.full(len(labels), NO_LABEL)
    else:
        where = np.arange(len(drawings))
    if not len(where):
        raise DataError(
            "data.no-such-labels",
            "{path} has no {selection}: its labels are {labels}",
            path=path,
            selection=term.selection,
            labels=_listed(sorted_labels(set(drawings.labels.tolist()))),
        )
    return drawings, labels, where


def _part(
    drawings: DrawingSet,
    labels: NDArray[np.str_],
    names: tuple[str, ...],
    rows: NDArray[np.int64],
    notes: tuple[Message, ...] = (),
) -> Split:
    places = {name: place for place, name in enumerate(names)}
    names_of_writers, writers = np.unique(drawings.writers, return_inverse=True)
    known = drawings.writers[rows] != ""
    return Split(
        pictures=drawings.pictures[rows],
        targets=np.array([places[label] for label in labels[rows].tolist()], np.int64),
        labels=names,
        writers=np.where(known, writers[rows], -1).astype(np.int64)
        if len(names_of_writers) > 1 or known.any()
        else None,
        notes=notes,
    )


def _nothing(term: Term, path: Path, drawings: DrawingSet) -> DataError:
    form = _FORMS[term.name]
    if not (notes := drawings.notes(path.name)):
        return DataError(
            "data.nothing-usable",
            "{path} holds no drawing that can be learned from: {form}",
            path=path,
            form=form,
        )
    said = notes[0]
    for note in notes[1:]:
        said = Message.of("data.two-notes", "{one}; {other}", one=said, other=note)
    return DataError(
        "data.nothing-usable-noted",
        "{path} holds no drawing that can be learned from ({notes}): {form}",
        path=path,
        notes=said,
        form=form,
    )


#: What each kind of data is expected to look like.
_FORMS = {
    "strokes": Message.of(
        "data.form-strokes",
        "a line is {example}",
        example='{"label": "3", "strokes": [[[x, y], …], …]}',
    ),
    "folder": Message.of(
        "data.form-folder",
        "images lie in folders named after their labels, as in 3/any name.png",
    ),
    "npz": Message.of("data.form-npz", "pictures (N, rows, columns) and as many labels"),
    "csv": Message.of("data.form-csv", "a label and 784 values in each line"),
}


def _path(term: Term) -> Path:
    assert term.path is not None
    return term.path


def _listed(labels: tuple[str, ...]) -> str:
    return ", ".join(labels[:20]) + (" …" if len(labels) > 20 else "")


def _identity(term: Term) -> tuple[Path, str]:
    path = _path(term)
    try:
        check_path(term)
        files = [path]
        if term.name == "folder":
            files = sorted(files_in(path))
        return path, identity_of(term.name, files)
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> DataError:
    return DataError(
        "data.not-readable",
        "{path} cannot be read: {reason}",
        path=path,
        reason=error.strerror or str(error),
    )


def _made(kind: str, path: Path) -> Generator[Note, None, DrawingSet]:
    return (yield from collected(_READERS[kind](path), path.name))


# --- what is in a file


def _strokes(path: Path) -> Iterator[Found]:
    try:
        for line in read_strokes_file(path):
            yield _of_line(line)
    except PictureError as error:
        raise DataError(error.message) from error


def _of_line(line: StrokesLine) -> Found:
    if line.drawing is None:
        problem = Message.of(
            "data.line", "line {number}: {reason}", number=line.number, reason=line.error
        )
        return Found(problem=problem)
    strokes = tuple(stroke.points for stroke in line.drawing.strokes)
    shape = ",".join(str(len(points)) for points in strokes).encode()
    writer = line.document.get("writer")
    return Found(
        picture=None if line.label is None else picture_from_drawing(line.drawing),
        label=line.label,
        writer="" if writer is None else str(writer),
        content=hash_of(b";".join([shape, *(points.tobytes() for points in strokes)])),
        strokes=strokes,
    )


def _folder(path: Path) -> Iterator[Found]:
    try:
        notes: list[Message] = []
        for item in read_items([path], notes.append):
            while notes:
                yield Found(note=notes.pop(0))
            if item.error is not None:
                yield Found(problem=item.error)
            elif item.picture is None or item.label is None:
                yield Found(label=item.label)
            else:
                source = Path(item.source)
                # The file and not its picture: splits must not change with the preprocessing.
                content = hash_of(
                    item.picture.tobytes() if is_strokes_file(source) else source.read_bytes()
                )
                yield Found(picture=item.picture, label=item.label, content=content)
    except OSError as error:
        raise _unreadable(path, error) from error
    except InputError as error:
        raise DataError(error.message) from error


def _arrays(read: Callable[[Path], Arrays]) -> Callable[[Path], Iterator[Found]]:
    def found(path: Path) -> Iterator[Found]:
        arrays = read(path)
        for note in arrays.notes:
            yield Found(note=note)
        for picture, label, writer in zip(
            arrays.pictures, arrays.labels, arrays.writers, strict=True
        ):
            height, width = picture.shape
            image = InkImage(picture, 0.0, 0.0, float(width), float(height))
            yield Found(
                picture=picture_from_drawing(Drawing(image=image)),
                label=str(label),
                writer=str(writer),
                content=hash_of(picture.tobytes()),
            )

    return found


_READERS: dict[str, Callable[[Path], Iterator[Found]]] = {
    "strokes": _strokes,
    "folder": _folder,
    "npz": _arrays(read_npz),
    "csv": _arrays(read_csv),
}
