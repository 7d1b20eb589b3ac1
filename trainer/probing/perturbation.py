"""A damaged copy of a network, and moved images. The network itself is never changed, nothing is stored."""

from __future__ import annotations

import copy
import math
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainer.base.errors import InputError
from trainer.probing.damage import Damage

#: Layers that can be switched off, and that have channels: those with weights.
_WITH_CHANNELS = (nn.Conv2d, nn.Linear)


def layers_of(network: nn.Module) -> dict[str, nn.Conv2d | nn.Linear]:
    """The layers that can be looked at and switched off, by name, in the order of the network."""
    return {
        name: module
        for name, module in network.named_modules()
        if isinstance(module, _WITH_CHANNELS)
    }


def damaged(network: nn.Module, damage: Damage) -> nn.Module:
    """A copy of the network with this damage to its weights and layers.

    Raises InputError for a layer or channel that it does not have.
    """
    made = copy.deepcopy(network)
    layers = layers_of(made)
    with torch.no_grad():
        generator = torch.Generator().manual_seed(damage.seed)
        for layer in layers.values():
            weight = layer.weight
            if damage.bits < 32:
                weight.copy_(quantised(weight, damage.bits))
            if damage.noise:
                noise = torch.randn(weight.shape, generator=generator)
                weight.add_(damage.noise * weight.std(correction=0) * noise)
    off: dict[str, list[int] | None] = {}  # None: all channels
    for channel in damage.channels:
        off.setdefault(channel.layer, []).append(channel.number)  # type: ignore[union-attr]
    off.update(dict.fromkeys(damage.layers))
    for name, channels in off.items():
        if name not in layers:
            raise InputError(
                "damage.layer",
                "the network has no layer {name}; its layers are {layers}",
                name=repr(name),
                layers=", ".join(layers),
            )
        _switch_off(layers[name], name, channels)
    return made


def _switch_off(layer: nn.Conv2d | nn.Linear, name: str, channels: list[int] | None) -> None:
    """The output of these channels (None: all) is zero from now on."""
    count = layer.weight.shape[0]
    mask = torch.zeros(count)
    if channels is not None:
        if wrong := [number for number in channels if not 0 <= number < count]:
            raise InputError(
                "damage.channel",
                "layer {name} has channels 0 to {last}, not {number}",
                name=name,
                last=count - 1,
                number=wrong[0],
            )
        mask += 1
        mask[channels] = 0
    shape = (1, -1, 1, 1) if isinstance(layer, nn.Conv2d) else (-1,)

    def hook(_module: nn.Module, _inputs: Any, output: Tensor) -> Tensor:
        return output * mask.view(shape).to(output)

    layer.register_forward_hook(hook)


def quantised(weight: Tensor, bits: int) -> Tensor:
    """The weights in 2^bits levels. 1 bit: their signs, times the mean size of each output's weights
    (Rastegari et al. 2016, "XNOR-Net"). More: evenly spaced, symmetric, one scale an output."""
    rows = weight.flatten(1)
    if bits == 1:
        sizes = rows.abs().mean(1, keepdim=True)
        signs = torch.where(rows < 0, -1.0, 1.0).to(rows)
        return (signs * sizes).view_as(weight)
    levels = 2 ** (bits - 1) - 1  # 2 bits: −1, 0, 1
    scale = rows.abs().amax(1, keepdim=True).clamp(min=1e-12) / levels
    steps: Tensor = (rows / scale).round().clamp(-levels, levels) * scale
    return steps.view_as(weight)


def moved(images: Tensor, damage: Damage) -> Tensor:
    """uint8 images (N, …, 28, 28), turned about their middle and shifted; black comes in at the edges."""
    if not (damage.turn or damage.right or damage.down):
        return images
    shape = images.shape
    flat = images.reshape(-1, 1, *shape[-2:]).float()
    angle = math.radians(damage.turn)
    cos, sin = math.cos(angle), math.sin(angle)
    # grid_sample asks where each output pixel comes from: shifted back, then turned back. y runs down.
    right, down = 2 * damage.right / shape[-1], 2 * damage.down / shape[-2]
    back = torch.tensor(
        [
            [cos, -sin, -cos * right + sin * down],
            [sin, cos, -sin * right - cos * down],
        ]
    )
    grid = F.affine_grid(back.expand(len(flat), 2, 3), list(flat.shape), align_corners=False)
    found = F.grid_sample(flat, grid, align_corners=False)
    return found.round().clamp(0, 255).to(torch.uint8).reshape(shape)
