"""The dialog that starts a training run: its fields are TrainConfig's."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, get_type_hints

from PySide6.QtCore import QCoreApplication, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QWidget,
)

from handwrite_app.training.fields import Field, field_of
from handwrite_app.ui.dialogs.dialog import Dialog, Role, WheelGuard
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.tokens import SPACE
from handwrite_app.ui.widgets.numbers import FieldError
from trainer.base.errors import ConfigError
from trainer.runs.config import TrainConfig, settings


class TrainingDialog(Dialog):
    """Asks for a run's settings.

    Signals:
        configured(TrainConfig): the person wants this run.
    """

    configured = Signal(object)

    def __init__(
        self,
        config: TrainConfig | None = None,
        *,
        absent_devices: dict[str, str] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """config: what the fields show first. absent_devices: name → why it cannot be chosen."""
        super().__init__(parent, name="trainingDialog", width=520)
        self.setWindowTitle(self.tr("Train a network"))
        self._absent = absent_devices or {}
        self._fields: dict[str, Field] = {}
        introduction = QLabel(
            self.tr(
                "The network learns in the background; you can draw meanwhile. "
                "Afterwards you compare it with the one in use and decide which to keep."
            )
        )
        introduction.setWordWrap(True)
        introduction.setProperty("role", "muted")
        self._basic = _form()
        self._folded = QWidget()
        self._advanced = _form(self._folded)
        self._wheel = WheelGuard(self)
        hints = get_type_hints(TrainConfig)
        for name, setting in settings().items():
            field = field_of(name, setting, hints[name], self._absent)
            (self._advanced if setting.advanced else self._basic).addRow(field.label, field)
            self._fields[name] = field
            self._wheel.guard(field.input)
            self._watch(field)
        width = max(field.label.sizeHint().width() for field in self._fields.values())
        for field in self._fields.values():
            field.label.setMinimumWidth(width)  # one column in both forms
        self._fold = QPushButton(self)
        self._fold.setObjectName("showAdvanced")
        self._fold.setProperty("fold", True)
        self._fold.setCheckable(True)
        self._fold.setAutoDefault(False)
        self._fold.toggled.connect(self._on_fold_toggled)
        self.problem = QLabel()
        self.problem.setObjectName("problem")
        self.problem.setProperty("wrong", True)
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.column.addWidget(introduction)
        self.column.addLayout(self._basic)
        self.column.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self._folded)
        self.column.addWidget(self.problem)
        self.column.addStretch(1)
        self.add_button(
            self.tr("Restore defaults"),
            self._on_restore_defaults,
            name="restoreDefaults",
            role=Role.ResetRole,
        )
        self.add_button(self.tr("Cancel"), self.reject, name="cancelTraining", role=Role.RejectRole)
        self.start_button = self.add_button(
            self.tr("Start training"),
            self._on_start,
            name="startTraining",
            role=Role.AcceptRole,
            default=True,
        )
        self._folded.hide()
        self.set_config(config or TrainConfig())
        self._fields["network"].setFocus()

    def set_config(self, config: TrainConfig) -> None:
        """Shows this configuration's values; a device that is absent here becomes auto."""
        if config.device in self._absent:
            config = dataclasses.replace(config, device="auto")
        for name, field in self._fields.items():
            field.put(getattr(config, name))
        self._on_changed()

    def config(self) -> TrainConfig:
        """What the fields say. Raises FieldError or ConfigError."""
        return TrainConfig(**{name: field.take() for name, field in self._fields.items()})

    def field(self, name: str) -> QWidget:
        """The input of a setting, for tests and automation; its objectName is the same name."""
        return self._fields[name].input

    def note(self, name: str) -> str:
        """What is said below a setting's input."""
        return self._fields[name].note.text()

    @property
    def fold(self) -> QPushButton:
        """Shows and hides the settings that most runs leave as they are."""
        return self._fold

    # --- what the fields say -------------------------------------------------------------------------

    def _watch(self, field: Field) -> None:
        def on_edited() -> None:
            if field.is_wrong:
                field.clear()
            self._on_changed()

        match field.input:
            case QComboBox():
                field.input.currentTextChanged.connect(on_edited)
            case QLineEdit():
                field.input.textChanged.connect(on_edited)
            case QAbstractSpinBox():
                field.input.valueChanged.connect(on_edited)  # type: ignore[attr-defined]
                field.input.lineEdit().textEdited.connect(on_edited)

    def _on_changed(self) -> None:
        self.problem.hide()
        minutes = self._fields["minutes"].input
        # A time budget takes the place of the number of epochs.
        has_budget = minutes.value() > 0  # type: ignore[attr-defined]
        self._fields["epochs"].input.setEnabled(not has_budget)
        self._fields["epochs"].label.setEnabled(not has_budget)
        self._show_fold()

    def _changed_in_fold(self) -> int:
        """How many of the folded settings are not what they are by default."""
        default = TrainConfig()
        count = 0
        for name, field in self._fields.items():
            if field.setting.advanced:
                try:
                    count += field.take() != getattr(default, name)
                except FieldError:
                    count += 1
        return count

    def _show_fold(self) -> None:
        count = self._changed_in_fold()
        mark = "▾" if self._fold.isChecked() else "▸"
        if count:
            words = self.tr("Advanced · {count} changed").format(count=QLocale().toString(count))
        else:
            words = self.tr("Advanced")
        self._fold.setText(f"{mark}  {words}")
        self._fold.setAccessibleName(words)

    def _on_fold_toggled(self, shown: bool) -> None:
        self._folded.setVisible(shown)
        self._show_fold()
        if self.isVisible():
            self.fit()

    def _on_restore_defaults(self) -> None:
        self.set_config(TrainConfig())

    def _on_start(self) -> None:
        values: dict[str, Any] = {}
        for name, field in self._fields.items():
            try:
                values[name] = field.take()
            except FieldError as error:
                self._refuse(name, str(error))
                return
        try:
            config = TrainConfig(**values)
        except ConfigError as error:
            self._refuse(_wrong_one(values), _in_short(error))
            return
        self.configured.emit(config)
        self.accept()

    def _refuse(self, name: str | None, text: str) -> None:
        """Says what is wrong at the field that is wrong, and shows it; name: None where it is not known."""
        if name is None:
            self.problem.setText(text)
            self.problem.show()
            self.fit()
            self.show_in_view(self.problem)
            return
        field = self._fields[name]
        if field.setting.advanced:
            self._fold.setChecked(True)
        field.say(text, wrong=True)
        field.input.setFocus()
        self.fit()
        QCoreApplication.sendPostedEvents()  # the layout's, or what is scrolled to is where it was
        self.show_in_view(field)


def _in_short(error: ConfigError) -> str:
    """Its sentence; of the grammar of data what a person needs who has a list to choose from."""
    message = error.message
    if "grammar" in message.parameters:
        grammar = QCoreApplication.translate(
            "TrainingDialog",
            "Choose from the list, or name your own: strokes:FILE, folder:FOLDER, npz:FILE or csv:FILE. "
            "Several are joined by +.",
        )
        message = dataclasses.replace(
            message, parameters={**message.parameters, "grammar": grammar}
        )
    text = sentence(message)
    return text[:1].upper() + text[1:]


def _wrong_one(values: Mapping[str, Any]) -> str | None:
    """Which of these values no run can have, whatever the others are."""
    base = {"network": values["network"], "start": values["start"]}
    for name, value in values.items():
        try:
            TrainConfig(**{**base, name: value})
        except ConfigError:
            return name
    return None


def _form(parent: QWidget | None = None) -> QFormLayout:
    form = QFormLayout(parent) if parent is not None else QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setHorizontalSpacing(2 * SPACE)
    form.setVerticalSpacing(SPACE)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form
