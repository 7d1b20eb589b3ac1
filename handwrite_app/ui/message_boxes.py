"""Message boxes that do not stop the event loop: ink, answers and training go on behind them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def warn(parent: QWidget, title: str, text: str, *, name: str = "warning") -> None:
    """Says what happened, what was kept and what to do, in plain text. name: its objectName."""
    _open(parent, QMessageBox.Icon.Warning, title, text, Qt.TextFormat.PlainText, name)


def tell(parent: QWidget, title: str, text: str) -> None:
    """Shows rich text."""
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
