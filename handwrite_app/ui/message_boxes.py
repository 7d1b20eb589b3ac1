"""Message boxes that do not block the event loop: ink, readings and training go on behind them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def warn(parent: QWidget, title: str, text: str, *, name: str = "warning") -> None:
    """Opens a warning in plain text: what happened, what was kept, what to do. name: its objectName."""
    _open(parent, QMessageBox.Icon.Warning, title, text, Qt.TextFormat.PlainText, name)


def tell(parent: QWidget, title: str, text: str) -> None:
    """Opens a message in rich text."""
    _open(parent, QMessageBox.Icon.NoIcon, title, text, Qt.TextFormat.RichText, "message")


def _open(
    parent: QWidget,
    icon: QMessageBox.Icon,
    title: str,
    text: str,
    form: Qt.TextFormat,
    name: str,
) -> None:
    box = QMessageBox(icon, title, text, QMessageBox.StandardButton.Ok, parent)
    box.setObjectName(name)
    box.setTextFormat(form)
    box.finished.connect(box.deleteLater)
    box.open()
