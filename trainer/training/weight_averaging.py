"""A running average of weights and of batch normalisation's statistics (Polyak averaging)."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator

import torch
from torch import Tensor, nn


class Average:
    """network: has the averaged state, and can be evaluated. decay: 0…1, per step."""

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.network = copy.deepcopy(network).requires_grad_(False)
        self.decay = decay
        self.steps = 0

    @torch.no_grad()
    def update(self, network: nn.Module) -> None:
        self.steps += 1
        # A shorter average at first, when weights change fast: else the initial weights would weigh too much.
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        mine, theirs = [], []
        for a, b in zip(self._tensors(self.network), self._tensors(network), strict=True):
            if a.is_floating_point():
                mine.append(a)
                theirs.append(b)
            else:
                a.copy_(b)
        torch._foreach_lerp_(mine, theirs, 1 - decay)

    @staticmethod
    def _tensors(network: nn.Module) -> Iterator[Tensor]:
        return itertools.chain(network.parameters(), network.buffers())
