"""Files of one's own: strokes with labels, folders of images, arrays of pictures."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import DataError, InputError, PictureError
from trainer.base.events import Note
from trainer.base.labels import DIGIT_SHAPED, NO_LABEL
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
from trainer.datasets.spec import Term
from trainer.datasets.splitting import MOST_VALIDATION, TEST_SHARE, Pool, chances, hash_of, lowest
from trainer.picture.image_file import FORMATS
from trainer.picture.input_files import read_items
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing, InkImage
from trainer.picture.strokes_files import StrokesLine, read_strokes_file

#: Names under which an .npz file may hold its pictures.
_PICTURES = ("pictures", "images", "images_ink255")
_MOST_SIDE = 1024


def prepare(term: Term) -> Iterator[Note]:
    """Makes the pictures of a file, where they are not kept from before. Raises DataError."""
    path, identity = _identity(term)
    if kept(identity, path) is None:
        yield from keep((yield from _made(term.name, path)), identity, path)


def pool(term: Term) -> Pool:
    """Everything but the test part. Raises DataError."""
    drawings, labels, where = _usable(term)
    note = drawings.note(_path(term).name)
    return pool_of(drawings, labels, where, () if note is None else (note,))


def test_split(term: Term) -> Split:
    """A tenth of the writers, or of the drawings. Raises DataError."""
    drawings, labels, where = _usable(term)
    part = test_part_of(drawings, labels, where)
    if not len(part):
        raise DataError(
            f"{_path(term)} holds too few drawings to keep some apart as a test: write more"
        )
    return part


def pool_of(
    drawings: DrawingSet,
    labels: NDArray[np.str_],
    where: NDArray[np.int64],
    notes: tuple[str, ...] = (),
) -> Pool:
    """Of the drawings at the places `where` all but the test part. labels: (N,) for all of them."""
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
    """The test part of the same."""
    numbers = chances(drawings.writers, drawings.contents)[where]
    # All labels of the file, as in training: which of them come here is chance.
    names = sorted_labels(set(labels[where].tolist()))
    return _part(drawings, labels, names, where[lowest(numbers, TEST_SHARE)])


def _usable(term: Term) -> tuple[DrawingSet, NDArray[np.str_], NDArray[np.int64]]:
    """A file's drawings, the labels that count for each, and the places of those that have one."""
    path, identity = _identity(term)
    drawings = kept_or_made(identity, path, lambda: _made(term.name, path))
    if not len(drawings):
        raise DataError(_nothing(term, path, drawings))
    labels = drawings.labels
    if term.selection == "digits":
        where = np.flatnonzero(np.isin(labels, DIGITS))
    elif term.selection == "letters":
        labels = np.char.upper(labels)
        where = np.flatnonzero(np.isin(labels, [chr(c) for c in range(ord("A"), ord("Z") + 1)]))
    elif term.selection == "others":
        where = np.flatnonzero(~np.isin(labels, [*DIGITS, *DIGIT_SHAPED]))
        labels = np.full(len(labels), NO_LABEL)
    else:
        where = np.arange(len(drawings))
    if not len(where):
        raise DataError(
            f"{path} has no {term.selection}: its labels are "
            f"{_listed(sorted_labels(set(drawings.labels.tolist())))}"
        )
    return drawings, labels, where


def _part(
    drawings: DrawingSet,
    labels: NDArray[np.str_],
    names: tuple[str, ...],
    rows: NDArray[np.int64],
    notes: tuple[str, ...] = (),
) -> Split:
    places = {name: place for place, name in enumerate(names)}
    hands, writers = np.unique(drawings.writers, return_inverse=True)
    known = drawings.writers[rows] != ""
    return Split(
        pictures=drawings.pictures[rows],
        targets=np.array([places[label] for label in labels[rows].tolist()], np.int64),
        labels=names,
        writers=np.where(known, writers[rows], -1).astype(np.int64)
        if len(hands) > 1 or known.any()
        else None,
        notes=notes,
    )


