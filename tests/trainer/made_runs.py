"""Short training runs and what they told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from trainer.base.events import Event, RunFinished
from trainer.runs.config import TrainConfig
from trainer.training.train import train

T = TypeVar("T")

#: A run of a second.
SMALL: dict[str, Any] = {
    "network": "lenet5",
    "epochs": 1,
    "batch_size": 32,
    "learning_rate": 3e-3,
    "augmentation": "none",
    "device": "cpu",
    "precision": "float32",
    "validation": 200,
    "limit": 640,
    "threads": 1,
}


def small(**changed: Any) -> TrainConfig:
    return TrainConfig(**{**SMALL, **changed})


def run_all(data: Path, config: TrainConfig, **rest: Any) -> list[Event]:
    return list(train(config, data_folder=data, **rest))


def of_kind(events: list[Event], kind: type[T]) -> list[T]:
    return [event for event in events if isinstance(event, kind)]


def result_of(events: list[Event]) -> RunFinished:
    assert isinstance(events[-1], RunFinished)
    return events[-1]


def stop_after(count: int) -> Callable[[], bool]:
    """A stop flag that is set once it has been asked so often."""
    asked = iter(range(count))
    return lambda: next(asked, None) is None
