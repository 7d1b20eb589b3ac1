"""Event files, read back by TensorBoard."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.trainer.run_folders import epoch, finished, note, progress, started, write_run
from trainer.base.errors import InputError
from trainer.base.events import Downloading, Event, Note
from trainer.base.paths import runs_folder
from trainer.cli import run
from trainer.runs import tensorboard
from trainer.runs.tensorboard import check_tensorboard, mirrored

pytest.importorskip("tensorboard", reason="wants the package tensorboard")


def _events(folder: Path) -> list[Event]:
    return [
        Downloading(file="x", received=1, total=2),
        note("before the run"),
        started(folder),
        progress(10, loss=0.75),
        note("half|way"),
        progress(20, loss=0.5),
        epoch(1),
        finished(folder),
    ]


def _read(folder: Path) -> Any:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    found = EventAccumulator(str(folder))
    found.Reload()
    return found


def _scalars(found: Any, tag: str) -> list[tuple[int, float]]:
    return [(event.step, pytest.approx(event.value)) for event in found.Scalars(tag)]


def _text(found: Any, tag: str) -> str:
    (event,) = found.Tensors(f"{tag}/text_summary")
    return event.tensor_proto.string_val[0].decode()  # type: ignore[no-any-return]


def test_events_pass_and_are_written(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run", learning_rate=0.0123)
    events = _events(folder)
    assert list(mirrored(iter(events))) == events
    found = _read(folder)
    assert _scalars(found, "batch/loss") == [(10, 0.75), (20, 0.5)]
    assert _scalars(found, "batch/accuracy") == [(10, 0.5), (20, 0.5)]
    assert _scalars(found, "batch/learning rate") == [(10, 1e-3), (20, 1e-3)]
    assert _scalars(found, "batch/images per second") == [(10, 1000.0), (20, 1000.0)]
    assert _scalars(found, "loss/training") == [(20, 1.0)]
    assert _scalars(found, "loss/validation") == [(20, 1.5)]
    assert _scalars(found, "accuracy/training") == [(20, 0.8)]
    assert _scalars(found, "accuracy/validation") == [(20, 0.9)]
    assert "| learning_rate | 0.0123 |" in _text(found, "settings")
    assert "| parameters | 61706 |" in _text(found, "run")
    assert _text(found, "notes") == "half|way"


def test_another_folder(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run")
    list(mirrored(_events(folder), tmp_path / "new" / "board"))
    assert not list(folder.glob("events*"))
    assert _scalars(_read(tmp_path / "new" / "board"), "loss/validation") == [(20, 1.5)]


def test_what_a_resumed_run_does_again_counts_once(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run")
    first = [started(folder), progress(10, loss=3), progress(20, loss=2), progress(30, loss=1)]
    list(mirrored(first))
    list(mirrored([started(folder), progress(20, loss=0.5), epoch(1), finished(folder)]))
    assert len(list(folder.glob("events*"))) == 2
    assert _scalars(_read(folder), "batch/loss") == [(10, 3), (20, 0.5)]


def test_a_run_that_failed_at_once_has_its_settings(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run")
    list(mirrored([started(folder)]))
    assert "| network | lenet5 |" in _text(_read(folder), "settings")


def test_a_run_that_is_left_is_ended_and_its_file_closed(tmp_path: Path) -> None:
    folder = write_run(tmp_path / "run")
    ended = []

    def events() -> Iterator[Event]:
        try:
            yield from _events(folder)
        finally:
            ended.append(True)

    source = events()
    for event in (passing := mirrored(source)):
        if event == progress(10, loss=0.75):
            break
    passing.close()  # type: ignore[attr-defined]
    assert ended == [True]
    assert _scalars(_read(folder), "batch/loss") == [(10, 0.75)]


def test_an_error_of_the_run_comes_through(tmp_path: Path) -> None:
    def events() -> Iterator[Event]:
        yield started(tmp_path)
        yield epoch(1)
        raise InputError("this")

    with pytest.raises(InputError, match="this"):
        list(mirrored(events()))
    assert _scalars(_read(tmp_path), "loss/validation") == [(20, 1.5)]


def test_a_full_disk_ends_the_files_and_not_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from torch.utils.tensorboard import SummaryWriter

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(SummaryWriter, "add_scalar", full)
    events = _events(write_run(tmp_path / "run"))
    seen = list(mirrored(events))
    (note,) = (event for event in seen if event not in events)
    assert isinstance(note, Note)
    assert "No space left on device" in note.text
    assert [event for event in seen if event in events] == events


def test_without_the_package(
    bars: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tensorboard.importlib.util, "find_spec", lambda name: None)  # type: ignore[attr-defined]
    with pytest.raises(InputError, match="-m pip install tensorboard"):
        check_tensorboard()
    with pytest.raises(InputError, match="-m pip install tensorboard"):
        mirrored([])  # at once, not at the first event
    assert run(["train", "--tensorboard", "--data", str(bars)]) == 2
    assert "-m pip install tensorboard" in capsys.readouterr().err.replace("\n", " ")
    assert not runs_folder().exists()
    assert (
        importlib.util.find_spec("tensorboard") is None
    )  # the same function: what was tested is true


def test_the_flag(bars: Path, one_thread: None, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["train", "--network", "lenet5", "--epochs", "1", "--limit", "320", "--device", "cpu"]
    line += ["--precision", "float32", "--threads", "1", "--validation", "200", "--json"]
    assert run([*line, "--data", str(bars), "--tensorboard"]) == 0
    (folder,) = runs_folder().iterdir()
    assert '"RunFinished"' in capsys.readouterr().out
    found = _read(folder)
    assert len(found.Scalars("accuracy/validation")) == 1
    assert "| network | lenet5 |" in _text(found, "settings")
    assert found.Tags()["scalars"].count("batch/loss") == 1
