"""Folders for what nobody has kept: nobody else touches one that is used, and a killed one's does not stay."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from trainer.base.errors import RunError
from trainer.base.locking import FileLock
from trainer.base.paths import cache_folder
from trainer.base.temp_folders import Scratch, scratch_folder

_HOLD = (
    "import sys, time; from trainer.base.temp_folders import Scratch; scratch = Scratch(); "
    "(scratch.path / 'personalized').write_text('new'); print(scratch.path, flush=True); time.sleep(600)"
)


def _folders() -> list[Path]:
    return [path for path in scratch_folder().iterdir() if path.is_dir()]


def test_it_is_there_until_it_is_closed() -> None:
    with Scratch() as scratch:
        (scratch.path / "folder").mkdir()
        (scratch.path / "folder" / "file").write_bytes(b"x")
        assert _folders() == [scratch.path]
    assert _folders() == []
    scratch.close()


def test_several_at_once() -> None:
    with Scratch() as one:
        (one.path / "file").write_bytes(b"x")
        with Scratch() as other:
            assert sorted(_folders()) == sorted([one.path, other.path])
        assert (one.path / "file").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_what_a_killed_process_left_goes_with_the_next_one() -> None:
    process = subprocess.Popen([sys.executable, "-c", _HOLD], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        theirs = Path(process.stdout.readline().strip())
        with Scratch():
            assert (theirs / "personalized").read_text() == "new"  # it may still be kept
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert theirs.is_dir()
        with Scratch() as scratch:
            assert _folders() == [scratch.path]
    finally:
        process.kill()
        process.communicate()


def test_what_a_late_process_wrote_without_a_lock_goes_too() -> None:
    late = scratch_folder() / "late"
    late.mkdir(parents=True)
    (late / "personalized").write_text("new")
    (scratch_folder() / "a file").write_text("somebody's")
    with Scratch() as scratch:
        assert _folders() == [scratch.path]
    assert (scratch_folder() / "a file").is_file()


def test_where_no_lock_holds_nothing_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    with Scratch() as one:
        monkeypatch.setattr(FileLock, "acquire", lambda *_: True)
        with Scratch():
            assert one.path.is_dir()


def test_no_folder_can_be_made() -> None:
    cache_folder().parent.mkdir(parents=True, exist_ok=True)
    cache_folder().write_text("in the way")
    with pytest.raises(RunError, match=r"no folder can be made in .*HANDWRITE_CACHE"):
        Scratch()
