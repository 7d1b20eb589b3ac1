"""handwrite-trainer train: flags, lines for people and for machines, Ctrl+C."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.trainer.local_mirror import Mirror, mirror
from trainer.base.events import Event, RunFinished, RunStarted, event_from_json
from trainer.base.paths import runs_folder
from trainer.cli import run
from trainer.cli.display import Display
from trainer.cli.stopping import StopRequest
from trainer.models.weights import load_weights, read_card
from trainer.runs.config import TrainConfig
from trainer.runs.records import read_run

pytestmark = pytest.mark.usefixtures("one_thread")

SMALL = [
    *("--network", "lenet5", "--epochs", "1", "--batch-size", "32", "--augmentation", "none"),
    *("--device", "cpu", "--precision", "float32", "--threads", "1", "--validation", "200"),
    *("--limit", "320", "--learning-rate", "0.003"),
]


def _events(text: str) -> list[Event]:
    return [event_from_json(line) for line in text.splitlines()]


def _complaint(capsys: pytest.CaptureFixture[str], *arguments: object, code: int) -> str:
    assert run(["train", *SMALL, *map(str, arguments)]) == code
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith("error: ")
    return output.err.replace("\n", " ")


def test_one_line_of_json_an_event_and_the_weights_where_they_are_wanted(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "new folder" / "mine.safetensors"
    line = ["train", *SMALL, "--data", str(bars), "--json", "--output", str(output)]
    assert run([*line, "--seed", "3", "--label-smoothing", "0.1"]) == 0
    printed = capsys.readouterr()
    assert printed.err == ""
    events = _events(printed.out)
    assert isinstance(events[0], RunStarted)
    result = events[-1]
    assert isinstance(result, RunFinished)
    assert output.read_bytes() == Path(result.weights).read_bytes()
    assert list(output.parent.iterdir()) == [output]
    recipe = TrainConfig.from_json(read_card(output).recipe)
    assert (recipe.seed, recipe.label_smoothing, recipe.learning_rate) == (3, 0.1, 0.003)
    assert (recipe.network, recipe.limit) == ("lenet5", 320)


def test_mnist_by_name_is_looked_for_in_the_usual_folder(
    bars: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HANDWRITE_DATA", str(bars))
    # A folder that happens to be called like that is not meant.
    (tmp_path / "mnist").mkdir()
    monkeypatch.chdir(tmp_path)
    for line in ([], ["--data", "mnist"]):
        assert run(["train", *SMALL, "--limit", "64", "--json", *line]) == 0
        events = _events(capsys.readouterr().out)
        assert events[0].training_pictures == 64  # type: ignore[union-attr]
    assert list((tmp_path / "mnist").iterdir()) == []


def test_lines_for_people(bars: Path, capsys: pytest.CaptureFixture[str], lenet_file: Path) -> None:
    line = ["train", *SMALL, "--epochs", "2", "--data", str(bars)]
    assert run([*line, "--compare-with", str(lenet_file)]) == 0
    output = capsys.readouterr()
    text = output.out
    assert "lenet5, 61,706 parameters, on cpu (float32, channels last, 1 thread)" in text
    assert "320 pictures to learn from, 200 for validation" in text
    assert len([line for line in text.splitlines() if line.startswith("epoch ")]) == 2
    assert "best" in text
    assert "Done after" in text
    assert "on 200 validation pictures" in text
    assert "Compared with by heart (" in text
    (run_folder,) = runs_folder().iterdir()
    assert str(run_folder / "best.safetensors") in text
    assert "training" in output.err  # the bar


def test_brackets_in_a_folders_name_are_brackets(
    bars: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HANDWRITE_HOME", str(tmp_path / "[bold]home[~bold]"))
    assert run(["train", *SMALL, "--limit", "64", "--data", str(bars)]) == 0
    assert str(tmp_path / "[bold]home[~bold]") in capsys.readouterr().out


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (["--epochs", "0"], "--epochs must be a whole number from 1 to 1,000, not 0"),
        (["--network", "resnet"], "--network must be one of scribe, cnn, lenet5"),
        (["--learning-rate", "nan"], "--learning-rate must be a number from 0.0 to 10.0, not nan"),
        (["--learning-rate", "-1"], "--learning-rate must be a number from 0.0 to 10.0, not -1.0"),
        (["--optimizer", "magic"], "--optimizer must be one of adamw"),
        (["--device", "abacus"], "--device must be one of auto"),
        (["--validation", "5"], "--validation must be a whole number from 100 to 20,000, not 5"),
        (["--compare-with", "nobody"], "there is no network named 'nobody'"),
        (["--output", "."], "--output .: a folder"),
    ],
    ids=str,
)
def test_wrong_input_begins_nothing(
    bars: Path, capsys: pytest.CaptureFixture[str], flags: list[str], told: str
) -> None:
    assert told in _complaint(capsys, "--data", bars, *flags, code=2)
    assert not runs_folder().exists()


def test_an_output_that_cannot_be_written_leaves_the_runs_own_weights(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").write_text("a file")
    line = ["train", *SMALL, "--limit", "64", "--data", str(bars), "--json"]
    assert run([*line, "--output", str(tmp_path / "folder" / "x.safetensors")]) == 1
    output = capsys.readouterr()
    assert "could not be written" in output.err
    result = _events(output.out)[-1]
    assert isinstance(result, RunFinished)
    load_weights(Path(result.weights))


# --- data


@pytest.fixture
def small_mnist(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    """torchvision's mirrors point to a server here, whose MNIST has no pictures."""
    import torchvision.datasets

    monkeypatch.setenv("no_proxy", "*")
    empty = gzip.compress(bytes([0, 0, 8, 3]) + struct.pack(">3I", 0, 28, 28))
    files = {name: empty for name, _ in torchvision.datasets.MNIST.resources}
    sums = [(name, hashlib.md5(empty).hexdigest()) for name in files]
    with mirror(files) as running:
        monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", [running.url("")])
        monkeypatch.setattr(torchvision.datasets.MNIST, "resources", sums)
        yield running


