"""What a run would do: data, network, counts. Nothing is trained, downloaded or kept."""

from __future__ import annotations

import dataclasses
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from trainer import datasets
from trainer.base.labels import NO_LABEL, labels_alone
from trainer.base.messages import Message
from trainer.execution.devices import choose_device
from trainer.networks import find_network
from trainer.runs.config import TrainConfig
from trainer.training.checkpoints.state import planned_steps
from trainer.training.initial_weights import (
    freeze_first,
    frozen_children,
    initial_network,
    with_negatives,
)


@dataclass(frozen=True, kw_only=True)
class DryRun:
    """The plan of a run.

    config: its settings, the dataset and the architecture resolved. labels: of the network, with how many
    training images each has; rejected: training images of none of them. learning: parameters that are
    trained. epochs, steps: None with a time budget, which is planned by the speed that is measured then.
    """

    config: TrainConfig
    device: str
    parameters: int
    learning: int
    labels: dict[str, int]
    rejected: int
    training_images: int
    validation_images: int
    learning_rate: float
    epochs: int | None
    steps: int | None
    notes: tuple[Message, ...]

    def to_json(self) -> dict[str, Any]:
        document = dataclasses.asdict(self)
        document["notes"] = [str(note) for note in self.notes]
        document["settings"] = self.config.to_json()
        del document["config"]
        return document


def dry_run(config: TrainConfig, *, data_folder: Path) -> DryRun:
    """Loads the data and the initial network as a run would, and counts.

    Raises DataError also where published data would have to be downloaded first, and else as a run does.
    """
    device = choose_device(config.device)
    config, added = with_negatives(config)
    data = datasets.load_training(
        config.dataset,
        data_folder,
        validation=config.validation,
        limit=config.limit,
        seed=config.seed,
    )
    training = data.training
    torch.manual_seed(config.seed)
    initial = initial_network(config, training.labels, data_folder)
    config = dataclasses.replace(config, network=initial.architecture)
    network = initial.network
    freeze_first(network, frozen_children(network, config.layers))
    counts = Counter(training.targets.tolist())
    per_label = {label: counts[i] for i, label in enumerate(training.labels)}
    per_epoch = float(len(training) if data.repeats is None else data.repeats.sum())
    planned = not config.minutes
    return DryRun(
        config=config,
        device=str(device),
        parameters=sum(p.numel() for p in network.parameters()),
        learning=sum(p.numel() for p in network.parameters() if p.requires_grad),
        labels={label: per_label[label] for label in labels_alone(training.labels)},
        rejected=per_label.get(NO_LABEL, 0),
        training_images=len(training),
        validation_images=len(data.validation),
        learning_rate=config.learning_rate or find_network(config.network).learning_rate,
        epochs=config.epochs if planned else None,
        steps=planned_steps(per_epoch * config.epochs, per_epoch, config.batch_size)
        if planned
        else None,
        notes=(*(() if added is None else (added,)), *training.notes, *initial.notes),
    )
