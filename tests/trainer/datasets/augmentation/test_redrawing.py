"""Drawings drawn anew: as picture_from_drawing would, at another width, slant and turn."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.trainer.strokes_files import drawings_of, lines, write
from trainer.datasets import load_training
from trainer.datasets.augmentation import redrawing
from trainer.datasets.augmentation.redrawing import Redrawing
from trainer.datasets.augmentation.spec import StrokeAugmentation
from trainer.datasets.pictures import DrawingSet
from trainer.picture import preprocess, raster
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.spec import SPEC, Preprocessing
from trainer.picture.strokes import drawing_from_json


def _drawn(
    drawings: DrawingSet, *, width: float = 1.0, slant: float = 0.0, turn: float = 0.0
) -> NDArray[np.uint8]:
    count = len(drawings)
    some = Redrawing(drawings, np.arange(count))
    assert some.places.tolist() == list(range(count))
    return some.drawn(
        width=np.full(count, width), slant=np.full(count, slant), turn=np.full(count, turn)
    )


def _reference(
    line: dict[str, Any], *, width: float, slant: float, turn: float
) -> NDArray[np.uint8]:
    """By the one function that makes pictures: points are moved, and the width is given."""
    matrix = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    matrix = matrix @ np.array([[1, slant], [0, 1]])
    strokes = [(np.array(stroke, np.float64) @ matrix.T) for stroke in line["strokes"]]
    every = np.concatenate(strokes)
    # The width in the drawing's units that is as thick as wanted in the picture.
    extent = float(np.ptp(every, axis=0).max())
    wanted = width * redrawing.SPEC.usual
    pen = wanted * extent / (20 - wanted)
    document = {"strokes": [stroke.tolist() for stroke in strokes], "widths": [pen] * len(strokes)}
    picture = picture_from_drawing(drawing_from_json(document)[0])
    assert picture is not None
    return picture


@pytest.mark.parametrize(
    ("width", "slant", "turn"),
    [(1, 0, 0), (0.7, 0.25, 0.0), (1.5, -0.25, 0.14), (1.2, 0.1, -0.14)],
)
def test_they_are_the_pictures_of_the_changed_strokes(
    tmp_path: Path, width: float, slant: float, turn: float
) -> None:
    some = lines(120)
    pictures = _drawn(drawings_of(tmp_path / "x.jsonl", some), width=width, slant=slant, turn=turn)
    assert pictures.dtype == np.uint8
    close = 0
    for line, picture in zip(some, pictures, strict=True):
        expected = _reference(line, width=width, slant=slant, turn=turn)
        difference = np.abs(picture.astype(int) - expected)
        close += difference.max() <= 40 and difference.mean() < 0.5
    # A centre of mass just between two pixels may be put on either side.
    assert close >= 115


@pytest.mark.parametrize(
    "changed",
    [replace(SPEC, samples=3), replace(SPEC, usual=3.4, thickest=5.0), replace(SPEC, tie=-1.5)],
)
def test_reading_and_training_follow_one_description(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: Preprocessing
) -> None:
    plain = drawings_of(tmp_path / "plain.jsonl", lines(120))
    for module in (preprocess, raster, redrawing):
        monkeypatch.setattr(module, "SPEC", changed)
    drawings = drawings_of(tmp_path / "x.jsonl", lines(120))
    assert (drawings.pictures != plain.pictures).any(axis=(1, 2)).mean() > 0.95
    difference = np.abs(_drawn(drawings).astype(int) - drawings.pictures)
    assert np.mean(difference.max(axis=(1, 2)) <= 40) > 0.95
    assert difference.mean() < 0.2


def test_unchanged_they_are_the_pictures_themselves(tmp_path: Path) -> None:
    drawings = drawings_of(tmp_path / "x.jsonl", lines(300))
    difference = np.abs(_drawn(drawings).astype(int) - drawings.pictures)
    assert np.mean(difference.max(axis=(1, 2)) <= 40) > 0.97
    assert difference.mean() < 0.2


def test_strange_drawings_are_drawn_as_well(tmp_path: Path) -> None:
    some = [
        {
            "label": "1",
            "strokes": [[[1e6, 1e6], [1e6, 1e6 + 100]]],
        },  # far away, and one straight line
        {"label": "1", "strokes": [[[0, 0]], [[0, 50]]]},  # two dots
        {"label": "1", "strokes": [[[0, 0], [0, 0], [30, 1], [30, 1]]]},  # the pen rests
        {"label": "1", "strokes": [[[0, 0], [1e-3, 1e-3]]]},
        {"label": "1", "strokes": [[[i % 7, i] for i in range(3000)]]},
    ]
    drawings = drawings_of(tmp_path / "x.jsonl", some)
    assert len(drawings) == 5
    difference = np.abs(_drawn(drawings).astype(int) - drawings.pictures)
    assert (difference.mean(axis=(1, 2)) < 1).all()
    extreme = _drawn(drawings, width=1.5, slant=0.27, turn=0.14)
    assert extreme.any(axis=(1, 2)).all()


def test_redrawing_belongs_to_the_training_part(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", lines(200))
    data = load_training(f"strokes:{path}", tmp_path, validation=40)
    assert data.redraw is not None
    places, pictures = data.redraw(np.random.default_rng(0), StrokeAugmentation())
    assert places.dtype == np.int64
    assert pictures.dtype == np.uint8
    assert places.tolist() == list(range(len(data.training)))
    # Another picture, but of the same drawing: nearer to its own than to others.
    old = data.training.pictures.reshape(len(places), -1).astype(np.float64)
    new = pictures.reshape(len(places), -1).astype(np.float64)
    assert (np.abs(old - new).max(axis=1) > 50).mean() > 0.9
    likeness = np.corrcoef(old, new)[: len(old), len(old) :]
    own = np.diag(likeness)
    assert np.median(own) > 0.7
    assert np.mean(own > np.quantile(likeness, 0.9, axis=1)) > 0.9


def test_the_same_seed_draws_the_same(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", lines(60))
    redraw = load_training(f"strokes:{path}", tmp_path, validation=10).redraw
    assert redraw is not None
    generator = np.random.default_rng(3)
    first, second = (
        redraw(generator, StrokeAugmentation())[1],
        redraw(generator, StrokeAugmentation())[1],
    )
    assert np.array_equal(redraw(np.random.default_rng(3), StrokeAugmentation())[1], first)
    assert not np.array_equal(first, second)


def test_in_a_mixture_and_under_a_limit_places_are_right(bars: Path, tmp_path: Path) -> None:
    one = write(tmp_path / "one.jsonl", lines(100))
    two = write(tmp_path / "two.jsonl", lines(100, seed=1))
    spec = f"strokes:{one}+mnist+strokes:{two}"
    for limit in (0, 20_000):
        data = load_training(spec, bars, validation=5000, limit=limit)
        assert data.redraw is not None
        places, pictures = data.redraw(np.random.default_rng(0), StrokeAugmentation())
        count = len(data.training)
        assert places[0] == 0
        assert places[-1] == count - 1
        assert 20 < len(places) <= 180
        old = data.training.pictures[places].astype(np.float64)
        # MNIST's are bars here: no drawing is like one of them.
        assert (
            np.median(
                [
                    np.corrcoef(a.ravel(), b.ravel())[0, 1]
                    for a, b in zip(old, pictures, strict=True)
                ]
            )
            > 0.7
        )


def test_without_strokes_nothing_is_drawn_anew(bars: Path, tmp_path: Path) -> None:
    assert load_training("mnist", bars, validation=100).redraw is None
    np.savez(
        tmp_path / "x.npz",
        pictures=np.random.default_rng(0).integers(0, 90, (50, 28, 28), dtype=np.uint8),
        labels=np.arange(50) % 5,
    )
    assert load_training(f"npz:{tmp_path / 'x.npz'}", tmp_path, validation=100).redraw is None
