"""The idx format of MNIST's files (LeCun, Cortes, Burges), read with its sizes checked."""

from __future__ import annotations

import gzip
import io
import math
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import DataError

_UINT8, _INT32 = 0x08, 0x0C
_MOST = 1 << 30  # bytes; MNIST's training pictures are 47 million


def read_idx(path: Path, *, member: str = "") -> NDArray[np.uint8]:
    """The array of an idx file of unsigned bytes; a name ending in .gz is decompressed.

    member: with it, path is a .zip, and the idx file of that name in it is read, without unpacking the
    rest. Raises DataError where the file is absent, of another kind, truncated or too long.
    """
    shape, values = _read(path, member, _UINT8, "unsigned bytes")
    return np.frombuffer(values, np.uint8).reshape(shape)


def read_idx_integers(path: Path) -> NDArray[np.int64]:
    """The array of an idx file of 32-bit integers, as QMNIST's labels are. Raises DataError as read_idx."""
    shape, values = _read(path, "", _INT32, "32-bit integers")
    return np.frombuffer(values, ">i4").reshape(shape).astype(np.int64)


def _read(path: Path, member: str, kind: int, called: str) -> tuple[tuple[int, ...], bytes]:
    try:
        with _opened(path, member) as file:
            start = file.read(4)
            if len(start) < 4 or start[:2] != b"\0\0" or start[2] != kind:
                raise DataError(
                    "idx.other-kind",
                    "{path} is no idx file of {kind}. Delete it and download it again.",
                    path=path,
                    kind=called,
                )
            dimensions = start[3]
            sizes = file.read(4 * dimensions)
            if len(sizes) < 4 * dimensions or dimensions == 0:
                raise DataError(
                    "idx.truncated",
                    "{path} is truncated. Delete it and download it again.",
                    path=path,
                )
            shape = struct.unpack(f">{dimensions}I", sizes)
            each = 1 if kind == _UINT8 else 4
            wanted = math.prod(shape)
            if wanted * each > _MOST:
                raise DataError(
                    "idx.too-large",
                    "{path} announces {count:,} values. Delete it and download it again.",
                    path=path,
                    count=wanted,
                )
            # One more than there should be tells too long a file, however far a .gz would unfold.
            values = file.read(wanted * each + 1)
    except FileNotFoundError as error:
        raise DataError("idx.absent", "{path} is absent", path=path) from error
    except (OSError, EOFError, KeyError, zlib.error, zipfile.BadZipFile) as error:
        raise DataError(
            "idx.unreadable",
            "{path} cannot be read ({reason}). Delete it and download it again.",
            path=path,
            reason=str(error),
        ) from error
    if len(values) > wanted * each:
        raise DataError(
            "idx.too-long",
            "{path} holds more than the {count:,} values it announces. Delete it and download it again.",
            path=path,
            count=wanted,
        )
    if len(values) < wanted * each:
        raise DataError(
            "idx.too-short",
            "{path} holds {found:,} of the {count:,} values it announces. Delete it and download it again.",
            path=path,
            found=len(values) // each,
            count=wanted,
        )
    return shape, values


@contextmanager
def _opened(path: Path, member: str) -> Iterator[IO[bytes] | gzip.GzipFile | io.BufferedReader]:
    if not member:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            yield file
        return
    with zipfile.ZipFile(path) as archive, archive.open(member) as packed:
        if not member.endswith(".gz"):
            yield packed
            return
        with gzip.open(packed, "rb") as file:
            yield file
