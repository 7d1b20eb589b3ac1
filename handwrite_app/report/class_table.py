"""The page of a report with precision, recall and F1 of every class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from handwrite_app.reading.verdict import exact_percent
from handwrite_app.ui.theme import figures_font
from handwrite_app.ui.tokens import SIZE_TEXT
from trainer.evaluation.metrics import class_metrics


class ClassTable(QTableWidget):
    """One row a class."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("classTable")
        self.verticalHeader().hide()
        self.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QTableWidget.SelectionMode.NoSelection)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.setFont(figures_font(SIZE_TEXT))

    def show_counts(self, labels: tuple[str, ...], confusion: NDArray[np.int64]) -> None:
        """confusion: pictures by true label and answer, both in the order of the labels."""
        rows = class_metrics(confusion, np.zeros(len(labels), np.int64), labels)
        self.setColumnCount(5)
        self.setRowCount(len(rows))
        self.setHorizontalHeaderLabels(
            [
                self.tr("class"),
                self.tr("pictures"),
                self.tr("precision"),
                self.tr("recall"),
                self.tr("F1"),
            ]
        )
        glosses = (
            "",
            "",
            self.tr("Of all that were read as this class, how many are"),
            self.tr("Of all of this class, how many were read as it"),
            self.tr("The harmonic mean of precision and recall"),
        )
        for column, gloss in enumerate(glosses):
            header = self.horizontalHeaderItem(column)
            if header is not None:
                header.setToolTip(gloss)
        for place, row in enumerate(rows):
            values = [row.precision, row.recall, row.f1]
            texts = [row.label, QLocale().toString(row.count)]
            texts += ["–" if value is None else exact_percent(value) for value in values]
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                self.setItem(place, column, item)
