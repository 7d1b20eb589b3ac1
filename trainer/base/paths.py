"""Folders: where data, shipped networks, a user's own networks and training runs lie."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import platformdirs

from trainer.base.errors import RunError

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
    """One folder for every training run."""
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
    """The path with ~ spelled out; as it is where nobody has that home."""
    return Path(os.path.expanduser(path))  # noqa: PTH111  Path.expanduser raises RuntimeError then


def file_hash(path: Path) -> str:
    """SHA-256 of a file. Raises OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A temporary path beside `path`, moved onto it when the block ends well and removed otherwise.

    A reader sees the old file or the new one, never a half. Raises RunError where the folder cannot be
    written or the disk is full; any OSError in the block is taken for that.
    """
    temporary: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = _new_file_beside(path)
        yield temporary
        os.replace(temporary, path)  # noqa: PTH105  os.replace is what the promise rests on
        temporary = None
    except OSError as error:
        raise RunError(
            f"{path} could not be written ({error.strerror or error}). Nothing was changed; check that "
            "the folder exists, may be written to, and has room."
        ) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()


def _new_file_beside(path: Path) -> Path:
    """An empty file with the rights of any new file here (tempfile's would be private)."""
    while True:
        # Cut, so that a name as long as names can be still leaves room for the rest.
        candidate = path.with_name(f".{path.name[:40]}.{secrets.token_hex(4)}.part")
        with suppress(FileExistsError):
            os.close(os.open(candidate, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
            return candidate


def _folder(variable: str, default: Path) -> Path:
    chosen = os.environ.get(variable)
    return expanded(chosen) if chosen else default
