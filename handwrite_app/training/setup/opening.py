"""The training dialog of a window, with what is known there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QWidget

from handwrite_app.reading.device_text import device_detail
from handwrite_app.training.setup.adviser import Adviser
from handwrite_app.training.setup.dialog import TrainingDialog
from handwrite_app.ui.settings import Settings
from trainer.processes.recognition_messages import Loaded
from trainer.runs.config import TrainConfig


def training_dialog(
    window: QWidget, config: TrainConfig | None, settings: Settings, loaded: Loaded | None
) -> tuple[TrainingDialog, Adviser]:
    """config: what it shows; None: the last run's. loaded: the network in use, which knows the devices."""
    absent = {
        state.name: device_detail(state)
        for state in (loaded.devices if loaded else ())
        if not state.available
    }
    adviser = Adviser()
    dialog = TrainingDialog(
        config or settings.training,
        absent_devices=absent,
        adviser=adviser,
        settings_folder=Path(settings.text("save_folder")),
        parent=window,
    )
    adviser.setParent(dialog)
    return dialog, adviser
