"""A network's layers as images: feature maps of its convolutional part for one input, and first filters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from trainer.networks.outputs import outputs_within

#: Kinds of layers, for words in the window: a convolution (with what normalises and activates it), a block
#: of several around a shortcut, a pooling.
CONVOLUTION, BLOCK, POOLING = "convolution", "block", "pooling"


@dataclass(frozen=True, kw_only=True, eq=False)
class LayerMaps:
    """kind: CONVOLUTION, BLOCK or POOLING. maps: uint8 (C, H, W), of which 255 is the largest value of this
    layer and 0 what is 0 or less. largest: that value."""

    kind: str
    maps: NDArray[np.uint8]
    largest: float


def feature_maps(network: nn.Module, images_nchw: Tensor) -> list[LayerMaps]:
    """The maps of every layer for one image, in the order of computation.

    network: in evaluation mode, on the CPU, fused or not. images_nchw: float32 (1, C, H, W), normalised as
    the network expects. A convolution is shown behind its normalisation and activation. Layers whose maps
    are a single number each (a global pooling) are left out.
    """
    steps = list(_steps(network))
    outputs = dict(outputs_within(network, images_nchw, steps))
    found: list[LayerMaps] = []
    for step in steps:
        maps = outputs.get(step)
        if maps is None or maps.ndim != 4 or maps.shape[-1] * maps.shape[-2] == 1:
            continue
        kind = _kind(step)
        if kind is None and found:  # normalisation and activation belong to the layer before them
            found[-1] = _layer(found[-1].kind, maps[0])
        elif kind is not None:
            found.append(_layer(kind, maps[0]))
    return found


def first_filters(network: nn.Module) -> NDArray[np.uint8] | None:
    """The kernels of the first convolution, uint8 (C, H, W): 128 is zero, and the largest weight of each is 0
    or 255. None where there is no convolution."""
    for step in network.modules():
        if isinstance(step, nn.Conv2d):
            kernels = step.weight.detach().float().mean(1)  # (C, H, W)
            largest = kernels.abs().amax((1, 2), keepdim=True).clamp(min=1e-12)
            grey: NDArray[np.uint8] = (
                (127.5 + 127.5 * kernels / largest).round().to(torch.uint8).numpy()
            )
            return grey
    return None


def _steps(network: nn.Module) -> Iterator[nn.Module]:
    """The modules whose outputs are looked at: everything within nn.Sequential, blocks as a whole."""
    children = list(network.children())
    has_convolution = any(isinstance(child, nn.Conv2d) for child in children)
    if children and (isinstance(network, nn.Sequential) or not has_convolution):
        for child in children:  # those of a sequence, or of a wrapper around what is of interest
            yield from _steps(child)
    else:
        yield network


def _kind(step: nn.Module) -> str | None:
    if isinstance(step, nn.Conv2d):
        return CONVOLUTION
    if isinstance(step, nn.MaxPool2d | nn.AvgPool2d | nn.AdaptiveAvgPool2d | nn.AdaptiveMaxPool2d):
        return POOLING
    return BLOCK if any(isinstance(m, nn.Conv2d) for m in step.modules()) else None


def _layer(kind: str, maps_chw: Tensor) -> LayerMaps:
    positive = maps_chw.float().clamp(min=0).numpy()
    largest = float(positive.max())
    scaled = np.rint(positive * (255 / largest)) if largest > 0 else positive
    return LayerMaps(kind=kind, maps=scaled.astype(np.uint8), largest=largest)
