"""What turns gradients into corrections, and how large corrections are as the run goes on."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor, nn

from trainer.runs.config import TrainConfig


def plain_adamw(parameters: Iterable[nn.Parameter], rate: float) -> torch.optim.Optimizer:
    """AdamW that pulls nothing towards zero, for a short lesson."""
    _spare_the_compiler()
    return torch.optim.AdamW(parameters, lr=rate, weight_decay=0, fused=True)


def make_optimizer(network: nn.Module, config: TrainConfig, rate: float) -> torch.optim.Optimizer:
    """The optimizer that the configuration names, for the parameters that want gradients."""
    _spare_the_compiler()
    wanted = [p for p in network.parameters() if p.requires_grad]
    # Norms and biases are not pulled towards zero: that would fight batch normalisation.
    groups: list[dict[str, Any]] = [
        {"params": [p for p in wanted if p.ndim > 1], "weight_decay": config.weight_decay},
        {"params": [p for p in wanted if p.ndim <= 1], "weight_decay": 0.0},
    ]
    groups = [group for group in groups if group["params"]]
    match config.optimizer:
        case "adamw":
            return torch.optim.AdamW(groups, lr=rate, fused=True)
        case "adamw-fast":  # forgets in ten steps, not in a thousand: for runs of few steps
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


def share_of_rate(schedule: str, done: float) -> float:
    """Share of the peak learning rate when the share `done` (0…1) of the run is done."""
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
    """float32 (): sum of the sizes of all weights, norms and biases left out."""
    weights = [p for p in network.parameters() if p.requires_grad and p.ndim > 1]
    return torch.stack([w.abs().sum() for w in weights]).sum()


def plain_step(optimizer: torch.optim.Optimizer) -> Callable[[], object]:
    """The optimizer's `step` without what torch wraps around it, which would import the compiler, too."""
    step: Any = type(optimizer).step
    while hasattr(step, "__wrapped__"):
        step = step.__wrapped__
    return functools.partial(torch.no_grad()(step), optimizer)


def _spare_the_compiler() -> None:
    """Keeps making an optimizer from importing torch's compiler, which is 1.7 s that nothing here needs.

    Optimizer's methods are wrapped so that a compiler leaves them alone, and the wrapper imports the
    compiler at its first call unless that was done for the function already, which it remembers under
    this name. Where a later torch does it otherwise nothing happens, slowly.
    """
    for name in ("add_param_group", "zero_grad", "state_dict", "load_state_dict"):
        plain = getattr(torch.optim.Optimizer.__dict__.get(name), "__wrapped__", None)
        if plain is not None and not hasattr(plain, "__dynamo_disable"):
            plain.__dynamo_disable = plain
