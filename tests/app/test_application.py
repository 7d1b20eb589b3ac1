"""The program around the window: its options, its exit codes, its log."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "handwrite_app", *arguments],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_an_unknown_option_is_wrong_input() -> None:
    done = _run("--nosuch")
    assert done.returncode == 2
    assert "there is no option --nosuch" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX's")
def test_verbose_logs_here_and_in_the_folder(tmp_path: Path) -> None:
    """The window is closed as a session's end would close it."""
    program = (
        "import os, signal, sys\n"
        "sys.argv = ['handwrite-app', '--verbose']\n"
        "from handwrite_app import application\n"
        "after = application._after_start\n"
        "def after_start(window):\n"
        "    after(window)\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "application._after_start = after_start\n"
        "from handwrite_app.__main__ import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "HANDWRITE_LOG": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    line = "MainThread INFO handwrite_app.application: Handwrite "
    assert line in done.stderr
    assert line in (tmp_path / "handwrite-app.log").read_text(encoding="utf-8")
