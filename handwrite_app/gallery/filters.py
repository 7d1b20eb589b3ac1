"""Filters of the gallery by writer, label and reading, each choice with its count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLocale, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QWidget,
)

from handwrite_app.labelling.label_actions import DIGITS, in_words
from handwrite_app.labelling.writers import shown_writer
from handwrite_app.ui.tokens import SPACE
from trainer.base.labels import NO_LABEL

if TYPE_CHECKING:
    from trainer.drawings import Counts, Filter, Writer

#: Of a list, in device-independent pixels: as high as the buttons beside it.
_NARROWEST, _WIDEST, _HEIGHT = 96, 280, 36
_Choice = tuple[
    object, str, int
]  # what it filters by (None: anything), its words, how many there are


class GalleryFilters(QWidget):
    """Three lists to choose from.

    Signals:
        chosen(): another filter is wanted.
    """

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.labels: tuple[str, ...] = DIGITS  # those that the network knows
        self._counts: Counts | None = None
        self._writers: Sequence[Writer] = ()
        self.writer, self.label, self.right = (self._box(n) for n in ("Writer", "Label", "Right"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        for box in (self.writer, self.label, self.right):
            row.addWidget(box)
        self._retranslate()

    @property
    def wanted(self) -> Filter:
        from trainer.drawings import Filter

        return Filter(
            writer=self.writer.currentData(),
            label=self.label.currentData(),
            right=self.right.currentData(),
        )

    @property
    def is_open(self) -> bool:
        """Whether nothing is filtered out."""
        return all(box.currentData() is None for box in (self.writer, self.label, self.right))

    def clear(self) -> None:
        """Shows all drawings."""
        if self.is_open:
            return
        for box in (self.writer, self.label, self.right):
            with QSignalBlocker(box):
                box.setCurrentIndex(0)
        self._fill()
        self.chosen.emit()

    def show_counts(self, counts: Counts, writers: Sequence[Writer]) -> None:
        """Sets the choices and their counts."""
        self._counts, self._writers = counts, writers
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _box(self, name: str) -> QComboBox:
        box = _Choices()
        box.setObjectName(f"gallery{name}")
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        box.setMinimumSize(_NARROWEST, _HEIGHT)
        box.setMaxVisibleItems(16)
        box.currentIndexChanged.connect(self._on_chosen)
        return box

    def _on_chosen(self) -> None:
        self._fill()  # the counts of each list depend on what the others say
        self.chosen.emit()

    def _fill(self) -> None:
        counts, wanted = self._counts, self.wanted
        if counts is None:
            for box, title in self._titles():
                _fill(box, [(None, title, 0)], "")
            return
        writers, labels = replace(wanted, writer=None), replace(wanted, label=None)
        readings = replace(wanted, right=None)
        of_writers, of_labels = counts.writers(writers), counts.labels(labels)
        # What is chosen stays there to be chosen, also when the last of them is gone.
        known = {*counts.labels(), *([] if wanted.label is None else [wanted.label])}
        pattern = self.tr("{name} ({count})")
        (_, anyone), (_, anything), (_, all_) = self._titles()
        _fill(
            self.writer,
            [
                (None, anyone, counts.of(writers)),
                *((w.id, shown_writer(w.name), of_writers.get(w.id, 0)) for w in self._writers),
            ],
            pattern,
        )
        _fill(
            self.label,
            [
                (None, anything, counts.of(labels)),
                *(
                    (label, in_words(label, self.labels), of_labels.get(label, 0))
                    for label in sorted(known, key=lambda label: (label == NO_LABEL, label))
                ),
            ],
            pattern,
        )
        _fill(
            self.right,
            [
                (None, all_, counts.of(readings)),
                (True, self.tr("Read correctly"), counts.of(replace(readings, right=True))),
                (False, self.tr("Read wrongly"), counts.of(replace(readings, right=False))),
            ],
            pattern,
        )

    def _titles(self) -> tuple[tuple[QComboBox, str], ...]:
        return (
            (self.writer, self.tr("All writers")),
            (self.label, self.tr("All labels")),
            (self.right, self.tr("Any result")),
        )

    def _retranslate(self) -> None:
        self.writer.setAccessibleName(self.tr("Show drawings of this writer"))
        self.label.setAccessibleName(self.tr("Show drawings with this label"))
        self.right.setAccessibleName(self.tr("Show drawings by how they were read"))
        self._fill()


class _Choices(QComboBox):
    """Wide enough for its longest words, within reason. Ends in … where there is no room for them; Qt would
    cut them off."""

    def sizeHint(self) -> QSize:
        hint, metrics = super().sizeHint(), self.fontMetrics()
        words = [self.itemText(i) for i in range(self.count())] or [""]
        # Qt goes by the ink, and a full-width bracket takes more room than its ink.
        ink = max(metrics.boundingRect(text).width() for text in words)
        room = max(metrics.horizontalAdvance(text) for text in words)
        return QSize(min(hint.width() + max(0, room - ink), _WIDEST), hint.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox,
            option,
            QStyle.SubControl.SC_ComboBoxEditField,
            self,
        )
        option.currentText = self.fontMetrics().elidedText(
            self.currentText(), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)


def _fill(box: QComboBox, choices: Sequence[_Choice], pattern: str) -> None:
    """What was chosen stays chosen. pattern: how name and count are put together, "" for no counts."""
    chosen = box.currentData()
    with QSignalBlocker(box):
        for i, (key, words, count) in enumerate(choices):
            text = words
            if pattern:
                text = pattern.format(name=words, count=QLocale().toString(count))
            if i == box.count():
                box.addItem("")
            if box.itemText(i) != text:
                box.setItemText(i, text)
            box.setItemData(i, key)
        while box.count() > len(choices):
            box.removeItem(box.count() - 1)
        keys = [key for key, _, _ in choices]
        box.setCurrentIndex(keys.index(chosen) if chosen in keys else 0)
