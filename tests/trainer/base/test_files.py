"""A file is written whole and durably, or not at all, and only where a regular file may be."""

from __future__ import annotations

import errno
import os
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trainer.base import files
from trainer.base.errors import InputError, RunError
from trainer.base.files import atomic_write

posix = pytest.mark.skipif(
    sys.platform == "win32", reason="rights, links and limits as POSIX has them"
)


def _all_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _half_write(path: Path, error: BaseException) -> None:
    with atomic_write(path) as temporary:
        temporary.write_text("half of the n")
        raise error


def test_a_file_is_there_when_the_block_ends_and_not_before(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "file.txt"
    with atomic_write(path) as temporary:
        temporary.write_text("whole")
        assert not path.exists()
        assert temporary.parent == path.parent
    assert path.read_text() == "whole"
    assert _all_in(path.parent) == ["file.txt"]


def test_an_old_file_is_replaced_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with atomic_write(path) as temporary:
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
        with pytest.raises(RunError, match="File too large"), atomic_write(path) as temporary:
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
    with pytest.raises(RunError, match="Read-only file system"), atomic_write(path) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "old"
    assert _all_in(tmp_path) == ["file"]


def test_a_folder_that_is_a_file_is_a_run_error(tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file")
    for path in (tmp_path / "folder" / "x", tmp_path / "folder" / "deeper" / "x"):
        with pytest.raises(RunError, match="could not be written"), atomic_write(path):
            pytest.fail("nothing can be written there")
    assert _all_in(tmp_path) == ["folder"]


def test_a_name_may_be_as_long_as_names_can_be(tmp_path: Path) -> None:
    path = tmp_path / ("n" * 255)
    with atomic_write(path) as temporary:
        temporary.write_text("x")
    assert path.read_text() == "x"


def test_two_writers_do_not_meet(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with atomic_write(path) as first, atomic_write(path) as second:
        first.write_text("first")
        second.write_text("second")
    assert path.read_text() == "first"  # the block that ended last
    assert _all_in(tmp_path) == ["file"]


@posix
def test_others_may_read_what_the_umask_lets_them(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with atomic_write(tmp_path / "file") as temporary:
            temporary.write_text("x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o640


@posix
def test_permissions_of_a_replaced_file_stay(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    path.chmod(0o600)
    with atomic_write(path) as temporary:
        temporary.write_text("new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


# --- durability


def test_content_is_synced_before_the_rename_and_the_folder_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    sync, replace = os.fsync, os.replace

    def synced(handle: int) -> None:
        state = os.fstat(handle)
        steps.append("folder" if stat.S_ISDIR(state.st_mode) else f"file of {state.st_size}")
        sync(handle)

    def replaced(source: str, target: str) -> None:
        steps.append("rename")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    with atomic_write(tmp_path / "file") as temporary:
        temporary.write_bytes(bytes(5000))
    folder = [] if sys.platform == "win32" else ["folder"]
    assert steps == ["file of 5000", "rename", *folder]


def test_a_disk_that_fails_to_sync_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    path.write_text("old")

    def fail(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(RunError, match="Input/output error"), atomic_write(path) as temporary:
        temporary.write_text("new")
    assert path.read_text() == "old"
    assert _all_in(tmp_path) == ["file"]


def test_a_folder_that_cannot_be_synced_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    monkeypatch.setattr(files, "sync_folder", fail)
    with atomic_write(tmp_path / "file") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "file").read_text() == "new"


# --- what a file cannot replace


def _refused(path: Path, words: str) -> None:
    before = path.lstat()
    with pytest.raises(InputError, match=words) as caught, atomic_write(path):
        pytest.fail("nothing is to be written there")
    assert str(path) in str(caught.value)
    assert (path.lstat().st_ino, path.lstat().st_mode) == (before.st_ino, before.st_mode)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "name").mkdir()
    _refused(tmp_path / "name", "is a folder")
    assert _all_in(tmp_path) == ["name"]


@posix
def test_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    _refused(tmp_path / "pipe", "is a pipe")
    assert _all_in(tmp_path) == ["pipe"]


@posix
def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        _refused(tmp_path / "socket", "is a socket")
    assert _all_in(tmp_path) == ["socket"]


@posix
def test_a_device_is_refused(tmp_path: Path) -> None:
    """A device made for this: with the fault, root's writing would replace the machine's own."""
    device = tmp_path / "null"
    try:
        os.mknod(device, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except OSError:
        pytest.skip("only root can make a device")
    _refused(device, "is a device")
    (tmp_path / "link").symlink_to(device)
    _refused(tmp_path / "link", "is a device")
    assert stat.S_ISCHR(device.stat().st_mode)
    assert _all_in(tmp_path) == ["link", "null"]


# --- links


@posix
def test_a_link_stays_and_its_target_is_replaced(tmp_path: Path) -> None:
    target = tmp_path / "kept" / "real"
    target.parent.mkdir()
    target.write_text("old")
    (tmp_path / "link").symlink_to(Path("kept") / "real")
    with atomic_write(tmp_path / "link") as temporary:
        assert temporary.parent == target.parent
        temporary.write_text("new")
    assert (tmp_path / "link").is_symlink()
    assert target.read_text() == "new"
    assert (_all_in(tmp_path), _all_in(target.parent)) == (["kept", "link"], ["real"])


@posix
def test_a_link_to_nothing_gets_its_target(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "new folder" / "real")
    with atomic_write(tmp_path / "link") as temporary:
        temporary.write_text("new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "new folder" / "real").read_text() == "new"


@posix
def test_a_link_in_a_circle_is_a_run_error(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(RunError, match="could not be written"), atomic_write(tmp_path / "a"):
        pytest.fail("there is no such file")
    assert _all_in(tmp_path) == ["a", "b"]


# --- what killed processes leave

_KILLED = """
import os, signal, sys
from pathlib import Path
from trainer.base.files import atomic_write
with atomic_write(Path(sys.argv[1])) as temporary:
    temporary.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@posix
def test_a_killed_writer_leaves_the_old_file_and_its_rest_goes_later(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    subprocess.run([sys.executable, "-c", _KILLED, str(path)], check=False)
    assert path.read_text() == "old"
    (part,) = set(_all_in(tmp_path)) - {"file"}
    with atomic_write(path) as temporary:  # it may belong to a writer that is alive
        temporary.write_text("new")
    assert _all_in(tmp_path) == sorted(["file", part])
    yesterday = time.time() - 90_000
    os.utime(tmp_path / part, (yesterday, yesterday))
    (tmp_path / ".other.01ab23cd.part").touch()
    os.utime(tmp_path / ".other.01ab23cd.part", (yesterday, yesterday))
    with atomic_write(path) as temporary:
        temporary.write_text("newer")
    assert _all_in(tmp_path) == [".other.01ab23cd.part", "file"]
