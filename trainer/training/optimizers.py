"""Optimizers, learning-rate schedules, and the average of the weights."""

from __future__ import annotations

import copy
import functools
import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch import Tensor, nn

from trainer.runs.config import TrainConfig


def plain_adamw(parameters: Iterable[nn.Parameter], rate: float) -> torch.optim.Optimizer:
    """AdamW without weight decay, for short fine-tuning."""
    _skip_compiler_import()
    return torch.optim.AdamW(parameters, lr=rate, weight_decay=0, fused=True)


def make_optimizer(network: nn.Module, config: TrainConfig, rate: float) -> torch.optim.Optimizer:
    """The optimizer that the configuration names, for the parameters that require gradients."""
    _skip_compiler_import()
    wanted = [p for p in network.parameters() if p.requires_grad]
    # No weight decay on norms and biases: it would fight batch normalisation.
    groups: list[dict[str, Any]] = [
        {"params": [p for p in wanted if p.ndim > 1], "weight_decay": config.weight_decay},
        {"params": [p for p in wanted if p.ndim <= 1], "weight_decay": 0.0},
    ]
    groups = [group for group in groups if group["params"]]
    match config.optimizer:
        case "adamw":
            return torch.optim.AdamW(groups, lr=rate, fused=True)
        case "adamw-fast":  # a memory of ten steps instead of a thousand: for short runs
            return torch.optim.AdamW(groups, lr=rate, betas=(0.7, 0.9), fused=True)
        case "adam":
            return torch.optim.Adam(groups, lr=rate, fused=True)
        case "sgd":
            return torch.optim.SGD(groups, lr=rate, momentum=0.9, nesterov=True, fused=True)
        case "rmsprop":
            return torch.optim.RMSprop(groups, lr=rate)
    raise AssertionError(config.optimizer)


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate


def schedule_factor(schedule: str, done: float) -> float:
    """Factor on the peak learning rate, 0…1, when a fraction `done` (0…1) of the run is done."""
    match schedule:
        case "one-cycle":  # up over a fifth, then down to zero (Smith 2018, without the tail)
            return max(done / 0.2, 0.02) if done < 0.2 else max(1 - done, 0.0) / 0.8
        case "cosine":
            return 0.5 * (1 + math.cos(math.pi * min(done, 1.0)))
        case "step":  # a tenth after half of it, a hundredth after three quarters (He et al. 2015)
            return 1.0 if done < 0.5 else 0.1 if done < 0.75 else 0.01
        case _:
            return 1.0


def l1_norm(network: nn.Module) -> Tensor:
    """float32 (): sum of the absolute values of all weights but norms and biases."""
    weights = [p for p in network.parameters() if p.requires_grad and p.ndim > 1]
    return torch.stack([w.abs().sum() for w in weights]).sum()


def plain_step(optimizer: torch.optim.Optimizer) -> Callable[[], object]:
    """The optimizer's `step` without torch's wrappers, which would import torch's compiler."""
    step: Any = type(optimizer).step
    while hasattr(step, "__wrapped__"):
        step = step.__wrapped__
    return functools.partial(torch.no_grad()(step), optimizer)


def _skip_compiler_import() -> None:
    """Keeps the making of an optimizer from importing torch's compiler, which takes 1.7 s and is not used.

    torch wraps the optimizers' methods to hide them from the compiler. The wrapper imports the compiler at
    its first call, unless the function has this attribute already. If a later torch works differently, the
    import merely happens.
    """
    for name in ("add_param_group", "zero_grad", "state_dict", "load_state_dict"):
        plain = getattr(torch.optim.Optimizer.__dict__.get(name), "__wrapped__", None)
        if plain is not None and not hasattr(plain, "__dynamo_disable"):
            plain.__dynamo_disable = plain


def _lerp(mine: list[Tensor], theirs: list[Tensor], weight: float) -> None:
    """mine += weight · (theirs - mine), in place."""
    together = getattr(torch, "_foreach_lerp_", None)  # private to torch, and three times as fast
    if together is not None:
        together(mine, theirs, weight)
        return
    for a, b in zip(mine, theirs, strict=True):
        a.lerp_(b, weight)


class Average:
    """A running average of weights and batch normalisation statistics (Polyak averaging).

    network: has the averaged state, and can be evaluated. decay: 0…1, per step.
    """

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
        _lerp(mine, theirs, 1 - decay)

    @staticmethod
    def _tensors(network: nn.Module) -> Iterator[Tensor]:
        return itertools.chain(network.parameters(), network.buffers())
