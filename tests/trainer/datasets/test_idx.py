"""The idx format, with everything that a damaged or a strange file can be."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest

from trainer.base.errors import DataError
from trainer.datasets.idx import read_idx

VALUES = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)


def _idx(shape: tuple[int, ...], values: bytes, *, kind: int = 8) -> bytes:
    return bytes([0, 0, kind, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + values


GOOD = _idx((2, 3, 4), VALUES.tobytes())


@pytest.mark.parametrize("packed", [False, True])
def test_the_array_comes_out(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("x.gz" if packed else "x")
    path.write_bytes(gzip.compress(GOOD) if packed else GOOD)
    array = read_idx(path)
    assert array.dtype == np.uint8
    assert np.array_equal(array, VALUES)


def test_an_array_without_values(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(_idx((0, 28, 28), b""))
    assert read_idx(tmp_path / "x").shape == (0, 28, 28)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no idx file"),
        (b"\0\0\x08", "no idx file"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "no idx file"),
        (_idx((2, 3, 4), VALUES.tobytes(), kind=0x0D), "no idx file of unsigned bytes"),
        (b"\1" + GOOD[1:], "no idx file"),
        (b"\0\0\x08\0", "truncated"),
        (b"\0\0\x08\3\0\0\0\2", "truncated"),
        (GOOD[:-1], "holds 23 of the 24 values"),
        (GOOD[:16], "holds 0 of the 24 values"),
        (GOOD + b"\0", "holds more than the 24 values"),
        (_idx((2**32 - 1,) * 255, b"x"), "announces"),
        (_idx((2**31, 1, 1), b"x"), "announces 2,147,483,648 values"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_bad_file_is_refused_with_what_to_do(
    tmp_path: Path, content: bytes, reason: str, packed: bool
) -> None:
    path = tmp_path / ("x.gz" if packed else "x")
    path.write_bytes(gzip.compress(content) if packed else content)
    with pytest.raises(DataError, match=reason) as caught:
        read_idx(path)
    assert str(path) in str(caught.value)
    assert "Delete it and download it again." in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        GOOD,  # not packed at all
        gzip.compress(GOOD)[:-9],
        gzip.compress(GOOD)[:5],
        gzip.compress(GOOD)[:-8] + bytes(8),  # wrong checksum
        gzip.compress(GOOD)[:12] + b"\xff" * 20,
    ],
    # The header holds the time of compressing: an id of its own, equal in every process that collects.
    ids=["not packed", "cut in the trailer", "cut in the header", "checksum", "garbage"],
)
def test_a_damaged_package_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(content)
    with pytest.raises(DataError, match="Delete it and download it again"):
        read_idx(path)


def test_a_package_does_not_unfold_beyond_what_it_announces(tmp_path: Path) -> None:
    path = tmp_path / "x.gz"
    path.write_bytes(gzip.compress(GOOD + bytes(50_000_000), compresslevel=1))
    import tracemalloc

    tracemalloc.start()
    try:
        with pytest.raises(DataError, match="more than the 24 values"):
            read_idx(path)
        assert tracemalloc.get_traced_memory()[1] < 5_000_000
    finally:
        tracemalloc.stop()


def test_an_absent_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is absent"):
        read_idx(tmp_path / "none")
    with pytest.raises(DataError, match="cannot be read"):
        read_idx(tmp_path)
