"""The list of keys."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from handwrite_app.ui.dialogs.dialog import Dialog, Role, room_for
from handwrite_app.ui.theme import scaled, text_font
from handwrite_app.ui.tokens import SIZE_TEXT, SPACE

#: Width of the dialog with three columns, in device-independent pixels.
_THREE = 960


class ShortcutGroup(NamedTuple):
    """Keys of one kind: its title, and (what, keys) of each."""

    title: str
    rows: Sequence[tuple[str, Sequence[str]]]


class ShortcutsDialog(Dialog):
    """Groups of keys in columns of about the same height: three where the screen has the room, else two."""

    def __init__(self, groups: Sequence[ShortcutGroup], parent: QWidget | None = None) -> None:
        wide = parent is not None and room_for(parent).width() >= scaled(_THREE)
        super().__init__(parent, name="shortcutsDialog", width=_THREE if wide else 720)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        columns = QHBoxLayout()
        columns.setSpacing(4 * SPACE)
        for some in _columns(groups, 3 if wide else 2):
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


def _columns(groups: Sequence[ShortcutGroup], count: int) -> list[Sequence[ShortcutGroup]]:
    """The cuts at which the longest column is the shortest."""

    def height(some: Sequence[ShortcutGroup]) -> int:
        return sum(len(group.rows) + 2 for group in some)

    options = (
        [groups[begin:end] for begin, end in itertools.pairwise((0, *cuts, len(groups)))]
        for cuts in itertools.combinations_with_replacement(range(len(groups) + 1), count - 1)
    )
    return min(options, key=lambda columns: max(map(height, columns)))


def _table(group: ShortcutGroup) -> QGridLayout:
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
