"""Mixtures: labels in one order, every source's share in every part, and weights that count."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.trainer.strokes_files import lines, write
from trainer.base.errors import ConfigError
from trainer.base.labels import NO_LABEL
from trainer.datasets import Split, load_test, load_training

WRITERS = tuple(f"writer {i}" for i in range(30))


@pytest.fixture
def letters(tmp_path: Path) -> Path:
    """500 drawings named a to e."""
    some = [{**line, "label": "abcde"[i % 5]} for i, line in enumerate(lines(500, writers=WRITERS))]
    return write(tmp_path / "letters.jsonl", some)


@pytest.fixture
def digits(tmp_path: Path) -> Path:
    return write(tmp_path / "digits.jsonl", lines(300, seed=1))


def _named(part: Split) -> list[tuple[bytes, str]]:
    return [
        (picture.tobytes(), part.labels[target])
        for picture, target in zip(part.pictures, part.targets, strict=True)
    ]


def test_labels_are_the_union_and_targets_follow(letters: Path, digits: Path) -> None:
    one, other = f"strokes:{letters}", f"strokes:{digits}"
    for spec in (f"{one}+{other}", f"{other}+{one}"):
        data = load_training(spec, Path("none"), validation=80)
        assert data.training.labels == data.validation.labels == tuple("0123456789abcde")
        alone = [load_training(source, Path("none"), validation=80) for source in spec.split("+")]
        names = {name for part in alone for name in _named(part.training)}
        assert {label for _, label in names} == set("0123456789abcde")
        assert set(_named(data.training)) | set(_named(data.validation)) == names | {
            name for part in alone for name in _named(part.validation)
        }
        test = load_test(spec, Path("none"))
        assert test.labels == data.training.labels
        assert _named(test) == [
            name for source in spec.split("+") for name in _named(load_test(source, Path("none")))
        ]


def test_every_source_gives_its_share(letters: Path, digits: Path) -> None:
    data = load_training(f"9*strokes:{letters}+strokes:{digits}", Path("none"), validation=120)
    validation = [data.validation.labels[i] for i in data.validation.targets]
    of_digits = sum(label.isdigit() for label in validation)
    assert 20 <= of_digits <= 75  # a sixth of 270, whatever the weight
    assert 30 <= len(validation) - of_digits <= 150
    assert set(_named(data.training)).isdisjoint(_named(data.validation))


def test_with_a_published_set(bars: Path, letters: Path) -> None:
    """MNIST's share is the end of it; limits are shared alike."""
    whole = load_training("mnist", bars, validation=1)
    data = load_training(f"mnist+strokes:{letters}", bars, validation=5000)
    of_mnist = data.validation.targets < 10
    count = int(of_mnist.sum())
    assert count == round(
        60_000 * 5000 / (60_000 + len(data.training) + len(data.validation) - 60_000)
    )
    targets = np.append(whole.training.targets, whole.validation.targets)
    assert np.array_equal(data.validation.targets[of_mnist], targets[-count:])
    assert np.array_equal(data.training.targets[: 60_000 - count], targets[:-count])
    few = load_training(f"mnist+strokes:{letters}", bars, validation=5000, limit=1000)
    assert len(few.training) == pytest.approx(1000, abs=1)
    assert 4 <= int((few.training.targets >= 10).sum()) <= 9
    assert len(few.validation) == len(data.validation)
    assert whole.training.sources is None
    assert few.training.sources is not None
    assert np.array_equal(few.training.sources, (few.training.targets >= 10).astype(int))


def test_weights_are_how_often_a_picture_is_seen(letters: Path, digits: Path) -> None:
    data = load_training(f"0.5*strokes:{letters}+3*strokes:{digits}", Path("none"), validation=80)
    assert data.repeats is not None
    assert data.repeats.dtype == np.float32
    is_digit = np.array([data.training.labels[i].isdigit() for i in data.training.targets])
    assert np.array_equal(data.repeats, np.where(is_digit, 3, 0.5).astype(np.float32))
    assert (
        load_training(f"strokes:{letters}+strokes:{digits}", Path("none"), validation=80).repeats
        is None
    )


