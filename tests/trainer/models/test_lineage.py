"""Which network was made from which: the forest, read from headers that may say anything."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.trainer.family import CARD, PERSONALIZED, network, personalized
from trainer.base.paths import file_hash, models_folder, runs_folder
from trainer.models import lineage, weights
from trainer.models.lineage import (
    Forest,
    Member,
    base_of,
    created,
    forest,
    parent_of,
    personalization_of,
)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of what ships, with one network in it."""
    folder = tmp_path / "shipped"
    monkeypatch.setattr(weights, "shipped_weights_folder", lambda: folder)
    network("base", folder, created="2026-01-01T00:00:00+00:00")
    return folder


@pytest.fixture
def base(shipped: Path) -> Path:
    return shipped / "base.safetensors"


def shape(found: Forest) -> list[str]:
    """Each network's name, below its parent by two spaces."""
    return ["  " * (len(list(m.line)) - 1) + _name(m) for m in found]


def _name(member: Member) -> str:
    return member.name if member.is_usable else f"({member.name})"


def test_a_child_stands_below_its_parent_the_older_first(base: Path) -> None:
    young = personalized("young", base, created="2026-03-01T00:00:00+00:00")
    personalized("grandchild", young, created="2026-04-01T00:00:00+00:00")
    personalized("zoe", base, created="2026-02-01T00:00:00+00:00")
    network("stranger")
    assert shape(forest()) == ["base", "  zoe", "  young", "    grandchild", "stranger"]


def test_a_parent_in_a_runs_folder_is_found_and_called_after_the_run(shipped: Path) -> None:
    run = runs_folder() / "2026-11-30_080142-lenet5"
    grandparent = runs_folder() / "first" / "last.safetensors"
    network("last", grandparent.parent, data="of the first")
    best = network(
        "best", run, parent="last", parent_hash=file_hash(grandparent), data="of the run"
    )
    (run / "last.safetensors").write_bytes(best.read_bytes())
    for folder in (run, grandparent.parent):
        (folder / "config.json").write_text("{}")
    personalized("hand1", best)
    assert shape(forest()) == ["base", "first last", "  2026-11-30_080142-lenet5", "    hand1"]
    assert parent_of(models_folder() / "hand1.safetensors") == best


def test_a_parent_that_was_renamed_is_found_by_its_hash(base: Path) -> None:
    parent = network("mine", data="mine")
    child = personalized("child", parent)
    renamed = parent.rename(parent.with_stem("another name"))
    assert parent_of(child) == renamed
    # Another of the old name is not the parent.
    network("mine", data="not mine")
    assert parent_of(child) == renamed
    renamed.unlink()
    assert parent_of(child) is None
    assert "  child" in shape(forest())
    assert "(mine)" in shape(forest())


def test_without_a_hash_the_name_counts(base: Path) -> None:
    child = network("child", parent="base")
    assert parent_of(child) == base
    own = network("base")  # the user's own wins over one that ships, as everywhere
    assert parent_of(child) == own
    assert parent_of(own) is None


def test_what_ships_is_replaced_by_its_successor(base: Path, shipped: Path) -> None:
    child = personalized("child", base)
    network("base", shipped, data="the next version")
    assert parent_of(child) == base
    assert base_of(child) == base


def test_a_hash_alone_is_enough(base: Path) -> None:
    child = network("child", parent_hash=file_hash(base))
    assert parent_of(child) == base
    gone = network("orphan", parent_hash="0123456789abcdef")
    assert parent_of(gone) is None
    assert "(01234567)" in shape(forest())


def test_those_of_a_lost_parent_stay_together(base: Path) -> None:
    for name in ("one", "two"):
        network(name, parent="lost", parent_hash="ab" * 32)
    network("three", parent="lost", parent_hash="cd" * 32)
    assert shape(forest()) == ["base", "(lost)", "  one", "  two", "(lost)", "  three"]


def test_a_parent_that_cannot_be_used(base: Path) -> None:
    child = network("child", parent="broken")
    (models_folder() / "broken.safetensors").write_bytes(b"no")
    assert shape(forest()) == ["base", "(broken)", "  child"]
    assert parent_of(child) is None
    assert base_of(child) == child


def test_names_that_lead_round_in_a_circle(base: Path) -> None:
    network("one", parent="two")
    network("two", parent="three")
    network("three", parent="one")
    network("itself", parent="itself")
    found = forest()
    assert sorted(name.strip() for name in shape(found)) == sorted(
        ["base", "one", "two", "three", "itself", "(itself)"]
    )
    for name in ("one", "two", "three"):
        assert base_of(models_folder() / f"{name}.safetensors").is_file()


