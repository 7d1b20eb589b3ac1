"""The checks of tests/conftest.py themselves: a test that leaves something behind fails, and one that hangs ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[1]

_TESTS = """
import threading, time
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel

kept = []

def test_timer_leaks(qapp):
    timer = QTimer()
    timer.start(3_600_000)
    kept.append(timer)

def test_call_leaks(qapp):
    QTimer.singleShot(3_600_000, lambda: None)

def test_window_leaks(qapp):
    kept.append(QLabel())

def test_shown_window_leaks(qapp):
    label = QLabel()
    label.show()
    kept.append(label)

def test_thread_leaks():
    threading.Thread(target=time.sleep, args=(8,), name="sleeper", daemon=True).start()

def test_all_is_well(qtbot):
    timer = QTimer()
    timer.start(3_600_000)
    timer.stop()
    with_a_timer = QLabel()
    with_a_timer.timer = QTimer(with_a_timer)
    with_a_timer.timer.start(3_600_000)
    with_a_timer.itself = with_a_timer  # garbage, and no leak
    shown = QLabel()
    qtbot.addWidget(shown)
    shown.show()
    fired = []
    QTimer.singleShot(0, lambda: fired.append(1))
    qtbot.waitUntil(lambda: bool(fired))

def test_one_after_the_other(qapp):
    pass
"""


_HANGING = """
import pytest
from PySide6.QtCore import QEventLoop

@pytest.mark.timeout(1)
def test_hanging(qapp):
    QEventLoop().exec()
"""


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> str:
    return _pytest(tmp_path_factory.mktemp("leaking"), _TESTS)


def _pytest(folder: Path, tests: str) -> str:
    """What pytest says of these tests with the fixtures of tests/conftest.py."""
    (folder / "test_leaking.py").write_text(tests, encoding="utf-8")
    (folder / "conftest.py").write_text(
        "from tests.conftest import *\n"
        "from tests.conftest import _nothing_left_behind, _own_folders\n",
        encoding="utf-8",
    )
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    options = ["-rA", "-c", str(_ROOT / "pyproject.toml"), "--rootdir", str(folder), str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        env={**os.environ, "PYTHONPATH": path},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("timer_leaks", "a timer that was started in "),
        ("call_leaks", "a call of QTimer.singleShot in "),
        ("window_leaks", "a window: QLabel\n"),
        ("shown_window_leaks", "a window: QLabel (shown)"),
        ("thread_leaks", "a thread: sleeper\n"),
    ],
)
def test_what_is_left_behind_is_told(output: str, test: str, told: str) -> None:
    assert f"ERROR test_leaking.py::test_{test}" in output
    assert told in output


def test_a_test_that_hangs_ends_and_says_where(tmp_path: Path) -> None:
    output = _pytest(tmp_path, _HANGING)
    assert "Timeout" in output
    assert "QEventLoop().exec()" in output
    assert "passed" not in output


@pytest.mark.parametrize("test", ["all_is_well", "one_after_the_other"])
def test_nothing_is_held_against_a_tidy_test(output: str, test: str) -> None:
    assert f"PASSED test_leaking.py::test_{test}" in output
    assert f"ERROR test_leaking.py::test_{test}" not in output
