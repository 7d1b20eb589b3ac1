"""A network's layers, as people draw them: what goes out of each, its parameters, what it sees.

No torch at module level.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class LayerSummary:
    """kind: the module's class, with its kernel ("Conv2d 3×3"). shape: of its output, without the batch.

    receptive_field: side in pixels of what one place of its output depends on; 0 where paths of several
    lengths have met, or all of the picture is seen.
    """

    kind: str
    shape: tuple[int, ...]
    parameters: int
    receptive_field: int


def layers_of(name: str, **arguments: Any) -> tuple[LayerSummary, ...]:
    """The layers of a network by its name in the table, in the order in which they compute. Layers without
    parameters that only pass on (activations, dropout) are left out.

    Counted on torch's device "meta", without weights. Raises ConfigError as build_network does.
    """
    import torch
    from torch import nn

    from trainer.networks import build_network
    from trainer.networks.outputs import outputs_within

    passing = (nn.ReLU, nn.Dropout, nn.Dropout2d, nn.Identity, nn.BatchNorm2d, nn.ReLU6, nn.SiLU)
    with torch.device("meta"):
        network = build_network(name, **arguments).eval()
        picture = torch.empty(1, 1, 28, 28)
    leaves = [module for module in network.modules() if not any(True for _ in module.children())]
    found: list[LayerSummary] = []
    field, step, chain = 1, 1, True
    for layer, output in outputs_within(network, picture, leaves):
        kernel = getattr(layer, "kernel_size", None)
        if kernel is not None:
            side = kernel if isinstance(kernel, int) else int(kernel[0])
            stride = _first(getattr(layer, "stride", 1))
            dilation = _first(getattr(layer, "dilation", 1))
            field += (side - 1) * dilation * step
            step *= stride
        elif not isinstance(layer, passing):
            chain = False  # pooled as a whole, flattened, or a block: all is seen
        if isinstance(layer, passing):
            if found and isinstance(layer, nn.BatchNorm2d):
                last = found[-1]
                own = sum(p.numel() for p in layer.parameters())
                found[-1] = LayerSummary(
                    kind=last.kind,
                    shape=last.shape,
                    parameters=last.parameters + own,
                    receptive_field=last.receptive_field,
                )
            continue
        found.append(
            LayerSummary(
                kind=_kind(layer),
                shape=tuple(output.shape[1:]),
                parameters=sum(p.numel() for p in layer.parameters()),
                receptive_field=field if chain and _is_chain(network) else 0,
            )
        )
    return tuple(found)


def _is_chain(network: Any) -> bool:
    from trainer.networks.cost import receptive_field

    try:
        receptive_field(network)
    except ValueError:
        return False
    return True


def _first(value: Any) -> int:
    return value if isinstance(value, int) else int(value[0])


def _kind(layer: Any) -> str:
    name = type(layer).__name__
    kernel = getattr(layer, "kernel_size", None)
    if kernel is None:
        return name
    sides = (kernel, kernel) if isinstance(kernel, int) else tuple(kernel)
    text = f"{name} {'×'.join(map(str, sides))}"
    if getattr(layer, "groups", 1) > 1:
        text += f", {layer.groups} groups"
    dilation = _first(getattr(layer, "dilation", 1))
    if dilation > 1:
        text += f", dilated {dilation}"
    return text
