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


def read_idx(path: Path) -> NDArray[np.uint8]:
    """The array of an idx file of unsigned bytes; a name ending in .gz is decompressed.

    Raises DataError where the file is absent, of another kind, truncated or too long.
    """
    try:
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    except FileNotFoundError as error:
        raise DataError(f"{path} is absent") from error
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(
            f"{path} cannot be read ({error}). Delete it and download it again."
        ) from error
    if len(raw) < 4 or raw[:2] != b"\0\0" or raw[2] != _UINT8:
        raise DataError(
            f"{path} is no idx file of unsigned bytes. Delete it and download it again."
        )
    dimensions = raw[3]
    start = 4 + 4 * dimensions
    if len(raw) < start or dimensions == 0:
        raise DataError(f"{path} is truncated. Delete it and download it again.")
    shape = struct.unpack(f">{dimensions}I", raw[4:start])
    wanted = math.prod(shape)
    if len(raw) - start != wanted:
        raise DataError(
            f"{path} holds {len(raw) - start:,} of the {wanted:,} values it announces. "
            "Delete it and download it again."
        )
    return np.frombuffer(raw, np.uint8, offset=start).reshape(shape)
