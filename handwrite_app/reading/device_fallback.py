"""What is tried at the start, one after the other, where a network cannot be used."""

from __future__ import annotations

from pathlib import Path

from trainer.processes.recognition_messages import LoadRequest, Refused

#: The one that is chosen may be busy or gone, and so may the fastest; the processor is always there.
_NEXT_DEVICE = {"cuda": "auto", "mps": "auto", "auto": "cpu"}


def on_another_device(refused: Refused) -> LoadRequest | None:
    """The same network again; None where every device has refused it."""
    other = _NEXT_DEVICE.get(refused.device)
    if other is None:
        return None
    return LoadRequest(
        weights=None if refused.weights is None else Path(refused.weights), device=other
    )
