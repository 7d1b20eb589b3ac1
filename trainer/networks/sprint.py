"""Fast-training networks: a good result within seconds on one core."""

from __future__ import annotations

from torch import nn


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
    return nn.Sequential(
        *layers,
        nn.Flatten(),
        nn.BatchNorm1d(deep * 3 * 3),
        nn.Linear(deep * 3 * 3, full, bias=False),
        nn.BatchNorm1d(full),
        nn.ReLU(inplace=True),
        nn.Linear(full, classes),
    )


def sprint_deep(*, classes: int = 10) -> nn.Module:
    """`sprint` with two convolutions at every size: takes twice as long, and is more accurate."""
    return sprint(classes=classes, looks=2)
