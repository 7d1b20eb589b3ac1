"""The sheet on the disk: exact, a file for each window, and never half a file."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from handwrite_app.canvas.files.sheet_file import SheetFile, pack, unpack
from trainer.base.errors import PictureError, RunError
from trainer.picture.strokes import Drawing, InkImage, Stroke


def _drawing(y: float = 0.0) -> Drawing:
    return Drawing((Stroke.make([[0, y], [9, y]], width=24.0),))


def _rich() -> Drawing:
    return Drawing(
        (
            Stroke.make([[0.1, 1 / 3], [9, 5]], pressure=[0.25, 1], times=[0.5, 0.75], width=24.0),
            Stroke.make([[3, 4]]),
        ),
        InkImage(np.arange(12, dtype=np.uint8).reshape(3, 4), 1.5, 2, 30, 40),
    )


def _same(one: Drawing, other: Drawing) -> None:
    assert len(one.strokes) == len(other.strokes)
    for a, b in zip(one.strokes, other.strokes, strict=True):
        assert a.points.tobytes() == b.points.tobytes()
        assert a.width == b.width
        for x, y in ((a.pressure, b.pressure), (a.times, b.times)):
            assert (x is None) == (y is None)
            assert x is None or y is None or x.tobytes() == y.tobytes()
    assert (one.image is None) == (other.image is None)
    if one.image is not None and other.image is not None:
        assert one.image.ink.tobytes() == other.image.ink.tobytes()
        assert one.image.ink.shape == other.image.ink.shape
        assert (one.image.left, one.image.height) == (other.image.left, other.image.height)


@pytest.mark.parametrize("drawing", [_rich(), _drawing(), Drawing(), Drawing((), _rich().image)])
def test_a_drawing_comes_back_exactly(drawing: Drawing) -> None:
    _same(unpack(pack(drawing)), drawing)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", pack(_rich())[:-30], b"\x93NUMPY"])
def test_a_damaged_sheet_is_an_error(data: bytes) -> None:
    with pytest.raises(PictureError):
        unpack(data)


def test_the_next_window_takes_the_sheet_over(tmp_path: Path) -> None:
    first = SheetFile(tmp_path)
    assert first.open() is None
    first.write(_rich())
    first.close()
    second = SheetFile(tmp_path)
    found = second.open()
    assert found is not None
    _same(found, _rich())
    second.write(_drawing())  # in the same file
    second.close()
    assert len(list(tmp_path.glob("*.sheet"))) == 1


def test_every_window_has_a_file_of_its_own(tmp_path: Path) -> None:
    first, second = SheetFile(tmp_path), SheetFile(tmp_path)
    first.write(_drawing(1))
    assert second.open() is None  # the first one lives
    second.write(_drawing(2))
    assert first.path != second.path
    first.close()
    second.close()
    third, fourth, fifth = (SheetFile(tmp_path) for _ in range(3))
    found = [sheet.open() for sheet in (third, fourth, fifth)]
    assert found[2] is None
    heights = {float(one.strokes[0].points[0, 1]) for one in found if one is not None}
    assert heights == {1.0, 2.0}
    for sheet in (third, fourth, fifth):
        sheet.close()


def test_the_newest_comes_first(tmp_path: Path) -> None:
    sheets = [SheetFile(tmp_path) for _ in range(2)]
    for y, sheet in enumerate(sheets, start=1):
        sheet.write(_drawing(y))
        assert sheet.path is not None
        os.utime(sheet.path, (1000 - y, 1000 - y))
    for sheet in sheets:
        sheet.close()
    again = SheetFile(tmp_path)
    found = again.open()
    assert found is not None
    assert found.strokes[0].points[0, 1] == 1
    again.close()


def test_an_empty_sheet_leaves_nothing(tmp_path: Path) -> None:
    sheet = SheetFile(tmp_path)
    sheet.write(Drawing())
    assert not list(tmp_path.iterdir())
    sheet.write(_drawing())
    sheet.write(Drawing())
    sheet.close()
    assert not list(tmp_path.iterdir())


def test_one_that_is_damaged_is_put_aside_and_the_next_one_taken(tmp_path: Path) -> None:
    sheet = SheetFile(tmp_path)
    sheet.write(_drawing(3))
    assert sheet.path is not None
    os.utime(sheet.path, (1000, 1000))
    sheet.close()
    (tmp_path / "bad.sheet").write_bytes(b"no sheet")
    again = SheetFile(tmp_path)
    found = again.open()
    assert found is not None
    assert found.strokes[0].points[0, 1] == 3
    assert (tmp_path / "bad.damaged").read_bytes() == b"no sheet"
    again.close()


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    sheet = SheetFile(tmp_path / "file")
    assert sheet.open() is None
    with pytest.raises(RunError):
        sheet.write(_drawing())
    sheet.close()
