"""Locks keep others out while their owner lives, and say so where the file system has none."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from trainer.base.locking import FileLock

posix = pytest.mark.skipif(sys.platform == "win32", reason="flock and signals")

_HOLD = """
import sys
from pathlib import Path
from trainer.base.locking import FileLock
lock = FileLock(Path(sys.argv[1]))
print(lock.acquire(), flush=True)
sys.stdin.read()
"""


@contextmanager
def _other_owner(path: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        try:
            yield process
        finally:
            process.kill()


def test_one_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with FileLock(path) as one, FileLock(path) as other:
        assert one.acquire()
        assert not other.acquire()
        assert not other.acquire(timeout=0.02)
        one.release()
        assert other.acquire()
        other.close()
        other.close()
        assert one.acquire()
        assert one.is_effective
    assert path.read_bytes() == b""


def test_a_release_of_what_is_not_held_is_nothing(tmp_path: Path) -> None:
    with FileLock(tmp_path / "lock") as lock:
        lock.release()
        assert lock.acquire()


@posix
def test_shared_locks_exclude_exclusive_ones(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with FileLock(path) as one, FileLock(path) as other, FileLock(path) as third:
        assert one.share()
        assert other.share()
        assert not third.acquire()
        one.close()
        assert not third.acquire()
        assert other.acquire()  # its own share is no hindrance
        assert not third.share()


def test_a_killed_owner_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with _other_owner(path) as process, FileLock(path) as lock:
        assert not lock.acquire()
        process.kill()
        process.wait()
        assert lock.acquire(timeout=5)


@posix
def test_a_stopped_owner_is_respected(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with _other_owner(path) as process, FileLock(path) as lock:
        process.send_signal(signal.SIGSTOP)
        assert not lock.acquire(timeout=0.05)
        process.send_signal(signal.SIGCONT)


@posix
@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    import fcntl

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with FileLock(tmp_path / "lock") as one, FileLock(tmp_path / "lock") as other:
        assert one.is_effective  # not known yet
        assert one.acquire()
        assert not one.is_effective
        assert other.share()
        assert not other.is_effective
        one.release()


@posix
def test_another_error_is_not_taken_for_a_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    def fail(*_: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(fcntl, "flock", fail)
    with FileLock(tmp_path / "lock") as lock, pytest.raises(OSError, match="Input/output"):
        lock.acquire()
