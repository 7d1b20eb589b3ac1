"""What came of the experiments' runs: found by their settings, and written as CSV. Without Qt."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trainer.runs.experiments import EXPERIMENTS, Variant, offline
from trainer.runs.records import Run, list_runs

_COLUMNS = (
    *("experiment", "variant", "run", "state", "network", "data", "parameters", "epochs"),
    *("training_loss", "training_accuracy", "validation_loss", "validation_accuracy"),
    *("best_epoch", "seconds"),
)


@dataclass(frozen=True, kw_only=True)
class Result:
    """A run of a variant, by its last epoch; best: the highest validation accuracy of any."""

    experiment: str
    variant: str
    run: str
    folder: Path
    state: str
    network: str
    data: str
    parameters: int
    epochs: int
    training_loss: float
    training_accuracy: float
    validation_loss: float
    validation_accuracy: float
    best_epoch: int
    seconds: float


def find_results(runs: Path) -> list[Result]:
    """The newest run of every variant that has an epoch, in the order of the experiments."""
    found = [run for run in list_runs(runs) if run.epochs and run.started is not None]
    results = []
    for experiment in EXPERIMENTS:
        for variant in experiment.variants:
            mine = [run for run in found if _is_of(run, variant)]
            if mine:
                results.append(_result(experiment.name, variant.name, mine[-1]))
    return results


def as_csv(results: Sequence[Result]) -> str:
    """A table with a header, one line a result."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for result in results:
        writer.writerow([getattr(result, column) for column in _COLUMNS])
    return text.getvalue()


def _is_of(run: Run, variant: Variant) -> bool:
    """Whether a run has this variant's settings, on MNIST or on what stands in its place."""
    wanted: dict[str, Any] = {
        "dataset": "mnist",
        "augmentation": "shift",
        "loss": "cross-entropy",
        **variant.settings,
    }
    settings = {"loss": "cross-entropy", **run.settings}  # the field came later than the runs
    dataset = wanted.pop("dataset")
    return settings.get("dataset") in (dataset, offline(dataset)) and all(
        settings.get(name) == value for name, value in wanted.items()
    )


def _result(experiment: str, variant: str, run: Run) -> Result:
    assert run.started is not None
    last = run.epochs[-1]
    best = run.best or last
    return Result(
        experiment=experiment,
        variant=variant,
        run=run.name,
        folder=run.folder,
        state=run.state,
        network=run.network or "",
        data=str(run.settings.get("dataset", "")),
        parameters=run.started.parameters,
        epochs=last.epoch,
        training_loss=last.training.loss,
        training_accuracy=last.training.accuracy,
        validation_loss=last.validation.loss,
        validation_accuracy=last.validation.accuracy,
        best_epoch=best.epoch,
        seconds=run.seconds,
    )
