"""What training steps add up to between two reports, without making the device wait at each."""

from __future__ import annotations

import time

import torch
from torch import Tensor

from trainer.execution.execution import synchronize


class StepSums:
    """The summed loss, the number right, and how many processes want to stop; and of how many pictures.

    They stay on the device; reading them makes a GPU wait, so that is done at reports only. In float64 they
    do not depend on when they are read. MPS has none, nor does it need to agree.
    """

    def __init__(self, device: torch.device) -> None:
        exact = torch.float32 if device.type == "mps" else torch.float64
        self._sums = torch.zeros(3, dtype=exact, device=device)
        self.count = 0
        self.since = time.monotonic()

    def add(self, made: Tensor, count: int) -> None:
        """made: float (3,) of a step with so many pictures."""
        self._sums += made
        self.count += count

    def read(self) -> tuple[float, float, float, float]:
        """The three, and the seconds that the steps took."""
        synchronize(self._sums.device)
        seconds = time.monotonic() - self.since
        loss, right, stops = self._sums.tolist()
        return loss, right, stops, max(seconds, 1e-9)

    def clear(self) -> None:
        self._sums.zero_()
        self.count, self.since = 0, time.monotonic()
