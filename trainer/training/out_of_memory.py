"""Out of memory: distinguished from other failures, and retried with smaller batches."""

from __future__ import annotations

import torch

from trainer.base.events import Note
from trainer.base.messages import Message


def is_out_of_memory(error: RuntimeError | MemoryError) -> bool:
    """torch has no single exception for it."""
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or "allocate memory" in str(
        error
    )


def halved_batch(
    error: RuntimeError | MemoryError, batch_size: int, *, device: torch.device, processes: int
) -> int:
    """The batch size to retry a failed step with. Raises the error again where it was not for want of memory,
    or the batch cannot be smaller; processes of a group would have to agree on it."""
    if not is_out_of_memory(error) or batch_size < 2 or processes > 1:
        raise error
    if device.type == "cuda":
        torch.cuda.empty_cache()
    return batch_size // 2


def halved_note(batch_size: int, device: torch.device) -> Note:
    return Note(
        message=Message.of(
            "training.batch-halved",
            "The {device} device ran out of memory: going on with batches of {size}, and a learning "
            "rate that fits them.",
            device=device.type,
            size=batch_size,
        )
    )
