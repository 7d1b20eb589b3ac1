"""torchvision's networks on grey pictures: what they get to see, and that they stay the published ones."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from trainer.networks import build_network
from trainer.networks.transfer import IMAGENET_MEAN, IMAGENET_STD, PUBLISHED_NAMES, ImageNetInput


def test_the_first_module_gives_what_torchvision_wants() -> None:
    from torchvision.models import ResNet18_Weights

    wanted = ResNet18_Weights.IMAGENET1K_V1.transforms()
    assert list(IMAGENET_MEAN) == list(wanted.mean)
    assert list(IMAGENET_STD) == list(wanted.std)
    pictures = torch.rand(2, 1, 28, 28)
    seen = ImageNetInput(64)(pictures)
    assert seen.shape == (2, 3, 64, 64)
    large = nn.functional.interpolate(pictures, (64, 64), mode="bilinear", align_corners=False)
    for channel, (mean, std) in enumerate(zip(wanted.mean, wanted.std, strict=True)):
        torch.testing.assert_close(seen[:, channel], (large[:, 0] - mean) / std)


def test_the_first_module_has_nothing_to_store() -> None:
    assert ImageNetInput(32).state_dict() == {}


@pytest.mark.parametrize(("name", "children"), [("resnet18", 16), ("vgg16", 40)])
def test_layers_and_blocks_are_children_and_the_head_is_the_last(name: str, children: int) -> None:
    with torch.device("meta"):
        network = build_network(name, classes=47)
    assert isinstance(network, nn.Sequential)
    assert len(network) == children
    assert isinstance(network[0], ImageNetInput)
    assert isinstance(network[-1], nn.Linear)
    with_weights = [i for i, child in enumerate(network) if child.state_dict()]
    assert with_weights == [*PUBLISHED_NAMES[name], children - 1]


def test_building_on_no_device_takes_no_memory_and_on_one_leaves_no_weight_unset() -> None:
    with torch.device("meta"):
        network = build_network("vgg16")
    assert all(p.is_meta for p in network.parameters())
    torch.manual_seed(0)
    network = build_network("vgg16")
    assert isinstance(network, nn.Sequential)
    for layer in network:
        if isinstance(layer, nn.Conv2d | nn.Linear):
            fan_in = layer.weight[0].numel()
            assert float(layer.weight.detach().std()) == pytest.approx((2 / fan_in) ** 0.5, rel=0.1)
            assert layer.bias is not None
            assert not bool(layer.bias.any())
