"""A folder in the system's file manager."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from handwrite_app.ui.dialogs.message_boxes import warn


def show_folder(window: QWidget, folder: Path) -> None:
    """Opens a folder, made first where it does not exist. Warns where it cannot be made or shown."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = error.strerror or str(error)
        text = tr("{folder} could not be made: {reason}.").format(folder=folder, reason=reason)
        warn(window, tr("The folder cannot be shown"), text)
        return
    if not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        text = tr("No program on this system shows folders. It is {folder}.").format(folder=folder)
        warn(window, tr("The folder cannot be shown"), text)


def tr(text: str) -> str:
    return QCoreApplication.translate("Folders", text)
