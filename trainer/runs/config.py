"""The settings of a training run: one dataclass feeds the command line's flags and the dialog's fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self, get_type_hints

from trainer.base.errors import ConfigError
from trainer.datasets.augmentation.spec import PRESETS, parse_augmentation
from trainer.datasets.spec import check_spec
from trainer.execution.devices import DEVICES
from trainer.networks import NETWORKS, find_network

OPTIMIZERS = ("adamw", "adamw-fast", "adam", "sgd", "rmsprop")
SCHEDULES = ("one-cycle", "cosine", "step", "constant")
IMAGENET = ("auto", "required", "no")
#: A mistake of several tutorials, to be seen once: softmax, and then a cross-entropy that applies it again.
SOFTMAX_TWICE = "softmax-twice"
LOSSES = ("cross-entropy", SOFTMAX_TWICE)
PRECISIONS = ("auto", "float32", "bfloat16")


@dataclass(frozen=True, kw_only=True)
class Setting:
    """A field of TrainConfig as a person sees it: name, gloss, and possible values."""

    label: str
    gloss: str
    choices: tuple[str, ...] = ()  # none for a free text, which is checked where it is used
    open: bool = False  # whether other values than the choices are possible
    least: float | None = None
    most: float | None = None
    advanced: bool = False
    at_least: str = ""  # the meaning of the least value, where it is no amount
    unit: str = ""  # of the amount


def _setting(default: Any, label: str, gloss: str, **rest: Any) -> Any:
    return field(default=default, metadata={"setting": Setting(label=label, gloss=gloss, **rest)})


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """A training run. Checked on construction: raises ConfigError, so a bad run fails before it starts."""

    network: str = _setting(
        "cnn", "Network", "the architecture that is trained", choices=tuple(NETWORKS)
    )
    dataset: str = _setting("mnist", "Data", "the pictures it learns from")
    epochs: int = _setting(
        3,
        "Epochs",
        "one epoch is one pass through all training pictures",
        least=1,
        most=1000,
        unit="epochs",
    )
    batch_size: int = _setting(
        256,
        "Batch size",
        "pictures looked at before each small correction",
        least=1,
        most=8192,
        unit="pictures",
    )
    learning_rate: float = _setting(
        0.0,
        "Learning rate",
        "how large each correction is, at its peak; 0: automatic",
        least=0.0,
        most=10.0,
        at_least="automatic",
    )
    optimizer: str = _setting(
        "adamw", "Optimizer", "how corrections are made from gradients", choices=OPTIMIZERS
    )
    augmentation: str = _setting(
        "shift",
        "Augmentation",
        "pictures are changed a little each time, so that the network meets more handwriting",
        choices=tuple(PRESETS),
        open=True,
    )
    device: str = _setting("auto", "Device", "what computes", choices=DEVICES)
    minutes: float = _setting(
        0.0,
        "Minutes",
        "time budget: as many epochs as fit into it, by the speed measured here; 0: off",
        least=0.0,
        most=10_000.0,
        advanced=True,
        at_least="off",
        unit="minutes",
    )
    start: str = _setting(
        "",
        "Start from",
        "a trained network, by name or file, that is trained further; empty: from nothing",
        advanced=True,
    )
    layers: int = _setting(
        0,
        "Layers trained",
        "train only this many of the last layers, 1 is the head alone; 0: all of them",
        least=0,
        most=1000,
        advanced=True,
        at_least="all of them",
        unit="layers",
    )
    imagenet: str = _setting(
        "auto",
        "ImageNet weights",
        "where a network of torchvision's begins: auto takes what it learned on photographs, if it can "
        "be had; required does not train without",
        choices=IMAGENET,
        advanced=True,
    )
    schedule: str = _setting(
        "one-cycle",
        "Schedule",
        "how the learning rate moves during the run",
        choices=SCHEDULES,
        advanced=True,
    )
    weight_decay: float = _setting(
        0.01,
        "Weight decay",
        "pull of all weights towards zero (L2)",
        least=0.0,
        most=1.0,
        advanced=True,
    )
    l1: float = _setting(
        0.0,
        "L1 penalty",
        "pull of every weight towards zero by the same amount",
        least=0.0,
        most=1.0,
        advanced=True,
    )
    dropout: float = _setting(
        -1.0,
        "Dropout",
        "fraction of activations dropped at random, in a network with dropout; -1: the network's own",
        least=-1.0,
        most=0.95,
        advanced=True,
        at_least="as the network has it",
    )
    label_smoothing: float = _setting(
        0.05,
        "Label smoothing",
        "fraction of certainty taken off the correct answer, against overconfidence",
        least=0.0,
        most=0.9,
        advanced=True,
    )
    loss: str = _setting(
        "cross-entropy",
        "Loss",
        "what training makes small; softmax-twice is a common mistake, to be seen once: gradients become "
        "small and learning slow",
        choices=LOSSES,
        advanced=True,
    )
    averaging: float = _setting(
        0.0,
        "Averaged weights",
        "decay per batch of a running average of the weights that is used instead of the last ones; "
        "0: none",
        least=0.0,
        most=0.9999,
        advanced=True,
        at_least="none",
    )
    patience: int = _setting(
        0,
        "Patience",
        "stop after this many epochs without a better validation loss; 0: never",
        least=0,
        most=1000,
        advanced=True,
        at_least="never",
        unit="epochs",
    )
    validation: int = _setting(
        5000,
        "Validation pictures",
        "held out of training, to validate the network after every epoch",
        least=100,
        most=20000,
        advanced=True,
        unit="pictures",
    )
    limit: int = _setting(
        0,
        "Limit",
        "train on only this many pictures; 0: all",
        least=0,
        most=10_000_000,
        advanced=True,
        at_least="all",
        unit="pictures",
    )
    seed: int = _setting(
        0,
        "Seed",
        "start of the random numbers: with given precision and threads, the same seed is the same run",
        least=0,
        most=2**31 - 1,
        advanced=True,
    )
    precision: str = _setting(
        "auto",
        "Precision",
        "number format of the arithmetic; auto measures which is faster here",
        choices=PRECISIONS,
        advanced=True,
    )
    threads: int = _setting(
        0,
        "Threads",
        "processor threads; 0: as many as measure fastest",
        least=0,
        most=1024,
        advanced=True,
        at_least="automatic",
        unit="threads",
    )

    def __post_init__(self) -> None:
        hints = get_type_hints(type(self))
        for name, setting in settings().items():
            _check(name, getattr(self, name), hints[name], setting)
        check_spec(self.dataset)
        parse_augmentation(self.augmentation)
        entry = find_network(self.network)
        if self.dropout >= 0 and entry.dropout is None and not self.start:
            raise ConfigError(
                "config.no-dropout", "--dropout: the network {name!r} has none", name=self.network
            )
        if -1 < self.dropout < 0:
            raise ConfigError(
                "config.dropout",
                "--dropout must be -1 or a number from 0 to 0.95, not {value}",
                value=self.dropout,
            )

    @classmethod
    def from_json(cls, document: object) -> Self:
        """The configuration in a JSON object. Raises ConfigError for an unknown key or a bad value."""
        if not isinstance(document, Mapping):
            raise ConfigError("config.not-an-object", "training settings are not a JSON object")
        unknown = set(document) - set(settings())
        if unknown:
            raise ConfigError(
                "config.unknown",
                "unknown training settings: {names}; there are: {known}",
                names=", ".join(sorted(unknown)),
                known=", ".join(settings()),
            )
        hints = get_type_hints(cls)
        values: dict[str, Any] = {
            # JSON has one kind of number: 1 is a good learning rate. What no float holds is too large anyway.
            name: float(value) if hints[name] is float and _is_small_whole(value) else value
            for name, value in document.items()
        }
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        return dataclasses.asdict(self)


def settings() -> dict[str, Setting]:
    """Every field of TrainConfig, in the order of the dialog and the help."""
    return {f.name: f.metadata["setting"] for f in dataclasses.fields(TrainConfig)}


def _is_small_whole(value: object) -> bool:
    return type(value) is int and abs(value) < 2**53


def _check(name: str, value: object, wanted: type, setting: Setting) -> None:
    if setting.choices and not setting.open:
        fits = type(value) is wanted and value in setting.choices
    elif wanted is str:
        fits = type(value) is str
    else:  # not isinstance: True is an int
        fits = type(value) is wanted and _within(value, setting)
    if not fits:
        raise _impossible("--" + name.replace("_", "-"), value, wanted, setting)


def _within(value: Any, setting: Setting) -> bool:
    """False for NaN, too."""
    low, high = setting.least, setting.most
    return (low is None or value >= low) and (high is None or value <= high)


def _impossible(flag: str, value: object, wanted: type, setting: Setting) -> ConfigError:
    if setting.choices and not setting.open:
        return ConfigError(
            "config.not-a-choice",
            "{flag} must be one of {choices}, not {value}",
            flag=flag,
            choices=", ".join(setting.choices),
            value=repr(value),
        )
    if wanted is str:
        return ConfigError(
            "config.not-a-text", "{flag} must be a text, not {value}", flag=flag, value=repr(value)
        )
    if wanted is int:
        return ConfigError(
            "config.not-a-whole-number",
            "{flag} must be a whole number from {least:,} to {most:,}, not {value}",
            flag=flag,
            least=setting.least,
            most=setting.most,
            value=repr(value),
        )
    return ConfigError(
        "config.not-a-number",
        "{flag} must be a number from {least:,} to {most:,}, not {value}",
        flag=flag,
        least=setting.least,
        most=setting.most,
        value=repr(value),
    )
