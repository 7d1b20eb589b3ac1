"""Initial weights for deep networks without normalisation."""

from __future__ import annotations

from torch import nn


def he_initialised(network: nn.Module) -> nn.Module:
    """The same network, initialised after He et al. 2015 ("Delving deep into rectifiers"); biases are 0.

    PyTorch's default weights are smaller by √6: after a few layers without normalisation activations are tiny
    at first, and learning begins late.
    """
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return network
