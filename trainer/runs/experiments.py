"""The five guided experiments, as settings of runs to compare. Their texts are the window's. Quick to import.

MNIST stands in the data of all of them; where it is neither on the disk nor to be had, `offline` names digits
that the program draws instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One run of an experiment. name: the preset's; settings: of TrainConfig, where not the defaults."""

    name: str
    title: str
    gloss: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Experiment:
    """name: its key. variants: the runs that are compared, in their order."""

    name: str
    variants: tuple[Variant, ...]


_BARE = {"augmentation": "none", "weight_decay": 0.0, "label_smoothing": 0.0}

EXPERIMENTS: tuple[Experiment, ...] = (
    Experiment(
        name="overfitting",
        variants=(
            Variant(
                name="overfit-1000",
                title="1,000 pictures, 25 times",
                gloss="so few that the network can learn them by heart",
                settings={
                    **_BARE,
                    "network": "cnn",
                    "limit": 1000,
                    "epochs": 25,
                    "batch_size": 64,
                    "validation": 2000,
                },
            ),
            Variant(
                name="overfit-10000",
                title="10,000 pictures, 5 times",
                gloss="twice the work, ten times the pictures",
                settings={
                    **_BARE,
                    "network": "cnn",
                    "limit": 10_000,
                    "epochs": 5,
                    "batch_size": 64,
                    "validation": 2000,
                },
            ),
        ),
    ),
    Experiment(
        name="augmentation",
        variants=(
            Variant(
                name="augment-none",
                title="Pictures as they are",
                gloss="upright digits, always in the same place",
                settings={
                    "network": "cnn",
                    "limit": 6000,
                    "epochs": 6,
                    "augmentation": "none",
                    "validation": 2000,
                },
            ),
            Variant(
                name="augment-turned",
                title="Pictures turned a little",
                gloss="each time it is met, a digit is turned, sheared and shifted another way",
                settings={
                    "network": "cnn",
                    "limit": 6000,
                    "epochs": 6,
                    "augmentation": "rotation=30,shear=10,shift=2",
                    "validation": 2000,
                },
            ),
        ),
    ),
    Experiment(
        name="german-one",
        variants=(
            Variant(
                name="one-mnist",
                title="MNIST alone",
                gloss="American digits: a 1 is one stroke",
                settings={"network": "cnn", "limit": 10_000, "epochs": 4, "validation": 2000},
            ),
            Variant(
                name="one-strokes",
                title="MNIST, and drawn strokes",
                gloss="the program draws digits as other countries write them, too",
                settings={
                    "network": "cnn",
                    "dataset": "mnist+4*sketches",
                    "limit": 10_000,
                    "epochs": 4,
                    "augmentation": "strokes",
                    "validation": 2000,
                },
            ),
        ),
    ),
    Experiment(
        name="softmax",
        variants=(
            Variant(
                name="softmax-once",
                title="Softmax once",
                gloss="the loss applies softmax to the network's outputs, as it should",
                settings={
                    **_BARE,
                    "network": "lenet5",
                    "limit": 10_000,
                    "epochs": 4,
                    "optimizer": "sgd",
                    "learning_rate": 0.05,
                    "schedule": "constant",
                    "validation": 2000,
                },
            ),
            Variant(
                name="softmax-twice",
                title="Softmax twice",
                gloss="the mistake: the network applies softmax, and the loss applies it again",
                settings={
                    **_BARE,
                    "network": "lenet5",
                    "limit": 10_000,
                    "epochs": 4,
                    "optimizer": "sgd",
                    "learning_rate": 0.05,
                    "schedule": "constant",
                    "validation": 2000,
                    "loss": "softmax-twice",
                },
            ),
        ),
    ),
    Experiment(
        name="size",
        variants=(
            Variant(
                name="size-dsdcnn",
                title="Small: dsdcnn",
                gloss="separable convolutions: few weights that see the whole picture",
                settings={
                    "network": "dsdcnn",
                    "limit": 10_000,
                    "epochs": 4,
                    "validation": 2000,
                },
            ),
            Variant(
                name="size-vgg-small",
                title="Large: vgg-small",
                gloss="many weights in plain layers",
                settings={
                    "network": "vgg-small",
                    "limit": 10_000,
                    "epochs": 4,
                    "validation": 2000,
                },
            ),
        ),
    ),
)


def offline(dataset: str) -> str:
    """The same data with digits that the program draws in MNIST's place."""
    return "sketches" if "mnist" in dataset else dataset
