"""The list of keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from handwrite_app.ui.dialogs.dialog import Dialog, Role
from handwrite_app.ui.theme import text_font
from handwrite_app.ui.tokens import SIZE_TEXT, SPACE


class Group(NamedTuple):
    """Keys of one kind: its title, and (what, keys) of each."""

    title: str
    rows: Sequence[tuple[str, Sequence[str]]]


class ShortcutsDialog(Dialog):
    """Groups of keys in two columns, of about the same height."""

    def __init__(self, groups: Sequence[Group], parent: QWidget | None = None) -> None:
        super().__init__(parent, name="shortcutsDialog", width=720)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        columns = QHBoxLayout()
        columns.setSpacing(5 * SPACE)
        for some in _halves(groups):
            column = QVBoxLayout()
            column.setSpacing(2 * SPACE)
            for group in some:
                column.addLayout(_table(group))
            column.addStretch(1)
            columns.addLayout(column, 1)
        self.column.addLayout(columns)
        self.column.addStretch(1)
        self.add_button(
            self.tr("Close"), self.reject, name="closeShortcuts", role=Role.RejectRole, default=True
        )


def _halves(groups: Sequence[Group]) -> tuple[Sequence[Group], Sequence[Group]]:
    """The cut at which the longer column is the shortest."""

    def height(some: Sequence[Group]) -> int:
        return sum(len(group.rows) + 2 for group in some)

    cut = min(range(len(groups) + 1), key=lambda at: max(height(groups[:at]), height(groups[at:])))
    return groups[:cut], groups[cut:]


def _table(group: Group) -> QGridLayout:
    table = QGridLayout()
    table.setHorizontalSpacing(3 * SPACE)
    table.setVerticalSpacing(SPACE // 2)
    table.setColumnStretch(0, 1)
    title = QLabel(group.title)
    title.setFont(text_font(SIZE_TEXT, bold=True))
    table.addWidget(title, 0, 0, 1, 2)
    for i, (what, keys) in enumerate(group.rows, start=1):
        table.addWidget(QLabel(what), i, 0)
        caps = QHBoxLayout()
        caps.setSpacing(SPACE // 2)
        caps.addStretch(1)
        for key in keys:
            cap = QLabel(key)
            cap.setProperty("key", True)
            cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
            caps.addWidget(cap)
        table.addLayout(caps, i, 1)
    return table
