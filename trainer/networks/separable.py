"""Depthwise separable, dilated convolutions: few weights with a receptive field of the whole image."""

from __future__ import annotations

from torch import nn


class _Separable(nn.Sequential):
    """A depthwise 3×3 convolution with dilation `rate`, then a pointwise one (Chollet 2017, "Xception").

    There is no activation between the two, as there.
    """

    def __init__(self, before: int, after: int, *, rate: int) -> None:
        super().__init__(
            nn.Conv2d(before, before, 3, padding=rate, dilation=rate, groups=before, bias=False),
            nn.Conv2d(before, after, 1, bias=False),
            nn.BatchNorm2d(after),
            nn.ReLU(inplace=True),
        )


def dsdcnn(*, classes: int = 10, stem: int = 32, deep: int = 96) -> nn.Module:
    """`stem` at 28², then separable blocks at 14² with rates 1, 2, 4, pooled, linear.

    The rates double, as in Yu & Koltun 2016: after the pooling each step of a rate is two pixels, so a
    position of the last map has a receptive field of 4 + 4 + 8 + 16 = 32 pixels a side, the whole image
    (trainer.networks.cost.receptive_field counts it).
    """
    middle = (stem + deep) // 2
    return nn.Sequential(
        # Pooling before normalisation: a quarter of the memory to normalise.
        nn.Conv2d(1, stem, 3, padding=1, bias=False),
        nn.MaxPool2d(2),
        nn.BatchNorm2d(stem),
        nn.ReLU(inplace=True),
        _Separable(stem, middle, rate=1),
        _Separable(middle, deep, rate=2),
        _Separable(deep, deep, rate=4),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(deep, classes),
    )
