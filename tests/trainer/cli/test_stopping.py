"""What stops a training run from outside, and what is left of it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from trainer.base.events import EpochFinished, Event
from trainer.base.paths import runs_folder
from trainer.cli import run
from trainer.cli.display import Display
from trainer.cli.stopping import StopRequest
from trainer.models.weights import load_weights
from trainer.runs.records import read_run

pytestmark = [
    pytest.mark.usefixtures("one_thread"),
    pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them"),
]

LONG = [
    *("train", "--network", "lenet5", "--epochs", "1000", "--batch-size", "32"),
    *("--augmentation", "none", "--device", "cpu", "--precision", "float32", "--threads", "1"),
    *("--validation", "200", "--limit", "320", "--learning-rate", "0.003"),
]


def _started(bars: Path, *more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "trainer", *LONG, "--data", str(bars), *more],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _wait_for_an_epoch(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith("epoch ") or '"EpochFinished"' in line:
            return
    raise AssertionError("no epoch ended")


def test_a_signal_keeps_the_best(bars: Path, tmp_path: Path) -> None:
    output = tmp_path / "x.safetensors"
    with _started(bars, "--output", str(output)) as process:
        _wait_for_an_epoch(process)
        process.send_signal(signal.SIGTERM)
        printed, complaint = process.communicate(timeout=120)
    assert process.returncode == 143, complaint
    assert "Traceback" not in complaint
    _assert_that_the_best_was_kept(printed, output)


def test_a_terminal_that_closes_keeps_the_best(
    bars: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In this process, which has torch already. Ctrl+C: see test_training."""
    output = tmp_path / "x.safetensors"
    show = Display.show

    def show_and_hang_up(self: Display, event: Event) -> None:
        show(self, event)
        if isinstance(event, EpochFinished) and event.epoch == 1:
            signal.raise_signal(signal.SIGHUP)

    monkeypatch.setattr(Display, "show", show_and_hang_up)
    assert run([*LONG, "--data", str(bars), "--output", str(output)]) == 129
    _assert_that_the_best_was_kept(capsys.readouterr().out, output)


def _assert_that_the_best_was_kept(printed: str, output: Path) -> None:
    assert "Stopped after" in printed
    (folder,) = runs_folder().iterdir()
    assert read_run(folder).state == "stopped"
    assert output.read_bytes() == (folder / "best.safetensors").read_bytes()
    load_weights(output)


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_reader_that_goes_away_stops_the_run_which_keeps_its_best(
    bars: Path, tmp_path: Path, more: list[str]
) -> None:
    """As with `| head -1`: no silent success, and no lost work."""
    output = tmp_path / "x.safetensors"
    with _started(bars, "--output", str(output), *more) as process:
        _wait_for_an_epoch(process)
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(timeout=120) == 141
        assert process.stderr is not None
        complaint = process.stderr.read()
    assert "Traceback" not in complaint
    assert "stopped; the best weights are" in complaint
    (folder,) = runs_folder().iterdir()
    assert read_run(folder).state == "stopped"
    load_weights(output)


def test_nobody_has_to_read_what_is_printed(tmp_path: Path) -> None:
    """`>&-`: standard output is closed from the beginning."""
    program = (
        "import os, subprocess, sys\n"
        "os.close(1)\n"
        "os.execv(sys.executable, [sys.executable, '-m', 'trainer', 'models', '--json'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], stderr=subprocess.PIPE, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_nobody_has_to_read_complaints(tmp_path: Path) -> None:
    program = (
        "import os, subprocess, sys\n"
        "os.close(2)\n"
        "os.execv(sys.executable, [sys.executable, '-m', 'trainer', 'recognize', 'absent.png'])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, check=False, timeout=120
    )
    assert (done.returncode, done.stdout) == (2, "")


def test_a_second_signal_insists() -> None:
    with StopRequest() as stop:
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.is_set()
        assert stop.exit_code == 143
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)


def test_what_nohup_ignores_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with StopRequest() as stop:
            signal.raise_signal(signal.SIGHUP)
            assert not stop.is_set()
    finally:
        signal.signal(signal.SIGHUP, before)
