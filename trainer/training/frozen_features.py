"""The outputs of a network's frozen part, computed once for every image instead of at every step."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator

import torch
from torch import Tensor, nn

from trainer.base.events import Note
from trainer.base.messages import Message
from trainer.execution.execution import Execution, outputs_of, to_network

_REPORT_EVERY = 10  # seconds
_LIMIT = 3_000_000_000  # bytes; larger features are computed at every step instead


def cache_features(
    frozen: nn.Module,
    images: Tensor,
    *,
    mean: float,
    std: float,
    execution: Execution,
    should_stop: Callable[[], bool],
) -> Generator[Note, None, Tensor | None]:
    """Outputs (N, …) of the frozen part for uint8 images (N, 28, 28), in the execution's number format.

    None where they would be too large, or it was stopped.
    """
    begun, reported = time.monotonic(), 0.0
    for found in _features(frozen, images, mean=mean, std=std, execution=execution):
        if isinstance(found, Tensor):
            return found
        if should_stop():
            return None
        if time.monotonic() - begun > reported + _REPORT_EVERY:
            reported = time.monotonic() - begun
            yield Note(
                message=Message.of(
                    "training.features-progress",
                    "Computing the frozen layers' features: {done:.0%}",
                    done=found,
                )
            )
    return None


def cached_note(seconds: float, *, augmented: bool) -> Note:
    """augmented: whether the configuration asks for an augmentation, which cached features do not have."""
    if augmented:
        message = Message.of(
            "training.features-cached-no-augmentation",
            "The frozen layers' features were computed once, in {seconds:.1f} s; images are not "
            "augmented.",
            seconds=seconds,
        )
    else:
        message = Message.of(
            "training.features-cached",
            "The frozen layers' features were computed once, in {seconds:.1f} s.",
            seconds=seconds,
        )
    return Note(message=message)


def not_cached_note() -> Note:
    return Note(
        message=Message.of(
            "training.features-not-cached",
            "The frozen layers' features are too large to cache: they are computed at every step.",
        )
    )


def _features(
    frozen: nn.Module, images: Tensor, *, mean: float, std: float, execution: Execution
) -> Iterator[float | Tensor]:
    """Yields the fraction that is done, 0…1, and at last the tensor, unless it would be too large."""
    dtype = torch.bfloat16 if execution.precision == "bfloat16" else torch.float32
    features: Tensor | None = None
    for start in range(0, len(images), 500):
        batch = images[start : start + 500]
        out = outputs_of(
            frozen, batch, execution=execution, prepare=lambda p: to_network(p, mean, std)
        )
        if features is None:
            shape = (len(images), *out.shape[1:])
            if out[0].numel() * len(images) * dtype.itemsize > _LIMIT:
                return
            features = torch.empty(shape, dtype=dtype, device=out.device)
        features[start : start + len(out)] = out
        yield min(1.0, (start + len(batch)) / len(images))
    if features is not None:
        yield features
