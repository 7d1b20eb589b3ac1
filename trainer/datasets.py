"""Data sets by name, in memory as bytes: a training part, a validation part split off it, a test part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.download import download
from trainer.errors import DataError, RunError
from trainer.events import Downloading
from trainer.idx import read_idx

DIGITS = tuple("0123456789")

_MNIST_FILES = {
    "training": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", 60_000),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", 10_000),
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Part:
    """pictures: uint8 (N, 28, 28), 255 where there is ink. targets: int64 (N,), places in `labels`."""

    pictures: NDArray[np.uint8]
    targets: NDArray[np.int64]
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.pictures)

    def __getitem__(self, span: slice) -> Part:
        return Part(pictures=self.pictures[span], targets=self.targets[span], labels=self.labels)


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainingData:
    training: Part
    validation: Part


def load_training(name: str, folder: Path, *, validation: int, limit: int = 0) -> TrainingData:
    """The training and validation parts of a data set by name.

    The validation part is the end of MNIST's training part: of its last 5,000 pictures 3,436 are by
    writers of whom no other picture is in the rest (counted with QMNIST's writer numbers), so it stands
    for strangers' hands better than a random split would. `limit` > 0 keeps the first so many of the
    training part. Raises DataError.
    """
    whole = _load(name, folder, "training")
    if validation >= len(whole):
        raise DataError(
            f"--validation {validation} leaves nothing of {len(whole):,} pictures to train on"
        )
    training = whole[: len(whole) - validation]
    return TrainingData(
        training=training[:limit] if limit else training,
        validation=whole[len(whole) - validation :],
    )


def load_test(name: str, folder: Path) -> Part:
    """The test part of a data set by name, which nothing is chosen by. Raises DataError."""
    return _load(name, folder, "test")


def missing_files(folder: Path) -> list[str]:
    """Names of MNIST's files that are not in the folder."""
    raw = folder / "MNIST" / "raw"
    names = [name for images, labels, _ in _MNIST_FILES.values() for name in (images, labels)]
    return [name for name in names if _present(raw, name) is None]


def fetch(name: str, folder: Path) -> Iterator[Downloading]:
    """Downloads what is missing of a data set, telling how far it is; nothing where all is there.

    Mirrors and MD5 sums are torchvision's. Raises DataError that says what to do where it cannot be had,
    RunError where the folder cannot be written.
    """
    _known(name)
    missing = missing_files(folder)
    if not missing:
        return
    # A second to import: only where something is to be fetched.
    from torchvision.datasets import MNIST

    raw = folder / "MNIST" / "raw"
    for file, md5 in MNIST.resources:
        if file.removesuffix(".gz") not in missing:
            continue
        try:
            yield from download([mirror + file for mirror in MNIST.mirrors], raw / file, md5=md5)
        except DataError as error:
            raise DataError(
                f"MNIST is not in {folder} and could not be downloaded.\n{error}\n"
                f"Connect to the internet and try again, or put MNIST's four files into {raw} "
                "(another computer can download them), or name a folder that has them with --data or "
                "HANDWRITE_DATA."
            ) from error
        except RunError as error:
            raise RunError(
                f"MNIST is not in {folder} and cannot be stored there.\n{error}\n"
                "Another folder can be named with --data or HANDWRITE_DATA."
            ) from error


def _load(name: str, folder: Path, part: str) -> Part:
    _known(name)
    raw = folder / "MNIST" / "raw"
    images_name, labels_name, count = _MNIST_FILES[part]
    paths = [_present(raw, file) for file in (images_name, labels_name)]
    if paths[0] is None or paths[1] is None:
        raise DataError(
            f"MNIST is not in {folder}. Name a folder that has MNIST/raw with --data or "
            "HANDWRITE_DATA, or let `handwrite-trainer train` download it."
        )
    pictures, targets = read_idx(paths[0]), read_idx(paths[1])
    if pictures.shape != (count, 28, 28):
        raise DataError(f"{paths[0]} is not MNIST's: it holds {pictures.shape}, not {count}×28×28")
    if targets.shape != (count,) or targets.max() > 9:
        raise DataError(f"{paths[1]} is not MNIST's: {count:,} labels from 0 to 9 are wanted")
    return Part(pictures=pictures, targets=targets.astype(np.int64), labels=DIGITS)


def _present(raw: Path, name: str) -> Path | None:
    for path in (raw / name, raw / f"{name}.gz"):
        if path.is_file():
            return path
    return None


def _known(name: str) -> None:
    if name != "mnist":
        raise DataError(f"there is no data set named {name!r}; choose one of: mnist")
