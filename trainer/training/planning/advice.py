"""What a training run would be like, before it begins: a batch of it, and how fast it would go."""

from __future__ import annotations

import time
from pathlib import Path

import torch
import torch.nn.functional as F

from trainer import datasets
from trainer.base.errors import DataError
from trainer.datasets import TrainingData
from trainer.datasets.augmentation.images import augmentation_of
from trainer.execution.devices import choose_device
from trainer.execution.execution import Execution, synchronize
from trainer.networks import build_network, find_network
from trainer.runs.config import TrainConfig
from trainer.training.optimizers import make_optimizer
from trainer.training.planning.preview import Batch, sample_batch

_SECONDS = 0.5  # of a measurement, at least
_WARM = 2  # steps that build kernels


def load_data(config: TrainConfig, folder: Path) -> TrainingData:
    """The data of a run, from this machine alone. Raises DataError where they are not here."""
    for event in datasets.fetch(config.dataset, folder):
        del event
        raise DataError(
            "advice.not-here",
            "These data are not on this machine yet: they are fetched when training starts.",
        )
    return datasets.load_training(
        config.dataset, folder, validation=config.validation, limit=config.limit, seed=config.seed
    )


def training_batch(config: TrainConfig, data: TrainingData, *, count: int) -> Batch:
    return sample_batch(data, augmentation_of(config.augmentation), count=count, seed=config.seed)


def measure_rate(config: TrainConfig) -> tuple[float, float]:
    """Images per second, in training and in validation, without data: the network's arithmetic alone, in
    float32. A run that chooses its precision, layout and threads is rarely slower."""
    device = choose_device(config.device)
    network = build_network(config.network, classes=10).to(device).train()
    execution = Execution(device=device, precision="float32", layout="channels first")
    rate = config.learning_rate or find_network(config.network).learning_rate
    optimizer = make_optimizer(network, config, rate)
    images = torch.rand(min(config.batch_size, 256), 1, 28, 28, device=device)
    targets = torch.zeros(len(images), dtype=torch.int64, device=device)

    def learn() -> None:
        optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(execution.run(network, images).float(), targets).backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    def read() -> None:
        with torch.inference_mode():
            execution.run(network, images)

    training = _per_second(learn, device) * len(images)
    network.eval()
    return training, _per_second(read, device) * len(images)


def _per_second(step: object, device: torch.device) -> float:
    """How often it can be done in a second."""
    count, begun = 0, time.monotonic()
    while True:
        step()  # type: ignore[operator]
        count += 1
        if count == _WARM:
            synchronize(device)
            begun = time.monotonic()
        if count > _WARM:
            synchronize(device)
            passed = time.monotonic() - begun
            if passed >= _SECONDS:
                return (count - _WARM) / passed
