"""The fields of the training dialog: one input for each setting of TrainConfig."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.ui.dialogs.dialog import dress
from handwrite_app.ui.tokens import SPACE
from handwrite_app.ui.widgets.numbers import FieldError, RealBox, WholeBox, real
from trainer.datasets.spec import DATASET_NAMES
from trainer.models.weights import stored_weights
from trainer.runs.config import Setting

_DECIMALS = 8  # an L1 penalty is one like 0.00001
#: A higher learning rate than this hardly ever learns anything.
_HIGH_RATE = 0.1

translate = QCoreApplication.translate


def translated(text: str) -> str:
    """A text of TrainConfig, which knows no Qt: translations list its texts under this context."""
    return translate("TrainConfig", text) if text else ""


def hint_of(setting: Setting) -> str:
    """Limits, unit and gloss in a line."""
    number = QLocale().toString
    gloss = translated(setting.gloss)
    if setting.choices or setting.most is None:
        return gloss[:1].upper() + gloss[1:]
    words = translate("TrainingDialog", "{least} to {most}")
    limits = words.format(
        least=number(float(setting.least or 0), "g", 8), most=number(float(setting.most), "g", 8)
    )
    unit = f" {translated(setting.unit)}" if setting.unit else ""
    return f"{limits}{unit} · {gloss}"


class Field(QWidget):
    """An input with a line below it, which says what is wrong with it or doubtful."""

    def __init__(
        self,
        name: str,
        setting: Setting,
        input_: QWidget,
        *,
        take: Callable[[], Any],
        put: Callable[[Any], None],
    ) -> None:
        """take: the value; raises FieldError. put: shows a value."""
        super().__init__()
        self.name, self.setting, self.input = name, setting, input_
        self.take, self._put = take, put
        self.is_wrong = False
        self.label = QLabel(translated(setting.label))
        gloss = translated(setting.gloss)
        gloss = gloss[:1].upper() + gloss[1:]
        input_.setObjectName(name)
        input_.setAccessibleName(translated(setting.label))
        input_.setAccessibleDescription(gloss)
        input_.setToolTip(gloss)
        self.label.setToolTip(gloss)
        self.label.setBuddy(input_)
        self.note = QLabel()
        self.note.setObjectName(f"{name}Note")
        self.note.setProperty("role", "small")
        self.note.setWordWrap(True)
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.note.hide()
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE // 2)
        column.addWidget(input_)
        column.addWidget(self.note)
        if setting.advanced:
            self.hint = QLabel(hint_of(setting))
            self.hint.setProperty("role", "small")
            self.hint.setWordWrap(True)
            self.hint.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            column.addWidget(self.hint)
        self.setFocusProxy(input_)

    def put_beside(self, widget: QWidget) -> None:
        """In one line with the input."""
        widget.setProperty("beside", True)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(self.input, 1)
        row.addWidget(widget)
        self._column.insertLayout(0, row)

    def put(self, value: Any) -> None:
        self._put(value)
        self.clear()

    def clear(self) -> None:
        """Nothing is wrong with it any more."""
        self.say("", wrong=False)

    def say(self, text: str, *, wrong: bool) -> None:
        """Shows this below it; wrong: it is marked, and a run cannot begin so."""
        self.is_wrong = wrong
        self.note.setText(text)
        self.note.setVisible(bool(text))
        gloss = self.label.toolTip()
        self.input.setAccessibleDescription(f"{text} {gloss}" if text else gloss)
        for widget in (self.input, self.note):
            dress(widget, "wrong", wrong)


def field_of(name: str, setting: Setting, kind: type, absent: Mapping[str, str]) -> Field:
    """kind: of its values. absent: device → why it cannot be chosen."""
    if kind is int:
        return _whole(name, setting)
    if kind is float:
        # A learning rate spans seven orders of magnitude: no spin box does.
        return _rate(name, setting) if name == "learning_rate" else _real(name, setting)
    return _choice(name, setting, absent) if setting.choices else _text(name, setting)


def _whole(name: str, setting: Setting) -> Field:
    box = WholeBox()
    box.setRange(int(setting.least or 0), 2**31 - 1 if setting.most is None else int(setting.most))
    box.setSpecialValueText(translated(setting.at_least))

    def take() -> int:
        box.check()
        return box.value()

    return Field(name, setting, box, take=take, put=box.setValue)


def _real(name: str, setting: Setting) -> Field:
    box = RealBox()
    box.setDecimals(_DECIMALS)
    box.setSingleStep(1.0 if (setting.most or 1.0) > 1 else 0.01)
    box.setRange(setting.least or 0.0, 1.0 if setting.most is None else setting.most)
    box.setSpecialValueText(translated(setting.at_least))

    def take() -> float:
        box.check()
        return box.value()

    return Field(name, setting, box, take=take, put=box.setValue)


def _rate(name: str, setting: Setting) -> Field:
    edit = QLineEdit()
    edit.setPlaceholderText(translated(setting.at_least))
    least, most = setting.least or 0.0, setting.most or math.inf

    def take() -> float:
        if not edit.text().strip():
            return 0.0
        value = real(edit.text())
        if not least <= value <= most:
            words = translate("TrainingDialog", "A learning rate lies between {least} and {most}.")
            ends = (QLocale().toString(end, "g", 6) for end in (least, most))
            raise FieldError(words.format(**dict(zip(("least", "most"), ends, strict=True))))
        return value

    def put(value: float) -> None:
        edit.setText(QLocale().toString(value, "g", 6) if value else "")

    field = Field(name, setting, edit, take=take, put=put)

    def on_edited() -> None:
        try:
            high = take() > _HIGH_RATE
        except FieldError:
            high = False
        words = translate(
            "TrainingDialog", "With more than {limit} a network hardly ever learns anything."
        ).format(limit=QLocale().toString(_HIGH_RATE, "g", 6))
        field.say(words if high else "", wrong=False)

    edit.textChanged.connect(on_edited)
    return field


def _choice(name: str, setting: Setting, absent: Mapping[str, str]) -> Field:
    box = QComboBox()
    for choice in setting.choices:
        box.addItem(translated(choice), choice)
        reason = absent.get(choice) if name == "device" else None
        if reason:
            item = box.model().item(box.count() - 1)  # type: ignore[attr-defined]
            item.setEnabled(False)
            words = translate("TrainingDialog", "{device}: {reason}")
            item.setText(words.format(device=translated(choice), reason=reason))
            item.setToolTip(reason)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(20)

    def put(value: str) -> None:
        if setting.open and box.findData(value) < 0:
            box.addItem(value, value)
        box.setCurrentIndex(box.findData(value))

    return Field(name, setting, box, take=box.currentData, put=put)


def _text(name: str, setting: Setting) -> Field:
    """A text that is checked when training starts, with suggestions."""
    box = QComboBox()
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    box.addItems(_suggestions(name))
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(20)
    return Field(name, setting, box, take=lambda: box.currentText().strip(), put=box.setEditText)


def _suggestions(name: str) -> list[str]:
    if name == "dataset":
        return list(DATASET_NAMES)
    return ["", *(entry.name for entry in stored_weights() if entry.card is not None)]
