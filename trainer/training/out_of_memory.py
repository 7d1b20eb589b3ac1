"""A memory that is full: told from other failures, and gone on with where smaller batches may fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from trainer.base.events import Note
from trainer.base.messages import Message

if TYPE_CHECKING:
    from trainer.training.loop import Run


def is_full(error: RuntimeError | MemoryError) -> bool:
    """Whether that is what torch says; it has no one error for it."""
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or "allocate memory" in str(
        error
    )


def halve_batches(run: Run, error: RuntimeError | MemoryError) -> Note:
    """Goes on with half the batch where the memory is full; raises the error where that is not it."""
    at, device = run.at, run.way.device
    if not is_full(error) or at.batch_size < 2 or run.group.size > 1:
        raise error
    run.optimizer.zero_grad(set_to_none=True)
    at.batch_size //= 2
    if device.type == "cuda":
        torch.cuda.empty_cache()
    return Note(
        message=Message.of(
            "training.batch-halved",
            "The {device} device ran out of memory: going on with batches of {size}, and a learning "
            "rate that fits them.",
            device=device.type,
            size=at.batch_size,
        )
    )
