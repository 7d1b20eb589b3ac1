"""How much memory a computation uses."""

from __future__ import annotations

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
