"""The row of labels beside the paper: labels the drawing with one touch."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QLabel, QMenu, QToolButton, QWidget

from handwrite_app.labelling.label_actions import in_words
from handwrite_app.ui.theme import scaled, text_font
from handwrite_app.ui.tokens import SIZE_TEXT, SIZE_TITLE, SPACE, TARGET
from trainer.base.labels import NO_LABEL

#: Between two buttons, and the height of the word above them, in device-independent pixels.
GAP = SPACE // 2
CAPTION = 20
#: Up to this many buttons are all there, as all labels have a bar with its percent.
FEW = 12
NONE_SIGN = "∅"
_WIDEST = 120
#: Where there is room, the buttons of one column stand so far apart, from top to top.
_PITCH = 7 * SPACE


class LabelRow(QWidget):
    """A button for every label, named ``correct_`` and the label, as far as there is room; where labels are
    few, and there is room, one for "none of them" as well.

    Where there is not, the labels that the network holds for most probable have one, in their usual order,
    and the last button opens the menu with all of them.

    Signals:
        labelChosen(label). labelsChanged(): it has to be arranged again. allWanted(): all of many labels
        are to be shown; of a few a menu shows them.
    """

    labelChosen = Signal(str)
    labelsChanged = Signal()
    allWanted = Signal()

    def __init__(self, menu: QMenu, parent: QWidget | None = None) -> None:
        """menu: the one with all labels."""
        super().__init__(parent)
        self.setObjectName("correctionRow")
        self._names: tuple[str, ...] = ()  # the network's
        self._labels: tuple[str, ...] = ()  # those that may have a button
        self._ranking: tuple[str, ...] = ()
        self._buttons: dict[str, QToolButton] = {}
        self._saved: str | None = None
        self._place = (True, 1, 1)
        self._scale = scaled(TARGET)
        self._caption = QLabel(self)
        self._caption.setProperty("role", "small")
        self._caption.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._more = QToolButton(self)
        self._more.setObjectName("correctMore")
        self._more.setProperty("label", True)
        self._more.setText("…")
        self._menu = menu
        self._more.clicked.connect(self._on_more)
        self._open_menu(True)
        self._retranslate()

    @property
    def count(self) -> int:
        """How many buttons there are where there is room."""
        return len(self._labels)

    @property
    def needed(self) -> int:
        """How many of them the paper makes room for."""
        return len(self._names)

    @property
    def cell_width(self) -> int:
        """Width of a button on which the longest label has room, or ends in …"""
        if all(len(label) == 1 or label == NO_LABEL for label in self._labels):
            return scaled(TARGET)
        metrics = QFontMetrics(text_font(SIZE_TEXT))
        widest = max(metrics.horizontalAdvance(label) for label in self._labels)
        return min(max(scaled(TARGET), widest + 2 * SPACE), scaled(_WIDEST))

    def set_labels(self, labels: Sequence[str]) -> None:
        """The same labels change nothing."""
        wanted = (*labels, NO_LABEL) if len(labels) < FEW else tuple(labels)
        if wanted == self._labels:
            return
        self._names = tuple(labels)
        self._labels = self._ranking = wanted
        self._open_menu(len(labels) <= FEW)
        for button in self._buttons.values():
            button.hide()
            button.deleteLater()
        self._buttons = {}
        for label in self._labels:
            button = QToolButton(self)
            button.setObjectName(f"correct_{label}")
            button.setProperty("label", True)
            button.setCheckable(True)
            button.clicked.connect(lambda _checked=False, label=label: self._on_clicked(label))
            self._buttons[label] = button
        self._fit_words()
        self._show_saved()
        self._retranslate()
        self.labelsChanged.emit()

    def _fit_words(self) -> None:
        """The labels in the application's scale, cut where a button has no room for them."""
        width = self.cell_width
        font = text_font(SIZE_TITLE if width == scaled(TARGET) else SIZE_TEXT)
        metrics = QFontMetrics(font)
        for label, button in self._buttons.items():
            button.setFont(font)
            text = NONE_SIGN if label == NO_LABEL else label
            shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, width - SPACE)
            button.setText(shown.replace("&", "&&"))

    def set_shown(self, shown: bool) -> None:
        """Hidden it gives its room to the paper."""
        self.setVisible(shown)
        self.labelsChanged.emit()

    def rank(self, probabilities: Sequence[float]) -> None:
        """How probable the network holds each label: where not all have a button, the first ones do."""
        order = sorted(zip(probabilities, self._names, strict=True), key=lambda pair: -pair[0])
        self._ranking = tuple(label for _, label in order)
        if len(self._shown()) < self.needed:
            self._lay_out()

    def show_saved(self, label: str | None) -> None:
        """The label of the drawing on the paper in the store; None where it is not there."""
        if label != self._saved:
            self._saved = label
            self._show_saved()

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
        elif event.type() == QEvent.Type.StyleChange:
            # Once the buttons have the new style too, which brings their first font back.
            QTimer.singleShot(0, self, self._fit_words)
            if self._scale != scaled(TARGET):
                self._scale = scaled(TARGET)
                self.labelsChanged.emit()

    def _open_menu(self, opens: bool) -> None:
        """Whether the last button opens the menu with all labels, or asks for them."""
        popup = QToolButton.ToolButtonPopupMode
        self._more.setMenu(self._menu if opens else None)  # type: ignore[arg-type]
        self._more.setPopupMode(popup.InstantPopup if opens else popup.DelayedPopup)

    def _on_more(self) -> None:
        if self._more.menu() is None:
            self.allWanted.emit()

    def _on_clicked(self, label: str) -> None:
        self._show_saved()  # Qt has toggled the button; the store decides
        self.labelChosen.emit(label)

    def _show_saved(self) -> None:
        for label, button in self._buttons.items():
            button.setChecked(label == self._saved)

    def _shown(self) -> list[str]:
        """The labels that have a button, in their order."""
        _, columns, rows = self._place
        cells = columns * rows
        for labels in (self._labels, self._names):
            if cells >= len(labels):
                return list(labels)
        first = set(self._ranking[: max(0, cells - 1)])
        return [label for label in self._labels if label in first]

    def _lay_out(self) -> None:
        shown = self._shown()
        for label, button in self._buttons.items():
            button.setVisible(label in shown)
        buttons = [self._buttons[label] for label in shown]
        self._more.setVisible(len(shown) < self.needed)
        if len(shown) < self.needed:
            buttons.append(self._more)
        if buttons:
            for button, cell in zip(buttons, self._cells(len(buttons)), strict=True):
                button.setGeometry(cell)

    def _cells(self, count: int) -> list[QRect]:
        """Where the buttons go; also puts the word where it belongs, or hides it."""
        beside, columns, rows = self._place
        width, pitch = self.cell_width, scaled(TARGET) + GAP
        caption = scaled(CAPTION)
        if beside:
            columns = math.ceil(count / rows)
            rows = math.ceil(count / columns)
            if columns == 1:
                pitch = min(max(pitch, (self.height() - caption) // rows), scaled(_PITCH))
            top = max(0, (self.height() - caption - rows * pitch + GAP) // 2)
            self._caption.setGeometry(0, top, self.width(), caption)
            self._caption.show()
            left, top = 0, top + caption
            places = [(i // rows, i % rows) for i in range(count)]
        else:
            rows = math.ceil(count / columns)
            columns = math.ceil(count / rows)
            group = columns * (width + GAP) - GAP
            left, top = (self.width() - group) // 2, 0
            words = self._caption.sizeHint().width()
            self._caption.setGeometry(left - SPACE - words, 0, words, scaled(TARGET))
            self._caption.setVisible(left >= SPACE + words)
            places = [(i % columns, i // columns) for i in range(count)]
        return [
            QRect(left + column * (width + GAP), top + row * pitch, width, scaled(TARGET))
            for column, row in places
        ]

    def _retranslate(self) -> None:
        self.setAccessibleName(self.tr("Label"))
        self._caption.setText(self.tr("It is"))
        self._more.setToolTip(self.tr("All labels"))
        self._more.setAccessibleName(self.tr("All labels"))
        for label, button in self._buttons.items():
            words = self.tr("Label as {label}").format(label=in_words(label, self._names))
            button.setAccessibleName(words)
            button.setToolTip(words)
