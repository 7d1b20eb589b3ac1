"""How long a run would take, from the speed of runs before it on this machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from trainer.base.events import RunFinished
from trainer.runs.config import TrainConfig
from trainer.runs.records import Run, list_runs

#: So many of the last runs are looked at.
_RUNS = 50


@dataclass(frozen=True, kw_only=True)
class Speed:
    """seconds_per_image: of training, validation and all that belongs to it, for an image of an epoch."""

    seconds_per_image: float
    run: str  # the name of the run that it was measured in


def past_speed(runs: Path, config: TrainConfig) -> Speed | None:
    """Of the last run of this network with as many trained layers; None where there was none."""
    for run in reversed(list_runs(runs)[-_RUNS:]):
        if _is_alike(run, config):
            assert run.started is not None
            images = run.started.training_pictures * len(run.epochs)
            return Speed(seconds_per_image=run.seconds / images, run=run.name)
    return None


def estimated_seconds(config: TrainConfig, *, training: int, seconds_per_image: float) -> float:
    """training: images of an epoch. A time budget is what it says."""
    if config.minutes:
        return 60 * config.minutes
    return config.epochs * training * seconds_per_image


def _is_alike(run: Run, config: TrainConfig) -> bool:
    return (
        run.network == config.network
        and run.settings.get("layers", 0) == config.layers
        and isinstance(run.end, RunFinished)
        and run.end.reason != "stopped"
        and run.started is not None
        and bool(run.epochs)
        and run.started.training_pictures > 0
        and (config.device == "auto" or run.started.device.startswith(config.device))
    )
