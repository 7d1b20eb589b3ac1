"""The curves of a run as a table: every progress event and every epoch, in a CSV file."""

from __future__ import annotations

import csv
from pathlib import Path

from trainer.base.errors import InputError
from trainer.base.events import BatchProgress, EpochFinished
from trainer.base.files import atomic_write
from trainer.runs.records import read_events

COLUMNS = (
    "step",
    "epoch",
    "seconds",
    "training_loss",
    "training_accuracy",
    "validation_loss",
    "validation_accuracy",
    "learning_rate",
    "images_per_second",
)


def write_curves(folder: Path, path: Path) -> int:
    """Writes the curves of the run in this folder; how many rows. A cell is empty where nothing was measured.

    Raises InputError where the run has none yet, RunError where the file cannot be written.
    """
    rows: list[tuple[object, ...]] = []
    for event in read_events(folder):
        match event:
            case BatchProgress():
                rows.append(
                    (
                        event.step,
                        event.epoch,
                        event.seconds,
                        event.loss,
                        event.accuracy,
                        "",
                        "",
                        event.learning_rate,
                        event.images_per_second,
                    )
                )
            case EpochFinished():
                validation = event.validation
                rows.append(
                    (
                        event.step,
                        event.epoch,
                        event.seconds,
                        "",
                        "",
                        validation.loss,
                        validation.accuracy,
                        "",
                        "",
                    )
                )
    if not rows:
        raise InputError("runs.no-curves", "{name} has no curves yet", name=folder.name)
    with (
        atomic_write(path) as temporary,
        temporary.open("w", encoding="utf-8", newline="") as file,
    ):
        table = csv.writer(file)
        table.writerow(COLUMNS)
        table.writerows(rows)
    return len(rows)
