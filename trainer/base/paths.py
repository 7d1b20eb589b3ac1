"""Folders: where data, shipped networks, a user's own networks and training runs lie."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_APP = "handwrite"
_PACKAGE = Path(__file__).resolve().parents[1]


def data_folder(choice: str | Path | None = None) -> Path:
    """Where data sets lie: the given folder, else HANDWRITE_DATA, else the user's cache folder."""
    if choice:
        return expanded(choice)
    from_environment = os.environ.get("HANDWRITE_DATA")
    return expanded(from_environment) if from_environment else cache_folder() / "data"


def cache_folder() -> Path:
    """What can be made or downloaded again. HANDWRITE_CACHE overrides the platform's place."""
    return _folder("HANDWRITE_CACHE", platformdirs.user_cache_path(_APP, appauthor=False))


def user_folder() -> Path:
    """What belongs to the user: runs, networks, drawings. HANDWRITE_HOME overrides the platform's place."""
    return _folder("HANDWRITE_HOME", platformdirs.user_data_path(_APP, appauthor=False))


def runs_folder() -> Path:
    """The folder of all training runs."""
    return user_folder() / "runs"


def models_folder() -> Path:
    """The networks that the user kept."""
    return user_folder() / "models"


def drawings_file() -> Path:
    """The user's drawings (trainer.drawings); copies of it lie in `backups` beside it."""
    return user_folder() / "drawings.sqlite"


def shipped_weights_folder() -> Path:
    """The networks that ship: inside an installed package, or beside it in a checkout."""
    packaged = _PACKAGE / "_weights"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "weights"


def expanded(path: str | Path) -> Path:
    """The path with ~ spelled out; unchanged where there is no such user."""
    return Path(os.path.expanduser(path))  # noqa: PTH111  Path.expanduser raises RuntimeError then


def file_hash(path: Path) -> str:
    """SHA-256 of a file. Raises OSError where it cannot be read."""
    import hashlib  # not before the first paint

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _folder(variable: str, default: Path) -> Path:
    chosen = os.environ.get(variable)
    return expanded(chosen) if chosen else default
