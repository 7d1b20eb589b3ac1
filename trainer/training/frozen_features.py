"""A part of the network that does not learn: set apart, and computed once for every picture."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from torch import Tensor, nn

from trainer.base.events import Note
from trainer.base.messages import Message
from trainer.training.initial_weights import features_of, tail

if TYPE_CHECKING:
    from trainer.training.loop import Run

_TELL_EVERY = 10  # seconds


def set_apart(network: nn.Module, first: int) -> nn.Module:
    """The part that learns: the network from child `first` on. What stands before it is frozen."""
    learning = tail(network, first)
    if first:
        network.requires_grad_(False)
        network.eval()  # statistics of a frozen part are frozen, too
        learning.requires_grad_(True)
        learning.train()
    return learning


def features_once(
    run: Run, should_stop: Callable[[], bool]
) -> Generator[Note, None, Tensor | None]:
    """What the frozen part makes of every picture, which will not change; the judge is given its own.

    The outputs (N, …) for the training pictures; None where they are too many to keep, or it was stopped.
    """
    begun = time.monotonic()
    told = 0.0
    mean, std = run.beginning.mean, run.beginning.std
    features: Tensor | None = None
    for pictures, way in ((run.judge.pictures, run.judge.way), (run.pictures, run.way)):
        for found in features_of(run.frozen, pictures, mean=mean, std=std, way=way):
            if isinstance(found, Tensor) and pictures is run.pictures:
                features = found
            elif isinstance(found, Tensor):
                run.judge.use_features(found, run.first)
            elif should_stop():
                return None
            elif time.monotonic() - begun > told + _TELL_EVERY:
                told = time.monotonic() - begun
                yield Note(
                    message=Message.of(
                        "training.features-progress",
                        "Computing the frozen layers' features: {done:.0%}",
                        done=found,
                    )
                )
    if features is None:
        yield Note(
            message=Message.of(
                "training.features-not-cached",
                "The frozen layers' features are too large to cache: they are computed at every step.",
            )
        )
        return None
    taken = time.monotonic() - begun
    yield Note(
        message=Message.of(
            "training.features-cached-no-augmentation",
            "The frozen layers' features were computed once, in {seconds:.1f} s; images are not "
            "augmented.",
            seconds=taken,
        )
        if run.augmentation
        else Message.of(
            "training.features-cached",
            "The frozen layers' features were computed once, in {seconds:.1f} s.",
            seconds=taken,
        )
    )
    return features
