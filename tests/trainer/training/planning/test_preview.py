"""What a preview shows: pictures that are in the data, and what becomes of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from trainer.datasets import Split, TrainingData
from trainer.datasets.augmentation.images import AUGMENTATIONS, Augmentation
from trainer.datasets.augmentation.spec import StrokeAugmentation
from trainer.training.planning.preview import SCALE, Batch, draw_batch, sample_batch, write_preview

pytestmark = pytest.mark.usefixtures("one_thread")

SIDE = 28 * SCALE


def _part(count: int) -> Split:
    """Each picture a square of a grey of its own, labelled by that grey."""
    pictures = np.zeros((count, 28, 28), np.uint8)
    pictures[:, 8:20, 8:20] = np.arange(1, count + 1)[:, None, None]
    labels = tuple(str(n) for n in range(1, count + 1))
    return Split(pictures=pictures, targets=np.arange(count), labels=labels)


def _data(count: int = 100, **rest: object) -> TrainingData:
    part = _part(count)
    return TrainingData(training=part, validation=part, **rest)  # type: ignore[arg-type]


def test_pictures_with_their_labels() -> None:
    batch = sample_batch(_data(), None, count=30)
    greys = [str(picture[14, 14]) for picture in batch.originals]
    assert tuple(greys) == batch.labels
    assert len(set(greys)) == 30  # none twice
    assert (batch.changed == batch.originals).all()


def test_augmented_by_the_seed() -> None:
    one, again, other = (
        sample_batch(_data(), AUGMENTATIONS["strong"], count=20, seed=seed) for seed in (1, 1, 2)
    )
    assert one.changed.dtype == np.uint8
    assert one.changed.shape == one.originals.shape == (20, 28, 28)
    assert (one.changed != one.originals).any(axis=(1, 2)).all()
    assert (one.changed == again.changed).all()
    assert one.labels != other.labels


def test_a_shift_moves_and_changes_nothing_else() -> None:
    batch = sample_batch(_data(), AUGMENTATIONS["shift"], count=20)
    for original, changed in zip(batch.originals, batch.changed, strict=True):
        # Between pixels edges become soft: ink is kept to rounding.
        assert changed.sum() == pytest.approx(original.sum(), rel=0.05, abs=30)


def test_no_more_than_there_are() -> None:
    assert sorted(sample_batch(_data(3), None, count=64).labels) == ["1", "2", "3"]


def test_heavier_sources_come_more_often() -> None:
    repeats = np.where(np.arange(100) < 50, 9, 1).astype(np.float32)
    labels = sample_batch(_data(repeats=repeats), None, count=20).labels
    assert sum(int(label) <= 50 for label in labels) >= 14


def test_strokes_are_drawn_anew() -> None:
    handed: list[StrokeAugmentation] = []

    def redraw(
        generator: np.random.Generator, hands: StrokeAugmentation
    ) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        handed.append(hands)
        drawn = np.full((50, 28, 28), 200, np.uint8)
        return np.arange(0, 100, 2), drawn

    how = Augmentation(strokes=StrokeAugmentation(hooks=0.5))
    batch = sample_batch(_data(redraw=redraw), how, count=40)
    assert handed == [StrokeAugmentation(hooks=0.5)]
    for original, changed, label in zip(batch.originals, batch.changed, batch.labels, strict=True):
        assert original[14, 14] == int(label)
        anew = (int(label) - 1) % 2 == 0
        assert (changed == (200 if anew else original)).all()


def test_pixels_are_squares_in_their_places() -> None:
    random = np.random.default_rng(0)
    originals, changed = random.integers(0, 256, (2, 3, 28, 28), dtype=np.uint8)
    image = np.asarray(draw_batch(Batch(originals=originals, changed=changed, labels=tuple("abc"))))
    large = np.ones((SCALE, SCALE), np.uint8)
    found = [
        (x, y)
        for y in range(image.shape[0] - SIDE + 1)
        for x in range(image.shape[1] - SIDE + 1)
        if (
            image[y, x, 0] == originals[2, 0, 0]
            and image[y, x + SIDE - 1, 0] == originals[2, 0, 27]
        )
        and (image[y : y + SIDE, x : x + SIDE, 0] == np.kron(originals[2], large)).all()
    ]
    ((x, y),) = found
    beside = image[y : y + SIDE, x + SIDE : x + 2 * SIDE + 8, 0]
    assert any((beside[:, dx : dx + SIDE] == np.kron(changed[2], large)).all() for dx in range(9))
    below = image[y + SIDE : y + SIDE + 20, x : x + SIDE]
    assert below.min() < 100  # a label


@pytest.mark.parametrize("label", ["中", "w" * 200, "é", " ", "\U0001f600"])
def test_every_label_can_be_written(label: str) -> None:
    blank = np.zeros((2, 28, 28), np.uint8)
    batch = Batch(originals=blank, changed=blank, labels=(label, "i"))
    image = draw_batch(batch, title=f"{label} and a title that is longer than one pair")
    assert image.width >= 2 * (2 * SIDE)


def test_a_long_label_stays_below_its_pair() -> None:
    blank = np.zeros((2, 28, 28), np.uint8)
    long = draw_batch(Batch(originals=blank, changed=blank, labels=("w" * 200, " ")))
    half = long.width // 2
    assert np.asarray(long)[SIDE + 24 :, half + 10 :].min() > 200  # nothing is written there


def test_the_file(tmp_path: Path) -> None:
    batch = sample_batch(_data(), None, count=4)
    write_preview(draw_batch(batch, title="x"), tmp_path / "new" / "p.png")
    with Image.open(tmp_path / "new" / "p.png") as image:
        assert image.format == "PNG"
        assert image.mode == "RGB"
