"""A dialog that asks for one name."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from handwrite_app.ui.dialogs.dialog import Dialog, Role


class NameDialog(Dialog):
    """A line to type in; the button that takes the name is there as soon as there is one."""

    def __init__(
        self,
        parent: QWidget,
        *,
        name: str,
        title: str,
        label: str,
        take: str,
        done: Callable[[str], object],
        text: str = "",
    ) -> None:
        """name: the objectName. take: the words of the button. done: called with the name, trimmed. text: the
        name until now; the button waits for another one."""
        super().__init__(parent, name=name, width=420)
        self.setWindowTitle(title)
        self._done = done
        self._before = text
        words = QLabel(label)
        words.setWordWrap(True)
        self.line = QLineEdit()
        self.line.setObjectName("name")
        self.line.setAccessibleName(label)
        words.setBuddy(self.line)
        self.line.textChanged.connect(self._on_changed)
        self.column.addWidget(words)
        self.column.addWidget(self.line)
        self.column.addStretch(1)
        self.add_button(self.tr("Cancel"), self.reject, name="cancelName", role=Role.RejectRole)
        self.take_button = self.add_button(
            take, self._on_take, name="takeName", role=Role.AcceptRole, default=True
        )
        self.take_button.setEnabled(False)
        self.line.setText(text)
        self.line.selectAll()
        self.line.setFocus()

    def _on_changed(self, text: str) -> None:
        self.take_button.setEnabled(text.strip() not in ("", self._before))

    def _on_take(self) -> None:
        self._done(self.line.text().strip())
        self.accept()
