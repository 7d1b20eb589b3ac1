"""What the workers have in common.

A worker owns a thread that waits for a process or for the disk. What it emits from there is queued for the
window's thread and may still be in the queue when the worker is closed: it goes through a slot of the worker
that drops it then.
"""

from __future__ import annotations

from typing import NoReturn


def reraise(error: Exception) -> NoReturn:
    """Raises an error of a worker's thread. Called in the window's thread, where the crash handler is."""
    raise error
