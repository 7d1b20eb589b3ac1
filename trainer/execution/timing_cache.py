"""The fastest execution of a network on this machine: measured once, then cached."""

from __future__ import annotations

import json
import os
import platform
from contextlib import suppress
from pathlib import Path
from typing import Any

import torch
from torch import nn

from trainer.base.errors import HandwriteError
from trainer.base.files import atomic_write
from trainer.base.paths import cache_folder
from trainer.execution.execution import Execution, choose_execution, choose_threads, fixed_execution

_LAYOUTS = ("channels first", "channels last", "blocked")


def fastest_execution(
    network: nn.Module,
    device: torch.device,
    *,
    name: str,
    precision: str,
    batch_size: int,
    threads: int = 0,
) -> tuple[Execution, int]:
    """The execution to train this network with, and the number of threads; see trainer.execution.execution.

    name: the network's, in the cache. threads: that torch is set to by the user, 0 for none: the number is
    measured. Where both precision and threads are given nothing is measured, so that a seed determines the
    run.
    """
    if precision != "auto" and threads:
        return fixed_execution(device, precision), threads
    facts = [name, f"batch {batch_size}", device.type, _processor()]
    if precision != "auto":
        facts.append(precision)
    if limit := os.environ.get("ONEDNN_MAX_CPU_ISA"):  # oneDNN computes as on a smaller processor
        facts.append(limit)
    key = "; ".join([*facts, f"{torch.get_num_threads()} threads", f"torch {torch.__version__}"])
    found = _remembered(key, device)
    if found is None:
        execution = choose_execution(network, device, precision=precision, batch_size=batch_size)
        found = execution, threads or choose_threads(network, execution, batch_size)
        _remember(key, found)
    return found


def _remembered(key: str, device: torch.device) -> tuple[Execution, int] | None:
    entry = _read().get(key)
    match entry:
        case {
            "precision": "float32" | "bfloat16" as precision,
            "layout": str(layout),
            "threads": int(n),
        }:
            if layout in _LAYOUTS and 1 <= n <= torch.get_num_threads():
                execution = Execution(device=device, precision=precision, layout=layout)  # type: ignore[arg-type]
                return execution, n
    return None


def _remember(key: str, found: tuple[Execution, int]) -> None:
    execution, threads = found
    entries = _read()
    entries[key] = {
        "precision": execution.precision,
        "layout": execution.layout,
        "threads": threads,
    }
    # Measured again next time where it cannot be written.
    with suppress(HandwriteError), atomic_write(_path()) as temporary:
        temporary.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")


def _read() -> dict[str, Any]:
    try:
        entries = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return entries if isinstance(entries, dict) else {}


def _path() -> Path:
    return cache_folder() / "fastest.json"


def _processor() -> str:
    """The processor's name, where the system has it."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
