"""What a network's layers make of one image, as grey images."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from trainer.networks.outputs import outputs_within
from trainer.probing.perturbation import layers_of

#: Channels of a layer that are shown at most.
MOST_CHANNELS = 64


@dataclass(frozen=True, kw_only=True, eq=False)
class ChannelMaps:
    """The channels of one layer as grey images: uint8 (channels, H, W). count: how many it has in all."""

    layer: str
    count: int
    values: NDArray[np.uint8]


def feature_maps(network: nn.Module, inputs: Tensor) -> list[ChannelMaps]:
    """What each convolution answers to one image, after the sign is cut off: float32 (1, 1, H, W).

    Each layer is scaled by its own largest value: a layer's channels can be compared, layers cannot.
    """
    names: dict[nn.Module, str] = {
        layer: name for name, layer in layers_of(network).items() if isinstance(layer, nn.Conv2d)
    }
    found: list[ChannelMaps] = []
    for layer, output in outputs_within(network, inputs, names):
        maps = output[0].float().clamp(min=0)
        grey = (255 * maps / maps.max().clamp(min=1e-12)).round().to(torch.uint8)
        values = grey[:MOST_CHANNELS].contiguous().numpy()
        found.append(ChannelMaps(layer=names[layer], count=len(maps), values=values))
    return found
