"""What a command line or a dialog is given to read: images, folders of images, files of strokes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import InputError, PictureError
from trainer.picture.image_file import FORMATS, open_image
from trainer.picture.preprocess import picture_from_drawing, picture_from_image
from trainer.picture.strokes_files import READABLE_SUFFIXES, is_strokes_file, read_strokes_file


@dataclass(frozen=True, slots=True)
class Item:
    """One drawing or image that was read, or why it could not be.

    source: the file. index: the line of a strokes file, from 1; 0 for a file as a whole, as an image is.
    picture: uint8 (28, 28), None where it could not be read (error says why) or where nothing is drawn
    (error is None). label: what the file or its folder says it is, None where they say nothing.
    """

    source: str
    index: int
    picture: NDArray[np.uint8] | None
    label: str | None
    error: str | None


def read_items(paths: Sequence[Path]) -> Iterator[Item]:
    """Everything in the given files and folders, one after the other and without holding it in memory.

    A folder is read with all folders in it, sorted by name; files of other kinds are passed over there.
    Where the images of a given folder lie in its sub-folders, these are its classes: the name of the one
    that holds an image directly is the image's label. What cannot be read is an item with an error, and
    reading goes on. Raises InputError at once, before anything is read, where a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise InputError(f"{path} does not exist: check its name and folder")
    return _items(tuple(paths))


def _items(paths: Sequence[Path]) -> Iterator[Item]:
    for path in paths:
        if path.is_dir():
            yield from _folder(path)
        elif is_strokes_file(path):
            yield from _strokes(path)
        elif path.suffix.lower() in FORMATS:
            yield _image(path, None)
        else:
            known = ", ".join([*FORMATS, *READABLE_SUFFIXES])
            yield Item(str(path), 0, None, None, f"{path.name} is of no known kind ({known})")


def _folder(folder: Path) -> Iterator[Item]:
    # Names that begin with a dot are the system's own: thumbnails, and what macOS puts beside files.
    files = sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith("."))
    for path in files:
        if is_strokes_file(path):
            yield from _strokes(path)
        elif path.suffix.lower() in FORMATS:
            yield _image(path, path.parent.name if path.parent != folder else None)


def _image(path: Path, label: str | None) -> Item:
    try:
        picture = picture_from_image(open_image(path))
    except PictureError as error:
        return Item(str(path), 0, None, label, str(error))
    return Item(str(path), 0, picture, label, None)


def _strokes(path: Path) -> Iterator[Item]:
    number = 0
    try:
        for line in read_strokes_file(path):
            number = line.number
            picture = None if line.drawing is None else picture_from_drawing(line.drawing)
            error = None if line.error is None else str(line.error)
            yield Item(str(path), number, picture, line.label, error)
    except PictureError as error:
        # Where it could be read up to; of the file as a whole, where nothing could.
        yield Item(str(path), number + 1 if number else 0, None, None, str(error))
