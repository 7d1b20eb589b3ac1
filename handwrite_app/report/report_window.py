"""The window with the report on a run: six pages, and what can be done with the network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.reading.verdict import exact_percent, percent
from handwrite_app.report.class_table import ClassTable
from handwrite_app.report.matrix import ConfusionMatrix
from handwrite_app.ui.dialogs.dialog import Dialog, Role
from handwrite_app.ui.theme import Theme, figures_font, text_font
from handwrite_app.ui.tokens import SIZE_TEXT, SIZE_TITLE, SPACE
from handwrite_app.ui.widgets.picture_grid import PictureGrid, Tile
from trainer.evaluation.answers_file import StoredAnswers
from trainer.evaluation.metrics import (
    calibration_error,
    confusion_matrix,
    cross_entropy,
    log_probabilities,
    reliability,
)
from trainer.evaluation.rejection_curve import (
    accuracy_by_rejection,
    classified_by_false_positives,
    rate_at,
)

if TYPE_CHECKING:
    from handwrite_app.report.charts import Chart

_CELL = 56
#: Pictures of a page at most.
_MOST = 200
_WORST = 60
_FALSE_POSITIVES = (0.01, 0.1)
_CALIBRATION, _REJECTION = 3, 4  # places of the pages with charts


class ReportWindow(Dialog):
    """Signals:
    useRequested(), discardRequested(), exportRequested(), pageRequested(): by the buttons.
    """

    useRequested = Signal()
    discardRequested = Signal()
    exportRequested = Signal()
    pageRequested = Signal()

    def __init__(
        self, title: str, answers: StoredAnswers, theme: Theme, parent: QWidget | None = None
    ) -> None:
        """title: the run's name."""
        super().__init__(parent, name="reportWindow", size=QSize(920, 680))
        self._title = title
        self._answers = answers
        self._theme = theme
        known = answers.labelled
        self._right = (answers.answers == answers.targets)[known]
        self._confusion = confusion_matrix(
            answers.targets[known], answers.answers[known], len(answers.labels)
        )
        self._say_status: Callable[[], str] = str
        self.headline = QLabel()
        self.headline.setObjectName("reportHeadline")
        self.headline.setFont(text_font(SIZE_TITLE, bold=True))
        self.headline.setTextFormat(Qt.TextFormat.PlainText)
        self.status = QLabel()
        self.status.setObjectName("reportStatus")
        self.status.setProperty("role", "muted")
        self.status.setWordWrap(True)
        self.tabs = QTabWidget()
        self.tabs.setObjectName("reportTabs")
        self._unfilled: set[int] = set()
        self.matrix = ConfusionMatrix(theme)
        self.matrix.chosen.connect(self._on_cell_chosen)
        self.cell_words = QLabel()
        self.cell_words.setObjectName("cellWords")
        self.cell_words.setFont(text_font(SIZE_TEXT, bold=True))
        self.cell_words.setWordWrap(True)
        self.cell = self._grid("cellPictures")
        self.classes = ClassTable()
        self.worst = self._grid("worstPictures")
        self.rates = QLabel()
        self.rates.setObjectName("rejectionRates")
        self.rates.setFont(figures_font(SIZE_TEXT))
        self.rates.setWordWrap(True)
        self.fixed_words, self.broken_words = QLabel(), QLabel()
        self.fixed, self.broken = self._grid("fixedPictures"), self._grid("brokenPictures")
        self._lay_out()
        self._buttons = {
            "reportPage": self.add_button("", self.pageRequested.emit, name="reportPage"),
            "reportExport": self.add_button("", self.exportRequested.emit, name="reportExport"),
            "reportDiscard": self.add_button(
                "", self.discardRequested.emit, name="reportDiscard", role=Role.ResetRole
            ),
            "reportUse": self.add_button("", self.useRequested.emit, name="reportUse"),
            "reportClose": self.add_button(
                "", self.reject, name="reportClose", role=Role.RejectRole, default=True
            ),
        }
        self.matrix.set_counts(answers.labels, self._confusion)
        self._retranslate()
        self.tabs.currentChanged.connect(self._on_page_shown)

    # Charts take long to make: not before their page is seen.
    @cached_property
    def calibration(self) -> Chart:
        return self._chart("calibrationChart")

    @cached_property
    def rejection(self) -> Chart:
        return self._chart("rejectionChart")

    @cached_property
    def open_set(self) -> Chart:
        return self._chart("openSetChart")

    def _chart(self, name: str) -> Chart:
        from handwrite_app.report.charts import Chart

        return Chart(self._theme, name)

    def say(self, say: Callable[[], str]) -> None:
        """One sentence about what was done."""
        self._say_status = say
        self.status.setText(say())

    def set_exporting(self, on: bool) -> None:
        self._buttons["reportExport"].setEnabled(not on)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    # --- the pages -----------------------------------------------------------------------------------

    def _on_page_shown(self, place: int) -> None:
        """A page is filled when it is first seen, and again in another language."""
        if place not in self._unfilled:
            return
        self._unfilled.remove(place)
        pages = (
            lambda: self.matrix.choose(*self.matrix._current),
            lambda: self.classes.show_counts(self._answers.labels, self._confusion),
            self._show_worst,
            self._show_calibration,
            self._show_rejection,
            self._show_before,
        )
        pages[place]()

    def _on_cell_chosen(self, row: int, column: int) -> None:
        indices = self._answers.cell(row, column)
        self.cell_words.setText(self.matrix.words_of(row, column))
        self._fill(self.cell, indices)

    def _fill(self, grid: PictureGrid, indices: NDArray[np.int64], *, before: bool = False) -> None:
        """before: the badge is the earlier network's answer."""
        answers = self._answers
        shown = indices[:_MOST]
        if before and answers.before is not None:
            rows = np.exp(log_probabilities(answers.before[shown], answers.before_temperature))
        else:
            rows = answers.probabilities[shown]
        tiles = []
        for index, row in zip(shown.tolist(), rows, strict=True):
            read = int(row.argmax())
            label, answer = answers.labels[answers.targets[index]], answers.labels[read]
            words = self.tr("{label}, read as {answer} ({percent}); validation picture {place}")
            tiles.append(
                Tile(
                    picture=answers.pictures[index].tobytes(),
                    badge="" if label == answer else answer,
                    words=words.format(
                        label=label,
                        answer=answer,
                        percent=percent(float(row[read])),
                        place=QLocale().toString(index),
                    ),
                )
            )
        grid.set_tiles(tiles)

    def _show_worst(self) -> None:
        answers = self._answers
        known = np.flatnonzero(answers.labelled)
        logs = log_probabilities(answers.logits[known], answers.temperature)
        losses = cross_entropy(logs, answers.targets[known])
        self._fill(self.worst, known[np.argsort(-losses, kind="stable")][:_WORST])

    def _show_calibration(self) -> None:
        if "calibration" not in self.__dict__:
            _put(self.tabs.widget(_CALIBRATION), self.calibration)
        answers = self._answers
        known = answers.labelled
        bins = reliability(answers.probabilities[known].max(1), self._right)
        points = [(row.probability, row.accuracy) for row in bins if row.count]
        self.calibration.show_points(points, faint=[(0, 0), (1, 1)], dots=True)
        error = calibration_error(bins)
        self.calibration.set_words(
            self.tr("Calibration: on average off by {percent}").format(
                percent="–" if error is None else exact_percent(error)
            ),
            self.tr("how sure it says it is, %"),
            self.tr("how often it is right, %"),
        )

    def _show_rejection(self) -> None:
        if "rejection" not in self.__dict__:
            _put(self.tabs.widget(_REJECTION), _beside(self.rejection, self.open_set))
        self.rejection.show_points(accuracy_by_rejection(self._answers))
        self.rejection.set_words(
            self.tr("The least sure answers are held back"),
            self.tr("pictures without an answer, %"),
            self.tr("right among the rest, %"),
        )
        curve = classified_by_false_positives(self._answers)
        self.open_set.setVisible(bool(curve))
        if not curve:
            self.rates.setText(
                self.tr(
                    "There are no pictures of anything else in this run's data: how well it rejects what is "
                    "no digit is not known."
                )
            )
            return
        self.open_set.show_points(curve)
        self.open_set.set_words(
            self.tr("What shows none of its classes"),
            self.tr("of these, answered all the same, %"),
            self.tr("of the others, answered right, %"),
        )
        words = self.tr("{right} answered right where {wrong} of the rest is answered, too")
        self.rates.setText(
            "\n".join(
                words.format(right=exact_percent(rate), wrong=percent(most))
                for most in _FALSE_POSITIVES
                if (rate := rate_at(curve, most)) is not None
            )
        )

    def _show_before(self) -> None:
        answers = self._answers
        if answers.before is None:
            return
        old = answers.before.argmax(1) == answers.targets
        new = answers.answers == answers.targets
        fixed = np.flatnonzero(answers.labelled & new & ~old)
        broken = np.flatnonzero(answers.labelled & old & ~new)
        before = float(old[answers.labelled].mean())
        self.fixed_words.setText(
            self.tr(
                "Now right: {count} (before: {percent} right; what was read then is in the corner)"
            ).format(count=QLocale().toString(len(fixed)), percent=exact_percent(before))
        )
        self.broken_words.setText(
            self.tr("Now wrong: {count}").format(count=QLocale().toString(len(broken)))
        )
        self._fill(self.fixed, fixed, before=True)
        self._fill(self.broken, broken)

    # --- building ------------------------------------------------------------------------------------

    def _grid(self, name: str) -> PictureGrid:
        return PictureGrid(self._theme, name=name, cell=_CELL)

    def _lay_out(self) -> None:
        cell = QVBoxLayout()
        cell.addWidget(self.cell_words)
        cell.addWidget(_scrolled(self.cell), 1)
        confusion = QWidget()
        row = QHBoxLayout(confusion)
        row.setContentsMargins(0, 2 * SPACE, 0, 0)
        row.setSpacing(3 * SPACE)
        row.addWidget(self.matrix, 3)
        row.addLayout(cell, 2)
        pages: list[Sequence[QWidget]] = [
            (confusion,),
            (self.classes,),
            (_scrolled(self.worst),),
            (),
            (self.rates,),
        ]
        if self._answers.before is not None:
            for words in (self.fixed_words, self.broken_words):
                words.setWordWrap(True)
                words.setFont(text_font(SIZE_TEXT, bold=True))
            pages.append(
                (
                    self.fixed_words,
                    _scrolled(self.fixed),
                    self.broken_words,
                    _scrolled(self.broken),
                )
            )
        for page in pages:
            self.tabs.addTab(_column(page), "")
        self.column.addWidget(self.headline)
        self.column.addWidget(self.tabs, 1)
        self.column.addWidget(self.status)

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("Report: {name}").format(name=self._title))
        count = len(self._right)
        self.headline.setText(
            self.tr("{percent} right of {count} validation pictures").format(
                percent=exact_percent(float(self._right.mean()) if count else 0.0),
                count=QLocale().toString(count),
            )
        )
        titles = (
            self.tr("Confusions"),
            self.tr("Classes"),
            self.tr("Worst pictures"),
            self.tr("Calibration"),
            self.tr("Rejection"),
            self.tr("Before and after"),
        )
        for place in range(self.tabs.count()):
            self.tabs.setTabText(place, titles[place])
        names = {
            "reportPage": self.tr("Open as a page"),
            "reportExport": self.tr("Export as ONNX…"),
            "reportDiscard": self.tr("Discard the run…"),
            "reportUse": self.tr("Use this network"),
            "reportClose": self.tr("Close"),
        }
        for name, button in self._buttons.items():
            button.setText(names[name])
        self.matrix.setAccessibleName(self.tr("Confusion matrix: rows are what was written"))
        self.matrix.setToolTip("")
        for grid, name in (
            (self.cell, self.tr("Pictures of the cell")),
            (self.worst, self.tr("Worst pictures")),
            (self.fixed, self.tr("Pictures that are right now")),
            (self.broken, self.tr("Pictures that are wrong now")),
        ):
            grid.setAccessibleName(name)
        self._unfilled = set(range(self.tabs.count()))
        self._on_page_shown(self.tabs.currentIndex())
        self.status.setText(self._say_status())


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(widget)
    column.addStretch(1)
    area.setWidget(holder)
    area.viewport().setAutoFillBackground(False)
    holder.setAutoFillBackground(False)
    return area


def _column(widgets: Sequence[QWidget]) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, SPACE, 0, 0)
    column.setSpacing(SPACE)
    for widget in widgets:
        column.addWidget(widget, 0 if isinstance(widget, QLabel) else 1)
    return page


def _put(page: QWidget | None, widget: QWidget) -> None:
    """On top of what is on the page."""
    column = None if page is None else page.layout()
    assert isinstance(column, QVBoxLayout)
    column.insertWidget(0, widget, 1)


def _beside(*widgets: QWidget) -> QWidget:
    page = QWidget()
    row = QHBoxLayout(page)
    row.setContentsMargins(0, 0, 0, 0)
    for widget in widgets:
        row.addWidget(widget, 1)
    return page
