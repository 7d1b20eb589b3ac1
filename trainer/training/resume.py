"""A run's state as a checkpoint, and a run that goes on from one."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from trainer.base.errors import InputError
from trainer.base.events import EpochFinished, Metrics
from trainer.execution.execution import Execution
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import Checkpoint, optimizer_tensors, restore_optimizer
from trainer.training.initial_weights import tail

if TYPE_CHECKING:
    from trainer.training.loop import Run


@dataclass
class RunState:
    """How far a run is: all that changes and is not a tensor."""

    epoch: int = 1  # the one in progress
    position: int = 0  # pictures of it that were seen
    seen: int = 0  # pictures in the whole run
    step: int = 0
    batch_size: int = 0
    total: float = 0.0  # pictures in the whole run, as planned
    loss: float = 0.0  # sums over the epoch
    right: float = 0.0
    elapsed: float = 0.0  # seconds before this process
    best_loss: float = math.inf
    since_best_loss: int = 0


def checkpoint_of(run: Run) -> Checkpoint:
    """All that is needed to go on from here."""
    tensors = {f"network.{k}": v for k, v in run.network.state_dict().items()}
    tensors |= {f"optimizer.{k}": v for k, v in optimizer_tensors(run.optimizer).items()}
    if run.average:
        state = run.average.network.state_dict()
        tensors |= {f"average.{k}": v for k, v in state.items()}
    if run.order is not None:
        tensors["order"] = run.order
    tensors["random.torch"] = torch.get_rng_state()
    tensors["random.augmentation"] = run.generator.get_state()
    tensors["random.shuffling"] = run.shuffling.get_state()
    place = asdict(run.at) | {"elapsed": run.seconds}
    if math.isinf(place["best_loss"]):
        place["best_loss"] = None  # JSON has no infinity
    return Checkpoint(
        tensors=tensors,
        facts={
            "config": run.config.to_json(),
            "place": place,
            "epochs": run.epochs,
            "pictures": len(run.pictures),
            "precision": run.way.precision,
            "layout": run.way.layout,
            "threads": torch.get_num_threads(),
            "average_steps": run.average.steps if run.average else 0,
            "best": asdict(run.judge.best) if run.judge.best else None,
            "lines": run.folder.lines,
        },
    )


def restore(run: Run, folder: Path, checkpoint: Checkpoint) -> None:
    """Takes up the run where its checkpoint left it. Raises InputError where that does not fit."""
    facts = checkpoint.facts
    run.folder = RunFolder(folder)
    if facts.get("pictures") != len(run.pictures):
        raise InputError(
            f"the run learned from {facts.get('pictures')} pictures, here are {len(run.pictures)}: "
            "name the same data with --data"
        )
    try:
        run.way = Execution(
            device=run.way.device, precision=facts["precision"], layout=facts["layout"]
        )
        torch.set_num_threads(facts["threads"])
        run.judge.way = Execution(
            device=run.way.device, precision=run.judge.way.precision, layout=run.way.layout
        )
        run.network = run.way.place(run.network)
        run.network.load_state_dict(checkpoint.part("network"))
        run.learning = tail(run.network, run.first)
        restore_optimizer(run.optimizer, checkpoint.part("optimizer"))
        if run.average:
            run.way.place(run.average.network).load_state_dict(checkpoint.part("average"))
            run.average.steps = facts["average_steps"]
        run.order = checkpoint.tensors.get("order")
        if run.group.leads:
            torch.set_rng_state(checkpoint.tensors["random.torch"])
            run.generator.set_state(checkpoint.tensors["random.augmentation"])
        run.shuffling.set_state(checkpoint.tensors["random.shuffling"])
        place = dict(facts["place"])
        if place["best_loss"] is None:
            place["best_loss"] = math.inf
        run.at = RunState(**place)
        run.epochs = facts["epochs"]
        best = facts["best"]
        run.judge.best = best and EpochFinished(
            **{
                **best,
                "training": Metrics(**best["training"]),
                "validation": Metrics(**best["validation"]),
                "balanced": Metrics(**best["balanced"]) if best.get("balanced") else None,
            }
        )
    except (KeyError, IndexError, TypeError, ValueError, RuntimeError) as error:
        raise InputError(
            f"{run.folder.checkpoint} is not of this run's network ({error})"
        ) from error
    if run.group.leads:
        run.folder.cut_log(facts["lines"])
