"""Settings of a run in files that `handwrite-trainer train --config FILE` reads, too."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from handwrite_app.ui.dialogs.message_boxes import warn
from handwrite_app.ui.dialogs.save_dialog import Kind, ask_where
from handwrite_app.ui.error_text import sentence
from trainer.base.errors import HandwriteError
from trainer.runs.config import TrainConfig
from trainer.runs.config_files import read_settings, write_settings


class ConfigFiles(QObject):
    """Opens and saves, and says in a box of `window` what could not be."""

    def __init__(self, window: QWidget, folder: Path) -> None:
        """folder: where the file dialogs begin."""
        super().__init__(window)
        self._window, self._folder = window, folder

    def open(self) -> TrainConfig | None:
        """None where nothing was chosen, or it could not be read."""
        title = self.tr("Open settings")
        kinds = self.tr("Settings (*.toml *.json)")
        name, _ = QFileDialog.getOpenFileName(self._window, title, str(self._folder), kinds)
        if not name:
            return None
        try:
            return dataclasses.replace(TrainConfig(), **read_settings(Path(name)))
        except HandwriteError as error:
            warn(self._window, self.tr("The settings were not opened"), sentence(error))
            return None

    def save(self, config: TrainConfig) -> None:
        kinds = (Kind(self.tr("Settings as TOML"), ".toml"), Kind(self.tr("JSON"), ".json"))
        start = self._folder / f"{config.network}.toml"
        path = ask_where(self._window, self.tr("Save the settings"), start, kinds)
        if path is None:
            return
        try:
            write_settings(config, path)
        except HandwriteError as error:
            warn(self._window, self.tr("The settings were not saved"), sentence(error))
