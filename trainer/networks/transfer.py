"""torchvision's ImageNet networks for small grey images, for transfer learning.

Both are flat: their children are a module that turns an image into ImageNet's input, then the published
layers (a residual block is one), then a head for the wanted classes. trainer.networks.imagenet loads the
published weights.
"""

from __future__ import annotations

import itertools

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainer.networks.initialisation import he_initialised

#: By channel, the same for all of torchvision's networks.
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)

#: For the children that have published weights: torchvision's names, by place in our network.
PUBLISHED_NAMES: dict[str, dict[int, str]] = {
    "vgg16": {
        **{1 + i: f"features.{i}" for i in (0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28)},
        33: "classifier.0",
        36: "classifier.3",
    },
    "resnet18": {
        1: "conv1",
        2: "bn1",
        **{
            5 + i: f"layer{layer}.{block}"
            for i, (layer, block) in enumerate(itertools.product((1, 2, 3, 4), (0, 1)))
        },
    },
}


class ImageNetInput(nn.Module):
    """float32 (N, 1, h, w), 0…1 → (N, 3, side, side): enlarged, repeated, normalised as for ImageNet.

    Mean and standard deviation are not buffers: a weights file holds learned values, and these are constants.
    """

    def __init__(self, side: int) -> None:
        super().__init__()
        self.side = side

    def forward(self, pictures: Tensor) -> Tensor:
        size = (self.side, self.side)
        large = F.interpolate(pictures, size, mode="bilinear", align_corners=False)
        channels = [
            (large - mean) / std for mean, std in zip(IMAGENET_MEAN, IMAGENET_STD, strict=True)
        ]
        return torch.cat(channels, 1)

    def extra_repr(self) -> str:
        return f"side={self.side}"


def vgg16(*, classes: int = 10, dropout: float = 0.5) -> nn.Module:
    """VGG16 (Simonyan & Zisserman 2015, configuration D) on pictures of 32², the least that five poolings
    leave something of.

    What they leave is one place of 512 maps. torchvision would repeat it 49 times for a first full layer
    of 25,088 inputs; here that layer has 512 instead, each weight the sum of 49 (trainer.networks.imagenet
    adds them): the same function with 33.6 instead of 134 million parameters. `dropout` is that of the
    full layers.
    """
    from torchvision.models import vgg16 as published

    here = torch.get_default_device()
    with torch.device("meta"):
        # On no device: the full layers, which are not used, would take half a gigabyte.
        features = published(weights=None, init_weights=False).features
    network = nn.Sequential(
        ImageNetInput(32),
        *features.to_empty(device=here),
        nn.Flatten(),
        nn.Linear(512, 4096),
        nn.ReLU(inplace=True),
        nn.Dropout(dropout),
        nn.Linear(4096, 4096),
        nn.ReLU(inplace=True),
        nn.Dropout(dropout),
        nn.Linear(4096, classes),
    )
    return he_initialised(network)


def resnet18(*, classes: int = 10) -> nn.Module:
    """ResNet-18 (He et al. 2015, table 1) on pictures of 64², where 2×2 places are left before the mean.

    At 32² there would be one, of which 3×3 convolutions use the middle only; at 224², as published, a
    picture of 28² costs twelve times as much and shows no more.
    """
    from torchvision.models import resnet18 as published

    network = published(weights=None)
    stages = (network.layer1, network.layer2, network.layer3, network.layer4)
    return nn.Sequential(
        ImageNetInput(64),
        network.conv1,
        network.bn1,
        network.relu,
        network.maxpool,
        *itertools.chain.from_iterable(stages),
        network.avgpool,
        nn.Flatten(),
        nn.Linear(512, classes),
    )
