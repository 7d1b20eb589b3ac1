"""The result of an import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QPlainTextEdit, QWidget

from handwrite_app.ui.dialogs.dialog import Dialog, Role
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.theme import figures_font, scaled
from handwrite_app.ui.tokens import SIZE_TEXT, SPACE

if TYPE_CHECKING:
    from trainer.drawings import Imported


class ImportReport(Dialog):
    """How many are new, known already, refused; and why, of the first lines."""

    def __init__(self, imported: Imported, parent: QWidget | None = None) -> None:
        super().__init__(parent, name="importReport", width=440)
        self.setWindowTitle(self.tr("The import"))
        table = QGridLayout()
        table.setHorizontalSpacing(4 * SPACE)
        table.setVerticalSpacing(SPACE // 2)
        table.setColumnStretch(0, 1)
        rows = [
            ("new", self.tr("New"), imported.stored),
            ("restored", self.tr("Deleted before, restored"), imported.restored),
            ("known", self.tr("Already in My drawings"), imported.known),
            ("refused", self.tr("Lines that cannot be used"), imported.unusable),
        ]
        for i, (name, words, count) in enumerate(rows):
            table.addWidget(QLabel(words), i, 0)
            figure = QLabel(QLocale().toString(count))
            figure.setObjectName(f"import_{name}")
            figure.setFont(figures_font(SIZE_TEXT, bold=True))
            table.addWidget(figure, i, 1, Qt.AlignmentFlag.AlignRight)
        self.column.addLayout(table)
        if lines := self._lines(imported):
            reasons = QPlainTextEdit("\n".join(lines))
            reasons.setObjectName("importReasons")
            reasons.setReadOnly(True)
            reasons.setTabChangesFocus(True)
            reasons.setAccessibleName(self.tr("Details"))
            reasons.setMinimumHeight(scaled(12 * SPACE))
            self.column.addWidget(reasons)
        self.add_button(
            self.tr("Close"), self.reject, name="closeReport", role=Role.RejectRole, default=True
        )

    def _lines(self, imported: Imported) -> list[str]:
        locale = QLocale()
        lines = [
            self.tr("Line {number}: {reason}").format(
                number=locale.toString(number), reason=sentence(reason)
            )
            for number, reason in imported.problems
        ]
        if more := imported.unusable - len(imported.problems):
            lines.append(self.tr("… and {count} more").format(count=locale.toString(more)))
        lines += [self.tr("New writer: {name}").format(name=name) for name in imported.new_writers]
        lines += [
            self.tr("The same drawing has several labels: {labels}").format(
                labels=", ".join(one.labels)
            )
            for one in imported.contradictions
        ]
        return lines
