"""A run's state as a checkpoint, and back: training goes on bit for bit as if it had not been interrupted."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import torch

from trainer.base.errors import InputError
from trainer.base.events import EpochFinished, Metrics
from trainer.execution.execution import Execution
from trainer.runs.config import TrainConfig
from trainer.training.checkpoints.checkpoint import Checkpoint, optimizer_tensors, restore_optimizer
from trainer.training.checkpoints.state import RunState
from trainer.training.learner import Learner
from trainer.training.training_set import TrainingSet

T = TypeVar("T")


def checkpoint_of(
    state: RunState,
    learner: Learner,
    images: TrainingSet,
    *,
    best: EpochFinished | None,
    seconds: float,
    log_lines: int,
) -> Checkpoint:
    """All that is needed to go on. seconds: of the run so far; log_lines: events in its log."""
    tensors = {f"network.{k}": v for k, v in learner.network.state_dict().items()}
    tensors |= {f"optimizer.{k}": v for k, v in optimizer_tensors(learner.optimizer).items()}
    if learner.average:
        average = learner.average.network.state_dict()
        tensors |= {f"average.{k}": v for k, v in average.items()}
    if images.order is not None:
        tensors["order"] = images.order
    tensors["random.torch"] = torch.get_rng_state()
    tensors["random.augmentation"] = images.augmenting.get_state()
    tensors["random.shuffling"] = images.shuffling.get_state()
    place = dataclasses.asdict(state) | {"elapsed": seconds}
    if math.isinf(place["best_loss"]):
        place["best_loss"] = None  # JSON has no infinity
    return Checkpoint(
        tensors=tensors,
        facts={
            "config": learner.config.to_json(),
            "place": place,
            "pictures": len(images),
            "labels": images.hash_of_labels,
            "precision": learner.execution.precision,
            "layout": learner.execution.layout,
            "threads": torch.get_num_threads(),
            "average_steps": learner.average.steps if learner.average else 0,
            "best": dataclasses.asdict(best) if best else None,
            "lines": log_lines,
        },
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Facts:
    """What a checkpoint says besides its tensors."""

    config: TrainConfig
    state: RunState
    images: int
    labels: str | None  # their hash; None until version 0.2
    precision: str
    layout: Any
    threads: int
    average_steps: int
    best: EpochFinished | None
    log_lines: int

    @classmethod
    def of(cls, checkpoint: Checkpoint, path: Path) -> Facts:
        """Raises InputError where the checkpoint at `path` says something else."""

        def read() -> Facts:
            facts = checkpoint.facts
            place = dict(facts["place"])
            place.setdefault("epochs", facts.get("epochs", 0))  # beside it until version 0.1
            if place["best_loss"] is None:
                place["best_loss"] = math.inf
            return cls(
                config=TrainConfig.from_json(facts["config"]),
                state=RunState(**place),
                images=facts["pictures"],
                labels=facts.get("labels"),
                precision=facts["precision"],
                layout=facts["layout"],
                threads=facts["threads"],
                average_steps=facts["average_steps"],
                best=_epoch(facts["best"]),
                log_lines=facts["lines"],
            )

        return _fitting(path, read)

    def with_epochs(self, epochs: int) -> Facts:
        """The same of a run that is to have so many epochs in all."""
        state = self.state
        total = state.total * epochs / state.epochs if state.epochs else 0.0
        return dataclasses.replace(
            self,
            config=dataclasses.replace(self.config, epochs=epochs),
            state=dataclasses.replace(state, epochs=epochs, total=total),
        )

    def execution(self, device: torch.device) -> Execution:
        return Execution(device=device, precision=self.precision, layout=self.layout)


def restore(
    checkpoint: Checkpoint,
    facts: Facts,
    learner: Learner,
    images: TrainingSet,
    *,
    leads: bool,
    path: Path,
) -> None:
    """Gives weights, optimizer and random generators the checkpoint's state.

    leads: the states of dropout and augmentation are the leading process's; the others' differ from it.
    Raises InputError where the checkpoint is not of this network and these data.
    """
    if facts.images != len(images):
        raise InputError(
            "resume.other-data",
            "the run learned from {count} pictures, here are {found}: name the same data with --data",
            count=facts.images,
            found=len(images),
        )
    if facts.labels not in (None, images.hash_of_labels):
        raise InputError(
            "resume.changed-data",
            "the run learned from other pictures than there are here: name the same data with --data",
        )

    def load() -> None:
        learner.network.load_state_dict(checkpoint.part("network"))
        restore_optimizer(learner.optimizer, checkpoint.part("optimizer"))
        if learner.average:
            learner.average.network.load_state_dict(checkpoint.part("average"))
            learner.average.steps = facts.average_steps
        images.order = checkpoint.tensors.get("order")
        if leads:
            torch.set_rng_state(checkpoint.tensors["random.torch"])
            images.augmenting.set_state(checkpoint.tensors["random.augmentation"])
        images.shuffling.set_state(checkpoint.tensors["random.shuffling"])

    _fitting(path, load)


def _epoch(fields: dict[str, Any] | None) -> EpochFinished | None:
    if fields is None:
        return None
    metrics = {
        name: Metrics(**fields[name])
        for name in ("training", "validation", "balanced")
        if fields.get(name)
    }
    return EpochFinished(**{**fields, **metrics})


def _fitting(path: Path, read: Callable[[], T]) -> T:
    """What `read` returns. Raises InputError for any error that a foreign checkpoint causes in it."""
    try:
        return read()
    except (KeyError, IndexError, TypeError, ValueError, RuntimeError, AttributeError) as error:
        raise InputError(
            "resume.foreign-checkpoint",
            "{path} is not of this run's network ({reason})",
            path=str(path),
            reason=str(error),
        ) from error
