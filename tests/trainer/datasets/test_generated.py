"""Drawings that the program makes itself, as data: sketches of digits, and scribbles."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.trainer.strokes_files import lines, write
from trainer.base.errors import ConfigError
from trainer.base.events import Note
from trainer.base.labels import NO_LABEL
from trainer.base.paths import cache_folder
from trainer.datasets import Split, fetch, generated, load_test, load_training
from trainer.datasets.augmentation.spec import StrokeAugmentation
from trainer.datasets.spec import title_of
from trainer.synthetic.scribbles import scribbles

NOWHERE = Path("none")
DIGITS = tuple("0123456789")


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generated, "_COUNT", 170)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of what was drawn."""
    names: list[str] = []
    original = generated._found

    def noted(name: str) -> Iterator[object]:
        names.append(name)
        return original(name)

    monkeypatch.setattr(generated, "_found", noted)
    return names


def _pictures(part: Split) -> set[bytes]:
    return {picture.tobytes() for picture in part.pictures}


def test_sketches_are_the_ten_digits() -> None:
    data = load_training("sketches", NOWHERE, validation=30)
    test = load_test("sketches", NOWHERE)
    parts = (data.training, data.validation, test)
    assert sum(map(len, parts)) == 170
    for part in parts:
        assert part.labels == DIGITS
        assert part.writers is None
        assert part.pictures.any(axis=(1, 2)).all()
    assert np.bincount(np.concatenate([part.targets for part in parts])).tolist() == [17] * 10
    assert len(set.union(*map(_pictures, parts))) == 170  # none is in two parts
    assert 5 <= len(test) <= 40
    assert data.training.notes == ()


def test_scribbles_have_no_label(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", lines(200))
    data = load_training(f"strokes:{path}+scribbles", NOWHERE, validation=60)
    test = load_test("scribbles", NOWHERE)
    assert test.labels == (NO_LABEL,)
    assert set(test.targets.tolist()) == {0}
    assert test.pictures.any(axis=(1, 2)).all()
    for part in (data.training, data.validation):
        assert part.labels == (*DIGITS, NO_LABEL)
        assert part.sources is not None
        assert part.sources.dtype == np.int64
        assert np.array_equal(part.targets == 10, part.sources == 1)
        assert len(part[3:7].sources) == 4  # type: ignore[arg-type]
    counted = sum(int((part.targets == 10).sum()) for part in (data.training, data.validation))
    # Blots that show nothing are left out, and signs come to the scribbles.
    assert 235 <= counted + len(test) <= 255
    assert _pictures(test).isdisjoint(_pictures(data.training) | _pictures(data.validation))


def test_a_single_source_has_no_number() -> None:
    assert load_training("sketches", NOWHERE, validation=30).training.sources is None
    assert load_test("scribbles", NOWHERE).sources is None


def test_their_strokes_are_drawn_anew(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", lines(50))
    data = load_training(f"scribbles+strokes:{path}+sketches", NOWHERE, validation=60)
    assert data.redraw is not None
    most = StrokeAugmentation(
        aspect=0.5, wave=3, jitter=1, sampling=1, smoothing=1, gaps=1, hooks=1, shapes=1
    )
    for hands in (StrokeAugmentation(), most):
        places, pictures = data.redraw(np.random.default_rng(0), hands)
        assert places.tolist() == list(range(len(data.training)))
        assert (pictures.max(axis=(1, 2)) > 100).all()


def test_they_are_drawn_once(made: list[str]) -> None:
    assert list(fetch("sketches+scribbles", NOWHERE)) == []
    kept = sorted(path.name for path in (cache_folder() / "pictures").iterdir())
    assert [name.partition("-")[0] for name in kept] == ["scribbles", "sketches"]
    first = load_training("sketches", NOWHERE, validation=30).training
    again = load_training("sketches", NOWHERE, validation=30).training
    load_test("scribbles", NOWHERE)
    assert made == ["sketches", "scribbles"]
    assert np.array_equal(first.pictures, again.pictures)
    assert not list(Path().glob("generated*"))


def test_another_count_or_another_way_draws_them_again(
    made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    load_test("sketches", NOWHERE)
    monkeypatch.setattr(generated, "_COUNT", 200)
    assert len(load_test("sketches", NOWHERE)) > 0
    monkeypatch.setattr(generated, "_VERSION", "another")
    load_test("sketches", NOWHERE)
    assert made == ["sketches"] * 3


def test_without_a_cache_they_are_drawn_every_time(made: list[str]) -> None:
    cache_folder().mkdir(parents=True)
    (cache_folder() / "pictures").write_text("a file")
    (note,) = fetch("scribbles", NOWHERE)
    assert isinstance(note, Note)
    assert "made again next time" in note.text
    assert len(load_test("scribbles", NOWHERE)) > 0
    assert made.count("scribbles") >= 2


def test_scribbles_alone_are_nothing_to_learn(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="one label only"):
        load_training("scribbles", NOWHERE, validation=30)
    path = write(tmp_path / "x.jsonl", [{**line, "label": "5"} for line in lines(50)])
    with pytest.raises(ConfigError, match=r"one label only, '5'"):
        load_training(f"strokes:{path}+scribbles", NOWHERE, validation=30)


def test_a_card_names_them() -> None:
    assert title_of("mnist+0.5*scribbles+sketches") == "mnist+0.5*scribbles+sketches"


def test_they_are_not_those_that_a_test_draws_by_default() -> None:
    ours = {d.strokes[0].points.tobytes() for d in scribbles(170, generated._SEED)}
    assert ours.isdisjoint(d.strokes[0].points.tobytes() for d in scribbles(170))
