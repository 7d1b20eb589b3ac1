"""Counting: the table's figures are counted again, and the receptive field is measured another way."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import nn

from trainer.networks import NETWORKS, build_network, find_network
from trainer.networks.cost import network_cost, receptive_field


@pytest.mark.parametrize("name", NETWORKS)
def test_the_table_says_what_is_counted(name: str) -> None:
    entry, counted = NETWORKS[name], network_cost(name)
    assert (entry.parameters, entry.flops, entry.receptive_field) == (
        counted.parameters,
        counted.flops,
        counted.receptive_field or 0,
    )
    assert entry.megabytes == pytest.approx(4 * counted.parameters / 1e6)


def test_flops_are_counted_as_by_hand() -> None:
    """Two for each multiplication with addition; additions of biases and the like do not count."""
    convolutions = 28 * 28 * 32 * 9 + 14 * 14 * 64 * 32 * 9
    full = 64 * 7 * 7 * 128 + 128 * 10
    assert network_cost("cnn").flops == 2 * (convolutions + full)


def test_arguments_are_passed_on() -> None:
    assert network_cost("cnn", classes=47).parameters - find_network("cnn").parameters == 37 * 129


# --- receptive field


def _maps_of(network: nn.Module) -> nn.Sequential:
    """The layers before the picture is pooled as a whole or flattened, such that all of what a place looks
    at counts: poolings that average, weights of one, and nothing that bends or normalises."""
    layers: list[nn.Module] = []

    def add(layer: nn.Module) -> bool:
        match layer:
            case nn.Sequential():
                return all(add(inner) for inner in layer)
            case nn.Conv2d():
                twin = copy.deepcopy(layer)
                nn.init.ones_(twin.weight)
                layers.append(twin)
            case nn.MaxPool2d():
                layers.append(nn.AvgPool2d(layer.kernel_size, layer.stride))
            case nn.BatchNorm2d() | nn.ReLU():
                pass
            case _:
                return False
        return True

    add(network)
    return nn.Sequential(*layers).double()


@pytest.mark.parametrize("name", [name for name in NETWORKS if NETWORKS[name].receptive_field])
def test_the_receptive_field_is_what_gradients_reach(name: str) -> None:
    # Larger than MNIST's, or its edges would cut off what is looked at.
    picture = torch.zeros(1, 1, 96, 96, dtype=torch.double, requires_grad=True)
    last = _maps_of(build_network(name))(picture)
    middle = last.shape[-1] // 2
    last[0, :, middle, middle].sum().backward()
    assert picture.grad is not None
    reached = picture.grad[0].sum(0) != 0
    for along in (0, 1):
        assert int(reached.any(along).sum()) == receptive_field(build_network(name))


def test_dsdcnn_sees_all_of_the_picture_with_few_weights() -> None:
    dsdcnn, cnn = find_network("dsdcnn"), find_network("cnn")
    assert dsdcnn.receptive_field >= 28 > cnn.receptive_field
    assert dsdcnn.parameters < cnn.parameters / 10


def test_a_receptive_field_by_hand() -> None:
    network = nn.Sequential(
        nn.Conv2d(1, 1, 5),  # 5
        nn.MaxPool2d(2),  # + 1 = 6, then 2 pixels a step
        nn.Sequential(nn.Conv2d(1, 1, 3, dilation=4), nn.ReLU()),  # + 2 · 4 · 2 = 22
        nn.AvgPool2d(3),  # + 2 · 2 = 26
        nn.Flatten(),
        nn.Linear(1, 2),
    )
    assert receptive_field(network) == 26


@pytest.mark.parametrize(
    ("layer", "told"),
    [(nn.Conv2d(1, 1, (3, 5)), "not the same both ways"), (nn.Softmax(1), "Softmax is no link")],
)
def test_what_cannot_be_counted_is_told(layer: nn.Module, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        receptive_field(nn.Sequential(layer))
