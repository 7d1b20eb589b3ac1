"""The list of keys."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from handwrite_app.ui.dialogs.dialog import Dialog, Role, room_for
from handwrite_app.ui.theme import text_font
from handwrite_app.ui.tokens import SIZE_TEXT, SPACE


class ShortcutGroup(NamedTuple):
    """Keys of one kind: its title, and (what, keys) of each."""

    title: str
    rows: Sequence[tuple[str, Sequence[str]]]


class ShortcutsDialog(Dialog):
    """Groups of keys in columns of about the same height: three where the screen has the room, else fewer."""

    def __init__(self, groups: Sequence[ShortcutGroup], parent: QWidget | None = None) -> None:
        super().__init__(parent, name="shortcutsDialog", width=480)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        margins = self.column.contentsMargins()
        room = room_for(self).width() - margins.left() - margins.right()
        for count in (3, 2, 1):
            table = _laid_out(groups, count)
            if table.sizeHint().width() <= room:
                break
        self.column.addWidget(table)
        self.column.addStretch(1)
        self.add_button(
            self.tr("Close"), self.reject, name="closeShortcuts", role=Role.RejectRole, default=True
        )


def _laid_out(groups: Sequence[ShortcutGroup], count: int) -> QWidget:
    """In so many columns."""
    result = QWidget()
    columns = QHBoxLayout(result)
    columns.setContentsMargins(0, 0, 0, 0)
    columns.setSpacing(3 * SPACE)
    for some in _columns(groups, count):
        column = QVBoxLayout()
        column.setSpacing(2 * SPACE)
        for group in some:
            column.addLayout(_table(group))
        column.addStretch(1)
        columns.addLayout(column, 1)
    return result


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
    table.setHorizontalSpacing(2 * SPACE)
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
