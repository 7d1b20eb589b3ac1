"""How much memory a computation uses, and keeping it between training steps."""

from __future__ import annotations

import contextlib
import ctypes
import os
import sys
from pathlib import Path

import torch


def used_memory(device: torch.device) -> int:
    """Bytes: what torch has allocated on a GPU, else what the process has in memory; 0: not known."""
    if device.type == "cuda":
        return torch.cuda.memory_allocated(device)
    if device.type == "mps":
        return torch.mps.current_allocated_memory()
    return _resident()


def _resident() -> int:
    platform: str = sys.platform  # a name: every branch is type-checked on every system
    if platform == "linux":
        try:
            pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
        except OSError:
            return 0
        return int(pages) * os.sysconf("SC_PAGE_SIZE")
    if platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # the most so far, in bytes
    return 0


# Parameters of glibc's mallopt(3), by their numbers in malloc.h.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
_LARGEST_BLOCK = 32 << 20  # bytes; the most that glibc allows for the second one
_KEPT = 1 << 30  # bytes


def keep_freed_memory() -> bool:
    """Has this process keep memory that it frees, up to a gigabyte, for its next allocations.

    A training step allocates tens of megabytes and frees them. Where glibc returns them to the system, which
    depends on what else lies at the heap's end, the next step waits for its pages again, one by one
    (docs/performance.md). Returns whether the C library can be told.
    """
    platform: str = sys.platform
    if platform == "linux":
        with contextlib.suppress(AttributeError, OSError):  # another C library
            mallopt = ctypes.CDLL(None).mallopt
            return bool(
                mallopt(_MMAP_THRESHOLD, _LARGEST_BLOCK) and mallopt(_TRIM_THRESHOLD, _KEPT)
            )
    return False
