"""The outputs of layers within a network, for one run of it."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn


def outputs_within(
    network: nn.Module, images: Tensor, modules: Iterable[nn.Module]
) -> list[tuple[nn.Module, Tensor]]:
    """Each of these modules of the network with what it puts out for the images, in the order in which they
    compute; one that is used twice comes twice.

    images: as the network takes them. Outputs are copies, without gradients; those that are no tensors are
    left out. The network's mode stays as it is.
    """
    found: list[tuple[nn.Module, Tensor]] = []

    def keep(module: nn.Module, _inputs: object, output: object) -> None:
        if isinstance(output, Tensor):
            found.append((module, output.detach().clone()))  # the next layer may work in place

    hooks = [module.register_forward_hook(keep) for module in modules]
    try:
        with torch.inference_mode():
            network(images)
    finally:
        for hook in hooks:
            hook.remove()
    return found
