"""What is folded answers as before."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from trainer.execution.fusing import fused
from trainer.networks import build_network

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.mark.parametrize("name", ["scribe", "scribe-2", "scribe-tiny", "cnn", "dsdcnn", "sprint"])
def test_the_answers_are_the_same(name: str) -> None:
    torch.manual_seed(0)
    network = build_network(name)
    images = torch.rand(16, 1, 28, 28)
    network(images)  # statistics that are not those of a beginning
    for norm in network.modules():
        if isinstance(norm, nn.BatchNorm2d):
            nn.init.normal_(norm.weight)
            nn.init.normal_(norm.bias)
    network.eval()
    before = {key: value.clone() for key, value in network.state_dict().items()}
    with torch.no_grad():
        wanted, found = network(images), fused(network)(images)
    assert torch.allclose(found, wanted, atol=1e-4 * float(wanted.abs().max()))
    assert all(torch.equal(before[key], value) for key, value in network.state_dict().items())


def test_nothing_is_left_to_normalise_in_a_block() -> None:
    norms = [
        m for m in fused(build_network("scribe").eval()).modules() if isinstance(m, nn.BatchNorm2d)
    ]
    # Two stand behind a pooling, which a negative factor would turn into a minimum.
    assert len(norms) == 2
