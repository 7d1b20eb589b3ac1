"""Optimizers as torch has them, without what torch drags along."""

from __future__ import annotations

import subprocess
import sys

import pytest
import torch
from torch import nn

from tests.trainer.made_runs import small
from trainer.runs.config import OPTIMIZERS
from trainer.training.optimizers import make_optimizer, plain_step, set_rate


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_plain_step_is_a_step(name: str) -> None:
    torch.manual_seed(0)
    ends = []
    start, images = nn.Linear(3, 2).state_dict(), torch.rand(4, 3)
    for plain in (True, False):
        network = nn.Linear(3, 2)
        network.load_state_dict(start)
        optimizer = make_optimizer(network, small(optimizer=name, weight_decay=0.1), 0.1)
        step = plain_step(optimizer) if plain else optimizer.step
        for rate in (0.1, 0.05):
            set_rate(optimizer, rate)
            optimizer.zero_grad()
            network(images).square().sum().backward()
            step()
        ends.append(network.weight.detach().clone())
    assert torch.equal(*ends)
    assert not torch.equal(ends[0], start["weight"])


def test_what_is_frozen_is_left_alone() -> None:
    network = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 2))
    network[0].requires_grad_(False)
    optimizer = make_optimizer(network, small(), 0.1)
    held = [p for group in optimizer.param_groups for p in group["params"]]
    assert len(held) == 2
    assert all(p is q for p, q in zip(held, network[1].parameters(), strict=True))


def test_no_compiler_is_imported() -> None:
    """It is seconds of every run, and of every evaluation."""
    code = """
import sys
import trainer.evaluation.report, trainer.models.recognizer
from torch import nn, rand
from trainer.runs.config import OPTIMIZERS, TrainConfig
from trainer.training.checkpoints.checkpoint import optimizer_tensors, restore_optimizer
from trainer.training.optimizers import make_optimizer, plain_step
for name in OPTIMIZERS:
    network = nn.Linear(3, 2)
    optimizer = make_optimizer(network, TrainConfig(optimizer=name), 0.1)
    for _ in range(2):
        optimizer.zero_grad(set_to_none=True)
        network(rand(2, 3)).sum().backward()
        plain_step(optimizer)()
    restore_optimizer(optimizer, optimizer_tensors(optimizer))
slow = {"torch._dynamo", "torchmetrics", "torchvision.models", "scipy.signal"} & set(sys.modules)
assert not slow, slow
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
