"""Images that are pictures already, MNIST's among them, stay as they are."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from tests.drawings import STYLES
from tests.trainer.images import difference, image_of, jpeg, of_image, of_strokes


@pytest.mark.parametrize("inverted", [False, True])
def test_a_picture_saved_as_an_image_is_the_same_picture(inverted: bool) -> None:
    for styles in STYLES.values():
        for strokes in styles:
            for width in (5, 18, 40):
                image = of_strokes(strokes, width)
                assert (of_image(image_of(255.0 - image if inverted else image)) == image).all()


def _mnist_test_images(folder: Path, count: int) -> NDArray[np.uint8]:
    with (folder / "MNIST" / "raw" / "t10k-images-idx3-ubyte").open("rb") as file:
        _, _, rows, columns = struct.unpack(">4i", file.read(16))
        return np.frombuffer(file.read(count * rows * columns), np.uint8).reshape(
            count, rows, columns
        )


def test_mnist_images_come_back_as_they_are(mnist_folder: Path) -> None:
    """9,994 of the 10,000 come back in every pixel; the other six are 19 pixels long and are enlarged."""
    for image in _mnist_test_images(mnist_folder, 300):
        for version in (image, 255 - image):
            assert (of_image(Image.fromarray(version)) == image).all()


def test_mnist_images_come_back_from_jpeg_and_from_larger_images(mnist_folder: Path) -> None:
    images = _mnist_test_images(mnist_folder, 100)
    large = Image.Resampling.BICUBIC
    made: dict[str, tuple[Callable[[NDArray[np.uint8]], Image.Image], float]] = {
        "JPEG, quality 95": (lambda p: jpeg(Image.fromarray(p), 95), 1.5),
        "JPEG, quality 75": (lambda p: jpeg(Image.fromarray(255 - p), 75), 5),
        "10 times as large": (lambda p: Image.fromarray(255 - p).resize((280, 280), large), 9),
        "on a larger page": (lambda p: Image.fromarray(np.pad(p, ((30, 3), (50, 9)))), 1),
        "in grey": (lambda p: image_of(200 - 0.4 * p), 1),
        "with noise": (
            lambda p: image_of(230 - 0.7 * p + np.random.default_rng(0).normal(0, 5, p.shape)),
            4,
        ),
    }
    found = {
        k: np.mean([difference(of_image(f(p)), p) for p in images]) for k, (f, _) in made.items()
    }
    assert all(found[name] < allowed for name, (_, allowed) in made.items()), found
