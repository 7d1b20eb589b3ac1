"""The window of all settings, with a search field. What is changed holds at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QFrame,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.preferences.entry import Preference
from handwrite_app.preferences.rows import EntryRow, Row
from handwrite_app.preferences.shortcut_rows import ShortcutRow
from handwrite_app.preferences.shortcuts import Shortcuts
from handwrite_app.ui.dialogs.dialog import Dialog, Role, WheelGuard
from handwrite_app.ui.dialogs.message_boxes import Question, ask
from handwrite_app.ui.theme import Theme, text_font
from handwrite_app.ui.tokens import SIZE_TEXT, SPACE


class SettingsWindow(Dialog):
    """Sections of rows; a search leaves those that match, a reset brings all defaults back."""

    def __init__(
        self,
        entries: Sequence[Preference],
        shortcuts: Shortcuts,
        theme: Theme,
        parent: QWidget,
    ) -> None:
        super().__init__(parent, name="settingsWindow", size=QSize(720, 640))
        self._sections: list[tuple[QFrame, list[Row]]] = []
        self._shortcuts = shortcuts
        self._theme = theme
        self._wheel = WheelGuard(self)
        self.search = QLineEdit()
        self.search.setObjectName("searchSettings")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_search)
        self.nothing = QLabel()
        self.nothing.setProperty("role", "muted")
        self.nothing.hide()
        self._body_column = QVBoxLayout()
        self._body_column.setSpacing(2 * SPACE)
        self.set_head(self.search)
        self.column.addLayout(self._body_column)
        self.column.addWidget(self.nothing)
        self.column.addStretch(1)
        self._reset = self.add_button(
            "", self._ask_reset, name="resetSettings", role=Role.ResetRole
        )
        self._close = self.add_button(
            "", self.reject, name="closeSettings", role=Role.RejectRole, default=True
        )
        self.fill(entries)
        self.search.setFocus()

    def fill(self, entries: Sequence[Preference]) -> None:
        """All texts and rows in the window's language now; the search stays."""
        self.setWindowTitle(tr("Settings"))
        self.search.setPlaceholderText(tr("Search settings"))
        self.search.setAccessibleName(tr("Search settings"))
        self.nothing.setText(tr("No setting has these words."))
        self._reset.setText(tr("Reset all…"))
        self._close.setText(tr("Close"))
        for card, _ in self._sections:
            self._body_column.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._sections = []
        for title, some in groupby(entries, key=lambda entry: entry.section):
            self._add(title, [EntryRow(entry, self._theme, self._wheel) for entry in some])
        names = self._shortcuts.names()
        keys = [ShortcutRow(self._shortcuts, name, self._theme) for name in names]
        self._add(tr("Keyboard shortcuts"), keys)
        self._on_search(self.search.text())

    @property
    def rows(self) -> list[Row]:
        return [row for _, rows in self._sections for row in rows]

    def refresh(self) -> None:
        """Shows what was changed elsewhere."""
        for row in self.rows:
            if isinstance(row, EntryRow | ShortcutRow):
                row.refresh()

    def follow(self) -> None:
        """The same while it is open: what is being typed stays."""
        typed = self.focusWidget()
        for row in self.rows:
            if isinstance(row, EntryRow) and not (
                row.control is typed and isinstance(typed, QLineEdit | QAbstractSpinBox)
            ):
                row.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """The menus were perhaps used meanwhile."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.follow()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses a button, but closes nothing from a field: what stands there holds already."""
        focus = self.focusWidget()
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and focus is not None and not isinstance(focus, QPushButton):
            event.accept()
        else:
            super().keyPressEvent(event)

    def reset(self) -> None:
        """All defaults, keys too."""
        self._shortcuts.reset()
        for row in self.rows:
            if isinstance(row, EntryRow) and not row.entry.reason:
                row.restore()
        self.refresh()

    def _add(self, title: str, rows: Sequence[Row]) -> None:
        card = QFrame()
        card.setProperty("card", True)
        column = QVBoxLayout(card)
        column.setContentsMargins(2 * SPACE, 2 * SPACE, SPACE, 2 * SPACE)
        column.setSpacing(SPACE)
        heading = QLabel(title)
        heading.setFont(text_font(SIZE_TEXT, bold=True))
        column.addWidget(heading)
        for row in rows:
            column.addWidget(row)
        self._body_column.addWidget(card)
        self._sections.append((card, list(rows)))

    def _on_search(self, words: str) -> None:
        found = False
        for card, rows in self._sections:
            any_here = False
            for row in rows:
                matches = (
                    row.entry.matches(words)
                    if isinstance(row, EntryRow)
                    else isinstance(row, ShortcutRow) and row.matches(words)
                )
                row.setVisible(matches)
                any_here = any_here or matches
            card.setVisible(any_here)
            found = found or any_here
        self.nothing.setVisible(not found)

    def _ask_reset(self) -> None:
        ask(self, reset_question(), self.reset)


def reset_question() -> Question:
    return Question(
        title=tr("Reset all settings?"),
        text=tr(
            "Every setting and every key goes back to what it was at first. Drawings and networks stay."
        ),
        do=tr("Reset"),
        keep=tr("Cancel"),
        name="resetQuestion",
    )


def tr(text: str) -> str:
    return QCoreApplication.translate("Preferences", text)
