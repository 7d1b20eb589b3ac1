"""Every network of ours learns, in each layout and number format that a run may choose."""

from __future__ import annotations

from functools import cache

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from trainer.execution.execution import Execution, Layout
from trainer.networks import NETWORKS, build_network


@cache
def _network(name: str) -> nn.Module:
    torch.manual_seed(0)
    return build_network(name)


#: torchvision's networks have tests of their own (test_imagenet), and no layer that the others have not.
OURS = [name for name, entry in NETWORKS.items() if not entry.pretrained]


@pytest.mark.parametrize("precision", ["float32", "bfloat16"])
@pytest.mark.parametrize(
    ("name", "layout"),
    [
        *((name, layout) for name in OURS for layout in ("channels last", "blocked")),
        ("cnn", "channels first"),
    ],
)
def test_one_step_corrects_every_weight(
    one_thread: None, name: str, layout: Layout, precision: str
) -> None:
    execution = Execution(device=torch.device("cpu"), precision=precision, layout=layout)
    network = execution.place(_network(name)).train()
    torch.manual_seed(1)
    logits = execution.run(network, torch.rand(4, 1, 28, 28))
    loss = F.cross_entropy(logits.float(), torch.arange(4))
    network.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    assert bool(loss.isfinite())
    for key, parameter in network.named_parameters():
        assert parameter.grad is not None, key
        assert bool(parameter.grad.isfinite().all()), key
        assert bool(parameter.grad.any()), key
        assert parameter.dtype == torch.float32, key
    before = {key: p.detach().clone() for key, p in network.named_parameters() if p.ndim == 1}
    torch.optim.SGD(network.parameters(), lr=1e-3).step()
    for key, parameter in network.named_parameters():
        assert bool(parameter.isfinite().all()), key
        assert key not in before or not torch.equal(parameter, before[key]), key


@pytest.mark.parametrize("name", OURS)
def test_the_layout_in_memory_does_not_change_the_answer(one_thread: None, name: str) -> None:
    network = _network(name).eval()
    pictures = torch.rand(2, 1, 28, 28)
    with torch.inference_mode():
        first = network.to(memory_format=torch.contiguous_format)(pictures)
        last = network.to(memory_format=torch.channels_last)(
            pictures.contiguous(memory_format=torch.channels_last)
        )
    torch.testing.assert_close(first, last, rtol=1e-3, atol=1e-4)


@pytest.mark.parametrize("name", ["vgg-small", "alexnet-small"])
def test_plain_deep_networks_get_off_the_ground(one_thread: None, name: str) -> None:
    """Ten pictures by heart in a dozen steps; with PyTorch's own first weights the loss is 0.6 and 0.9 then."""
    torch.manual_seed(0)
    network = build_network(name, dropout=0.0)
    pictures = torch.zeros(10, 1, 28, 28)
    for place in range(10):
        pictures[place, :, 4:24, 3 + 2 * place : 6 + 2 * place] = 1.0
    pictures = (pictures - 0.1307) / 0.3081
    optimizer = torch.optim.Adam(network.parameters(), lr=3e-4)
    for _ in range(12):
        loss = F.cross_entropy(network(pictures), torch.arange(10))
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    assert float(loss.detach()) < 0.3
