"""Half a minute of benchmarks/soak, in a process of its own: what grows or dies there fails here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(900)
def test_a_long_session_neither_grows_nor_dies() -> None:
    seconds = 8 if os.environ.get("HANDWRITE_QUICK") else 30
    options = ["--json", f"--seconds={seconds}", "--platform=offscreen"]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.soak", *options],
        cwd=_ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=seconds + 240,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr  # anything else is a death
    report = json.loads(done.stdout)
    assert [goal for goal in report["goals"] if not goal["met"]] == []
    assert "Traceback" not in done.stderr
