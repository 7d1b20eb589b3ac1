"""Atomic, durable writing: a reader sees a file's old content or its new one, never a half.

The content goes to a temporary file beside the target, is synced, and is then renamed onto it.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from trainer.base.errors import InputError, RunError

_STALE = 86_400.0  # seconds after which the temporary file of a killed process is removed
_NAME_PART = 40  # characters of the target's name in that of its temporary file: names have a limit


@contextmanager
def atomic_write(path: Path) -> Iterator[Path]:
    """Yields an empty temporary file; its content replaces `path` when the block succeeds.

    Folders on the way are made. The content and the folder's entry are synced to the disk. A symbolic link is
    followed: its target is replaced, and the link stays. The permissions of a replaced file are kept. When
    the block raises, the temporary file is removed and `path` stays as it was.

    Raises InputError where `path` exists and is no regular file (a folder, device, pipe or socket), RunError
    where the folder cannot be written or the disk is full; any OSError in the block is taken for that.
    """
    temporary: Path | None = None
    try:
        target = Path(os.path.realpath(path))
        state = check_regular(target, shown=path)
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_stale(target)
        temporary = _new_file_beside(target)
        yield temporary
        move_into_place(temporary, target, mode=None if state is None else state.st_mode)
        temporary = None
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()


def check_regular(path: Path, *, shown: Path | None = None) -> os.stat_result | None:
    """The state of the regular file that `path` leads to; None where there is nothing.

    A program that renames a file onto /dev/null as root replaces the device for the whole machine. Raises
    InputError where anything but a regular file is there, RunError where that cannot be looked up.
    shown: the path that the error names.
    """
    shown = path if shown is None else shown
    try:
        state = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:  # links in a circle
        raise unwritable(shown, error) from error
    if stat.S_ISREG(state.st_mode):
        return state
    if stat.S_ISDIR(state.st_mode):
        raise InputError("file.is-folder", "{path} is a folder: name a file in it", path=shown)
    if stat.S_ISFIFO(state.st_mode):
        raise InputError(
            "file.is-pipe", "{path} is a pipe, not a file: name a file to write", path=shown
        )
    if stat.S_ISSOCK(state.st_mode):
        raise InputError(
            "file.is-socket", "{path} is a socket, not a file: name a file to write", path=shown
        )
    raise InputError(
        "file.is-device", "{path} is a device, not a file: name a file to write", path=shown
    )


def move_into_place(temporary: Path, target: Path, *, mode: int | None = None) -> None:
    """Syncs a file and renames it onto `target`, in the same folder. Raises OSError.

    mode: permissions to give it first, None to leave them.
    """
    sync_file(temporary)
    if mode is not None:
        with suppress(OSError):  # not everywhere; the content matters more
            temporary.chmod(stat.S_IMODE(mode))
    os.replace(temporary, target)  # noqa: PTH105  atomic on every platform
    # The new content is in place and whole. A folder that cannot be synced must not make a failure of that.
    with suppress(OSError):
        sync_folder(target.parent)


def sync_file(path: Path) -> None:
    """Waits until a file's content is on the disk. Raises OSError."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Waits until the names of a folder's files are on the disk, where the platform can. Raises OSError."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def unwritable(path: Path, error: OSError) -> RunError:
    """The error for a file that could not be written."""
    return RunError(
        "file.unwritable",
        "{path} could not be written ({reason}). Nothing was changed; check that the folder exists, may be "
        "written to, and has room.",
        path=path,
        reason=error.strerror or str(error),
    )


def _new_file_beside(target: Path) -> Path:
    """An empty file with the permissions of any new file here (tempfile's would be private)."""
    while True:
        candidate = target.with_name(f".{target.name[:_NAME_PART]}.{secrets.token_hex(4)}.part")
        with suppress(FileExistsError):
            os.close(os.open(candidate, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
            return candidate


def _remove_stale(target: Path) -> None:
    """Removes what processes that were killed long ago left of the same target."""
    pattern = re.compile(rf"\.{re.escape(target.name[:_NAME_PART])}\.[0-9a-f]{{8}}\.part")
    with suppress(OSError), os.scandir(target.parent) as entries:
        for entry in entries:
            if pattern.fullmatch(entry.name):
                with suppress(OSError):
                    if time.time() - entry.stat(follow_symlinks=False).st_mtime > _STALE:
                        os.unlink(entry)  # noqa: PTH108
