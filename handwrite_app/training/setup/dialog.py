"""The dialog that starts a training run: data, network, method and a review on one page.

Its fields are TrainConfig's.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from PySide6.QtCore import QCoreApplication, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QBoxLayout,
    QComboBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.training.setup.config_files import ConfigFiles
from handwrite_app.training.setup.fields import Field, field_of
from handwrite_app.training.setup.own_data import OwnData
from handwrite_app.training.setup.preset_box import PresetBox
from handwrite_app.training.setup.review import Review
from handwrite_app.ui.dialogs.dialog import Dialog, Role, WheelGuard, room_for
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.theme import scaled, text_font
from handwrite_app.ui.tokens import SPACE
from handwrite_app.ui.widgets.numbers import FieldError
from trainer.base.errors import ConfigError
from trainer.base.paths import data_folder
from trainer.runs.config import TrainConfig, settings
from trainer.runs.presets import Preset, preset_settings

if TYPE_CHECKING:
    from handwrite_app.training.setup.adviser import Adviser


#: With the review beside the settings, and without, in pixels; and what the frame of a screen takes.
_LEAST_WIDTH, _NARROW, _MARGIN = 880, 520, 16
_LOW = 616  # in less height the rows stand closer, so that nothing is scrolled

#: What is always in sight, under its headings; the rest is folded away.
_SECTIONS = (
    ("data", ("dataset", "augmentation")),
    ("network", ("network",)),
    ("method", ("epochs", "batch_size", "learning_rate", "optimizer", "device")),
)


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
        adviser: Adviser | None = None,
        settings_folder: Path | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """config: what the fields show first. absent_devices: name → why it cannot be chosen. adviser: what
        the review comes from; None: it says no more than the settings. settings_folder: where files of
        settings are looked for first."""
        wide = parent is None or room_for(parent).width() >= scaled(_LEAST_WIDTH) + _MARGIN
        super().__init__(parent, name="trainingDialog", width=_LEAST_WIDTH if wide else _NARROW)
        self.setWindowTitle(self.tr("Train a network"))
        self._absent = absent_devices or {}
        self._fields: dict[str, Field] = {}
        self._adviser = adviser
        self.files = ConfigFiles(self, settings_folder or Path())
        self.files.opened.connect(self._on_opened)
        self.presets = PresetBox()
        self.presets.chosen.connect(self._on_preset)
        self.review = Review()
        self._is_set = False  # while fields are filled by the program
        self._folded = QWidget()
        self._forms = forms = {name: _form() for name, _ in _SECTIONS}
        places = {field: forms[name] for name, fields in _SECTIONS for field in fields}
        advanced = _form(self._folded)
        self._wheel = WheelGuard(self)
        hints = get_type_hints(TrainConfig)
        for name, setting in settings().items():
            field = field_of(name, setting, hints[name], self._absent)
            places.get(name, advanced).addRow(field.label, field)
            self._fields[name] = field
            self._wheel.guard(field.input)
            self._watch(field)
        self._wheel.guard(self.presets.box)
        self.data = OwnData(self._fields["dataset"], settings_folder or Path(), adviser, self)
        width = max(field.label.sizeHint().width() for field in self._fields.values())
        for field in self._fields.values():
            field.label.setMinimumWidth(width)  # one column in all forms
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
        left = QVBoxLayout()
        left.setSpacing(SPACE)
        left.addWidget(self.presets)
        for name, heading in zip(
            forms, (self.tr("Data"), self.tr("Network"), self.tr("Method")), strict=True
        ):
            title = QLabel(heading)
            title.setFont(text_font(14, bold=True))
            left.addSpacing(SPACE // 2)
            left.addWidget(title)
            left.addLayout(forms[name])
        left.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        left.addWidget(self._folded)
        left.addWidget(self.problem)
        left.addStretch(1)
        self._page = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._page.setSpacing(3 * SPACE)
        self._page.addLayout(left, 1)
        self._page.addWidget(self.review, 0, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(self._page, 1)
        self.add_button(
            self.tr("Restore defaults"),
            self._on_restore_defaults,
            name="restoreDefaults",
            role=Role.ResetRole,
        )
        self.add_button(
            self.tr("Open settings…"), self.files.ask_open, name="openSettings", role=Role.ResetRole
        )
        self.add_button(
            self.tr("Save settings…"), self._on_save, name="saveSettings", role=Role.ResetRole
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
        if adviser is not None:
            self.review.reserve()
            adviser.batchShown.connect(self.review.show_batch)
            adviser.layersShown.connect(self.review.show_layers)
            adviser.speedKnown.connect(self.review.show_speed)
            adviser.refused.connect(self.review.show_refused)
        self.set_config(config or TrainConfig())
        self._fields["network"].setFocus()

    def fit(self) -> None:
        """On a narrow screen the review goes below the settings; on a low one the rows are closer."""
        room = room_for(self)
        beside = room.width() >= scaled(_LEAST_WIDTH) + _MARGIN
        for form in self._forms.values():
            form.setVerticalSpacing(SPACE if room.height() >= _LOW else SPACE // 2)
        directions = QBoxLayout.Direction
        self._page.setDirection(directions.LeftToRight if beside else directions.TopToBottom)
        self.review.set_beside(beside)
        super().fit()

    def set_config(self, config: TrainConfig) -> None:
        """Shows this configuration's values; a device that is absent here becomes auto."""
        if config.device in self._absent:
            config = dataclasses.replace(config, device="auto")
        self._is_set = True
        try:
            for name, field in self._fields.items():
                field.put(getattr(config, name))
        finally:
            self._is_set = False
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
            if not self._is_set:
                self.presets.show_none()
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
        self._consider()

    def _consider(self) -> None:
        """Has the review follow the settings, where they are a run's."""
        try:
            config = self.config()
        except (FieldError, ConfigError):
            return
        self.review.show_config(config)
        if self._adviser is not None:
            self._adviser.consider(config)

    def _on_preset(self, preset: Preset) -> None:
        found = preset_settings(preset, data_folder())
        device = self._fields["device"].take()
        self.set_config(TrainConfig(**{**found.settings, "device": device}))
        if found.missing:
            self._fields["dataset"].say(
                self.tr("Not on this machine, and left out: {names}").format(
                    names="; ".join(found.missing)
                ),
                wrong=False,
            )

    def _on_opened(self, config: TrainConfig) -> None:
        self.presets.show_none()
        self.set_config(config)

    def _on_save(self) -> None:
        config = self._checked()
        if config is not None:
            self.files.ask_save(config)

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
        self.presets.show_none()
        self.set_config(TrainConfig())

    def _on_start(self) -> None:
        config = self._checked()
        if config is None:
            return
        problem = self.data.missing() or self.data.problem
        if problem:
            self._refuse("dataset", problem)
            self.data.look_again()
            return
        self.configured.emit(config)
        self.accept()

    def _checked(self) -> TrainConfig | None:
        """What the fields say; where that is no run's, it is said at the field."""
        values: dict[str, Any] = {}
        for name, field in self._fields.items():
            try:
                values[name] = field.take()
            except FieldError as error:
                self._refuse(name, str(error))
                return None
        try:
            return TrainConfig(**values)
        except ConfigError as error:
            self._refuse(_wrong_one(values), _in_short(error))
            return None

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
