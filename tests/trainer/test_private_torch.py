"""What the trainer uses of torch that torch promises nobody: it is there today, and nothing breaks without it."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from tests.trainer.made_runs import small
from trainer.execution import mkldnn_layout
from trainer.execution.execution import Execution, choose_execution, fastest_layout
from trainer.networks import build_network
from trainer.training.optimizers import Average, make_optimizer, plain_step


class TestForeachLerp:
    """torch._foreach_lerp_: the running average of the weights, all of them in one call."""

    def test_it_is_there(self) -> None:
        assert hasattr(torch, "_foreach_lerp_")

    def test_without_it_the_average_is_the_same(self, monkeypatch: pytest.MonkeyPatch) -> None:
        torch.manual_seed(0)
        start, network = nn.Linear(3, 2), nn.Linear(3, 2)
        averages = []
        for there in (True, False):
            if not there:
                monkeypatch.delattr(torch, "_foreach_lerp_")
            average = Average(copy.deepcopy(start), 0.9)
            for _ in range(3):
                average.update(network)
            averages.append(average.network.weight)
        torch.testing.assert_close(*averages)


class TestWrappedStep:
    """Optimizer.step.__wrapped__: the step without torch's compiler, which it would import."""

    def test_it_is_there(self) -> None:
        assert hasattr(torch.optim.Adam.step, "__wrapped__")

    def test_without_it_a_step_is_a_step(self, monkeypatch: pytest.MonkeyPatch) -> None:
        inner = torch.optim.Adam.step
        while hasattr(inner, "__wrapped__"):
            inner = inner.__wrapped__
        monkeypatch.setattr(torch.optim.Adam, "step", inner)
        network = nn.Linear(3, 2)
        before = network.weight.detach().clone()
        optimizer = make_optimizer(network, small(optimizer="adam"), 0.1)
        network(torch.rand(4, 3)).square().sum().backward()
        plain_step(optimizer)()
        assert not torch.equal(network.weight, before)


class TestCompilerImport:
    """The mark __dynamo_disable, by which making an optimizer imports no compiler (test_optimizers sees to
    that): a torch whose methods are wrapped otherwise, or not at all, gets the same optimizer."""

    def test_without_the_wrapper_an_optimizer_is_made(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("add_param_group", "zero_grad", "state_dict", "load_state_dict"):
            inner = getattr(torch.optim.Optimizer, name)
            while hasattr(inner, "__wrapped__"):
                inner = inner.__wrapped__
            monkeypatch.setattr(torch.optim.Optimizer, name, inner)
        assert make_optimizer(nn.Linear(3, 2), small(), 0.1).state_dict()["param_groups"]


class TestOneDnn:
    """aten's mkldnn_convolution and mkldnn_max_pool2d: training in oneDNN's own layout."""

    def test_they_are_there(self) -> None:
        if not torch.backends.mkldnn.is_available():
            pytest.skip("torch is built without oneDNN here")
        assert mkldnn_layout.is_supported()

    def test_without_them_the_ordinary_layout_is_used(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(mkldnn_layout, "_OPERATORS", ("mkldnn_convolution", "no_such_operator"))
        network = build_network("cnn")
        assert not mkldnn_layout.fits(network)
        here = torch.device("cpu")
        assert (
            choose_execution(network, here, precision="float32", batch_size=2).layout != "blocked"
        )
        # Chosen when they were still there, as a timing that is remembered says.
        chosen = Execution(device=here, precision="float32", layout="blocked")
        assert chosen.run(network, torch.rand(2, 1, 28, 28)).shape == (2, 10)
        execution = fastest_layout(network, here)
        assert execution.layout != "blocked"
