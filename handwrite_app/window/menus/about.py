"""The About box: what this is, in which version, whose work it stands on, and where it keeps things."""

from __future__ import annotations

import platform

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from handwrite_app.ui.dialogs.dialog import Dialog, Role
from handwrite_app.ui.icons import app_icon
from handwrite_app.ui.theme import scaled, text_font
from handwrite_app.ui.tokens import SIZE_TITLE, SPACE
from trainer import __version__
from trainer.base.paths import user_folder

_ICON = 64


def versions() -> str:
    """For a report of a fault: program, Python, Qt, system."""
    return (
        f"Handwrite {__version__} · Python {platform.python_version()} · PySide {pyside_version} · "
        f"{platform.system()} {platform.machine()}"
    )


class AboutDialog(Dialog):
    """Program, licence, credits, folders; the versions can be copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, name="aboutDialog", width=480)
        self.setWindowTitle(self.tr("About Handwrite"))
        icon = QLabel()
        icon.setPixmap(app_icon().pixmap(scaled(_ICON), scaled(_ICON)))
        icon.setAccessibleName("Handwrite")
        name = QLabel(f"Handwrite {__version__}")
        name.setFont(text_font(SIZE_TITLE, bold=True))
        head = QHBoxLayout()
        head.setSpacing(2 * SPACE)
        head.addWidget(icon)
        words = QVBoxLayout()
        words.setSpacing(SPACE // 2)
        words.addStretch(1)
        words.addWidget(name)
        words.addWidget(
            _text(self.tr("Draw a digit, and a neural network reads it while the pen still moves."))
        )
        words.addStretch(1)
        head.addLayout(words, 1)
        self.column.addLayout(head)
        for text in (
            self.tr("Nothing that you draw leaves this computer."),
            self.tr("Networks, training runs and your drawings are in {folder}").format(
                folder=user_folder()
            ),
            self.tr("Free software under the MIT licence."),
            self.tr(
                "The networks that ship learned from MNIST (Y. LeCun, C. Cortes, C. Burges), from digits "
                "written on tablets (UNIPEN) and on paper (BHMSDS), and from drawings that the program makes."
            ),
            self.tr("Built with PyTorch, Qt for Python, NumPy, Pillow and pyqtgraph."),
        ):
            self.column.addWidget(_text(text))
        self.versions = _text(versions(), muted=True)
        self.versions.setObjectName("aboutVersions")
        self.column.addWidget(self.versions)
        self.column.addStretch(1)
        self.copy_button = self.add_button(
            self.tr("Copy the versions"), self._on_copy, name="copyVersions"
        )
        self.add_button(
            self.tr("Close"), self.reject, name="closeAbout", role=Role.RejectRole, default=True
        )

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(versions())
        self.copy_button.setText(self.tr("Copied"))


def _text(words: str, *, muted: bool = False) -> QLabel:
    label = QLabel(words)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if muted:
        label.setProperty("role", "muted")
    return label
