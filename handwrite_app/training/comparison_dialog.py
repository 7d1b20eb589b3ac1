"""After a run: the new network beside the one in use, and the choice between them."""

from __future__ import annotations

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.reading.verdict import exact_percent
from handwrite_app.ui.theme import figures_font, text_font
from handwrite_app.ui.tokens import SIZE_TITLE, SPACE
from trainer.base.events import Metrics, RunFinished


class ComparisonDialog(QDialog):
    """Shows what a finished run achieved, and asks what is to be used from now on.

    Closing it keeps the old network; the new one stays in its run's folder.

    Signals:
        kept(name): the new network is to be used, under this name.
    """

    kept = Signal(str)

    def __init__(
        self, result: RunFinished, *, name: str, old_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("comparisonDialog")
        self.setWindowTitle(self.tr("The new network"))
        headline = QLabel(self._headline(result))
        headline.setObjectName("comparisonHeadline")
        headline.setFont(text_font(SIZE_TITLE, bold=True))
        headline.setWordWrap(True)
        explanation = QLabel(self._explanation(result))
        explanation.setWordWrap(True)
        explanation.setProperty("role", "muted")
        self.name = QLineEdit(name)
        self.name.setObjectName("networkName")
        self.name.setAccessibleName(self.tr("Name of the new network"))
        name_label = QLabel(self.tr("Keep it as"))
        name_label.setBuddy(self.name)

        better = result.compared is None or result.validation.accuracy >= result.compared.accuracy
        self.keep_new = QPushButton(self.tr("Use the new network"))
        self.keep_new.setObjectName("keepNew")
        self.keep_old = QPushButton(self.tr("Keep the old one"))
        self.keep_old.setObjectName("keepOld")
        preferred = self.keep_new if better else self.keep_old
        preferred.setProperty("primary", True)
        preferred.setDefault(True)
        self.keep_new.clicked.connect(self._on_keep_new)
        self.keep_old.clicked.connect(self.reject)
        self.name.textChanged.connect(self._on_name_changed)
        buttons = QDialogButtonBox()
        buttons.addButton(self.keep_old, QDialogButtonBox.ButtonRole.RejectRole)
        buttons.addButton(self.keep_new, QDialogButtonBox.ButtonRole.AcceptRole)

        column = QVBoxLayout(self)
        column.setContentsMargins(3 * SPACE, 3 * SPACE, 3 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addWidget(headline)
        column.addLayout(self._table(result, old_name))
        column.addWidget(explanation)
        row = QGridLayout()
        row.setHorizontalSpacing(2 * SPACE)
        row.addWidget(name_label, 0, 0)
        row.addWidget(self.name, 0, 1)
        column.addLayout(row)
        column.addWidget(buttons)
        self.setMinimumWidth(480)

    def _headline(self, result: RunFinished) -> str:
        if result.compared is None:
            return self.tr("It reads {accuracy} of the validation pictures rightly.").format(
                accuracy=exact_percent(result.validation.accuracy)
            )
        difference = result.validation.accuracy - result.compared.accuracy
        if result.fixed == result.broken:
            return self.tr("It reads as well as the one in use.")
        points = QLocale().toString(abs(100 * difference), "f", 2)
        if difference > 0:
            return self.tr("It is better by {points} points.").format(points=points)
        return self.tr("It is worse by {points} points.").format(points=points)

    def _explanation(self, result: RunFinished) -> str:
        count = QLocale().toString(result.validation.count)
        if result.compared is None:
            return self.tr("Measured on {count} pictures that it did not learn from.").format(
                count=count
            )
        return self.tr(
            "Measured on the same {count} pictures, from which the new network did not learn. "
            "{fixed} that were misread are read rightly now, {broken} the other way."
        ).format(
            count=count,
            fixed=QLocale().toString(result.fixed),
            broken=QLocale().toString(result.broken),
        )

    def _table(self, result: RunFinished, old_name: str) -> QGridLayout:
        table = QGridLayout()
        table.setHorizontalSpacing(4 * SPACE)
        table.setVerticalSpacing(SPACE)
        right = Qt.AlignmentFlag.AlignRight

        def put(row: int, column: int, text: str, *, muted: bool = False) -> QLabel:
            label = QLabel(text)
            label.setFont(figures_font(14))
            if muted:
                label.setProperty("role", "muted")
            table.addWidget(label, row, column, right if column else Qt.AlignmentFlag.AlignLeft)
            return label

        put(0, 1, self.tr("accuracy"), muted=True)
        put(0, 2, self.tr("loss"), muted=True)
        rows: list[tuple[str, str, Metrics]] = [("new", self.tr("New network"), result.validation)]
        if result.compared is not None:
            old = self.tr("In use: {name}").format(name=old_name)
            rows.append(("old", old, result.compared))
        for row, (key, title, figures) in enumerate(rows, start=1):
            put(row, 0, title)
            put(row, 1, exact_percent(figures.accuracy)).setObjectName(f"{key}Accuracy")
            put(row, 2, QLocale().toString(figures.loss, "f", 4)).setObjectName(f"{key}Loss")
        table.setColumnStretch(0, 1)
        return table

    def _on_name_changed(self, text: str) -> None:
        self.keep_new.setEnabled(bool(text.strip()))

    def _on_keep_new(self) -> None:
        self.kept.emit(self.name.text().strip())
        self.accept()
