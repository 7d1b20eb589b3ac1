"""What to write, how each character is read, and what to do with the result."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout

from handwrite_app.explaining.mode_panel import ModePanel, rule, small
from handwrite_app.ui.theme import Theme, figures_font
from handwrite_app.ui.tokens import SIZE_TITLE, SPACE
from handwrite_app.ui.widgets.labels_and_buttons import ElidedLabel
from handwrite_app.ui.widgets.layouts import empty
from trainer.handwriting.results import WrittenCharacter, WrittenText
from trainer.handwriting.writing import LONGEST


class HandwritingPanel(ModePanel):
    """A field, a row for each character, and buttons for the whole.

    Signals:
        writeRequested(text): by Enter or the button; the same text is written otherwise each time.
        saveRequested(), placeRequested(): of what was written; the latter is to put it on the paper.
    """

    writeRequested = Signal(str)
    saveRequested = Signal()
    placeRequested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__("handwritingPanel")
        self._theme = theme
        self._characters: list[WrittenCharacter] = []
        self._missing: tuple[str, ...] = ()
        self.field = QLineEdit()
        self.field.setObjectName("textToWrite")
        self.field.setFont(figures_font(SIZE_TITLE))
        self.field.setMaxLength(LONGEST)
        self.write = QPushButton()
        self.write.setObjectName("writeButton")
        self.write.setProperty("primary", True)
        self.write.setAutoDefault(False)
        self.hint = small()
        self.note = small()
        self.note.setObjectName("handNote")
        self.rows: list[ElidedLabel] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(2)
        self.place = QPushButton()
        self.place.setObjectName("placeButton")
        self.save = QPushButton()
        self.save.setObjectName("saveWriting")
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self.field, 1)
        row.addWidget(self.write)
        self._rule: QFrame = rule()
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE)
        for button in (self.place, self.save):
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        self.column.addLayout(row)
        self.column.addWidget(self.hint)
        self.column.addWidget(self._rule)
        self.column.addWidget(self.note)
        self.column.addLayout(self._rows)
        self.column.addLayout(buttons)
        self.column.addStretch(1)
        self.field.returnPressed.connect(self._on_write)
        self.write.clicked.connect(self._on_write)
        self.field.textChanged.connect(self._refresh)
        self.place.clicked.connect(self.placeRequested)
        self.save.clicked.connect(self.saveRequested)
        self.begin()

    def begin(self) -> None:
        """Nothing is written."""
        self._characters, self._missing = [], ()
        self._fill()
        self.set_written(False)

    def add(self, character: WrittenCharacter) -> None:
        self._characters.append(character)
        self._fill()

    def show_text(self, written: WrittenText) -> None:
        self._missing = written.missing
        self.set_message("")
        self._fill()
        self.set_written(True)

    def set_written(self, is_written: bool) -> None:
        for button in (self.place, self.save):
            button.setVisible(is_written)
        self._refresh()

    def set_fresh(self, fresh: bool) -> None:
        """The field stays."""

    def retranslate(self) -> None:
        super().retranslate()
        self.title.setText(self.tr("Write in my hand"))
        self.field.setPlaceholderText(self.tr("A number or a word"))
        self.field.setAccessibleName(self.tr("What to write"))
        self.hint.setText(
            self.tr(
                "Every character is new: made from your saved drawings, and read again until the network is "
                "sure of it."
            )
        )
        self.place.setText(self.tr("Put on the paper"))
        self.save.setText(self.tr("Save…"))
        self._refresh()
        self._fill()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), 400)

    def _refresh(self) -> None:
        self.write.setText(self.tr("Write again") if self._characters else self.tr("Write"))
        self.write.setEnabled(bool(self.field.text().strip()))

    def _on_write(self) -> None:
        if self.field.text().strip():
            self.writeRequested.emit(self.field.text())

    def _fill(self) -> None:
        empty(self._rows)
        self.rows = []
        for character in self._characters:
            label = ElidedLabel(self._row_text(character))
            label.setFont(figures_font(14))
            self.rows.append(label)
            self._rows.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        self._rule.setVisible(bool(self._characters))
        note = ""
        if self._missing:
            note = self.tr(
                "{labels}: none of yours is saved, so a neutral hand wrote it. Save a few with the buttons "
                "beside the paper."
            ).format(labels=" ".join(self._missing))
        self.note.setText(note)
        self.note.setVisible(bool(note))

    def _row_text(self, character: WrittenCharacter) -> str:
        if character.probability is None:
            return self.tr("{label}: not checked, the network does not read it").format(
                label=character.label
            )
        percent = f"{100 * character.probability:.1f}"
        return self.tr("{label}: read with {percent} %").format(
            label=character.label, percent=percent
        )
