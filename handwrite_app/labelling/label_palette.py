"""A palette of all labels, for networks that have more of them than the row has buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QSizePolicy, QToolButton, QWidget

from handwrite_app.labelling.label_actions import in_menus, in_words
from handwrite_app.reading.answers import Answer
from handwrite_app.reading.verdict import CLOSE
from handwrite_app.ui.dialogs.dialog import Dialog, Role
from handwrite_app.ui.theme import scaled, text_font
from handwrite_app.ui.tokens import SIZE_TEXT, SIZE_TITLE, SPACE, TARGET
from trainer.base.labels import LOOK_ALIKES, NO_LABEL

_COLUMNS = 13
_FIRST = 5  # labels that a reading brings to the front


def found(text: str, labels: Sequence[str]) -> list[str]:
    """The labels that a text asks for: those that begin with it, whatever their case, first exactly it, then
    those that look like it."""
    text = text.strip()
    if not text:
        return list(labels)
    alike = {label for group in LOOK_ALIKES if text in group for label in group}
    ranks = {
        label: 0
        if label == text
        else 1
        if label.casefold().startswith(text.casefold())
        else 2
        if label in alike
        else None
        for label in labels
    }
    return sorted(
        (label for label in labels if ranks[label] is not None), key=lambda label: ranks[label] or 0
    )


class LabelPalette(Dialog):
    """A line to type in and a button for every label, named ``palette_`` and the label. Enter takes the first
    that is found."""

    def __init__(
        self,
        parent: QWidget,
        labels: Sequence[str],
        *,
        probable: Sequence[str] = (),
        chosen: Callable[[str], object],
    ) -> None:
        """probable: labels that are offered first, the most probable first. chosen: called with the label."""
        super().__init__(parent, name="labelPalette", width=_COLUMNS * (TARGET + SPACE // 2))
        self.setWindowTitle(self.tr("What is it?"))
        self._labels = (*dict.fromkeys([*probable, *labels]), NO_LABEL)
        self._chosen = chosen
        self.line = QLineEdit()
        self.line.setObjectName("paletteSearch")
        self.line.setPlaceholderText(self.tr("Type a character"))
        self.line.setAccessibleName(self.tr("Type a character"))
        self.line.setClearButtonEnabled(True)
        self.line.textChanged.connect(self._on_typed)
        self.line.installEventFilter(self)
        self._nothing = QLabel(self.tr("No matching label"))
        self._nothing.setProperty("role", "small")
        self._nothing.hide()
        grid = QWidget()
        self._grid = QGridLayout(grid)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACE // 2)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._buttons = {label: self._button(label) for label in self._labels}
        for column in range(_COLUMNS):
            self._grid.setColumnMinimumWidth(column, scaled(TARGET))
        self._place(list(self._labels))
        self.column.addWidget(self.line)
        self.column.addWidget(grid)
        self.column.addWidget(self._nothing)
        self.column.addStretch(1)
        self.add_button(self.tr("Cancel"), self.reject, name="cancelPalette", role=Role.RejectRole)
        self.take_button = self.add_button(
            self.tr("Save"), self._on_take, name="takePalette", role=Role.AcceptRole, default=True
        )
        self.take_button.setEnabled(False)
        self.line.setFocus()

    @property
    def shown(self) -> list[str]:
        """The labels that have a button now, in their order."""
        return self._shown

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrow down leads from the line to the buttons."""
        if (
            watched is self.line
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Down
            and self._shown
        ):
            self._buttons[self._shown[0]].setFocus()
            return True
        return super().eventFilter(watched, event)

    def _button(self, label: str) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"palette_{label}")
        button.setProperty("label", True)
        text = in_menus(label, self._labels[:-1])
        button.setFont(text_font(SIZE_TITLE if len(text) == 1 else SIZE_TEXT))
        button.setText(text)
        button.setAccessibleName(in_words(label, self._labels[:-1]))
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.clicked.connect(lambda _checked=False: self._take(label))
        return button

    def _place(self, labels: list[str]) -> None:
        self._shown = labels
        for row in range(self._grid.rowCount()):
            self._grid.setRowMinimumHeight(row, 0)
        for button in self._buttons.values():
            self._grid.removeWidget(button)
            button.hide()
        place = 0
        for label in labels:
            # Words want more than one cell.
            span = 1 if len(label) == 1 else 3
            if place % _COLUMNS + span > _COLUMNS:
                place += _COLUMNS - place % _COLUMNS
            row, column = divmod(place, _COLUMNS)
            self._grid.setRowMinimumHeight(row, scaled(TARGET))
            self._grid.addWidget(self._buttons[label], row, column, 1, span)
            self._buttons[label].show()
            place += span

    def _on_typed(self, text: str) -> None:
        labels = found(text, [label for label in self._labels if label != NO_LABEL])
        self._place(labels if text.strip() else list(self._labels))
        self._nothing.setVisible(not labels)
        self.take_button.setEnabled(bool(text.strip() and labels))

    def _on_take(self) -> None:
        self._take(self._shown[0])

    def _take(self, label: str) -> None:
        self.accept()
        self._chosen(label)


def open_palette(
    parent: QWidget,
    labels: Sequence[str],
    answer: Answer | None,
    chosen: Callable[[str], object],
) -> None:
    """Opens it over the window, the most probable labels of the answer first."""
    probable: list[str] = []
    if answer is not None and answer.reading.probabilities:
        pairs = zip(answer.reading.probabilities, answer.reading.labels, strict=True)
        ranked = [label for p, label in sorted(pairs, reverse=True) if p >= CLOSE]
        probable = [label for label in ranked[:_FIRST] if label in labels]
    palette = LabelPalette(parent, labels, probable=probable, chosen=chosen)
    palette.finished.connect(palette.deleteLater)
    palette.open()
