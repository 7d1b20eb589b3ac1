"""oneDNN's layout computes what the ordinary ones do, gradients too."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainer.execution import mkldnn_layout
from trainer.networks import build_network

pytestmark = [
    pytest.mark.usefixtures("one_thread"),
    pytest.mark.skipif(
        not torch.backends.mkldnn.is_available(), reason="torch is built without oneDNN here"
    ),
]


def gradients(network: nn.Module, logits: Tensor) -> list[Tensor]:
    loss = F.cross_entropy(logits.float(), torch.arange(len(logits)) % logits.shape[1])
    return list(torch.autograd.grad(loss, list(network.parameters())))


@pytest.mark.parametrize(
    "network",
    [
        build_network("cnn"),
        build_network("lenet5"),
        # With nothing that leaves the layout, and with pooling and strides that do not divide.
        nn.Sequential(nn.Conv2d(1, 4, 28), nn.ReLU()),
        nn.Sequential(
            nn.Conv2d(1, 6, 3, stride=2, padding=1, dilation=2),
            nn.MaxPool2d(3, stride=2, padding=1, ceil_mode=True),
            nn.Conv2d(6, 8, 3, groups=2),
            nn.Flatten(),
            nn.LazyLinear(5),
        ),
    ],
    ids=["cnn", "lenet5", "whole", "odd"],
)
def test_the_same_function_with_the_same_gradients(network: nn.Sequential) -> None:
    torch.manual_seed(0)
    images = torch.rand(3, 1, 28, 28)
    wanted = network(images)
    assert mkldnn_layout.fits(network)
    found = mkldnn_layout.run(network, images, torch.float32)
    assert torch.allclose(found, wanted, atol=1e-5)
    flat = (found.flatten(1), wanted.flatten(1))
    for here, there in zip(*(gradients(network, logits) for logits in flat), strict=True):
        assert torch.allclose(here, there, atol=1e-5)


def test_in_bfloat16_the_weights_stay_what_they_are() -> None:
    torch.manual_seed(0)
    network = build_network("cnn")
    images = torch.rand(3, 1, 28, 28)
    with torch.autocast("cpu", torch.bfloat16):
        found = mkldnn_layout.run(network, images, torch.bfloat16)
    assert found.dtype == torch.bfloat16
    assert torch.allclose(found.float(), network(images), atol=0.05)
    assert {g.dtype for g in gradients(network, found)} == {torch.float32}


@pytest.mark.parametrize(
    "network",
    [
        nn.Linear(3, 3),
        nn.Sequential(),
        nn.Sequential(nn.Flatten(), nn.Linear(784, 10)),
        nn.Sequential(nn.Conv2d(1, 2, 3, padding="same")),
        nn.Sequential(nn.Conv2d(1, 2, 3, padding=1, padding_mode="reflect")),
    ],
)
def test_what_cannot_begin_in_the_layout(network: nn.Module) -> None:
    assert not mkldnn_layout.fits(network)
