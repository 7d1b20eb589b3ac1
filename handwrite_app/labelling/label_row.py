"""The row of labels beside the paper: what the drawing truly is, with one touch."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QToolButton, QWidget

from handwrite_app.ui.theme import text_font
from handwrite_app.ui.tokens import SIZE_TEXT, SIZE_TITLE, SPACE, TARGET

#: Between two buttons, and the height of the word above them, in device-independent pixels.
GAP = SPACE // 2
CAPTION = 20
#: Up to this many labels all have a button, as all have a bar with its percent.
FEW = 12
_WIDEST = 120
#: Where there is room, the buttons of one column stand so far apart, from top to top.
_PITCH = 7 * SPACE


class LabelRow(QWidget):
    """A button for every label, named ``correct_`` and the label, as far as there is room.

    Where there is not, the labels that the network holds for most probable have one, in their usual order,
    and the last button opens the menu with all of them.

    Signals:
        labelChosen(label). labelsChanged(): it wants to be arranged anew.
    """

    labelChosen = Signal(str)
    labelsChanged = Signal()

    def __init__(self, menu: QMenu, parent: QWidget | None = None) -> None:
        """menu: the one with all labels."""
        super().__init__(parent)
        self.setObjectName("correctionRow")
        self._labels: tuple[str, ...] = ()
        self._ranking: tuple[str, ...] = ()
        self._buttons: dict[str, QToolButton] = {}
        self._kept: str | None = None
        self._place = (True, 1, 1)
        self._caption = QLabel(self)
        self._caption.setProperty("role", "small")
        self._caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._more = QToolButton(self)
        self._more.setObjectName("correctMore")
        self._more.setProperty("label", True)
        self._more.setText("…")
        self._more.setMenu(menu)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._retranslate()

    @property
    def count(self) -> int:
        """How many labels there are."""
        return len(self._labels)

    @property
    def cell_width(self) -> int:
        """Width of a button on which the longest label has room, or ends in …"""
        if all(len(label) == 1 for label in self._labels):
            return TARGET
        metrics = QFontMetrics(text_font(SIZE_TEXT))
        widest = max(metrics.horizontalAdvance(label) for label in self._labels)
        return min(max(TARGET, widest + 2 * SPACE), _WIDEST)

    def set_labels(self, labels: Sequence[str]) -> None:
        """The same labels change nothing."""
        if tuple(labels) == self._labels:
            return
        self._labels = self._ranking = tuple(labels)
        for button in self._buttons.values():
            button.hide()
            button.deleteLater()
        width = self.cell_width
        font = text_font(SIZE_TITLE if width == TARGET else SIZE_TEXT)
        metrics = QFontMetrics(font)
        self._buttons = {}
        for label in self._labels:
            button = QToolButton(self)
            button.setObjectName(f"correct_{label}")
            button.setProperty("label", True)
            button.setFont(font)
            shown = metrics.elidedText(label, Qt.TextElideMode.ElideRight, width - SPACE)
            button.setText(shown.replace("&", "&&"))
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, label=label: self._on_clicked(label))
            self._buttons[label] = button
        self._show_kept()
        self._retranslate()
        self.labelsChanged.emit()

    def set_shown(self, shown: bool) -> None:
        """Hidden it gives its room to the paper."""
        self.setVisible(shown)
        self.labelsChanged.emit()

    def rank(self, probabilities: Sequence[float]) -> None:
        """How probable the network holds each label: where not all have a button, the first ones do."""
        order = sorted(zip(probabilities, self._labels, strict=True), key=lambda pair: -pair[0])
        self._ranking = tuple(label for _, label in order)
        if len(self._shown()) < self.count:
            self._lay_out()

    def show_kept(self, label: str | None) -> None:
        """As what the drawing on the paper is kept; None where it is not."""
        if label != self._kept:
            self._kept = label
            self._show_kept()

    def arrange(self, beside: bool, columns: int, rows: int) -> None:
        """beside: the row runs from top to bottom, else from left to right. So many cells are there."""
        self._place = (beside, columns, rows)
        self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_out()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _on_clicked(self, label: str) -> None:
        self._show_kept()  # Qt has toggled the button; what is kept decides
        self.labelChosen.emit(label)

    def _show_kept(self) -> None:
        for label, button in self._buttons.items():
            button.setChecked(label == self._kept)

    def _shown(self) -> list[str]:
        """The labels that have a button, in their order."""
        _, columns, rows = self._place
        cells = columns * rows
        if cells >= self.count:
            return list(self._labels)
        first = set(self._ranking[: max(0, cells - 1)])
        return [label for label in self._labels if label in first]

    def _lay_out(self) -> None:
        shown = self._shown()
        for label, button in self._buttons.items():
            button.setVisible(label in shown)
        buttons = [self._buttons[label] for label in shown]
        self._more.setVisible(len(shown) < self.count)
        if len(shown) < self.count:
            buttons.append(self._more)
        if buttons:
            for button, cell in zip(buttons, self._cells(len(buttons)), strict=True):
                button.setGeometry(cell)

    def _cells(self, count: int) -> list[QRect]:
        """Where the buttons go; also puts the word where it belongs, or hides it."""
        beside, columns, rows = self._place
        width, pitch = self.cell_width, TARGET + GAP
        if beside:
            columns = math.ceil(count / rows)
            rows = math.ceil(count / columns)
            if columns == 1:
                pitch = min(max(pitch, (self.height() - CAPTION) // rows), _PITCH)
            top = max(0, (self.height() - CAPTION - rows * pitch + GAP) // 2)
            self._caption.setGeometry(0, top, self.width(), CAPTION)
            self._caption.show()
            left, top = 0, top + CAPTION
            places = [(i // rows, i % rows) for i in range(count)]
        else:
            rows = math.ceil(count / columns)
            columns = math.ceil(count / rows)
            group = columns * (width + GAP) - GAP
            left, top = (self.width() - group) // 2, 0
            words = self._caption.sizeHint().width()
            self._caption.setGeometry(left - SPACE - words, 0, words, TARGET)
            self._caption.setVisible(left >= SPACE + words)
            places = [(i % columns, i // columns) for i in range(count)]
        return [
            QRect(left + column * (width + GAP), top + row * pitch, width, TARGET)
            for column, row in places
        ]

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("What it is"))
        self._caption.setText(self.tr("It is"))
        self._more.setToolTip(self.tr("All labels"))
        self._more.setAccessibleName(self.tr("All labels"))
        for label, button in self._buttons.items():
            words = self.tr("Keep as {label}").format(label=label)
            button.setAccessibleName(words)
            button.setToolTip(words)
