"""Loss and accuracy summed over training steps, without waiting for the device at each of them."""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch
from torch import Tensor

from trainer.execution.execution import synchronize


@dataclass(frozen=True, kw_only=True)
class StepSums:
    """Sums over the images of some steps. stops: how many processes want to stop."""

    loss: float
    correct: float
    stops: float
    images: int
    seconds: float


class RunningMetrics:
    """The sums stay on the device: reading them makes a GPU wait, so that is done at reports only.

    In float64 they do not depend on when they are read. MPS has none, and only a group of processes, which
    MPS cannot join, needs exact agreement.
    """

    def __init__(self, device: torch.device) -> None:
        dtype = torch.float32 if device.type == "mps" else torch.float64
        self._sums = torch.zeros(3, dtype=dtype, device=device)
        self.images = 0
        self.since = time.monotonic()

    def add(self, sums: Tensor, images: int) -> None:
        """sums: float (3,) of a step on so many images (learner.train_step)."""
        self._sums += sums
        self.images += images

    def read(self) -> StepSums:
        synchronize(self._sums.device)
        seconds = time.monotonic() - self.since
        loss, correct, stops = self._sums.tolist()
        return StepSums(
            loss=loss, correct=correct, stops=stops, images=self.images, seconds=max(seconds, 1e-9)
        )

    def clear(self) -> None:
        self._sums.zero_()
        self.images, self.since = 0, time.monotonic()