def test_a_file_that_lies_elsewhere_has_a_place(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = network("elsewhere", tmp_path / "run", parent="base")
    assert "  elsewhere" not in shape(forest())
    assert "  elsewhere" in shape(forest(elsewhere))
    assert parent_of(elsewhere) == base
    monkeypatch.chdir(tmp_path)
    assert parent_of(Path("run") / elsewhere.name) == base
    child = personalized("child", elsewhere)
    assert parent_of(child) is None
    assert forest(elsewhere).parent_of(child) == elsewhere


@pytest.mark.parametrize("name", ["absent.safetensors", "x" * 5000, "a\0b"])
def test_a_file_that_is_not_there(base: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert parent_of(path) is None
    assert base_of(path) == path


def test_the_base_is_the_nearest_of_no_writer(base: Path) -> None:
    trained = network("trained", parent="base")
    first = personalized("first", trained)
    second = personalized("second", first, writer="", metrics={"hand_right": 0.5})
    assert base_of(second) == trained
    assert base_of(first) == trained
    assert base_of(trained) == trained
    assert base_of(base) == base


def test_where_the_line_breaks_off_the_eldest_is_the_base(base: Path) -> None:
    parent = network("parent")
    first = personalized("first", parent)
    second = personalized("second", first)
    parent.unlink()
    assert base_of(second) == first


def test_a_very_long_line(base: Path) -> None:
    last = network("0 0000")
    for i in range(1, 1050):
        last = network(f"0 {i:04}", parent=last.stem)
    family = forest()
    assert len(list(family)) == 1051
    assert family.base_of(last) == last


def test_descent(base: Path) -> None:
    child = personalized("child", base)
    grandchild = personalized("grandchild", child)
    family = forest()
    assert family.descends(grandchild, base)
    assert not family.descends(base, grandchild)
    assert not family.descends(base, base)
    assert not family.descends(base, base.with_stem("absent"))


def test_what_a_personalization_was() -> None:
    assert personalization_of(CARD) is None
    personalization = personalization_of(replace(CARD, writer="Ada", metrics=PERSONALIZED))
    assert personalization is not None
    assert (personalization.writer, personalization.drawings) == ("Ada", 30)
    assert (personalization.writer_accuracy, personalization.retention) == (
        (0.9, 0.96),
        (0.99, 0.985),
    )
    odd = personalization_of(replace(CARD, metrics={"hand_right": 1e300, "hand_count": -4}))
    assert odd is not None
    assert (odd.writer, odd.drawings, odd.writer_accuracy, odd.retention) == ("", None, None, None)


@pytest.mark.parametrize("text", ["", "yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59"])
def test_a_date_that_is_none_does_no_harm(text: str) -> None:
    moment = created(replace(CARD, created=text))
    assert moment is None or moment.year in (1, 9999)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Names of the files that were read whole."""
    names: list[str] = []

    def told(path: Path) -> str:
        names.append(path.stem)
        return file_hash(path)

    lineage._hash_of_state.cache_clear()
    monkeypatch.setattr(lineage, "file_hash", told)
    yield names
    lineage._hash_of_state.cache_clear()


def test_files_are_read_whole_only_where_a_hash_is_looked_for(base: Path, read: list[str]) -> None:
    for i in range(5):
        network(f"other {i}", architecture="cnn")
    network("older", parent="base")
    forest()
    assert read == []
    child = network("child", parent="base", parent_hash=file_hash(base))
    read.clear()
    assert parent_of(child) == base
    assert read == ["base"]
    assert parent_of(child) == base
    assert read == ["base"]  # remembered
    os.utime(base, ns=(1, 1))
    assert parent_of(child) == base
    assert read == ["base", "base"]
    # A child has its parent's architecture: of the others none is read.
    network("lost", parent="gone", parent_hash="ab" * 32)
    read.clear()
    forest()
    assert not any(name.startswith("other") for name in read)


def test_the_successor_of_what_shipped_is_found_without_reading_all_others(
    base: Path, shipped: Path, read: list[str]
) -> None:
    child = personalized("child", base)
    network("base", shipped, data="the next version")
    network("stranger")
    read.clear()
    assert parent_of(child) == base
    assert read == ["base"]


def test_it_comes_without_torch(base: Path) -> None:
    program = "import sys, trainer.models.lineage, trainer.models.active_model; print([x for x in ('torch', 'sqlite3') if x in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"
