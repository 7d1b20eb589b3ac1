"""Images that show no digit: nothing is made of grain, shade, specks, and what lies around the paper."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from tests.drawings import DIGITS, painted
from tests.trainer.images import Plane, difference, image_of, of_image, of_strokes, photographed
from trainer.picture.preprocess import picture_from_image


@pytest.mark.parametrize("value", [0, 1, 127, 255])
@pytest.mark.parametrize("size", [(1, 1), (2, 5), (28, 28), (300, 200), (3000, 2000)])
def test_a_uniform_image_shows_nothing(value: int, size: tuple[int, int]) -> None:
    for mode in ("L", "F", "I"):
        assert picture_from_image(Image.new(mode, size, value)) is None
    assert picture_from_image(Image.new("RGB", size, (value, 20, 250))) is None
    assert picture_from_image(Image.new("RGBA", size, (value, 20, 250, 0))) is None
    assert picture_from_image(Image.new("RGBA", size, (value, 20, 250, 255))) is None
    assert picture_from_image(Image.new("LA", size, (value, 99))) is None


def test_hidden_colours_under_full_transparency_show_nothing() -> None:
    hidden = painted(DIGITS["8"], ink=(0, 0, 0, 0), paper=(255, 255, 255, 0), mode="RGBA")
    assert picture_from_image(hidden) is None


@pytest.mark.parametrize(
    ("size", "seed"),
    [*((size, seed) for size in (28, 40, 64) for seed in range(4)), (280, 0), (280, 1), (600, 2)],
)
def test_noise_shows_nothing(size: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    planes = {
        "uniform": rng.integers(0, 256, (size, size)),
        "normal": 128 + rng.normal(0, 30, (size, size)),
        "faint": 240 + rng.normal(0, 4, (size, size)),
        "cut at white": 255 + rng.normal(0, 20, (size, size)),
        "bits": 255 * (rng.random((size, size)) > 0.5),
        "few specks": 255 * (rng.random((size, size)) > 0.03),
        "many specks": 255 * (rng.random((size, size)) > 0.1),
        "light specks": 255 * (rng.random((size, size)) < 0.05),
        "paper in the shade": 200
        - 100 * np.mgrid[0:size, 0:size][0] / size
        + rng.normal(0, 6, (size, size)),
    }
    seen = [
        name for name, plane in planes.items() if picture_from_image(image_of(plane)) is not None
    ]
    assert seen == []


@pytest.mark.parametrize("size", [60, 150, 280, 500, 1000])
@pytest.mark.parametrize("noise", [2, 6, 15])
def test_a_photo_of_blank_paper_shows_nothing(size: int, noise: float) -> None:
    blank = photographed([], size, 0, noise=noise)
    assert picture_from_image(blank) is None
    assert picture_from_image(blank.rotate(180)) is None


def test_the_table_under_the_paper_is_not_written() -> None:
    for label, strokes in DIGITS.items():
        plane = np.array(photographed(strokes, 500, 32), float)
        plane[:, :30] = 20
        plane[-25:] = 35
        table = image_of(plane + np.random.default_rng(2).normal(0, 3, plane.shape))
        assert difference(of_image(table), of_strokes(strokes)) < 6, label


@pytest.mark.parametrize(
    "plane", [np.full((30, 30), np.nan), np.full((30, 30), np.inf), np.full((30, 30), -1e30)]
)
def test_values_that_are_no_grey_show_nothing(plane: Plane) -> None:
    assert picture_from_image(Image.fromarray(plane.astype(np.float32))) is None


def test_greys_of_any_range_with_holes_in_them() -> None:
    plane = np.asarray(painted(DIGITS["3"]), np.float32) * 1e20 - 5e21
    plane[:3] = np.nan
    plane[-3:] = np.inf
    result = picture_from_image(Image.fromarray(plane))
    assert result is not None


@pytest.mark.parametrize("size", [(0, 0), (0, 9), (1, 1), (1, 50), (50, 1), (2, 2), (3, 400)])
def test_slivers_do_no_harm(size: tuple[int, int]) -> None:
    rng = np.random.default_rng(1)
    for _ in range(5):
        image = image_of(rng.integers(0, 256, size)) if 0 not in size else Image.new("L", size)
        picture_from_image(image)
