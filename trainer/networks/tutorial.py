"""The networks of the MNIST tutorials.

Pooling precedes ReLU here, where the tutorials have them in the other order: outputs and gradients are the
same, and ReLU handles a quarter of the numbers.
"""

from __future__ import annotations

from torch import nn


def cnn(*, classes: int = 10) -> nn.Module:
    """conv 3×3×32 – pool – conv 3×3×64 – pool – fc 128 – classes, same padding; 421,642 parameters."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1),
        nn.MaxPool2d(2),
        nn.ReLU(inplace=True),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.MaxPool2d(2),
        nn.ReLU(inplace=True),
        nn.Flatten(),
        nn.Linear(64 * 7 * 7, 128),
        nn.ReLU(inplace=True),
        nn.Linear(128, classes),
    )


def cnn_dropout(*, classes: int = 10, dropout: float = 0.2) -> nn.Module:
    """cnn with fc 512 and dropout behind it; its pictures are normalised by 0.1307 and 0.3081.

    Tutorials print Linear(4096, 512), which does not fit: two poolings leave 7×7 places of 64 maps, 3136.
    """
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1),
        nn.MaxPool2d(2),
        nn.ReLU(inplace=True),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.MaxPool2d(2),
        nn.ReLU(inplace=True),
        nn.Flatten(),
        nn.Linear(64 * 7 * 7, 512),
        nn.ReLU(inplace=True),
        nn.Dropout(dropout),
        nn.Linear(512, classes),
    )


def cnn_valid(*, classes: int = 10, dropout: float = 0.5) -> nn.Module:
    """Keras's "Simple MNIST convnet" (Chollet 2015): without padding 28 – 26 – 13 – 11 – 5, then one full
    layer behind dropout; 34,826 parameters."""
    return nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.MaxPool2d(2),
        nn.ReLU(inplace=True),
        nn.Conv2d(32, 64, 3),
        nn.MaxPool2d(2),
        nn.ReLU(inplace=True),
        nn.Flatten(),
        nn.Dropout(dropout),
        nn.Linear(64 * 5 * 5, classes),
    )


def lenet5(*, classes: int = 10) -> nn.Module:
    """LeNet-5 (LeCun et al. 1998, fig. 2) with ReLU and max pooling in place of tanh and averaging."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2),
        nn.MaxPool2d(2),
        nn.ReLU(inplace=True),
        nn.Conv2d(6, 16, 5),
        nn.MaxPool2d(2),
        nn.ReLU(inplace=True),
        nn.Flatten(),
        nn.Linear(16 * 5 * 5, 120),
        nn.ReLU(inplace=True),
        nn.Linear(120, 84),
        nn.ReLU(inplace=True),
        nn.Linear(84, classes),
    )
