"""A part of the network that does not learn: set apart, and computed once for every picture."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from torch import Tensor, nn

from trainer.base.events import Note
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
                yield Note(text=f"the frozen part has seen {found:.0%} of the pictures")
    if features is None:
        yield Note(text="the frozen part's outputs are too many to keep: computed at every step")
        return None
    text = f"the frozen part was computed once, in {time.monotonic() - begun:.1f} s"
    if run.augmentation:
        text += "; pictures are not augmented"
    yield Note(text=text)
    return features
