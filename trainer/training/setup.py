"""Everything that a training loop works with, built from a configuration and its data."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from trainer.base.errors import DataError, WeightsError
from trainer.base.messages import Message
from trainer.datasets import Split, TrainingData
from trainer.datasets.spec import parse_spec, title_of
from trainer.execution.distributed import Group
from trainer.execution.execution import Execution
from trainer.execution.memory import keep_freed_memory
from trainer.execution.thread_tuning import ThreadWatch
from trainer.execution.timing_cache import fastest_execution
from trainer.models.data_sources import DataSource, sources_of
from trainer.models.weights_card import WeightsCard
from trainer.networks import find_network
from trainer.runs.config import TrainConfig
from trainer.training.checkpoints.resume import Facts
from trainer.training.checkpoints.state import Clock, RunState
from trainer.training.initial_weights import (
    InitialNetwork,
    frozen_children,
    initial_network,
    whiten_first_layer,
)
from trainer.training.learner import Learner
from trainer.training.training_set import TrainingSet
from trainer.training.validation import Validator


@dataclass(kw_only=True, eq=False)
class Training:
    """The parts of a run. config.network: the architecture that is trained, also with --start."""

    config: TrainConfig
    group: Group
    learner: Learner
    images: TrainingSet
    validator: Validator
    state: RunState
    clock: Clock
    thread_watch: ThreadWatch | None
    notes: tuple[Message, ...]

    @property
    def device(self) -> torch.device:
        return self.learner.execution.device


def prepare(
    config: TrainConfig,
    data: TrainingData,
    device: torch.device,
    group: Group,
    data_folder: Path,
    *,
    resumed: Facts | None = None,
) -> Training:
    """Sets torch's threads and random seed, and the allocator, too. resumed: what the checkpoint says of a
    run that goes on.

    Raises WeightsError, ConfigError or DataError for a network, settings or data that cannot be trained.
    """
    clock = Clock()
    if device.type == "cpu":
        keep_freed_memory()
    if config.threads:
        torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    initial = initial_network(config, data.training.labels, data_folder)
    whiten_first_layer(initial, data.training.pictures)
    config = dataclasses.replace(config, network=initial.architecture)
    if group.rank:  # same initial weights in all processes, then different dropout
        torch.manual_seed(config.seed + group.rank)
    most_threads = torch.get_num_threads()
    if resumed is not None:
        execution, threads = resumed.execution(device), resumed.threads
    else:
        execution, threads = _fastest(initial, config, device, group)
    torch.set_num_threads(threads)
    learner = Learner(
        network=execution.place(initial.network).train(),
        frozen_children=frozen_children(initial.network, config.layers),
        execution=execution,
        config=config,
        peak_learning_rate=config.learning_rate or find_network(config.network).learning_rate,
    )
    images = TrainingSet(
        data, config, device=device, mean=initial.mean, std=initial.std, rank=group.rank
    )
    validator = Validator(
        config,
        data.validation,
        initial,
        execution,
        data_sources=_sources(config.dataset, data.training),
    )
    _check_card(validator)
    state = RunState(
        batch_size=config.batch_size,
        epochs=config.epochs,
        total=images.images_per_epoch * config.epochs,
    )
    if resumed is not None:
        state, validator.best, clock.earlier = resumed.state, resumed.best, resumed.state.elapsed
    return Training(
        config=config,
        group=group,
        learner=learner,
        images=images,
        validator=validator,
        state=state,
        clock=clock,
        thread_watch=(
            None if config.threads or device.type != "cpu" else ThreadWatch(most_threads)
        ),
        notes=initial.notes,
    )


def _sources(spec: str, training: Split) -> tuple[DataSource, ...]:
    """The sources of the data with the training images of each."""
    if training.sources is None:
        return sources_of(title_of(spec), [len(training)])
    found = np.bincount(training.sources, minlength=len(parse_spec(spec)))
    return sources_of(title_of(spec), found.tolist())


def _check_card(validator: Validator) -> None:
    """Raises DataError where the weights file that training ends with could not be read again."""
    try:
        WeightsCard.from_json(validator.card({}).to_json())
    except WeightsError as error:
        raise DataError(
            "training.unusable-labels",
            "the labels {labels} of the data cannot be stored with a network: {reason}",
            labels=", ".join(map(repr, validator.labels)),
            reason=error,
        ) from error


def _fastest(
    initial: InitialNetwork, config: TrainConfig, device: torch.device, group: Group
) -> tuple[Execution, int]:
    """All processes of a group compute alike: as the leader finds fastest."""
    found: tuple[Any, ...] = (None, None, None)
    if group.leads:
        execution, threads = fastest_execution(
            initial.network,
            device,
            name=initial.description,
            precision=config.precision,
            batch_size=config.batch_size,
            threads=config.threads,
        )
        found = execution.precision, execution.layout, threads
    precision, layout, threads = group.from_leader(found)
    return Execution(device=device, precision=precision, layout=layout), threads


def parameter_count(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())
