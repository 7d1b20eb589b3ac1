"""Folders follow the environment, and a file is written whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

import pytest

from trainer.base import paths
from trainer.base.errors import RunError
from trainer.base.paths import (
    cache_folder,
    data_folder,
    expanded,
    models_folder,
    runs_folder,
    shipped_weights_folder,
    user_folder,
    written_whole,
)

posix = pytest.mark.skipif(sys.platform == "win32", reason="rights and limits as POSIX has them")


def _all_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _half_write(path: Path, error: BaseException) -> None:
    with written_whole(path) as temporary:
        temporary.write_text("half of the n")
        raise error


# --- folders


def test_the_given_data_folder_comes_before_the_environments_and_the_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HANDWRITE_DATA", str(tmp_path / "environment"))
    assert data_folder(tmp_path) == tmp_path
    assert data_folder(str(tmp_path)) == tmp_path
    assert data_folder() == data_folder("") == tmp_path / "environment"
    monkeypatch.setenv("HANDWRITE_DATA", "")
    assert data_folder() == cache_folder() / "data"
    monkeypatch.delenv("HANDWRITE_DATA")
    assert data_folder() == cache_folder() / "data"


def test_a_users_folders_follow_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HANDWRITE_HOME", str(tmp_path / "mine"))
    assert user_folder() == tmp_path / "mine"
    assert {folder.parent for folder in (runs_folder(), models_folder())} == {tmp_path / "mine"}
    assert runs_folder() != models_folder()


def test_without_the_environment_they_are_the_platforms(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HANDWRITE_HOME", "HANDWRITE_CACHE"):
        monkeypatch.delenv(name, raising=False)
    for folder in (user_folder(), cache_folder()):
        assert folder.is_absolute()
        assert "handwrite" in folder.parts
    assert user_folder() != cache_folder()


def test_a_tilde_is_home_and_one_that_is_nobodys_is_a_name(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("HANDWRITE_HOME", "~/mine")
    assert data_folder("~/data") == tmp_path / "data"
    assert user_folder() == tmp_path / "mine"
    assert expanded("~nobody-of-that-name/x") == Path("~nobody-of-that-name/x")


def test_shipped_weights_lie_in_the_package_or_beside_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "trainer")
    assert shipped_weights_folder() == tmp_path / "weights"
    (tmp_path / "trainer" / "_weights").mkdir(parents=True)
    assert shipped_weights_folder() == tmp_path / "trainer" / "_weights"


# --- written_whole


def test_a_file_is_there_when_the_block_ends_and_not_before(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "file.txt"
    with written_whole(path) as temporary:
        temporary.write_text("whole")
        assert not path.exists()
        assert temporary.parent == path.parent
    assert path.read_text() == "whole"
    assert _all_in(path.parent) == ["file.txt"]


def test_an_old_file_is_replaced_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with written_whole(path) as temporary:
        temporary.write_text("new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"


@pytest.mark.parametrize("error", [ValueError("no"), KeyboardInterrupt(), GeneratorExit()])
def test_an_old_file_stays_when_the_block_raises(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(type(error)):
        _half_write(path, error)
    assert path.read_text() == "old"
    assert _all_in(tmp_path) == ["file"]


def test_a_full_disk_is_a_run_error_that_says_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(RunError, match="No space left") as caught:
        _half_write(path, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    assert str(path) in str(caught.value)
    assert "has room" in str(caught.value)
    assert path.read_text() == "old"
    assert _all_in(tmp_path) == ["file"]


@posix
def test_a_write_that_the_system_cuts_short(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "file"
    path.write_text("old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(RunError, match="File too large"), written_whole(path) as temporary:
            temporary.write_bytes(bytes(5000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_text() == "old"
    assert _all_in(tmp_path) == ["file"]


def test_the_last_step_may_fail_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def refuse(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(RunError, match="Read-only file system"), written_whole(path) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "old"
    assert _all_in(tmp_path) == ["file"]


def test_a_folder_that_is_a_file_is_a_run_error(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file")
    for path in (tmp_path / "folder" / "x", tmp_path / "folder" / "deeper" / "x"):
        with pytest.raises(RunError, match="could not be written"), written_whole(path):
            pytest.fail("nothing can be written there")
    assert _all_in(tmp_path) == ["folder"]


def test_a_folder_is_not_replaced_by_a_file(tmp_path: Path) -> None:
    (tmp_path / "name").mkdir()
    with (
        pytest.raises(RunError, match="could not be written"),
        written_whole(tmp_path / "name") as temporary,
    ):
        temporary.write_text("new")
    assert _all_in(tmp_path) == ["name"]


def test_a_name_may_be_as_long_as_names_can_be(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    with written_whole(path) as temporary:
        temporary.write_text("x")
    assert path.read_text() == "x"


def test_two_writers_do_not_meet(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with written_whole(path) as first, written_whole(path) as second:
        first.write_text("first")
        second.write_text("second")
    assert path.read_text() == "first"  # the block that ended last
    assert _all_in(tmp_path) == ["file"]


@posix
def test_others_may_read_what_the_umask_lets_them(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with written_whole(tmp_path / "file") as temporary:
            temporary.write_text("x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640
