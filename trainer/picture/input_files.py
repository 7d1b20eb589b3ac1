"""Input files: images, folders of images, files of strokes, read one item at a time."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import InputError, PictureError
from trainer.base.installation import how_to_install
from trainer.base.messages import Message
from trainer.picture.images.image_file import image_suffixes, open_pages
from trainer.picture.images.svg_file import open_svg
from trainer.picture.preprocess import Picture, picture_from_drawing, picture_from_image
from trainer.picture.strokes import Drawing
from trainer.picture.strokes_files import READABLE_SUFFIXES, is_strokes_file, read_strokes_file

_SVG = ".svg"

# Parents of class folders that name a split of the data, not a class.
_SPLITS = frozenset(
    ("train", "training", "test", "testing", "val", "valid", "validation", "dev", "all")
)

# Files that lie beside pictures and are never meant as input.
_NOTES = frozenset((".txt", ".md", ".ini", ".db", ".html", ".py", ".yaml", ".yml", ".toml", ".log"))


@dataclass(frozen=True, slots=True)
class Item:
    """One drawing or image that was read, or why it could not be.

    source: the file. index: the line of a strokes file, from 1; 0 for a file as a whole, as an image is.
    picture: uint8 (28, 28), None where it could not be read (error says why) or where nothing is drawn
    (error is None). label: what the file or its folder says it is, None where they say nothing. drawing: its
    strokes; None for an image.
    """

    source: str
    index: int
    picture: NDArray[np.uint8] | None
    label: str | None
    error: Message | None
    drawing: Drawing | None = None


@dataclass(frozen=True, kw_only=True)
class Listing:
    """The files of a folder that can be read, each with its label, and what there is to say of the rest.

    labels: of each file, None for one that lies in the folder itself or is a file of strokes.
    """

    files: tuple[Path, ...]
    labels: tuple[str | None, ...]
    notes: tuple[Message, ...]

    @property
    def class_names(self) -> frozenset[str]:
        return frozenset(label for label in self.labels if label is not None)


def _ignore(note: Message) -> None:
    pass


def read_items(paths: Sequence[Path], note: Callable[[Message], None] = _ignore) -> Iterator[Item]:
    """Everything in the given files and folders, one after the other and without holding it in memory.

    A folder is read with all folders in it, sorted by name, see `listed`. What cannot be read is an item with
    an error, and reading goes on. note: gets what a person should know of a folder. Raises InputError at
    once, before anything is read, where a path does not exist.
    """
    for path in paths:
        if not path.exists():
            raise InputError(
                "file.not-found", "{path} does not exist: check its name and folder", path=path
            )
    return _items(tuple(paths), note)


def _items(paths: Sequence[Path], note: Callable[[Message], None]) -> Iterator[Item]:
    for path in paths:
        is_empty = True
        for item in _items_of(path, note):
            is_empty = False
            yield item
        if is_empty and len(paths) > 1:  # of a single one its reader tells
            note(Message.of("file.empty", "{name}: no images or strokes", name=str(path)))


def _items_of(path: Path, note: Callable[[Message], None]) -> Iterator[Item]:
    if path.is_dir():
        found = listed(path)
        for message in found.notes:
            note(message)
        for file, label in zip(found.files, found.labels, strict=True):
            yield from _strokes(file) if is_strokes_file(file) else [_image(file, label)]
    elif is_strokes_file(path):
        yield from _strokes(path)
    elif is_image(path):
        yield _image(path, None)
    else:
        yield Item(str(path), 0, None, None, unknown_file(path))


def unknown_file(path: Path) -> Message:
    """Why a file of this name is not read, and what to do."""
    name = path.name.lower()
    if not path.is_file():
        return Message.of(
            "file.not-regular", "{name} is a device or a pipe, not a file", name=path.name
        )
    for suffixes, advice in _OTHER_KINDS:
        if name.endswith(suffixes):
            return advice(path)
    return Message.of(
        "file.unknown-type",
        "{name}: unknown file type; can read: {suffixes}",
        name=path.name,
        suffixes=", ".join([*image_suffixes(), _SVG, *READABLE_SUFFIXES]),
    )


def _as_data(path: Path) -> Message:
    return Message.of(
        "file.is-data-set",
        "{name} is a data set: `evaluate --data {name}` measures a network on it, `train --data {name}` "
        "learns from it",
        name=path.name,
    )


def hdf5(path: Path) -> Message:
    return Message.of(
        "file.hdf-file",
        "{name}: HDF5 is not read. Write its arrays with numpy.savez(FILE, pictures=…, labels=…) and name "
        "that file",
        name=path.name,
    )


def _array(path: Path) -> Message:
    return Message.of(
        "file.single-array",
        "{name}: a single array has no labels. Write pictures and labels with "
        "numpy.savez(FILE, pictures=…, labels=…) and name that file",
        name=path.name,
    )


def _heif(path: Path) -> Message:
    return Message.of(
        "file.heif",
        "{name}: HEIC and HEIF are read where the package pillow-heif is installed; or save it as JPEG. "
        "{how}",
        name=path.name,
        how=how_to_install("pillow-heif"),
    )


_OTHER_KINDS: tuple[tuple[tuple[str, ...], Callable[[Path], Message]], ...] = (
    ((".npz", ".csv", ".csv.gz", ".tsv", ".tsv.gz"), _as_data),
    ((".h5", ".hdf5", ".hdf"), hdf5),
    ((".npy",), _array),
    ((".heic", ".heif"), _heif),
)


def listed(folder: Path) -> Listing:
    """The files in a folder and all folders in it, sorted by name.

    An image's label is the name of the folder that holds it. Where folders of the same name lie in several
    places (Greek/a1 and Latin/a1), these are different classes and the label is the path within `folder`,
    without parents that name a split (train, test); a name of one character is one class wherever it lies
    (Anna/3 and Ben/3). Names that begin with a dot are the system's own: thumbnails, and what macOS puts
    beside files.
    """
    refused: list[OSError] = []
    every = sorted(
        path
        for path in files_in(folder, refused.append)
        if not path.name.startswith(".") and path.name != "Thumbs.db"
    )
    files = tuple(path for path in every if is_strokes_file(path) or is_image(path))
    homes = {path.parent for path in files if is_image(path)} - {folder}
    named = {home: _class_path(folder, home) for home in homes}
    places: dict[str, set[str]] = {}
    for home, label in named.items():
        places.setdefault(home.name, set()).add(label)
    merged = {name for name, found in places.items() if len(found) > 1 and len(name) == 1}
    labels = {
        home: home.name if len(places[home.name]) == 1 or home.name in merged else label
        for home, label in named.items()
    }
    notes = []
    if apart := sorted(
        {labels[home] for home in homes} & {label for label in labels.values() if "/" in label}
    ):
        notes.append(
            Message.of(
                "folder.classes-apart",
                "{name}: folders of the same name in different places are different labels: {labels}",
                name=folder.name or str(folder),
                labels=_some(apart),
            )
        )
    if merged:
        notes.append(
            Message.of(
                "folder.classes-joined",
                "{name}: folders of the same name in different places are one label: {labels}",
                name=folder.name or str(folder),
                labels=_some(sorted(merged)),
            )
        )
    if refused:
        notes.append(
            Message.of(
                "folder.not-entered",
                "{name}: folders that may not be read: {folders}",
                name=folder.name or str(folder),
                folders=_some([os.path.relpath(str(one.filename), folder) for one in refused]),
            )
        )
    if (passed := _passed_over(folder, every)) is not None:
        notes.append(passed)
    return Listing(
        files=files,
        labels=tuple(None if is_strokes_file(path) else labels.get(path.parent) for path in files),
        notes=tuple(notes),
    )


def files_in(folder: Path, refused: Callable[[OSError], object] = lambda _: None) -> Iterator[Path]:
    """The regular files in a folder and all folders in it. Links to folders are followed, and each folder is
    entered once. refused: called for one that may not be read."""
    entered: set[tuple[int, int]] = set()
    for root, folders, names in os.walk(folder, onerror=refused, followlinks=True):
        state = Path(root).stat()
        if (state.st_dev, state.st_ino) in entered:
            folders.clear()
            continue
        entered.add((state.st_dev, state.st_ino))
        folders.sort()  # which of two ways to a folder counts
        yield from (path for name in names if (path := Path(root, name)).is_file())


def _class_path(folder: Path, home: Path) -> str:
    parts = home.relative_to(folder).parts
    kept = [part for part in parts[:-1] if part.lower() not in _SPLITS]
    return "/".join((*kept, parts[-1]))


def _passed_over(folder: Path, every: Sequence[Path]) -> Message | None:
    """Files of kinds that cannot be read, by their suffixes."""
    known = [path for path in every if path.suffix.lower() not in _NOTES]
    passed = Counter(
        path.suffix or path.name for path in known if not (is_strokes_file(path) or is_image(path))
    )
    if not passed:
        return None
    return Message.of(
        "folder.passed-over",
        "{name}: {count:,} of {total:,} files are of kinds that cannot be read: {kinds}",
        name=folder.name or str(folder),
        count=passed.total(),
        total=len(known),
        kinds=_some(sorted(passed)),
    )


def _some(names: Sequence[str], most: int = 8) -> str:
    return ", ".join(names[:most]) + (" …" if len(names) > most else "")


def _image(path: Path, label: str | None) -> Item:
    try:
        return Item(str(path), 0, picture_of_image_file(path), label, None)
    except PictureError as error:
        return Item(str(path), 0, None, label, error.message)


def picture_of_image_file(path: Path) -> Picture | None:
    """The picture of an image file, of its first page that shows something; None where none does.

    Raises PictureError where the file cannot be read.
    """
    if path.suffix.lower() == _SVG:
        return picture_from_image(open_svg(path))
    pictures = (picture_from_image(image) for image in open_pages(path))
    return next((picture for picture in pictures if picture is not None), None)


def _strokes(path: Path) -> Iterator[Item]:
    number = 0
    try:
        for line in read_strokes_file(path):
            number = line.number
            picture = None if line.drawing is None else picture_from_drawing(line.drawing)
            error = None if line.error is None else line.error.message
            yield Item(str(path), number, picture, line.label, error, line.drawing)
    except PictureError as error:
        # Where it could be read up to; of the file as a whole, where nothing could.
        yield Item(str(path), number + 1 if number else 0, None, None, error.message)


def is_image(path: Path) -> bool:
    """By its name."""
    suffix = path.suffix.lower()
    return suffix == _SVG or suffix in image_suffixes()
