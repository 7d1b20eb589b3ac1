"""After a run: the new network beside the one in use, and the choice between them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from handwrite_app.reading.verdict import exact_percent
from handwrite_app.ui.dialogs.dialog import Dialog, Role
from handwrite_app.ui.theme import figures_font, text_font
from handwrite_app.ui.tokens import SIZE_TITLE, SPACE
from trainer.base.events import Metrics, RunFinished


def is_better(result: RunFinished) -> bool:
    """Whether the new network is at least as accurate as the one in use; true where there is none."""
    return result.compared is None or result.validation.accuracy >= result.compared.accuracy


def difference(result: RunFinished) -> str:
    """In a sentence, how the new network compares with the one in use; "" where there is none."""
    if result.compared is None:
        return ""
    points = 100 * (result.validation.accuracy - result.compared.accuracy)
    shown = QLocale().toString(abs(points), "f", 2)
    if result.fixed == result.broken:
        return translate("It is as accurate as the one in use.")
    if points > 0:
        return translate("It is better by {points} percentage points.").format(points=shown)
    return translate("It is worse by {points} percentage points.").format(points=shown)


def ready_words(result: RunFinished, network: str, old_name: str) -> str:
    """The result in one sentence, for the panel and the status line."""
    accuracy = exact_percent(result.validation.accuracy)
    old = result.compared
    if old is None:
        return translate("{network} is ready: {accuracy} right.").format(
            network=network, accuracy=accuracy
        )
    if result.fixed == result.broken:
        words = translate("{network} is ready: {accuracy} right, as many as {old}.")
    elif result.validation.accuracy > old.accuracy:
        words = translate(
            "{network} is ready: {accuracy} right, {points} percentage points better than {old}."
        )
    else:
        words = translate(
            "{network} is ready: {accuracy} right, {points} percentage points worse than {old}."
        )
    points = abs(100 * (result.validation.accuracy - old.accuracy))
    return words.format(
        network=network,
        accuracy=accuracy,
        points=QLocale().toString(points, "f", 2),
        old=old_name or translate("the one in use"),
    )


def translate(text: str) -> str:
    return QCoreApplication.translate("ComparisonDialog", text)


class ComparisonDialog(Dialog):
    """Shows what a finished run achieved, and asks which network to use from now on.

    Closing it keeps the old network; the new one stays in its run's folder.

    Signals:
        kept(name): use the new network, under this name. compareRequested(): both are to read the paper.
    """

    kept = Signal(str)
    compareRequested = Signal()

    def __init__(
        self, result: RunFinished, *, name: str, old_name: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent, name="comparisonDialog")
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
        self.name.textChanged.connect(self._on_name_changed)
        name_label = QLabel(self.tr("Keep it as"))
        name_label.setBuddy(self.name)
        row = QGridLayout()
        row.setHorizontalSpacing(2 * SPACE)
        row.addWidget(name_label, 0, 0)
        row.addWidget(self.name, 0, 1)
        self.column.addWidget(headline)
        self.column.addLayout(self._table(result, old_name))
        self.column.addWidget(explanation)
        self.column.addLayout(row)
        self.column.addStretch(1)
        better = is_better(result)
        try_both = self.add_button(
            self.tr("Try both on the paper"), self.compareRequested.emit, name="compareNetworks"
        )
        try_both.setVisible(result.compared is not None)
        self.keep_old = self.add_button(
            self.tr("Keep the old one"),
            self.reject,
            name="keepOld",
            role=Role.RejectRole,
            default=not better,
        )
        self.keep_new = self.add_button(
            self.tr("Use the new network"),
            self._on_keep_new,
            name="keepNew",
            role=Role.AcceptRole,
            default=better,
        )
        # Not the name: a digit that was meant for the paper would change it.
        (self.keep_new if better else self.keep_old).setFocus()

    def _headline(self, result: RunFinished) -> str:
        return difference(result) or translate(
            "{accuracy} of the validation pictures are right."
        ).format(accuracy=exact_percent(result.validation.accuracy))

    def _explanation(self, result: RunFinished) -> str:
        count = QLocale().toString(result.validation.count)
        if result.compared is None:
            return self.tr("Measured on {count} pictures that it did not learn from.").format(
                count=count
            )
        return self.tr(
            "Now right: {fixed}. Now wrong: {broken}. Measured for both on the same {count} pictures, which "
            "the new network did not learn from."
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
        for row, (key, title, metrics) in enumerate(rows, start=1):
            put(row, 0, title)
            put(row, 1, exact_percent(metrics.accuracy)).setObjectName(f"{key}Accuracy")
            put(row, 2, QLocale().toString(metrics.loss, "f", 4)).setObjectName(f"{key}Loss")
        table.setColumnStretch(0, 1)
        return table

    def _on_name_changed(self, text: str) -> None:
        self.keep_new.setEnabled(bool(text.strip()))

    def _on_keep_new(self) -> None:
        self.kept.emit(self.name.text().strip())
        self.accept()
