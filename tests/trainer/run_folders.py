"""Folders of runs that never ran: what a run writes, without the training."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from trainer.base.events import (
    BatchProgress,
    EpochFinished,
    Event,
    Metrics,
    Note,
    RunFinished,
    RunStarted,
    event_to_json,
)
from trainer.base.messages import Message
from trainer.runs.config import TrainConfig

START = 1_700_000_000.0  # seconds since 1970: runs of long ago


def started(folder: Path, *, epochs: int = 3) -> RunStarted:
    return RunStarted(
        run=str(folder),
        network="lenet5",
        parameters=61_706,
        training_pictures=640,
        validation_pictures=200,
        epochs=epochs,
        steps=20 * epochs,
        device="cpu",
        precision="float32, channels first",
        threads=1,
    )


def note(text: str) -> Note:
    return Note(message=Message.of("test.note", "{text}", text=text))


def progress(step: int, *, loss: float = 1.0) -> BatchProgress:
    return BatchProgress(
        step=step,
        epoch=step / 20,
        loss=loss,
        accuracy=0.5,
        learning_rate=1e-3,
        images_per_second=1000.0,
        seconds=step / 10,
        seconds_left=1.0,
    )


def epoch(number: int, accuracy: float = 0.9, *, best: bool = True) -> EpochFinished:
    return EpochFinished(
        epoch=number,
        step=20 * number,
        training=Metrics(loss=1 / number, accuracy=accuracy - 0.1, count=640),
        validation=Metrics(loss=1.5 / number, accuracy=accuracy, count=200),
        is_best=best,
        seconds=2.0 * number,
    )


def finished(folder: Path, *, reason: str = "completed", best_epoch: int = 1) -> RunFinished:
    return RunFinished(
        reason=reason,
        run=str(folder),
        weights=str(folder / "best.safetensors"),
        best_epoch=best_epoch,
        epochs=3,
        validation=Metrics(loss=0.5, accuracy=0.9, count=200),
        seconds=7.5,
    )


def write_run(
    folder: Path, *events: Event, tail: bytes = b"", age: int = 0, **changed: Any
) -> Path:
    """A run with the events, its files of long ago; the larger `age`, the older among such runs."""
    folder.mkdir(parents=True)
    config = TrainConfig(**{"network": "lenet5", **changed})
    (folder / "config.json").write_text(json.dumps(config.to_json()))
    lines = "".join(event_to_json(event) + "\n" for event in events)
    (folder / "metrics.jsonl").write_bytes(lines.encode() + tail)
    (folder / "best.safetensors").write_bytes(b"weights" * 1000)
    for file in folder.iterdir():
        os.utime(file, (START - 60 * age,) * 2)
    return folder
