"""What can compute here, and why the rest cannot."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainer.base.errors import ConfigError

if TYPE_CHECKING:
    import torch

#: What a person can ask for.
DEVICES = ("auto", "cuda", "mps", "cpu")


@dataclass(frozen=True, kw_only=True)
class DeviceState:
    """name: "cuda", "mps" or "cpu". detail: what it is, or the reason why it is absent."""

    name: str
    available: bool
    detail: str


def device_states() -> list[DeviceState]:
    """Every kind of device, the fastest first."""
    import torch

    return [
        _cuda(),
        _mps(),
        DeviceState(name="cpu", available=True, detail=_cpu(torch.get_num_threads())),
    ]


def choose_device(choice: str) -> torch.device:
    """The device meant; "auto" is the fastest there is. Raises ConfigError with the reason of absence."""
    import torch

    states = device_states()
    if choice == "auto":
        return torch.device(next(state.name for state in states if state.available))
    for state in states:
        if state.name == choice:
            if not state.available:
                raise ConfigError(f"--device {choice}: {state.detail}")
            return torch.device(choice)
    names = ", ".join(["auto", *(state.name for state in states)])
    raise ConfigError(f"--device {choice}: not one of {names}")


def _cuda() -> DeviceState:
    import torch

    if torch.cuda.is_available():
        return DeviceState(name="cuda", available=True, detail=torch.cuda.get_device_name(0))
    if torch.version.cuda is None:
        reason = "this build of PyTorch has no CUDA in it"
    elif platform.system() == "Darwin":
        reason = "there is no CUDA on a Mac"
    else:
        reason = "no NVIDIA card with a working driver was found"
    return DeviceState(name="cuda", available=False, detail=reason)


def _mps() -> DeviceState:
    import torch

    if torch.backends.mps.is_available():
        return DeviceState(name="mps", available=True, detail="Apple's graphics processor")
    if platform.system() != "Darwin":
        reason = "MPS is there on Apple computers only"
    elif not torch.backends.mps.is_built():
        reason = "this build of PyTorch has no MPS in it"
    else:
        reason = "MPS wants macOS 12.3 or newer and an Apple processor"
    return DeviceState(name="mps", available=False, detail=reason)


def _cpu(threads: int) -> str:
    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123  no such file elsewhere
            name = next(
                line.split(":", 1)[1].strip() for line in file if line.startswith("model name")
            )
    except (OSError, StopIteration):
        pass
    return f"{name}, {threads} thread{'s' if threads != 1 else ''}"
