"""What is packed comes back to the last bit; what is broken is told."""

from __future__ import annotations

import dataclasses
import zlib
from typing import Any

import numpy as np
import pytest

from tests.drawings import DIGITS
from tests.trainer.drawings.made import drawing, same
from trainer.base.errors import PictureError
from trainer.drawings.packing import Packed, pack, unpack
from trainer.picture.strokes import Drawing, InkImage, Stroke

ODD = np.array([[-0.0, 0.0], [1e-45, -3.4e38], [0.1, 1 / 3], [2**24 + 1, 16777217]], np.float32)


@pytest.mark.parametrize(
    "some",
    [
        drawing(1),
        drawing(2, image=True),
        Drawing(image=drawing(3, image=True).image),
        Drawing((Stroke.make([[1, 2]]),)),
        Drawing((Stroke.make(ODD, times=[-1e300, 0.0, -0.0, 5e-324], width=5e-324),)),
        Drawing(tuple(Stroke.make(points) for points in DIGITS["5"])),
        Drawing((Stroke.make(np.random.default_rng(0).random((100_000, 2))),)),
    ],
    ids=["pen", "picture", "picture alone", "dot", "odd numbers", "mouse", "long"],
)
def test_what_comes_out_is_what_went_in(some: Drawing) -> None:
    back = unpack(pack(some))
    assert same(back, some)
    assert pack(back) == pack(some)
    for stroke in back.strokes:
        for array in (stroke.points, stroke.pressure, stroke.times):
            assert array is None or not array.flags.writeable


def test_the_hash_is_of_all_that_was_drawn() -> None:
    one = drawing(1, image=True)
    assert one.image is not None
    first, second = one.strokes
    others = [
        drawing(1),
        drawing(2, image=True),
        Drawing((first,), one.image),
        Drawing((second, first), one.image),
        Drawing((dataclasses.replace(first, times=None), second), one.image),
        Drawing((dataclasses.replace(first, width=25.0), second), one.image),
        Drawing(one.strokes, dataclasses.replace(one.image, left=2.0)),
    ]
    hashes = {pack(some).hash for some in [one, *others]}
    assert len(hashes) == 1 + len(others)
    assert pack(drawing(1, image=True)).hash in hashes


BAD: list[tuple[str, Drawing]] = [
    ("nothing is drawn", Drawing()),
    ("not finite", Drawing((Stroke(np.array([[np.nan, 1]], np.float32)),))),
    ("list of", Drawing((Stroke(np.zeros((0, 2), np.float32)),))),
    ("pressure", Drawing((Stroke(np.zeros((2, 2), np.float32), np.zeros(3, np.float32)),))),
    ("width", Drawing((Stroke(np.zeros((2, 2), np.float32), width=-1.0),))),
    ("uint8", Drawing(image=InkImage(np.zeros((2, 2)), 0, 0, 1, 1))),  # type: ignore[arg-type]
    ("uint8", Drawing(image=InkImage(np.zeros((0, 2), np.uint8), 0, 0, 1, 1))),
    ("place", Drawing(image=InkImage(np.zeros((2, 2), np.uint8), 0, 0, 0, 1))),
    ("place", Drawing(image=InkImage(np.zeros((2, 2), np.uint8), np.nan, 0, 1, 1))),
]


@pytest.mark.parametrize(("why", "some"), BAD)
def test_what_could_not_come_back_is_refused(why: str, some: Drawing) -> None:
    with pytest.raises(PictureError, match=why):
        pack(some)


def _spoilt(**changed: Any) -> Packed:
    return dataclasses.replace(pack(drawing(1, image=True)), **changed)


@pytest.mark.parametrize(
    "packed",
    [
        _spoilt(strokes=b""),
        _spoilt(strokes=b"\0" * 50),
        _spoilt(strokes=pack(drawing(1)).strokes[:-3]),
        _spoilt(strokes=pack(drawing(2)).strokes),
        _spoilt(strokes=zlib.compress(b"")),
        _spoilt(image=None),
        _spoilt(image=b"no"),
        _spoilt(hash=bytes(16)),
    ],
)
def test_damage_is_told(packed: Packed) -> None:
    with pytest.raises(PictureError, match="bytes"):
        unpack(packed)
