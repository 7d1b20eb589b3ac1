"""A run that was given minutes instead of epochs: how many pictures fit into them is measured."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import torch

from trainer.base.events import Note
from trainer.execution.execution import synchronize

if TYPE_CHECKING:
    from trainer.training.loop import Run


def plan(run: Run) -> Iterator[Note]:
    """Plans as many pictures as the time budget holds at the speed measured now.

    What the steps that are measured change is put back: the run begins as if there had been none.
    """
    state = {k: v.clone() for k, v in run.network.state_dict().items()}
    random, augmenting = torch.get_rng_state(), run.generator.get_state()
    picture = yield from _seconds_of_a_picture(run)
    begun = time.monotonic()
    run.judge.figures(run.network)
    judging = time.monotonic() - begun
    run.network.load_state_dict(state)
    torch.set_rng_state(random)
    run.generator.set_state(augmenting)
    run.begin_learning()
    left = 60 * run.config.minutes - run.seconds
    epochs = max(0.0, left) / (picture * run.per_epoch + judging)
    (epochs,) = run.group.from_leader([epochs])
    run.at.total = max(epochs * run.per_epoch, run.config.batch_size)
    run.epochs = max(1, math.ceil(epochs))


def _seconds_of_a_picture(run: Run) -> Generator[Note, None, float]:
    """Measured over about a second of steps that correct nothing: their rate is 0."""
    steps, begun, going = 0, 0.0, True
    while going:
        if steps == 2:  # the first build kernels
            synchronize(run.way.device)
            begun = time.monotonic()
        batch = torch.arange(min(run.at.batch_size, len(run.pictures)))
        made = run.try_step(batch, 0.0)
        if isinstance(made, Note):
            yield made
            steps = 0
            continue
        steps += 1
        going = steps < 3 or (time.monotonic() - begun < 1.0 and steps < 200)
        (going,) = run.group.from_leader([going])
    synchronize(run.way.device)
    return (time.monotonic() - begun) / (steps - 2) / len(batch)
