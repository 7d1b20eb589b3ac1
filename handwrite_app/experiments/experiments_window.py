"""The window with the experiments: the list on the left, the guide on the right, and the results below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.experiments.results import Result
from handwrite_app.experiments.texts import GUIDES, translated
from handwrite_app.reading.verdict import exact_percent
from handwrite_app.ui.dialogs.dialog import Dialog, Role
from handwrite_app.ui.theme import figures_font, scaled, text_font
from handwrite_app.ui.tokens import SIZE_TEXT, SIZE_TITLE, SPACE
from trainer.runs.experiments import EXPERIMENTS, Experiment, Variant

_LIST_WIDTH = 208


class ExperimentsWindow(Dialog):
    """Signals:
    started(Variant): the person wants this run. reportRequested(Result): open its report. exportRequested().
    """

    started = Signal(object)
    reportRequested = Signal(object)
    exportRequested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, name="experimentsWindow", size=QSize(820, 640))
        self._results: tuple[Result, ...] = ()
        self._is_offline = False
        self.list = QListWidget()
        self.list.setObjectName("experimentList")
        self.list.setFixedWidth(scaled(_LIST_WIDTH))
        self.list.setSizeAdjustPolicy(QListWidget.SizeAdjustPolicy.AdjustToContents)
        self.list.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Maximum)
        for experiment in EXPERIMENTS:
            self.list.addItem(experiment.name)
        self.list.currentRowChanged.connect(self._show)
        self._guide = QWidget()
        self._right = QVBoxLayout()
        self._right.setContentsMargins(0, 0, 0, 0)
        self._right.addWidget(self._guide)
        row = QHBoxLayout()
        row.setSpacing(3 * SPACE)
        row.addWidget(self.list, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(self._right, 1)
        self.column.addLayout(row, 1)
        self.csv_button = self.add_button("", self.exportRequested.emit, name="exportResults")
        self.close_button = self.add_button(
            "", self.reject, name="closeExperiments", role=Role.RejectRole, default=True
        )
        self._retranslate()
        self.list.setCurrentRow(0)
        self.list.setFocus()

    @property
    def experiment(self) -> Experiment:
        """The one on show."""
        return EXPERIMENTS[max(0, self.list.currentRow())]

    def set_results(self, results: Sequence[Result]) -> None:
        """What came of the runs so far."""
        self._results = tuple(results)
        self.csv_button.setEnabled(bool(results))
        self._show()

    def set_offline(self, on: bool) -> None:
        """Whether the program's own digits stand in the place of MNIST."""
        self._is_offline = on
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _show(self, _row: int = 0) -> None:
        guide, experiment = GUIDES[self.experiment.name], self.experiment
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        title = _label(translated(guide.title))
        title.setObjectName("experimentTitle")
        title.setFont(text_font(SIZE_TITLE, bold=True))
        column.addWidget(title)
        column.addWidget(_label(translated(guide.question), muted=True))
        column.addWidget(_heading(self.tr("Do")))
        for number, step in enumerate(guide.steps, start=1):
            column.addWidget(_label(f"{QLocale().toString(number)}.  {translated(step)}"))
        buttons = QGridLayout()
        buttons.setHorizontalSpacing(2 * SPACE)
        buttons.setColumnStretch(1, 1)
        for place, variant in enumerate(experiment.variants):
            buttons.addWidget(self._start_button(variant), place, 0)
            buttons.addWidget(_label(translated(variant.gloss), muted=True), place, 1)
        column.addLayout(buttons)
        if self._is_offline:
            column.addWidget(
                _label(
                    self.tr(
                        "MNIST is not on this computer: these runs learn from digits that the program draws. "
                        "What there is to see is the same, the numbers differ."
                    ),
                    muted=True,
                )
            )
        column.addWidget(_heading(self.tr("Look at")))
        for line in guide.look:
            column.addWidget(_label(f"•  {translated(line)}"))
        column.addWidget(_heading(self.tr("Your results")))
        column.addWidget(self._table())
        column.addWidget(_heading(self.tr("Why")))
        column.addWidget(_label(translated(guide.why)))
        column.addStretch(1)
        self._right.replaceWidget(self._guide, page)
        self._guide.hide()
        self._guide.deleteLater()
        self._guide = page
        page.show()  # at once: the layout would, with the next event

    def _start_button(self, variant: Variant) -> QPushButton:
        button = QPushButton(translated(variant.title))
        button.setObjectName(f"start-{variant.name}")
        button.setAutoDefault(False)
        button.clicked.connect(lambda: self.started.emit(variant))
        return button

    def _table(self) -> QWidget:
        frame = QFrame()
        frame.setObjectName("experimentResults")
        table = QGridLayout(frame)
        table.setContentsMargins(0, 0, 0, 0)
        table.setHorizontalSpacing(2 * SPACE)
        mine = {
            result.variant: result
            for result in self._results
            if result.experiment == self.experiment.name
        }
        if not mine:
            table.addWidget(
                _label(self.tr("None yet. They appear here when a run ends."), muted=True), 0, 0
            )
            return frame
        heads = (
            self.tr("run"),
            self.tr("training"),
            self.tr("validation"),
            self.tr("loss"),
            self.tr("weights"),
            self.tr("seconds"),
        )
        for place, head in enumerate(heads):
            table.addWidget(_cell(head, right=place > 0, muted=True), 0, place)
        locale = QLocale()
        for row, variant in enumerate(self.experiment.variants, start=1):
            result = mine.get(variant.name)
            if result is None:
                table.addWidget(_cell(translated(variant.title), muted=True), row, 0)
                continue
            texts = (
                translated(variant.title),
                exact_percent(result.training_accuracy),
                exact_percent(result.validation_accuracy),
                locale.toString(result.validation_loss, "f", 3),
                locale.toString(result.parameters),
                locale.toString(result.seconds, "f", 0),
            )
            for place, text in enumerate(texts):
                table.addWidget(_cell(text, right=place > 0), row, place)
            report = QPushButton(self.tr("Report…"))
            report.setObjectName(f"report-{variant.name}")
            report.setAutoDefault(False)
            report.clicked.connect(lambda _=False, result=result: self.reportRequested.emit(result))
            table.addWidget(report, row, len(texts))
        table.setColumnStretch(0, 1)
        return frame

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Experiments"))
        self.list.setAccessibleName(self.tr("Experiments"))
        self.csv_button.setText(self.tr("Export results as CSV…"))
        self.close_button.setText(self.tr("Close"))
        for row, experiment in enumerate(EXPERIMENTS):
            item = self.list.item(row)
            item.setText(
                f"{QLocale().toString(row + 1)}  {translated(GUIDES[experiment.name].title)}"
            )
        self._show()


def _label(text: str, *, muted: bool = False) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    if muted:
        label.setProperty("role", "muted")
    return label


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(text_font(SIZE_TEXT, bold=True))
    label.setContentsMargins(0, SPACE, 0, 0)
    return label


def _cell(text: str, *, right: bool = False, muted: bool = False) -> QLabel:
    label = QLabel(text)
    label.setFont(figures_font(SIZE_TEXT))
    if right:
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    if muted:
        label.setProperty("role", "muted")
    return label
