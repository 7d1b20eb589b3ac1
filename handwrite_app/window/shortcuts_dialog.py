"""The list of keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from handwrite_app.ui.theme import text_font
from handwrite_app.ui.tokens import SIZE_TEXT, SPACE


class ShortcutsDialog(QDialog):
    """Two columns: what, and with which keys."""

    def __init__(self, rows: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutsDialog")
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        table = QGridLayout()
        table.setHorizontalSpacing(4 * SPACE)
        table.setVerticalSpacing(SPACE // 2)  # two dozen rows, on a screen of 768 pixels
        table.setColumnStretch(0, 1)
        for i, (what, keys) in enumerate(rows):
            table.addWidget(QLabel(what), i, 0)
            label = QLabel(keys)
            label.setFont(text_font(SIZE_TEXT, bold=True))
            table.addWidget(label, i, 1, Qt.AlignmentFlag.AlignRight)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(3 * SPACE, 3 * SPACE, 3 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addLayout(table)
        column.addWidget(buttons)
        self.setMinimumWidth(400)
