"""The cost of a network, counted without training it: parameters, FLOPs, receptive field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from trainer.networks import build_network

_POINTWISE = (nn.ReLU, nn.BatchNorm2d, nn.Dropout, nn.Dropout2d, nn.Identity)


@dataclass(frozen=True, kw_only=True)
class NetworkCost:
    """flops: two for every multiplication with addition in convolutions and products, for one picture.

    receptive_field: see the function; None where there is none to count.
    """

    parameters: int
    flops: int
    receptive_field: int | None


def network_cost(name: str, **arguments: Any) -> NetworkCost:
    """The cost of a network by its name in the table. Raises ConfigError as build_network does.

    Counted on torch's device "meta", where tensors have a shape and no content: it takes as long for the
    largest network as for the smallest.
    """
    with torch.device("meta"):
        network = build_network(name, **arguments).eval()
        picture = torch.empty(1, 1, 28, 28)
    with FlopCounterMode(display=False) as counter, torch.inference_mode():
        network(picture)
    try:
        field: int | None = receptive_field(network)
    except ValueError:
        field = None
    return NetworkCost(
        parameters=sum(p.numel() for p in network.parameters()),
        flops=counter.get_total_flops(),
        receptive_field=field,
    )


def receptive_field(network: nn.Module) -> int:
    """Side, in pixels, of the square of the picture that one place of the last map looks at.

    The last map is what is pooled as a whole or flattened. Counts along a chain of layers (every layer
    adds (kernel - 1) · dilation steps of what the strides before it made a step); raises ValueError for a
    network that is none, where paths of several lengths meet.
    """
    field, step = 1, 1
    for layer in _chain(network):
        match layer:
            case nn.Conv2d() | nn.MaxPool2d() | nn.AvgPool2d():
                kernel, stride = _side(layer.kernel_size), _side(layer.stride)
                dilation = 1 if isinstance(layer, nn.AvgPool2d) else _side(layer.dilation)
                field += (kernel - 1) * dilation * step
                step *= stride
            case nn.AdaptiveAvgPool2d() | nn.Flatten() | nn.Linear():
                break
            case _ if isinstance(layer, _POINTWISE):
                continue
            case _:
                raise ValueError(f"{type(layer).__name__} is no link of a chain")
    return field


def _chain(network: nn.Module) -> Iterator[nn.Module]:
    """Its layers in order, those of sequences within it too."""
    if isinstance(network, nn.Sequential):
        for layer in network:
            yield from _chain(layer)
    else:
        yield network


def _side(size: object) -> int:
    """Of a kernel, stride or dilation that is the same both ways. Raises ValueError where it is not."""
    both = size if isinstance(size, tuple) else (size, size)
    if not (len(both) == 2 and both[0] == both[1] and isinstance(both[0], int)):
        raise ValueError(f"{size} is not the same both ways")
    return both[0]
