"""The weights that a plain deep network begins with."""

from __future__ import annotations

from torch import nn


def he_initialised(network: nn.Module) -> nn.Module:
    """The same network with weights drawn as He et al. 2015 ("Delving deep into rectifiers") do.

    PyTorch's own are smaller by √6: behind a few layers without normalisation little is left of a picture
    at first, and learning begins late. Biases begin at zero.
    """
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
    return network
