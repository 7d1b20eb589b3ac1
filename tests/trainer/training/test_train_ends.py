"""However a training run ends, it hands back its best: stopped, out of patience, or failed."""

from __future__ import annotations

import dataclasses
import errno
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tests.trainer.made_runs import of_kind, result_of, run_all, small, stop_after
from trainer.base.errors import ConfigError, DataError, RunError, WeightsError
from trainer.base.events import (
    BatchProgress,
    EpochFinished,
    Event,
    Note,
    RunStarted,
    RunStoppedEarly,
    event_from_json,
)
from trainer.models.weights import load_weights, read_card, save_weights
from trainer.training import loop, validation
from trainer.training.learner import train_step
from trainer.training.train import resume, train

pytestmark = pytest.mark.usefixtures("one_thread")


# --- stopping


def test_stopped_before_the_first_step_there_is_nothing_to_keep(bars: Path, tmp_path: Path) -> None:
    events = run_all(bars, small(), runs=tmp_path, should_stop=lambda: True)
    assert [type(event) for event in events] == [RunStarted, RunStoppedEarly]
    folder = Path(events[0].run)  # type: ignore[union-attr]
    assert events[-1].run == str(folder)  # type: ignore[union-attr]
    assert not (folder / "best.safetensors").exists()


@pytest.mark.parametrize("asked", [1, 19])
def test_stopped_within_the_first_epoch_there_is_a_result(
    bars: Path, tmp_path: Path, asked: int
) -> None:
    events = run_all(bars, small(epochs=5), runs=tmp_path, should_stop=stop_after(asked))
    result = result_of(events)
    assert result.reason == "stopped"
    assert (result.best_epoch, result.epochs) == (1, 5)
    (epoch,) = of_kind(events, EpochFinished)
    assert epoch.step == asked
    assert epoch.training.count == asked * 32
    assert read_card(Path(result.weights)).metrics["epoch"] == 1


def test_stopped_later_the_best_so_far_comes_back(bars: Path, tmp_path: Path) -> None:
    # Twenty questions an epoch: one a batch.
    events = run_all(bars, small(epochs=9), runs=tmp_path, should_stop=stop_after(20 + 5))
    result = result_of(events)
    assert result.reason == "stopped"
    assert [event.step for event in of_kind(events, EpochFinished)] == [20, 25]
    best = max(
        of_kind(events, EpochFinished), key=lambda e: (e.validation.accuracy, -e.validation.loss)
    )
    assert result.best_epoch == best.epoch
    assert result.validation == best.validation


def test_stopped_within_the_last_epoch_it_is_stopped_all_the_same(
    bars: Path, tmp_path: Path
) -> None:
    events = run_all(bars, small(), runs=tmp_path, should_stop=stop_after(5))
    assert result_of(events).reason == "stopped"


def test_stopped_between_two_epochs(bars: Path, tmp_path: Path) -> None:
    events = run_all(bars, small(epochs=9), runs=tmp_path, should_stop=stop_after(20))
    assert result_of(events).reason == "stopped"
    assert [event.step for event in of_kind(events, EpochFinished)] == [20]


def test_a_listener_that_leaves_takes_nothing_along(bars: Path, tmp_path: Path) -> None:
    """The window may be gone at any event: what is on the disk is whole."""
    run = train(small(epochs=5, limit=64), data_folder=bars, runs=tmp_path)
    for event in run:
        if isinstance(event, EpochFinished) and event.epoch == 2:
            break
    run.close()  # type: ignore[attr-defined]
    (folder,) = tmp_path.iterdir()
    load_weights(folder / "best.safetensors")
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    assert event_from_json(lines[-1]) == event
    assert not list(folder.glob("*.part"))


def test_patience(bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    losses = iter([1.0, 0.9, 0.95, 0.91, 0.1])
    figures = validation.metrics_of
    monkeypatch.setattr(
        validation,
        "metrics_of",
        lambda *tensors: dataclasses.replace(figures(*tensors), loss=next(losses)),
    )
    events = run_all(bars, small(epochs=50, limit=32, patience=2), runs=tmp_path)
    assert len(of_kind(events, EpochFinished)) == 4
    assert result_of(events).reason == "patience"


# --- what goes wrong


def test_a_loss_that_is_no_number_keeps_the_best_before(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second epoch's corrections are made a billion times too large."""
    monkeypatch.setattr(loop, "schedule_factor", lambda _, done: 1.0 if done < 0.5 else 1e9)
    events_of = train(
        small(epochs=2, optimizer="sgd", learning_rate=0.05), data_folder=bars, runs=tmp_path
    )
    events: list[Event] = []
    with pytest.raises(RunError, match="stopped being a number in epoch 2") as caught:
        events.extend(events_of)
    (folder,) = tmp_path.iterdir()
    assert str(folder / "best.safetensors") in str(caught.value)
    assert "smaller learning rate" in str(caught.value)
    _, card = load_weights(folder / "best.safetensors")
    assert card.metrics["epoch"] == 1
    # The log tells how it went up to there.
    last = event_from_json((folder / "metrics.jsonl").read_text().splitlines()[-1])
    assert isinstance(last, EpochFinished | BatchProgress)


def test_a_loss_that_is_no_number_from_the_start(bars: Path, tmp_path: Path) -> None:
    config = small(optimizer="sgd", learning_rate=10.0, schedule="constant", epochs=3)
    with pytest.raises(RunError, match="stopped being a number in epoch 1") as caught:
        run_all(bars, config, runs=tmp_path)
    assert "best weights" not in str(caught.value)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (RuntimeError("CUDA error: unknown error\nCompile with ..."), "failed: CUDA error: unknown error."),
        (torch.OutOfMemoryError("CUDA out of memory."), "ran out of memory: try a smaller"),
    ],
)  # fmt: skip
def test_a_device_that_gives_out_keeps_the_best_before(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, message: str
) -> None:
    calls = iter(range(25))

    def fails_late(*rest: Any, **named: Any) -> torch.Tensor:
        if next(calls, None) is None:
            raise error
        return train_step(*rest, **named)

    monkeypatch.setattr(loop, "train_step", fails_late)
    with pytest.raises(RunError) as caught:
        run_all(bars, small(epochs=3), runs=tmp_path)
    (folder,) = tmp_path.iterdir()
    assert message in str(caught.value)
    assert f"best weights so far are in {folder / 'best.safetensors'}" in str(caught.value)
    load_weights(folder / "best.safetensors")


