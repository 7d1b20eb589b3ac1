"""Devices in the language of the window. The trainer, which knows no Qt, tells of them in English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from trainer.execution.devices import DeviceState

_PROCESSOR = re.compile(r"(?P<name>.+), (?P<threads>\d+) threads?")


def device_title(name: str) -> str:
    """The short name of "auto", "cuda", "mps" or "cpu"."""
    return translate("Auto") if name == "auto" else name.upper()


def device_detail(state: DeviceState) -> str:
    """What it is, or the reason why it is absent."""
    processor = _PROCESSOR.fullmatch(state.detail)
    if processor is None:
        return translate(state.detail)
    if processor["threads"] == "1":
        return translate("{name}, 1 thread").format(name=processor["name"])
    return translate("{name}, {threads} threads").format(**processor.groupdict())


def translate(text: str) -> str:
    return QCoreApplication.translate("Devices", text)
