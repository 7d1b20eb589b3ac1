"""Fast-training networks: a good result within seconds on one core."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class WhiteningConv(nn.Conv2d):
    """A first convolution without padding that is not learned: its filters whiten the images' patches.

    They are the patches' principal components with the largest variance, each divided by its standard
    deviation, and the negatives of the same, as ReLU follows (airbench, Jordan 2024). Nothing flows back
    through it or into it, which saves a quarter of a small network's step. Weight and bias are buffers: they
    are stored with the network, and no optimizer sees them. Random until `whiten` is called.
    """

    def __init__(self, channels: int, kernel_size: int) -> None:
        """channels: an even number, at most twice the pixels of a patch."""
        super().__init__(1, channels, kernel_size)
        weight = self.weight.detach()
        del self.weight, self.bias
        self.register_buffer("weight", weight)
        self.register_buffer("bias", torch.zeros(channels))

    @torch.no_grad()
    def whiten(self, images_nchw: Tensor) -> None:
        """Takes the filters from float32 images (N, 1, H, W), normalised as in training."""
        side = self.kernel_size[0]
        patches = F.unfold(images_nchw, side).transpose(1, 2).reshape(-1, side * side)
        variances, components = torch.linalg.eigh(patches.T @ patches / len(patches))
        largest = slice(-(self.out_channels // 2), None)
        filters = (components / (variances + _LEAST_VARIANCE).sqrt()).T[largest]
        filters = filters.reshape(-1, 1, side, side)
        self.weight.copy_(torch.cat([filters, -filters]))


#: Added to every component's variance: what hardly varies is not made as loud as the rest.
_LEAST_VARIANCE = 0.1


def sprint(
    *,
    classes: int = 10,
    stem: int = 16,
    middle: int = 32,
    deep: int = 64,
    full: int = 128,
    looks: int = 1,
) -> nn.Module:
    """conv 5×5 `stem` – pool – `looks` convs 3×3 `middle` – pool – `looks` of `deep` – pool – fc `full` –
    classes.

    Few channels at large sizes, where a processor mostly moves memory. Batch normalisation, which allows
    large learning rates, comes only after the flattening: all layers before it stay in oneDNN's layout
    (trainer.execution.mkldnn_layout), and no large map is normalised.
    """
    layers: list[nn.Module] = [
        nn.Conv2d(1, stem, 5, padding=2),
        nn.MaxPool2d(2),
        nn.ReLU(inplace=True),
    ]
    before = stem
    for maps in (middle, deep):
        for look in range(looks):
            layers.append(nn.Conv2d(before, maps, 3, padding=1))
            layers += [nn.MaxPool2d(2)] if look == looks - 1 else []
            layers.append(nn.ReLU(inplace=True))
            before = maps
    return nn.Sequential(*layers, *_full_layers(deep * 3 * 3, full, classes))


def sprint_deep(*, classes: int = 10) -> nn.Module:
    """`sprint` with two convolutions at every size: takes twice as long, and is more accurate."""
    return sprint(classes=classes, looks=2)


def sprint_2(*, classes: int = 10) -> nn.Module:
    """`sprint` with a first layer that is not learned (WhiteningConv), and without the padding of 5×5: digits
    leave a margin. Learns as much from an image in 0.6 of the time."""
    return nn.Sequential(
        WhiteningConv(16, 5),
        nn.MaxPool2d(2),
        nn.ReLU(inplace=True),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.MaxPool2d(2),
        nn.ReLU(inplace=True),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.MaxPool2d(2),
        nn.ReLU(inplace=True),
        *_full_layers(64 * 3 * 3, 128, classes),
    )


def _full_layers(inputs: int, width: int, classes: int) -> list[nn.Module]:
    return [
        nn.Flatten(),
        nn.BatchNorm1d(inputs),
        nn.Linear(inputs, width, bias=False),
        nn.BatchNorm1d(width),
        nn.ReLU(inplace=True),
        nn.Linear(width, classes),
    ]
