"""MNIST from its files: three parts that do not overlap, and what is wrong where something is."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import numpy as np
import pytest

from trainer.base.errors import ConfigError, DataError
from trainer.datasets import DIGITS, Split, fetch, load_test, load_training, published
from trainer.datasets.idx import read_idx
from trainer.datasets.published import missing_files

TRAIN_IMAGES, TRAIN_LABELS = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
TEST_IMAGES, TEST_LABELS = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"


@pytest.fixture
def copied(bars: Path, tmp_path: Path) -> Path:
    """MNIST/raw of a folder of one's own, to be spoiled; its files are links."""
    raw = tmp_path / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for source in (bars / "MNIST" / "raw").iterdir():
        try:
            (raw / source.name).symlink_to(source)
        except OSError:  # Windows, without the right to make links
            shutil.copy(source, raw / source.name)
    return raw


def _replace(path: Path, content: bytes) -> None:
    path.unlink()
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("validation", "limit", "left"),
    [(5000, 0, 55_000), (100, 1000, 1000), (20_000, 50_000, 40_000)],
)
def test_validation_is_the_end_and_the_rest_is_trained_on(
    bars: Path, validation: int, limit: int, left: int
) -> None:
    pictures = read_idx(bars / "MNIST" / "raw" / TRAIN_IMAGES)
    targets = read_idx(bars / "MNIST" / "raw" / TRAIN_LABELS)
    data = load_training("mnist", bars, validation=validation, limit=limit)
    assert len(data.training) == left
    assert len(data.validation) == validation
    assert np.array_equal(data.training.targets, targets[:left])
    assert np.array_equal(data.validation.targets, targets[-validation:])
    assert np.array_equal(data.training.pictures, pictures[:left])
    assert np.array_equal(data.validation.pictures, pictures[-validation:])
    # Many pictures are alike here; but none is in both parts, not one byte.
    assert not np.shares_memory(data.training.pictures, data.validation.pictures)


def test_parts_are_bytes_with_places_in_the_labels(bars: Path) -> None:
    part = load_test("mnist", bars)
    assert part.pictures.shape == (10_000, 28, 28)
    assert part.pictures.dtype == np.uint8
    assert part.targets.shape == (10_000,)
    assert part.targets.dtype == np.int64
    assert part.labels == DIGITS == tuple("0123456789")


def test_a_part_of_a_part(bars: Path) -> None:
    part = load_test("mnist", bars)
    piece = part[10:13]
    assert isinstance(piece, Split)
    assert len(piece) == 3
    assert np.array_equal(piece.targets, part.targets[10:13])
    assert piece.labels == part.labels


def test_nothing_is_left_to_train_on(bars: Path) -> None:
    with pytest.raises(DataError, match="--validation 60000 leaves nothing of 60,000 pictures"):
        load_training("mnist", bars, validation=60_000)


def test_packed_files_do_as_well(copied: Path) -> None:
    for name in (TEST_IMAGES, TEST_LABELS):
        content = (copied / name).read_bytes()
        (copied / name).unlink()
        (copied / f"{name}.gz").write_bytes(gzip.compress(content, compresslevel=1))
    part = load_test("mnist", copied.parent.parent)
    assert len(part) == 10_000
    assert part.pictures.any()


def test_an_absent_folder_says_what_to_do(tmp_path: Path) -> None:
    for load in (
        lambda: load_test("mnist", tmp_path / "none"),
        lambda: load_training("mnist", tmp_path / "none", validation=100),
    ):
        with pytest.raises(DataError, match="MNIST is not in") as caught:
            load()
        assert "--data or HANDWRITE_DATA" in str(caught.value)
    assert len(missing_files("mnist", tmp_path)) == 4
    for name, files in {"mnist": 2, "qmnist": 2, "usps": 1, "emnist-letters": 1}.items():
        assert len(missing_files(name, tmp_path, test_only=True)) == files
    assert list(tmp_path.iterdir()) == []


def test_one_absent_file_is_missed(copied: Path) -> None:
    (copied / TRAIN_LABELS).unlink()
    folder = copied.parent.parent
    assert missing_files("mnist", folder) == [f"MNIST/raw/{TRAIN_LABELS}"]
    with pytest.raises(DataError, match="MNIST is not in"):
        load_training("mnist", folder, validation=100)
    assert len(load_test("mnist", folder)) == 10_000


def test_a_truncated_file_is_told(copied: Path) -> None:
    _replace(copied / TEST_IMAGES, (copied / TEST_IMAGES).read_bytes()[:-1])
    with pytest.raises(DataError, match="holds 7,839,999 of the 7,840,000") as caught:
        load_test("mnist", copied.parent.parent)
    assert "Delete it and download it again" in str(caught.value)


def test_another_number_of_pictures_is_told(copied: Path) -> None:
    content = (copied / TEST_IMAGES).read_bytes()
    _replace(
        copied / TEST_IMAGES,
        content[:4] + np.array([9_999, 28, 28], ">i4").tobytes() + content[16:-784],
    )
    with pytest.raises(DataError, match=r"not MNIST's: it holds .*not 10000×28×28"):
        load_test("mnist", copied.parent.parent)


def test_files_that_were_swapped_are_told(copied: Path) -> None:
    (copied / TEST_IMAGES).unlink()
    (copied / TEST_LABELS).replace(copied / TEST_IMAGES)
    (copied / TEST_LABELS).write_bytes((copied / TEST_IMAGES).read_bytes())
    with pytest.raises(DataError, match="is not MNIST's"):
        load_test("mnist", copied.parent.parent)


def test_labels_are_digits(copied: Path) -> None:
    content = (copied / TEST_LABELS).read_bytes()
    _replace(copied / TEST_LABELS, content[:-1] + b"\x0a")
    with pytest.raises(DataError, match="10,000 labels from 0 to 9 are wanted"):
        load_test("mnist", copied.parent.parent)


def test_an_unknown_name_is_told_with_the_choices(bars: Path) -> None:
    for attempt in (
        lambda: load_test("emnist", bars),
        lambda: load_training("emnist", bars, validation=100),
        lambda: list(fetch("emnist", bars)),
    ):
        with pytest.raises(
            ConfigError, match=r"no data set named 'emnist'.*Data are mnist, emnist-digits"
        ):
            attempt()


def test_nothing_is_fetched_where_all_is_there(bars: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "download", lambda *_, **__: pytest.fail("asked the network"))
    assert list(fetch("mnist", bars)) == []


def test_the_real_mnist(mnist_folder: Path) -> None:
    data = load_training("mnist", mnist_folder, validation=5000)
    assert np.bincount(data.validation.targets).min() > 400
    # LeCun's first ten, as every book prints them.
    assert data.training.targets[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert load_test("mnist", mnist_folder).targets[:5].tolist() == [7, 2, 1, 0, 4]


def test_the_real_mnists_writers(mnist_folder: Path) -> None:
    if not (mnist_folder / "QMNIST" / "qmnist-train-labels-idx2-int.gz").is_file():
        pytest.skip("wants QMNIST/qmnist-train-labels-idx2-int.gz")
    data = load_training("mnist", mnist_folder, validation=5000)
    training, validation = data.training.writers, data.validation.writers
    assert training is not None
    assert validation is not None
    assert len(set(training.tolist()) | set(validation.tolist())) == 539
    # As the split's reason has it.
    assert np.count_nonzero(~np.isin(validation, training)) == 3436
