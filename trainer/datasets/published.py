"""Published data sets: where their files lie, where they come from, and what is in them.

Files lie as torchvision lays them out, so a folder can be shared with it. Mirrors and MD5 sums are
torchvision's too, and asked of it only when something is to be fetched.
"""

from __future__ import annotations

import bz2
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import DataError, RunError
from trainer.base.events import Downloading
from trainer.base.labels import CHARACTERS
from trainer.base.paths import cache_folder
from trainer.datasets.download import download
from trainer.datasets.idx import read_idx, read_idx_integers
from trainer.datasets.parts import DIGITS, Split
from trainer.datasets.splitting import MOST_VALIDATION, Pool, hash_of
from trainer.picture.preprocess import finish

_UPPER = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")

#: EMNIST (Cohen, Afshar, Tapson, van Schaik 2017): of the lower case only what differs from the upper.
_BALANCED = (*DIGITS, *_UPPER, *"abdefghnqrt")

#: Labels, the lowest number that stands for one, and pictures of the training and of the test split.
_EMNIST = {
    "emnist-digits": (DIGITS, 0, 240_000, 40_000),
    "emnist-letters": (_UPPER, 1, 124_800, 20_800),
    "emnist-balanced": (_BALANCED, 0, 112_800, 18_800),
    "emnist-byclass": (CHARACTERS, 0, 697_932, 116_323),
}
_EMNIST_ZIP = "EMNIST/raw/gzip.zip"

_WRITER = 2  # column of QMNIST's labels; the first is the class
_QMNIST_COUNT = 60_000  # in either split
_USPS = {"training": ("usps.bz2", 7_291), "test": ("usps.t.bz2", 2_007)}
_USPS_SIDE = 16


@dataclass(frozen=True, slots=True)
class _File:
    """A file that is wanted: the places where it may lie, the first being where it is downloaded to."""

    places: tuple[str, ...]
    urls: tuple[str, ...]
    md5: str


def fetch(name: str, folder: Path, *, test_only: bool = False) -> Iterator[Downloading]:
    """Downloads what is missing, telling how far it is; nothing where all is there.

    test_only: the files of the test split, which is all that an evaluation reads. Into the folder, or, where
    that may only be read, into the cache folder. Raises RunError that says what to do where it cannot be had
    or stored; no new folder is left then.
    """
    missing = missing_files(name, folder, test_only=test_only)
    if not missing:
        return
    home = folder
    if folder.is_dir() and not os.access(folder, os.W_OK):
        home = cache_folder() / "data"
    title = name.partition("-")[0].upper()
    for file in _sources(name):
        target = home / file.places[0]
        if not set(file.places) & set(missing):
            continue
        try:
            with _no_empty_folders(target.parent):
                yield from download(file.urls, target, md5=file.md5)
        except DataError as error:  # no network, or a mirror that is down: the input was right
            raise RunError(
                "data.not-downloaded",
                "{title} is not in {folder} and could not be downloaded.\n{reason}\nConnect to the internet "
                "and try again, or put {files} into {target} (another computer can download them), or name a "
                "folder that has them with --data or HANDWRITE_DATA.",
                title=title,
                folder=folder,
                reason=error,
                files=", ".join(_names(missing)),
                target=target.parent,
            ) from error
        except RunError as error:
            raise RunError(
                "data.not-stored",
                "{title} is not in {folder} and cannot be stored there.\n{reason}\nAnother folder can be "
                "named with --data or HANDWRITE_DATA.",
                title=title,
                folder=folder,
                reason=error,
            ) from error


@contextmanager
def _no_empty_folders(folder: Path) -> Iterator[None]:
    """Where the block fails, folders that it made and left empty are removed."""
    new = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        yield
    except BaseException:
        with suppress(OSError):
            for path in new:  # the innermost first
                path.rmdir()
        raise


def missing_files(name: str, folder: Path, *, test_only: bool = False) -> list[str]:
    """Files of a data set, by their places in the folder, that are neither there nor in the cache.

    test_only: of its test split. EMNIST's are all in one archive.
    """
    parts = ("test",) if test_only else ("training", "test")
    if name.startswith("emnist"):
        whole = all(_found(folder, place) for part in parts for place in _idx_of(name, part))
        return [] if whole or _found(folder, _EMNIST_ZIP) else [_EMNIST_ZIP]
    wanted = {
        "mnist": [place for part in parts for place in _mnist(part)],
        "qmnist": [place for part in parts for place in _qmnist(part)],
        "usps": [_USPS[part][0] for part in parts],
    }[name]
    return [place for place in wanted if _found(folder, place) is None]


def mnist_files(folder: Path) -> list[Path] | None:
    """The training split's; None where one is not there."""
    files = [_found(folder, place) for place in _mnist("training")]
    return None if None in files else [file for file in files if file is not None]


