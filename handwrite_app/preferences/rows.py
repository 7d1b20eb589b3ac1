"""Rows of the settings' window: a title, a control, and the way back to the default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.preferences.entries import is_folder
from handwrite_app.preferences.entry import Preference
from handwrite_app.ui.dialogs.dialog import WheelGuard, dress
from handwrite_app.ui.theme import Theme, scaled
from handwrite_app.ui.tokens import SPACE
from handwrite_app.ui.widgets.labels_and_buttons import IconButton
from handwrite_app.ui.widgets.numbers import RealBox, WholeBox

#: Width of the controls, so that they stand in one column.
_CONTROL = 232


class Row(QWidget):
    """One line: title and gloss left, the control right, then the button back to the default.

    Signals:
        changed(): the value is another one.
    """

    changed = Signal()

    def __init__(self, title: str, gloss: str, theme: Theme) -> None:
        super().__init__()
        self.title = QLabel(title)
        self.title.setWordWrap(True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self.title)
        self.gloss = QLabel(gloss)
        self.gloss.setProperty("role", "small")
        self.gloss.setWordWrap(True)
        self.gloss.setVisible(bool(gloss))
        words.addWidget(self.gloss)
        self.reset = IconButton("undo", tr("Back to the default"), theme)
        self.reset.setAccessibleName(tr("Back to the default: {title}").format(title=title))
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self.line = QHBoxLayout(self)
        self.line.setContentsMargins(0, 0, 0, 0)
        self.line.setSpacing(SPACE)
        self.line.addLayout(words, 1)
        self.line.addWidget(self.reset)

    def put(self, control: QWidget) -> None:
        """Adds the control, which takes its name from the title."""
        control.setMinimumWidth(scaled(_CONTROL))
        self.line.insertWidget(1, control)
        self.title.setBuddy(control)


class EntryRow(Row):
    """The row of one entry. What is changed holds at once."""

    def __init__(self, entry: Preference, theme: Theme, wheel: WheelGuard) -> None:
        super().__init__(entry.title, entry.reason or entry.gloss, theme)
        self.entry = entry
        makers: dict[str, Callable[[], QWidget]] = {
            "flag": self._flag,
            "choice": self._choice,
            "number": self._number,
            "decimal": self._decimal,
            "slider": self._slider,
            "folder": self._folder,
        }
        self._show: Callable[[Any], None] = lambda _: None
        self.control = makers[entry.kind]()
        self.control.setObjectName(f"set_{entry.key}")
        self.control.setAccessibleName(entry.title)
        self.control.setAccessibleDescription(entry.gloss)
        self.control.setEnabled(not entry.reason)
        wheel.guard(self.control)
        if not self.control.parent():
            self.put(self.control)
        self.reset.clicked.connect(self.restore)
        self.refresh()

    def restore(self) -> None:
        """Back to the default."""
        if self.entry.get() != self.entry.default:
            self._set(self.entry.default)
            self.refresh()

    def refresh(self) -> None:
        """Shows the value as it is now."""
        self.control.blockSignals(True)
        self._show(self.entry.get())
        self.control.blockSignals(False)
        is_changed = self.entry.get() != self.entry.default and not self.entry.reason
        self.reset.setVisible(is_changed)

    def _set(self, value: Any) -> None:
        self.entry.set(value)
        self.refresh()
        self.changed.emit()

    def _flag(self) -> QWidget:
        box = QCheckBox()
        box.toggled.connect(self._set)
        self._show = box.setChecked
        return box

    def _choice(self) -> QWidget:
        box = QComboBox()
        for value, text in self.entry.choices:
            box.addItem(text, value)
        box.activated.connect(lambda index: self._set(box.itemData(index)))
        self._show = lambda value: box.setCurrentIndex(box.findData(value))
        return box

    def _number(self) -> QWidget:
        box = WholeBox()
        box.setRange(round(self.entry.least), round(self.entry.most))
        return self._spin(box)

    def _decimal(self) -> QWidget:
        box = RealBox()
        box.setDecimals(1)
        box.setSingleStep(0.1)
        box.setRange(self.entry.least, self.entry.most)
        return self._spin(box)

    def _spin(self, box: WholeBox | RealBox) -> QWidget:
        box.setSuffix(self.entry.suffix)
        box.setAlignment(Qt.AlignmentFlag.AlignRight)
        box.setKeyboardTracking(False)
        box.valueChanged.connect(self._set)
        self._show = box.setValue
        return box

    def _slider(self) -> QWidget:
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(round(self.entry.least), round(self.entry.most))
        slider.valueChanged.connect(self._set)
        self._show = slider.setValue
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(0)
        grid.addWidget(slider, 0, 0, 1, 2)
        for column, (text, side) in enumerate(
            zip(
                self.entry.ends,
                (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight),
                strict=True,
            )
        ):
            end = QLabel(text)
            end.setProperty("role", "small")
            grid.addWidget(end, 1, column, side)
        self.put(holder)
        self.title.setBuddy(slider)
        return slider

    def _folder(self) -> QWidget:
        line = QLineEdit()
        line.setClearButtonEnabled(True)
        line.editingFinished.connect(lambda: self._take_folder(line))
        self._show = lambda text: self._show_folder(line, text)
        choose = QPushButton(tr("Choose…"))
        choose.setAutoDefault(False)
        choose.clicked.connect(lambda: self._choose_folder(line))
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(line, 1)
        row.addWidget(choose)
        self.put(holder)
        self.title.setBuddy(line)
        return line

    def _show_folder(self, line: QLineEdit, text: str) -> None:
        line.setText(text)
        dress(line, "wrong", False)
        self.gloss.setText(self.entry.gloss)

    def _take_folder(self, line: QLineEdit) -> None:
        text = line.text().strip()
        fits = is_folder(text)
        dress(line, "wrong", not fits)
        self.gloss.setText(self.entry.gloss if fits else tr("There is no such folder."))
        if fits and text != self.entry.get():
            self._set(text)

    def _choose_folder(self, line: QLineEdit) -> None:
        dialog = QFileDialog(self, tr("Data folder"), line.text())
        dialog.setFileMode(QFileDialog.FileMode.Directory)

        def on_selected(path: str) -> None:
            line.setText(path)
            self._take_folder(line)

        dialog.fileSelected.connect(on_selected)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def tr(text: str) -> str:
    return QCoreApplication.translate("Preferences", text)
