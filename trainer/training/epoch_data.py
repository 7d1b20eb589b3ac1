"""The pictures of an epoch: how many there are, in which order they come, and what is drawn anew for it."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from trainer.datasets import TrainingData
from trainer.datasets.augmentation_spec import StrokeAugmentation
from trainer.execution.execution import as_tensor


def pictures_per_epoch(data: TrainingData) -> float:
    """On average: where a source of a mixture has a weight, epochs vary in length."""
    repeats = data.repeats
    return float(len(data.training)) if repeats is None else float(repeats.sum())


def new_order(data: TrainingData, generator: torch.Generator) -> Tensor:
    """int64 places of the epoch's pictures as they come."""
    count = len(data.training)
    if data.repeats is None:
        return torch.randperm(count, generator=generator)
    repeats = torch.from_numpy(data.repeats)
    times = (repeats + torch.rand(count, generator=generator)).floor().long()
    if not times.any():  # an epoch of so small weights has one picture all the same
        times[0] = 1
    places = torch.repeat_interleave(torch.arange(count), times)
    return places[torch.randperm(len(places), generator=generator)]


def redraw(
    data: TrainingData, pictures: Tensor, hands: StrokeAugmentation, *, seed: int, epoch: int
) -> None:
    """Draws anew what is drawn anew every epoch, from the epoch's own random numbers.

    pictures: uint8 (N, 28, 28), those of `data.training` on the device; changed in place.
    """
    if data.redraw is None:
        return
    drawn, made = data.redraw(np.random.default_rng((seed, epoch)), hands)
    pictures[torch.from_numpy(drawn).to(pictures.device)] = as_tensor(made).to(pictures.device)
