"""Which network is in use, as the window and the command line remember it together."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.trainer.family import network, personalized
from trainer.base.errors import InputError, RunError, WeightsError
from trainer.base.locking import FileLock
from trainer.base.paths import runs_folder
from trainer.models import active_model as module
from trainer.models import weights
from trainer.models.active_model import (
    activate,
    activate_best,
    active_model,
    active_model_file,
    is_remembered,
    missing_model,
    rollback,
    used_before,
    way_back,
)


@pytest.fixture(autouse=True)
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All that ships."""
    folder = tmp_path / "shipped"
    for place in (weights, module):
        monkeypatch.setattr(place, "shipped_weights_folder", lambda: folder)
    return network("base", folder)


def test_at_first_it_is_the_best_that_ships() -> None:
    assert active_model() is None
    assert used_before() == []
    assert not is_remembered()
    with pytest.raises(InputError, match="nothing to go back to: base was not made"):
        rollback()


def test_a_network_whose_file_is_missing_is_remembered(base: Path) -> None:
    child = personalized("child", base)
    activate(base)
    activate(child)
    away = child.rename(child.with_suffix(".away"))
    assert active_model() is None
    assert missing_model() == child
    assert way_back() == base
    away.rename(child)
    assert active_model() == child
    assert missing_model() is None
    assert used_before() == [base]


def test_one_that_is_chosen_meanwhile_takes_its_place(base: Path) -> None:
    child, other = personalized("child", base), network("other")
    activate(child)
    away = child.rename(child.with_suffix(".away"))
    activate(other)
    assert missing_model() is None
    away.rename(child)
    assert active_model() == other
    assert used_before() == [child, base]


def test_back_to_a_parent_in_a_runs_folder(base: Path) -> None:
    run = runs_folder() / "a run"
    parent = network("best", run, data="of the run")
    (run / "config.json").write_text("{}")
    activate(personalized("hand1", parent))
    assert rollback() == active_model() == parent


def test_back_to_the_parent_and_no_further(base: Path) -> None:
    child = personalized("child", base)
    grandchild = personalized("grandchild", child)
    activate(grandchild)  # it need not have been reached by way of the others
    assert active_model() == grandchild
    assert rollback() == active_model() == child
    assert rollback() == active_model() == base
    with pytest.raises(InputError, match="nothing to go back to"):
        rollback()
    assert active_model() == base


def test_without_a_parent_back_to_the_one_before(base: Path) -> None:
    other, third = network("other"), network("third")
    for path in (base, other, third):
        activate(path)
    assert used_before() == [other, base]
    assert rollback() == other
    assert rollback() == base
    with pytest.raises(InputError):
        rollback()


def test_going_back_never_leads_to_a_child() -> None:
    other, parent = network("other"), network("parent")
    child = personalized("child", parent)
    activate(other)
    activate(child)
    assert rollback() == parent
    assert child in used_before()
    assert rollback() == other


def test_a_parent_that_is_gone_is_passed_over(base: Path) -> None:
    parent = network("parent")
    child = personalized("child", parent)
    activate(base)
    activate(child)
    parent.unlink()
    assert way_back() == base


def test_using_one_of_those_before_is_going_back(base: Path) -> None:
    one, two = network("one"), network("two")
    for path in (base, one, two, one):
        activate(path)
    assert (active_model(), used_before()) == (one, [base])
    activate(one)
    assert (active_model(), used_before()) == (one, [base])


def test_one_that_is_gone_is_forgotten(base: Path) -> None:
    path = network("mine")
    activate(base)
    activate(path)
    path.unlink()
    assert active_model() is None
    assert is_remembered()
    other = network("other")
    activate(other)
    assert used_before() == [base]


def test_the_best_again(base: Path) -> None:
    activate_best()
    assert not is_remembered()
    mine = network("mine")
    activate(mine)
    activate_best()
    assert active_model() is None
    assert is_remembered()
    assert used_before() == [mine]
    assert rollback() == mine


def test_the_best_that_ships_is_one_to_go_back_to(base: Path) -> None:
    foreign, other = network("foreign"), network("other")
    activate(foreign)
    assert used_before() == [base]
    assert rollback() == base
    activate(foreign)
    activate_best()
    activate(other)
    assert used_before() == [base, foreign]
    assert rollback() == base


def test_what_ships_is_found_after_it_has_moved(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    activate(base)
    moved = base.parent.rename(tmp_path / "next version")
    for place in (weights, module):
        monkeypatch.setattr(place, "shipped_weights_folder", lambda: moved)
    assert active_model() == moved / base.name


def test_a_relative_path_is_remembered_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = network("mine", tmp_path / "folder")
    monkeypatch.chdir(tmp_path)
    activate(Path("folder") / path.name)
    monkeypatch.chdir("/")
    assert active_model() == path


def test_what_cannot_be_used_is_not(base: Path, tmp_path: Path) -> None:
    activate(base)
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no")
    for path in (broken, tmp_path / "absent.safetensors"):
        with pytest.raises(WeightsError):
            activate(path)
    assert active_model() == base


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[]",
        b'{"weights": 7, "before": []}',
        b'{"weights": "x"}',
        b'{"weights": "x", "before": "y"}',
        b'{"weights": "nowhere.safetensors", "before": [1, null, ""]}',
        b'{"weights": "a\\u0000b", "before": ["/absent"]}',
        json.dumps({"weights": "x" * 5000, "before": []}).encode(),
        json.dumps({"weights": "/" + "x" * 5000, "before": []}).encode(),
    ],
)
def test_a_damaged_file_means_the_best_that_ships(base: Path, content: bytes) -> None:
    active_model_file().parent.mkdir(parents=True)
    active_model_file().write_bytes(content)
    assert active_model() is None
    assert used_before() == []
    activate(base)
    assert active_model() == base


def test_so_many_are_remembered_and_no_more(base: Path) -> None:
    paths = [network(f"{i:02}") for i in range(30)]
    for path in paths:
        activate(path)
    assert used_before() == list(reversed(paths[9:29]))


def test_a_folder_that_cannot_be_written(base: Path) -> None:
    active_model_file().mkdir(parents=True)
    assert active_model() is None
    with pytest.raises(InputError, match="is a folder"):
        activate(base)


def test_choices_of_several_windows_at_once_are_all_remembered() -> None:
    """Each reads what is remembered, adds to it and writes it: none between another's reading and writing."""
    paths = [network(f"{i:02}") for i in range(12)]
    begin = threading.Barrier(len(paths))

    def choose(path: Path) -> None:
        begin.wait()
        activate(path)

    with ThreadPoolExecutor(len(paths)) as windows:
        list(windows.map(choose, paths))
    active = active_model()
    assert active is not None
    assert sorted([active, *used_before()][: len(paths)]) == sorted(paths)


def test_a_choice_waits_for_the_lock_and_then_says_what_is_the_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.02)
    path = network("mine")
    activate(path)
    with FileLock(active_model_file().with_suffix(".lock")) as other:
        assert other.acquire()
        for choose in (lambda: activate(network("other")), activate_best):
            with pytest.raises(RunError, match="another window or program is choosing"):
                choose()
    assert active_model() == path