def test_what_is_absent_is_downloaded_to_the_cache(
    small_mnist: Mirror,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.delenv("HANDWRITE_DATA", raising=False)
    monkeypatch.setenv("HANDWRITE_CACHE", str(tmp_path / "cache"))
    assert run(["train", *SMALL, "--json"]) == 2
    output = capsys.readouterr()
    files = [json.loads(line)["file"] for line in output.out.splitlines()]
    assert list(dict.fromkeys(files)) == list(small_mnist.files)
    assert "is not MNIST's: it holds (0, 28, 28)" in output.err
    raw = tmp_path / "cache" / "data" / "MNIST" / "raw"
    assert sorted(path.name for path in raw.iterdir()) == sorted(small_mnist.files)
    assert not runs_folder().exists()


def test_a_download_has_a_bar(
    small_mnist: Mirror, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["train", *SMALL, "--data", str(tmp_path)]) == 2
    assert capsys.readouterr().out == ""


def test_offline_and_absent_it_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import torchvision.datasets

    monkeypatch.setenv("no_proxy", "*")
    monkeypatch.setattr(torchvision.datasets.MNIST, "mirrors", ["http://127.0.0.1:9/"])
    (tmp_path / "none").mkdir()
    message = _complaint(capsys, "--data", tmp_path / "none", code=1)
    assert f"MNIST is not in {tmp_path / 'none'} and could not be downloaded" in message
    assert "Connect to the internet and try again" in message
    assert list((tmp_path / "none").rglob("*")) == []


def test_a_data_folder_that_cannot_be_written_is_told(
    small_mnist: Mirror,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "data").write_text("a file")
    monkeypatch.setenv("HANDWRITE_DATA", str(tmp_path / "data"))
    message = _complaint(capsys, code=1)
    assert "cannot be stored there" in message
    assert "--data or HANDWRITE_DATA" in message


def test_a_data_folder_is_only_read(bars: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def state() -> list[tuple[str, int]]:
        return sorted((str(path), path.stat().st_mtime_ns) for path in bars.rglob("*"))

    before = state()
    assert run(["train", *SMALL, "--limit", "64", "--data", str(bars), "--json"]) == 0
    assert state() == before
    capsys.readouterr()


# --- Ctrl+C


def test_the_first_interrupt_asks_and_the_second_insists() -> None:
    before = signal.getsignal(signal.SIGINT)
    with StopRequest() as stop:
        signal.raise_signal(signal.SIGINT)
        assert stop.is_set()
        assert stop.exit_code == 130
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_in_another_thread_signals_are_left_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    entered: list[Any] = []

    def work() -> None:
        with StopRequest():
            entered.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert entered == [before]


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_ctrl_c_keeps_the_best_and_does_not_end_as_if_all_was_done(
    bars: Path, tmp_path: Path
) -> None:
    """With the bar on a terminal, the lines in a pipe: results go where they are sent."""
    import pty

    leader, terminal = pty.openpty()
    output = tmp_path / "mine.safetensors"
    line = [*SMALL, "--epochs", "1000", "--data", str(bars), "--output", str(output)]
    shown: list[bytes] = []
    with subprocess.Popen(
        [sys.executable, "-m", "trainer", "train", *line],
        stdout=subprocess.PIPE,
        stderr=terminal,
        text=True,
        env={**os.environ, "TERM": "xterm"},
    ) as process:
        os.close(terminal)

        def watch() -> None:
            while True:
                try:
                    shown.append(os.read(leader, 1 << 16))
                except OSError:  # the terminal's other end is closed
                    return

        watcher = threading.Thread(target=watch)
        watcher.start()
        assert process.stdout is not None
        printed = []
        for text in process.stdout:
            printed.append(text)
            if text.startswith("epoch "):
                process.send_signal(signal.SIGINT)
                break
        printed += process.stdout.readlines()
        assert process.wait(timeout=120) == 130
        watcher.join(timeout=10)
        os.close(leader)
    (run_folder,) = runs_folder().iterdir()
    assert any(text.startswith("Stopped after") for text in printed)
    assert output.read_bytes() == (run_folder / "best.safetensors").read_bytes()
    assert load_weights(output)[1].metrics["epoch"] >= 1
    assert read_run(run_folder).state == "stopped"
    screen = b"".join(shown)
    assert b"training" in screen
    assert b"Stopped after" not in screen
    assert b"Traceback" not in screen


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_ctrl_c_before_anything_was_learned_has_nothing_to_keep(
    bars: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from trainer.training import train

    begin = train._run

    def interrupted(*rest: Any, **named: Any) -> Iterator[Event]:
        for event in begin(*rest, **named):
            if isinstance(event, RunStarted):
                signal.raise_signal(signal.SIGINT)
            yield event

    monkeypatch.setattr(train, "_run", interrupted)
    assert run(["train", *SMALL, "--data", str(bars)]) == 130
    assert "stopped before anything was learned" in capsys.readouterr().err


def test_ctrl_c_after_the_last_epoch_changes_nothing(
    bars: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    show = Display.show

    def show_and_interrupt(self: Display, event: Event) -> None:
        show(self, event)
        if isinstance(event, RunFinished):
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Display, "show", show_and_interrupt)
    assert run(["train", *SMALL, "--limit", "64", "--data", str(bars)]) == 0
    assert "Done after" in capsys.readouterr().out


def test_a_file_to_start_from_is_kept_by_its_whole_path(
    bars: Path,
    lenet_file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """So that the run can be gone on with from another folder."""
    monkeypatch.chdir(lenet_file.parent)
    line = ["train", *SMALL, "--limit", "32", "--data", str(bars), "--json"]
    assert run([*line, "--start", lenet_file.name]) == 0
    folder = Path(_events(capsys.readouterr().out)[-1].run)  # type: ignore[union-attr]
    config = TrainConfig.from_json(json.loads((folder / "config.json").read_text()))
    assert config.start == str(lenet_file)


def test_who_goes_on_takes_the_runs_own_data(
    bars: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDWRITE_HOME", str(tmp_path))
    (tmp_path / "runs" / "mine").mkdir(parents=True)
    (tmp_path / "runs" / "mine" / "config.json").write_text("{}")
    assert run(["train", "--resume", "mine", "--data", "usps"]) == 2
    assert "own data" in capsys.readouterr().err