def pool(name: str, folder: Path) -> Pool:
    """Everything but the test split.

    The validation split is the end of MNIST's training split: of its last 5,000 pictures 3,436 are by
    writers of whom no other picture is in the rest (counted with QMNIST's writer numbers), so it stands
    for unknown writers better than a random split would. EMNIST's authors meant its training splits' ends
    for validation. QMNIST is divided by writers. Of USPS's writers nothing is known, nor is its order.
    Raises DataError.
    """
    part = _part(name, folder, "training")
    if name == "qmnist" and part.writers is not None:
        numbers_of_writers, which = np.unique(part.writers, return_inverse=True)
        numbers = np.array(
            [hash_of(str(one).encode()) for one in numbers_of_writers.tolist()], np.uint64
        )
        return Pool(part=part, chances=numbers[which].astype(np.float64) / 2.0**64)
    return Pool(part=part, most=MOST_VALIDATION if name == "usps" else 1.0)


def test_split(name: str, folder: Path) -> Split:
    """The published test split. Raises DataError."""
    return _part(name, folder, "test")


def _part(name: str, folder: Path, part: str) -> Split:
    if name == "mnist":
        return _mnist_part(folder, part)
    if name == "qmnist":
        return _qmnist_part(folder, part)
    if name == "usps":
        return _usps_part(folder, part)
    return _emnist_part(name, folder, part)


# --- where files lie


def _found(folder: Path, place: str) -> Path | None:
    """The file in the folder or in the cache, unpacked or as .gz."""
    for home in (folder, cache_folder() / "data"):
        for path in (home / place, home / f"{place}.gz"):
            if path.is_file():
                return path
    return None


def _wanted(title: str, folder: Path, place: str) -> Path:
    path = _found(folder, place)
    if path is None:
        raise DataError(
            "data.absent",
            "{title} is not in {folder}. Name a folder that has {place} with --data or HANDWRITE_DATA, or "
            "let `handwrite-trainer train` download it.",
            title=title,
            folder=folder,
            place=place,
        )
    return path


def _names(places: list[str]) -> list[str]:
    return [Path(place).name for place in places]


def _sources(name: str) -> list[_File]:
    # A second to import: only where something is to be fetched.
    from torchvision import datasets

    if name == "mnist":
        return [
            _File(
                (f"MNIST/raw/{file}", f"MNIST/raw/{file.removesuffix('.gz')}"),
                tuple(mirror + file for mirror in datasets.MNIST.mirrors),
                md5,
            )
            for file, md5 in datasets.MNIST.resources
        ]
    if name == "qmnist":
        listed = (*datasets.QMNIST.resources["train"], *datasets.QMNIST.resources["test"])
        files = [(url, url.rpartition("/")[2], md5) for url, md5 in listed]
        return [
            _File((f"QMNIST/raw/{file}", f"QMNIST/raw/{file.removesuffix('.gz')}"), (url,), md5)
            for url, file, md5 in files
        ]
    if name == "usps":
        parts = [datasets.USPS.split_list[part] for part in ("train", "test")]
        return [_File((file,), (url,), md5) for url, file, md5 in parts]
    return [_File((_EMNIST_ZIP,), (datasets.EMNIST.url,), datasets.EMNIST.md5)]


# --- what is in them


def _mnist(part: str) -> tuple[str, str]:
    start = "train" if part == "training" else "t10k"
    return f"MNIST/raw/{start}-images-idx3-ubyte", f"MNIST/raw/{start}-labels-idx1-ubyte"


def _mnist_part(folder: Path, part: str) -> Split:
    images, labels = (_wanted("MNIST", folder, place) for place in _mnist(part))
    pictures, targets = _checked("MNIST", images, labels, 60_000 if part == "training" else 10_000)
    writers = _mnist_writers(folder, targets) if part == "training" else None
    return Split(pictures=pictures, targets=targets, labels=DIGITS, writers=writers)


def _checked(
    title: str, images: Path, labels: Path, count: int
) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    pictures, targets = read_idx(images), read_idx(labels)
    if pictures.shape != (count, 28, 28):
        raise _other_shape(images, title, pictures.shape, f"{count}×28×28")
    if targets.shape != (count,) or targets.max() > 9:
        raise _other_labels(labels, title, count, 0, 9)
    return pictures, targets.astype(np.int64)


def _other_shape(path: object, title: str, found: tuple[int, ...], wanted: str) -> DataError:
    return DataError(
        "data.other-shape",
        "{path} is not {title}'s: it holds {found}, not {wanted}",
        path=str(path),
        title=title,
        found=str(found),
        wanted=wanted,
    )


def _other_labels(path: object, title: str, count: int, first: int, last: int) -> DataError:
    return DataError(
        "data.other-labels",
        "{path} is not {title}'s: {count:,} labels from {first} to {last} are wanted",
        path=str(path),
        title=title,
        count=count,
        first=first,
        last=last,
    )


