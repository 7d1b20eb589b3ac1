"""Which network is in use, as the window and the command line remember it together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.trainer.family import network, taught
from trainer.base.errors import InputError, RunError, WeightsError
from trainer.models import active_model as module
from trainer.models import weights
from trainer.models.active_model import (
    in_use,
    in_use_file,
    is_remembered,
    rollback,
    use,
    use_best,
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
    assert in_use() is None
    assert used_before() == []
    assert not is_remembered()
    with pytest.raises(InputError, match="nothing to go back to: base was not made"):
        rollback()


def test_back_to_the_parent_and_no_further(base: Path) -> None:
    child = taught("child", base)
    grandchild = taught("grandchild", child)
    use(grandchild)  # it need not have been reached by way of the others
    assert in_use() == grandchild
    assert rollback() == in_use() == child
    assert rollback() == in_use() == base
    with pytest.raises(InputError, match="nothing to go back to"):
        rollback()
    assert in_use() == base


def test_without_a_parent_back_to_the_one_before(base: Path) -> None:
    other, third = network("other"), network("third")
    for path in (base, other, third):
        use(path)
    assert used_before() == [other, base]
    assert rollback() == other
    assert rollback() == base
    with pytest.raises(InputError):
        rollback()


def test_going_back_never_leads_to_a_child() -> None:
    other, parent = network("other"), network("parent")
    child = taught("child", parent)
    use(other)
    use(child)
    assert rollback() == parent
    assert child in used_before()
    assert rollback() == other


def test_a_parent_that_is_gone_is_passed_over(base: Path) -> None:
    parent = network("parent")
    child = taught("child", parent)
    use(base)
    use(child)
    parent.unlink()
    assert way_back() == base


def test_using_one_of_those_before_is_going_back(base: Path) -> None:
    one, two = network("one"), network("two")
    for path in (base, one, two, one):
        use(path)
    assert (in_use(), used_before()) == (one, [base])
    use(one)
    assert (in_use(), used_before()) == (one, [base])


def test_one_that_is_gone_is_forgotten(base: Path) -> None:
    path = network("mine")
    use(base)
    use(path)
    path.unlink()
    assert in_use() is None
    assert is_remembered()
    other = network("other")
    use(other)
    assert used_before() == [base]


def test_the_best_again(base: Path) -> None:
    use_best()
    assert not is_remembered()
    mine = network("mine")
    use(mine)
    use_best()
    assert in_use() is None
    assert is_remembered()
    assert used_before() == [mine]
    assert rollback() == mine


def test_the_best_that_ships_is_one_to_go_back_to(base: Path) -> None:
    foreign, other = network("foreign"), network("other")
    use(foreign)
    assert used_before() == [base]
    assert rollback() == base
    use(foreign)
    use_best()
    use(other)
    assert used_before() == [base, foreign]
    assert rollback() == base


def test_what_ships_is_found_after_it_has_moved(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(base)
    moved = base.parent.rename(tmp_path / "next version")
    for place in (weights, module):
        monkeypatch.setattr(place, "shipped_weights_folder", lambda: moved)
    assert in_use() == moved / base.name


def test_a_relative_path_is_remembered_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = network("mine", tmp_path / "folder")
    monkeypatch.chdir(tmp_path)
    use(Path("folder") / path.name)
    monkeypatch.chdir("/")
    assert in_use() == path


def test_what_cannot_be_used_is_not(base: Path, tmp_path: Path) -> None:
    use(base)
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no")
    for path in (broken, tmp_path / "absent.safetensors"):
        with pytest.raises(WeightsError):
            use(path)
    assert in_use() == base


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
    in_use_file().parent.mkdir(parents=True)
    in_use_file().write_bytes(content)
    assert in_use() is None
    assert used_before() == []
    use(base)
    assert in_use() == base


def test_so_many_are_remembered_and_no_more(base: Path) -> None:
    paths = [network(f"{i:02}") for i in range(30)]
    for path in paths:
        use(path)
    assert used_before() == list(reversed(paths[9:29]))


def test_a_folder_that_cannot_be_written(base: Path) -> None:
    in_use_file().mkdir(parents=True)
    assert in_use() is None
    with pytest.raises(RunError, match="could not be written"):
        use(base)