def test_a_full_disk_keeps_the_best_before(
    bars: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:

    def full_later(path: Path, *rest: Any) -> None:
        if path.exists():
            monkeypatch.setattr(os, "replace", fails)
        save_weights(path, *rest)

    def fails(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(validation, "save_weights", full_later)
    with pytest.raises(RunError, match="No space left on device"):
        run_all(bars, small(epochs=9), runs=tmp_path)
    (folder,) = tmp_path.iterdir()
    assert load_weights(folder / "best.safetensors")[1].metrics["epoch"] == 1
    assert not list(folder.glob("*.part"))


def test_a_log_that_cannot_be_written_is_told_and_the_result_stays(
    bars: Path, tmp_path: Path
) -> None:
    events = []
    for event in train(small(), data_folder=bars, runs=tmp_path):
        events.append(event)
        if isinstance(event, RunStarted):
            (Path(event.run) / "metrics.jsonl").mkdir()
    assert "metrics.jsonl could not be written" in of_kind(events, Note)[0].text
    assert result_of(events).validation.count == 200


def test_data_that_vanish_stop_no_run_but_its_resumption(tmp_path: Path) -> None:
    data = tmp_path / "x.npz"
    rows = np.arange(600) % 10
    pictures = np.zeros((600, 28, 28), np.uint8)
    for row, place in enumerate(rows):
        pictures[row, 4:24, 2 * place : 3 + 2 * place] = 255 - row % 50
    np.savez(data, pictures=pictures, labels=rows.astype(str))
    config = small(dataset=f"npz:{data}", validation=100, epochs=3)
    events: list[Event] = []
    for event in train(
        config, data_folder=tmp_path, runs=tmp_path / "runs", should_stop=stop_after(30)
    ):
        events.append(event)
        if isinstance(event, BatchProgress):
            data.unlink(missing_ok=True)
    result = result_of(events)
    assert result.reason == "stopped"  # and nothing else ended it
    with pytest.raises(DataError, match=r"x\.npz"):
        list(resume(Path(result.run), data_folder=tmp_path))


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"device": "mps"}, ConfigError),
        ({"data": "empty"}, RunError),
        ({"data": "cut"}, DataError),
        ({"compare_with": "absent.safetensors"}, WeightsError),
        ({"compare_with": "broken.safetensors"}, WeightsError),
    ],
    ids=str,
)
def test_wrong_input_writes_nothing(
    bars: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    changed: dict[str, str],
    error: type[Exception],
) -> None:
    if changed.get("device") == "mps" and torch.backends.mps.is_available():
        pytest.skip("there is an MPS device here")
    monkeypatch.setattr("torchvision.datasets.MNIST.mirrors", [])
    (tmp_path / "broken.safetensors").write_bytes(b"no")
    for name in ("empty", "cut"):
        raw = tmp_path / name / "MNIST" / "raw"
        raw.mkdir(parents=True)
        if name == "cut":
            for source in (bars / "MNIST" / "raw").iterdir():
                (raw / source.name).write_bytes(source.read_bytes()[:5000])
    before = sorted(tmp_path.rglob("*"))
    data = tmp_path / changed["data"] if "data" in changed else bars
    compare = tmp_path / changed["compare_with"] if "compare_with" in changed else None
    config = small(device=changed.get("device", "cpu"))
    with pytest.raises(error):
        run_all(data, config, runs=tmp_path / "runs", compare_with=compare)
    assert sorted(tmp_path.rglob("*")) == before


def test_labels_that_no_weights_file_can_hold_cost_no_training(tmp_path: Path) -> None:
    """They would be refused when the network is read again, after hours."""
    pictures = np.repeat(np.arange(0, 250, 5, dtype=np.uint8), 28 * 28 * 6).reshape(-1, 28, 28)
    labels = np.array(["a", " ", "b"] * 100)
    np.savez(tmp_path / "x.npz", pictures=pictures + np.arange(28, dtype=np.uint8), labels=labels)
    config = small(dataset=f"npz:{tmp_path / 'x.npz'}", validation=100)
    with pytest.raises(DataError, match="label"):
        run_all(tmp_path, config, runs=tmp_path / "runs")
    assert not (tmp_path / "runs").exists()


def test_a_run_that_learned_nothing_gets_a_hint(bars: Path, tmp_path: Path) -> None:
    events = run_all(bars, small(learning_rate=1e-9, limit=64), runs=tmp_path)
    (note,) = of_kind(events, Note)
    assert "has learned nothing" in note.text
    assert "smaller learning rate" in note.text
    assert not of_kind(run_all(bars, small(), runs=tmp_path), Note)


def test_a_folder_for_runs_that_is_a_file(bars: Path, tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    with pytest.raises(RunError, match="no folder for the run can be made") as caught:
        run_all(bars, small(), runs=tmp_path / "runs")
    assert "HANDWRITE_HOME" in str(caught.value)