def test_writers_of_two_sources_are_different_people(letters: Path, tmp_path: Path) -> None:
    other = write(tmp_path / "other.jsonl", lines(200, writers=[f"w{i}" for i in range(20)]))
    none = write(tmp_path / "none.jsonl", lines(100, seed=3))
    data = load_training(
        f"strokes:{letters}+strokes:{other}+strokes:{none}", Path("none"), validation=100
    )
    hands = [part.writers for part in (data.training, data.validation)]
    assert hands[0] is not None
    assert hands[1] is not None
    known = [set(some[some >= 0].tolist()) for some in hands]
    assert known[0].isdisjoint(known[1])
    test = load_test(f"strokes:{letters}+strokes:{other}", Path("none")).writers
    assert test is not None
    assert len(known[0] | known[1]) + len(set(test.tolist())) == 50
    assert (hands[0] == -1).sum() + (hands[1] == -1).sum() > 70


def test_the_same_writers_in_two_files_are_in_the_same_part(tmp_path: Path) -> None:
    """Their digits must not be learned from where their letters judge."""
    names = tuple(f"writer {i}" for i in range(40))
    one = write(tmp_path / "one.jsonl", lines(400, writers=names))
    two = write(tmp_path / "two.jsonl", [
        {**line, "label": "x" if i % 2 else "y"} for i, line in enumerate(lines(400, writers=names, seed=1))
    ])  # fmt: skip
    spec = f"strokes:{one}+strokes:{two}"
    data = load_training(spec, Path("none"), validation=150)
    test = load_test(spec, Path("none"))
    # Every writer has ten drawings in each file, in one part or the other.
    for part in (data.training, data.validation, test):
        digits = int((part.targets < 10).sum())
        assert digits == len(part) - digits
        assert digits % 10 == 0


def test_digits_and_others_of_one_file_stay_in_their_writers_part(tmp_path: Path) -> None:
    names = tuple(f"writer {i}" for i in range(40))
    some = [
        {**line, "label": line["label"] if i < 400 else "+x*"[i % 3]}
        for i, line in enumerate(lines(800, writers=names))
    ]
    path = write(tmp_path / "x.jsonl", some)
    spec = f"strokes-digits:{path}+strokes-others:{path}"
    data = load_training(spec, Path("none"), validation=150)
    test = load_test(spec, Path("none"))
    parts = (data.training, data.validation, test)
    for part in parts:
        assert part.labels == (*"0123456789", NO_LABEL)
        others = part.targets == 10
        assert part.sources is not None
        assert np.array_equal(part.sources, others.astype(int))
        # Every writer has ten of each.
        assert others.sum() == (~others).sum()
        assert others.sum() % 10 == 0
    assert sum(map(len, parts)) == 800


def test_no_label_comes_last_wherever_it_stands(letters: Path, tmp_path: Path) -> None:
    other = [{**line, "label": ["zebra", "\U0001f600", "+"][i % 3]} for i, line in enumerate(lines(200, seed=2))]  # fmt: skip
    path = write(tmp_path / "other.jsonl", other)
    for spec in (f"strokes-others:{path}+strokes:{letters}", f"strokes:{letters}+strokes-others:{path}"):  # fmt: skip
        data = load_training(spec, Path("none"), validation=80)
        assert data.training.labels == data.validation.labels == (*"abcde", NO_LABEL)
        assert load_test(spec, Path("none")).labels == data.training.labels
        sources = data.validation.sources
        assert sources is not None
        first = 0 if spec.startswith("strokes-others") else 1
        assert np.array_equal(data.validation.targets == 5, sources == first)


def test_what_comes_of_the_same_forms_is_told(bars: Path, letters: Path) -> None:
    from trainer.datasets.load import _kinship
    from trainer.datasets.spec import parse_spec

    (note,) = _kinship(parse_spec("mnist+2*emnist-digits+usps"))
    assert str(note).startswith("mnist, emnist-digits come from the same forms")
    assert load_training(f"mnist+strokes:{letters}", bars, validation=100).training.notes == ()


def test_one_label_in_all_sources_is_nothing_to_learn(tmp_path: Path) -> None:
    same = [{**line, "label": "5"} for line in lines(50)]
    one, two = write(tmp_path / "a.jsonl", same), write(tmp_path / "b.jsonl", same)
    with pytest.raises(ConfigError, match="one label only"):
        load_training(f"strokes:{one}+strokes:{two}", tmp_path, validation=100)
