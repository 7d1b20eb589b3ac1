"""The idx format of MNIST's files (LeCun, Cortes, Burges), read with its sizes checked."""

from __future__ import annotations

import gzip
import math
import struct
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.errors import DataError

_UINT8 = 0x08
_MOST = 1 << 30  # values; MNIST's training pictures are 47 million


def read_idx(path: Path) -> NDArray[np.uint8]:
    """The array of an idx file of unsigned bytes; a name ending in .gz is decompressed.

    Raises DataError where the file is absent, of another kind, truncated or too long.
    """
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            start = file.read(4)
            if len(start) < 4 or start[:2] != b"\0\0" or start[2] != _UINT8:
                raise _unusable(path, "is no idx file of unsigned bytes")
            dimensions = start[3]
            sizes = file.read(4 * dimensions)
            if len(sizes) < 4 * dimensions or dimensions == 0:
                raise _unusable(path, "is truncated")
            shape = struct.unpack(f">{dimensions}I", sizes)
            wanted = math.prod(shape)
            if wanted > _MOST:
                raise _unusable(path, f"announces {wanted:,} values")
            # One more than there should be tells too long a file, however far a .gz would unfold.
            values = file.read(wanted + 1)
    except FileNotFoundError as error:
        raise DataError(f"{path} is absent") from error
    except (OSError, EOFError, zlib.error) as error:
        raise _unusable(path, f"cannot be read ({error})") from error
    if len(values) > wanted:
        raise _unusable(path, f"holds more than the {wanted:,} values it announces")
    if len(values) < wanted:
        raise _unusable(path, f"holds {len(values):,} of the {wanted:,} values it announces")
    return np.frombuffer(values, np.uint8).reshape(shape)


def _unusable(path: Path, what: str) -> DataError:
    return DataError(f"{path} {what}. Delete it and download it again.")