def _mnist_writers(folder: Path, targets: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Who wrote MNIST's training pictures, where QMNIST's label file is there to tell."""
    path = _qmnist_labels(folder, "training")
    if path is None:
        return None
    columns = _qmnist_columns(path, len(targets))
    if not np.array_equal(columns[:, 0], targets):
        raise DataError(
            "data.other-mnist",
            "{path} belongs to another MNIST: its classes are not those of the pictures in {folder}. Delete "
            "it or move it away.",
            path=path,
            folder=folder,
        )
    return columns[:, _WRITER].copy()


def _qmnist(part: str) -> tuple[str, str]:
    start = "train" if part == "training" else "test"
    return (
        f"QMNIST/raw/qmnist-{start}-images-idx3-ubyte",
        f"QMNIST/raw/qmnist-{start}-labels-idx2-int",
    )


def _qmnist_labels(folder: Path, part: str) -> Path | None:
    place = _qmnist(part)[1]
    return _found(folder, place) or _found(folder, place.replace("/raw/", "/"))


def _qmnist_columns(path: Path, count: int) -> NDArray[np.int64]:
    columns = read_idx_integers(path)
    if columns.shape != (count, 8) or columns[:, 0].min() < 0 or columns[:, 0].max() > 9:
        raise DataError(
            "data.other-qmnist",
            "{path} is not QMNIST's: it holds {shape}, not {count:,} rows of 8 with a class from 0 to 9. "
            "Delete it and download it again.",
            path=path,
            shape=str(columns.shape),
            count=count,
        )
    return columns


def _qmnist_part(folder: Path, part: str) -> Split:
    images = _wanted("QMNIST", folder, _qmnist(part)[0])
    labels = _qmnist_labels(folder, part) or _wanted("QMNIST", folder, _qmnist(part)[1])
    pictures = read_idx(images)
    if pictures.shape != (_QMNIST_COUNT, 28, 28):
        wanted = f"{_QMNIST_COUNT}×28×28"
        raise _other_shape(images, "QMNIST", pictures.shape, wanted)
    columns = _qmnist_columns(labels, len(pictures))
    return Split(
        pictures=pictures,
        targets=columns[:, 0].copy(),
        labels=DIGITS,
        writers=columns[:, _WRITER].copy(),
    )


def _idx_of(name: str, part: str) -> tuple[str, str]:
    start = f"EMNIST/raw/{name}-{'train' if part == 'training' else 'test'}"
    return f"{start}-images-idx3-ubyte", f"{start}-labels-idx1-ubyte"


def _emnist_part(name: str, folder: Path, part: str) -> Split:
    labels, first, *counts = _EMNIST[name]
    count = counts[part == "test"]
    archive = _found(folder, _EMNIST_ZIP)
    arrays = []
    for place in _idx_of(name, part):
        path = _found(folder, place)
        if path is not None:
            arrays.append(read_idx(path))
        elif archive is not None:
            arrays.append(read_idx(archive, member=f"gzip/{Path(place).name}.gz"))
        else:
            _wanted("EMNIST", folder, _EMNIST_ZIP)
    pictures, numbers = arrays
    where = f"{name}'s {part} split in {folder}"
    if pictures.shape != (count, 28, 28):
        raise _other_shape(where, "EMNIST", pictures.shape, f"{count}×28×28")
    targets = numbers.astype(np.int64) - first
    if targets.shape != (count,) or targets.min() < 0 or targets.max() >= len(labels):
        raise _other_labels(where, "EMNIST", count, first, first + len(labels) - 1)
    # The files hold columns where MNIST's hold rows.
    upright = np.ascontiguousarray(pictures.transpose(0, 2, 1))
    return Split(pictures=upright, targets=targets, labels=labels)


def _usps_part(folder: Path, part: str) -> Split:
    """USPS (Hull 1994): 16×16 pixels filled by the ink, -1 paper and 1 ink, brought to MNIST's form."""
    name, count = _USPS[part]
    path = _wanted("USPS", folder, name)
    pixels = _USPS_SIDE**2
    try:
        values = np.array(bz2.decompress(path.read_bytes()).replace(b":", b" ").split(), np.float64)
        rows = values.reshape(count, 1 + 2 * pixels)
    except (OSError, EOFError, ValueError) as error:
        raise DataError(
            "data.damaged-usps",
            "{path} is not USPS's or is damaged ({reason}). Delete it and download it again.",
            path=path,
            reason=str(error),
        ) from error
    ink = np.rint((rows[:, 2::2] + 1) * 127.5)
    if (
        (rows[:, 1::2] != np.arange(1, pixels + 1)).any()
        or not ((ink >= 0) & (ink <= 255)).all()
        or not np.isin(rows[:, 0], np.arange(1, 11)).all()
    ):
        raise DataError(
            "data.other-usps",
            "{path} is not USPS's. Delete it and download it again.",
            path=path,
        )
    pictures = np.zeros((count, 28, 28), np.uint8)
    for picture, plane in zip(
        pictures, ink.astype(np.uint8).reshape(count, _USPS_SIDE, _USPS_SIDE), strict=True
    ):
        made = finish(plane)
        if made is not None:
            picture[:] = made
    return Split(pictures=pictures, targets=rows[:, 0].astype(np.int64) - 1, labels=DIGITS)
