"""This project's own architecture: a small residual network for 28×28 images.

A single 5×5 convolution at full size, pooled at once, because on a processor the full-size layers cost mostly
memory traffic; then residual stages at 14×14 and 7×7 with nearly all of the arithmetic.
"""

from __future__ import annotations

from torch import Tensor, nn


class _Residual(nn.Module):
    """Two 3×3 convolutions with batch normalisation around a shortcut (He et al. 2015, fig. 2)."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)
        self.act = nn.ReLU(inplace=True)

    def forward(self, maps: Tensor) -> Tensor:
        inner = self.act(self.norm1(self.conv1(maps)))
        outer: Tensor = self.act(maps + self.norm2(self.conv2(inner)))
        return outer


def scribe(
    *,
    classes: int = 10,
    stem: int = 32,
    middle: int = 64,
    deep: int = 96,
    blocks: int = 2,
    strided: bool = False,
) -> nn.Module:
    """stem at 28², one residual block of `middle` at 14², `blocks` of `deep` at 7², pooled, linear.

    strided: downsample from 14² to 7² by a convolution with stride 2, a quarter of the arithmetic of a
    convolution with stride 1 and a pooling.
    """
    if strided:
        down: list[nn.Module] = [nn.Conv2d(middle, deep, 3, stride=2, padding=1, bias=False)]
    else:
        down = [nn.Conv2d(middle, deep, 3, padding=1, bias=False), nn.MaxPool2d(2)]
    layers: list[nn.Module] = [
        # Pooling before normalisation: the same maxima, a quarter of the memory to normalise.
        nn.Conv2d(1, stem, 5, padding=2, bias=False),
        nn.MaxPool2d(2),
        nn.BatchNorm2d(stem),
        nn.ReLU(inplace=True),
        nn.Conv2d(stem, middle, 3, padding=1, bias=False),
        nn.BatchNorm2d(middle),
        nn.ReLU(inplace=True),
        _Residual(middle),
        *down,
        nn.BatchNorm2d(deep),
        nn.ReLU(inplace=True),
    ]
    layers += [_Residual(deep) for _ in range(blocks)]
    layers += [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(deep, classes)]
    return nn.Sequential(*layers)


def scribe_2(*, classes: int = 10) -> nn.Module:
    """`scribe` with less than two thirds of the arithmetic and of the activations."""
    return scribe(classes=classes, stem=16, middle=48, strided=True)


def scribe_tiny(*, classes: int = 10) -> nn.Module:
    """`scribe` with 31 k parameters, 125 kB: for small downloads and devices."""
    return scribe(classes=classes, stem=16, middle=16, deep=32, blocks=1)
