"""The log: where it lies, what a line names, and its bounds."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from trainer.base import logs


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    logs.close()


def _line() -> str:
    return logs.log_file("test").read_text(encoding="utf-8")


def test_the_folder_is_the_chosen_one_or_in_the_home(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HANDWRITE_HOME", str(tmp_path))
    assert logs.log_folder() == tmp_path / "logs"
    monkeypatch.setenv("HANDWRITE_LOG", str(tmp_path / "elsewhere"))
    assert logs.log_folder() == tmp_path / "elsewhere"
    monkeypatch.delenv("HANDWRITE_LOG")
    monkeypatch.delenv("HANDWRITE_HOME")
    assert "handwrite" in str(logs.log_folder())


def test_nothing_is_made_before_the_first_record() -> None:
    logs.set_up("test")
    assert not logs.log_folder().exists()
    logging.getLogger("trainer.sample").info("begun")
    assert _line().endswith("INFO trainer.sample: begun\n")


def test_a_line_names_program_and_job() -> None:
    logs.set_up("test")
    log = logging.getLogger("handwrite_app.sample")
    thread = threading.Thread(target=lambda: log.warning("here"), name="training")
    thread.start()
    thread.join()
    assert " test[" in _line()
    assert "] training WARNING handwrite_app.sample: here" in _line()


def test_details_go_to_standard_error_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("test")
    logging.getLogger("trainer.sample").debug("quiet")
    assert not logs.log_file("test").exists()
    logs.set_up("test", verbose=True)
    logging.getLogger("trainer.sample").debug("loud")
    logging.getLogger("PIL.sample").info("of another package")
    assert "loud" in capsys.readouterr().err
    assert "of another package" not in _line()
    logs.set_up("test")
    logging.getLogger("trainer.sample").info("once")
    assert capsys.readouterr().err == ""
    assert _line().count("once") == 1


def test_files_and_records_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "FILE_BYTES", 2_000)
    monkeypatch.setattr(logs, "RECORD_CHARACTERS", 400)
    logs.set_up("test")
    for _ in range(60):
        logging.getLogger("trainer.sample").error("x" * 10_000)
    files = sorted(logs.log_folder().iterdir())
    assert len(files) == 1 + logs.OLD_FILES
    assert all(path.stat().st_size < 3_000 for path in files)


def test_a_folder_that_cannot_be_made_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("HANDWRITE_LOG", str(tmp_path / "file" / "logs"))
    logs.set_up("test")
    logging.getLogger("trainer.sample").error("nowhere")
    assert capsys.readouterr().err == ""


def test_what_leaves_a_thread_or_can_be_raised_nowhere_is_logged() -> None:
    program = """
import threading
from trainer.base import logs

logs.set_up("test")
logs.log_unhandled()

def broken():
    raise ZeroDivisionError("in a thread")

class Broken:
    def __del__(self):
        raise ZeroDivisionError("in del")

thread = threading.Thread(target=broken, name="the job")
thread.start()
thread.join()
Broken()
"""
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
    assert "thread 'the job' ended with an error" in _line()
    assert "ZeroDivisionError: in a thread" in _line()
    assert "ZeroDivisionError: in del" in _line()