def _nothing(term: Term, path: Path, drawings: DrawingSet) -> str:
    how = {
        "strokes": 'a line is {"label": "3", "strokes": [[[x, y], …], …]}',
        "folder": "images lie in folders named after their labels, as in 3/any name.png",
        "npz": "pictures (N, rows, columns) and as many labels",
    }[term.name]
    note = drawings.note(path.name)
    return f"{path} holds no drawing that can be learned from{f' ({note})' if note else ''}: {how}"


def _path(term: Term) -> Path:
    assert term.path is not None
    return term.path


def _listed(labels: tuple[str, ...]) -> str:
    return ", ".join(labels[:20]) + (" …" if len(labels) > 20 else "")


def _identity(term: Term) -> tuple[Path, str]:
    path = _path(term)
    try:
        if not path.exists():
            raise DataError(f"{path} does not exist: check its name and folder")
        if term.name == "folder":
            if not path.is_dir():
                raise DataError(f"{path} is no folder: folder:DIR wants one with images in it")
            files = sorted(file for file in path.rglob("*") if file.is_file())
        elif path.is_dir():
            raise DataError(f"{path} is a folder, {term.name}:FILE wants a file: try folder:{path}")
        else:
            files = [path]
        return path, identity_of(term.name, files)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from error


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
        return Found(problem=f"line {line.number}: {line.error}")
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
        for item in read_items([path]):
            if item.error is not None:
                yield Found(problem=item.error)
            elif item.picture is None or item.label is None:
                yield Found(label=item.label)
            else:
                source = Path(item.source)
                # The file and not its picture: parts must not change with the picture's recipe.
                is_image = source.suffix.lower() in FORMATS
                content = hash_of(source.read_bytes() if is_image else item.picture.tobytes())
                yield Found(picture=item.picture, label=item.label, content=content)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from error
    except InputError as error:
        raise DataError(str(error)) from error


def _npz(path: Path) -> Iterator[Found]:
    pictures, labels, writers = _arrays(path)
    for picture, label, writer in zip(pictures, labels, writers, strict=True):
        height, width = picture.shape
        image = InkImage(picture, 0.0, 0.0, float(width), float(height))
        yield Found(
            picture=picture_from_drawing(Drawing(image=image)),
            label=str(label),
            writer=str(writer),
            content=hash_of(picture.tobytes()),
        )


def _arrays(path: Path) -> tuple[NDArray[np.uint8], NDArray[Any], NDArray[Any]]:
    """Pictures (N, H, W), labels (N,) and writers (N,) of an .npz file. Nothing in it is unpickled."""
    try:
        with path.open("rb") as opened:
            file = np.load(opened, allow_pickle=False)
            if not isinstance(file, np.lib.npyio.NpzFile):
                raise DataError(
                    f"{path} is no .npz file but a single array: write one with numpy.savez"
                )
            names = [name for name in _PICTURES if name in file.files]
            if not names or "labels" not in file.files:
                raise DataError(
                    f"{path} has {', '.join(file.files) or 'nothing'}; wanted are pictures and labels"
                )
            pictures, labels = file[names[0]], file["labels"]
            writers = file["writers"] if "writers" in file.files else np.full(len(pictures), "")
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(
            f"{path} cannot be read as an .npz file ({error}): write it anew with numpy.savez, without "
            "objects in it"
        ) from error
    if pictures.dtype != np.uint8 or pictures.ndim != 3 or max(pictures.shape[1:]) > _MOST_SIDE:
        raise DataError(
            f"{path}: {names[0]} are {pictures.dtype} {pictures.shape}; wanted are uint8 (N, rows, "
            f"columns) of at most {_MOST_SIDE} a side, 255 where there is ink"
        )
    for name, array in (("labels", labels), ("writers", writers)):
        if array.shape != (len(pictures),) or array.dtype.kind not in "Uiu":
            raise DataError(
                f"{path}: {name} are {array.dtype} {array.shape}; wanted is a text or a whole number for "
                f"each of the {len(pictures):,} pictures"
            )
    if len(pictures) and float(pictures[:: max(1, len(pictures) // 200)].mean()) > 127:
        raise DataError(
            f"{path}: the pictures are mostly bright, but 255 means ink: store 255 - pictures"
        )
    return pictures, labels, writers


_READERS: dict[str, Callable[[Path], Iterator[Found]]] = {
    "strokes": _strokes,
    "folder": _folder,
    "npz": _npz,
}
