"""Settings of a run in files that `handwrite-trainer train --config FILE` reads, too."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from handwrite_app.ui.dialogs.message_boxes import warn
from handwrite_app.ui.error_text import sentence
from trainer.base.errors import HandwriteError
from trainer.runs.config import TrainConfig
from trainer.runs.config_files import read_settings, write_settings


class ConfigFiles(QObject):
    """Opens and saves, and says in a box of `window` what could not be. Its dialogs stop no event loop.

    Signals:
        opened(TrainConfig): from a file that was chosen.
    """

    opened = Signal(object)

    def __init__(self, window: QWidget, folder: Path) -> None:
        """folder: where the file dialogs begin."""
        super().__init__(window)
        self._window, self._folder = window, folder

    def ask_open(self) -> None:
        dialog = self._dialog(self.tr("Open settings"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Settings (*.toml *.json)"))
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        dialog.open()

    def ask_save(self, config: TrainConfig) -> None:
        dialog = self._dialog(self.tr("Save the settings"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(self.tr("Settings (*.toml *.json)"))
        dialog.setDefaultSuffix("toml")
        dialog.selectFile(f"{config.network}.toml")
        dialog.fileSelected.connect(lambda name: self.save(config, Path(name)))
        dialog.open()

    def open(self, path: Path) -> None:
        """Settings that the file does not name are the defaults."""
        try:
            config = dataclasses.replace(TrainConfig(), **read_settings(path))
        except HandwriteError as error:
            warn(self._window, self.tr("The settings were not opened"), sentence(error))
            return
        self.opened.emit(config)

    def save(self, config: TrainConfig, path: Path) -> None:
        try:
            write_settings(config, path)
        except HandwriteError as error:
            warn(self._window, self.tr("The settings were not saved"), sentence(error))

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title, str(self._folder))
        dialog.setObjectName("settingsFile")
        dialog.finished.connect(dialog.deleteLater)
        return dialog
