"""A network's layers for one input, as images."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from trainer.execution.fusing import fused
from trainer.models.feature_maps import BLOCK, CONVOLUTION, POOLING, feature_maps
from trainer.networks import build_network


def _input() -> torch.Tensor:
    image = torch.zeros(1, 1, 28, 28)
    image[..., 6:22, 12:16] = 1
    return image


def test_every_layer_of_the_house_network_is_there() -> None:
    torch.manual_seed(0)
    network = build_network("scribe").eval()
    layers = feature_maps(network, _input())
    sizes = [(layer.kind, layer.maps.shape) for layer in layers]
    assert sizes == [
        (CONVOLUTION, (32, 28, 28)),
        (POOLING, (32, 14, 14)),
        (CONVOLUTION, (64, 14, 14)),
        (BLOCK, (64, 14, 14)),
        (CONVOLUTION, (96, 14, 14)),
        (POOLING, (96, 7, 7)),
        (BLOCK, (96, 7, 7)),
        (BLOCK, (96, 7, 7)),
    ]
    for layer in layers:
        assert layer.maps.dtype == np.uint8
        assert layer.maps.max() == 255
        assert layer.largest > 0


def test_a_fused_network_has_the_same_maps() -> None:
    torch.manual_seed(0)
    network = build_network("scribe").eval()
    plain, quick = feature_maps(network, _input()), feature_maps(fused(network), _input())
    for one, other in zip(plain, quick, strict=True):
        assert one.kind == other.kind
        assert np.abs(one.maps.astype(int) - other.maps.astype(int)).max() <= 1


@pytest.mark.parametrize("name", ["cnn", "lenet5", "dsdcnn", "sprint"])
def test_other_architectures_have_layers(name: str) -> None:
    torch.manual_seed(0)
    layers = feature_maps(build_network(name).eval(), _input())
    assert len(layers) >= 4
    assert layers[0].maps.shape[1:] == (28, 28)


def test_no_hook_stays() -> None:
    network = build_network("lenet5").eval()
    feature_maps(network, _input())
    assert not any(module._forward_hooks for module in network.modules())
