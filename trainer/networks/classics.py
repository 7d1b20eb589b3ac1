"""Famous plans of plain deep networks at MNIST's size, as tutorials print them, repaired where they fail.

As in trainer.networks.tutorial the pooling comes before the ReLU; no normalisation lies between them that
would mind. Being plain and deep, they begin with He's weights.
"""

from __future__ import annotations

import itertools

from torch import nn

from trainer.networks.initialisation import he_initialised


def vgg_small(*, classes: int = 10, dropout: float = 0.5) -> nn.Module:
    """3×3 blocks of 64 – 128 – 256 – 512 – 512 maps, fc 4096, classes; `dropout` is that of the full layer.

    As printed it has two faults. Each of the five blocks ends in a pooling: 28 – 14 – 7 – 3 – 1 – 0 leaves
    nothing. Here the first three do, the last two blocks work on 3×3, and the mean over what is left stands
    in for the other two poolings, so that the full layer has its 512 inputs. And it ends in a softmax, of
    which cross-entropy, which is made for logits, takes another: gradients vanish where the network is
    sure, and no loss below 1.46 can be reached for ten classes. Here it ends in logits.
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
    """AlexNet's plan (Krizhevsky et al. 2012): five convolutions, pooled after 1, 2, 5, three full layers.

    Its 11×11 steps of 4 are 3×3 steps of 1 here, and it is as wide as the MNIST tutorials make it: 32 – 64 –
    128 – 256 – 256 maps, fc 1024 – 512. `dropout` comes after both full layers before the last.
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
