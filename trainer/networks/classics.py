"""VGG and AlexNet at MNIST's size, as tutorials have them, with their faults corrected.

As in trainer.networks.tutorial, pooling precedes ReLU, which changes nothing without normalisation between
them. Deep and without normalisation, they are initialised after He et al. 2015.
"""

from __future__ import annotations

import itertools

from torch import nn

from trainer.networks.initialisation import he_initialised


def vgg_small(*, classes: int = 10, dropout: float = 0.5) -> nn.Module:
    """3×3 blocks of 64 – 128 – 256 – 512 – 512 maps, fc 4096, classes; `dropout` is that of the full layer.

    The tutorials' version has two faults. Each of its five blocks ends in a pooling: 28 – 14 – 7 – 3 – 1 – 0
    leaves nothing. Here only the first three do; the last two blocks work on 3×3, and global average pooling
    replaces the other two, so that the full layer has its 512 inputs. And it ends in a softmax, to which
    cross-entropy adds another: gradients vanish where the network is sure, and with ten classes the loss
    cannot fall below 1.46. Here it ends in logits.
    """
    layers: list[nn.Module] = []
    widths = (1, 64, 128, 256, 512, 512)
    for block, (before, after) in enumerate(itertools.pairwise(widths)):
        layers.append(nn.Conv2d(before, after, 3, padding=1))
        if block < 3:
            layers.append(nn.MaxPool2d(2))
        layers.append(nn.ReLU(inplace=True))
    layers += [
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(512, 4096),
        nn.ReLU(inplace=True),
        nn.Dropout(dropout),
        nn.Linear(4096, classes),
    ]
    return he_initialised(nn.Sequential(*layers))


def alexnet_small(*, classes: int = 10, dropout: float = 0.5) -> nn.Module:
    """AlexNet (Krizhevsky et al. 2012): five convolutions, pooled after 1, 2 and 5, three full layers.

    Its 11×11 kernel with stride 4 is 3×3 with stride 1 here, and the widths are those of the MNIST tutorials:
    32 – 64 – 128 – 256 – 256 maps, fc 1024 – 512. `dropout` follows both full layers before the last.
    """
    network = nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1),
        nn.MaxPool2d(2),
        nn.ReLU(inplace=True),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.MaxPool2d(2),
        nn.ReLU(inplace=True),
        nn.Conv2d(64, 128, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(128, 256, 3, padding=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(256, 256, 3, padding=1),
        nn.MaxPool2d(2),
        nn.ReLU(inplace=True),
        nn.Flatten(),
        nn.Linear(256 * 3 * 3, 1024),
        nn.ReLU(inplace=True),
        nn.Dropout(dropout),
        nn.Linear(1024, 512),
        nn.ReLU(inplace=True),
        nn.Dropout(dropout),
        nn.Linear(512, classes),
    )
    return he_initialised(network)
