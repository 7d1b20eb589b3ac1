"""A time budget: how many images fit into it, from the measured speed of training and validation."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

import torch
from torch import nn

from trainer.base.events import Note
from trainer.execution.distributed import Group
from trainer.execution.execution import synchronize


@dataclass(frozen=True, kw_only=True)
class Plan:
    """epochs: begun ones; images: of the whole run."""

    epochs: int
    images: float


def plan(
    *,
    seconds: float,
    seconds_per_image: float,
    seconds_per_validation: float,
    images_per_epoch: float,
    group: Group,
) -> Plan:
    """As many images as fit into so many seconds, at the leader's measured speed."""
    per_epoch = seconds_per_image * images_per_epoch + seconds_per_validation
    (epochs,) = group.from_leader([max(0.0, seconds) / per_epoch])
    return Plan(epochs=max(1, math.ceil(epochs)), images=epochs * images_per_epoch)


def seconds_per_image(
    step: Callable[[], int | Note],
    *,
    now: Callable[[], float],
    device: torch.device,
    group: Group,
) -> Generator[Note, None, float]:
    """Measured over about a second of steps.

    step: makes a training step of which nothing stays, and returns how many images it was on, or a Note that
    the next ones will be on fewer. now: the run's clock, in seconds.
    """
    steps, images, begun, going = 0, 0, 0.0, True
    while going:
        if steps == 2:  # the first ones build kernels
            synchronize(device)
            begun = now()
        made = step()
        if isinstance(made, Note):
            yield made
            steps = 0
            continue
        images = made
        steps += 1
        going = steps < 3 or (now() - begun < 1.0 and steps < 200)
        (going,) = group.from_leader([going])
    synchronize(device)
    return (now() - begun) / (steps - 2) / images


@contextlib.contextmanager
def restored(network: nn.Module, generator: torch.Generator) -> Iterator[None]:
    """Puts weights and random states back at the end of the block."""
    state = {k: v.clone() for k, v in network.state_dict().items()}
    random, augmenting = torch.get_rng_state(), generator.get_state()
    try:
        yield
    finally:
        network.load_state_dict(state)
        torch.set_rng_state(random)
        generator.set_state(augmenting)
