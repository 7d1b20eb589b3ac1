"""The devices that can compute here, and why the others cannot."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trainer.base.errors import ConfigError
from trainer.base.messages import Message

if TYPE_CHECKING:
    import torch

#: The choices of --device.
DEVICES = ("auto", "cuda", "mps", "cpu")


@dataclass(frozen=True, kw_only=True)
class DeviceState:
    """name: "cuda", "mps" or "cpu". detail: what it is, or why it is not available."""

    name: str
    available: bool
    detail: Message


def device_states() -> list[DeviceState]:
    """Every kind of device, the fastest first."""
    import torch

    return [
        _cuda(),
        _mps(),
        DeviceState(name="cpu", available=True, detail=_cpu(torch.get_num_threads())),
    ]


def choose_device(choice: str) -> torch.device:
    """The device of that name; "auto" is the fastest one. Raises ConfigError with why it is not available."""
    import torch

    states = device_states()
    if choice == "auto":
        return torch.device(next(state.name for state in states if state.available))
    for state in states:
        if state.name == choice:
            if not state.available:
                raise ConfigError(
                    "device.unavailable",
                    "--device {choice}: {reason}",
                    choice=choice,
                    reason=state.detail,
                )
            return torch.device(choice)
    names = ", ".join(["auto", *(state.name for state in states)])
    raise ConfigError(
        "device.unknown", "--device {choice}: not one of {names}", choice=choice, names=names
    )


def _cuda() -> DeviceState:
    import torch

    if torch.cuda.is_available():
        return DeviceState(
            name="cuda", available=True, detail=Message.verbatim(torch.cuda.get_device_name(0))
        )
    if torch.version.cuda is None:
        reason = Message.of("device.cuda-not-built", "this build of PyTorch has no CUDA in it")
    elif platform.system() == "Darwin":
        reason = Message.of("device.cuda-on-mac", "there is no CUDA on a Mac")
    else:
        reason = Message.of("device.cuda-absent", "no NVIDIA card with a working driver was found")
    return DeviceState(name="cuda", available=False, detail=reason)


def _mps() -> DeviceState:
    import torch

    if torch.backends.mps.is_available():
        detail = Message.of("device.mps", "Apple's graphics processor")
        return DeviceState(name="mps", available=True, detail=detail)
    if platform.system() != "Darwin":
        reason = Message.of("device.mps-not-apple", "MPS needs an Apple computer")
    elif not torch.backends.mps.is_built():
        reason = Message.of("device.mps-not-built", "this build of PyTorch has no MPS in it")
    else:
        reason = Message.of(
            "device.mps-too-old", "MPS needs macOS 12.3 or newer and an Apple processor"
        )
    return DeviceState(name="mps", available=False, detail=reason)


def _cpu(threads: int) -> Message:
    name = platform.processor() or platform.machine()
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:  # noqa: PTH123  no such file elsewhere
            name = next(
                line.split(":", 1)[1].strip() for line in file if line.startswith("model name")
            )
    except (OSError, StopIteration):
        pass
    if threads == 1:
        return Message.of("device.processor-one-thread", "{name}, 1 thread", name=name)
    return Message.of("device.processor", "{name}, {threads} threads", name=name, threads=threads)
