"""Folders follow the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from trainer.base import paths
from trainer.base.paths import (
    cache_folder,
    data_folder,
    expanded,
    models_folder,
    runs_folder,
    shipped_weights_folder,
    user_folder,
)

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
