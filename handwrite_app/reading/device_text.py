"""Devices in the language of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from handwrite_app.ui.error_text import sentence

if TYPE_CHECKING:
    from trainer.execution.devices import DeviceState


def device_title(name: str) -> str:
    """The short name of "auto", "cuda", "mps" or "cpu"."""
    return QCoreApplication.translate("Devices", "Auto") if name == "auto" else name.upper()


def device_detail(state: DeviceState) -> str:
    """What it is, or why it is not available."""
    return sentence(state.detail)
