"""The dialog that starts a training run: its fields are TrainConfig's."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from typing import Any, get_type_hints

from PySide6.QtCore import QCoreApplication, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.ui.tokens import SPACE
from trainer.base.errors import ConfigError
from trainer.datasets.spec import DATASET_NAMES
from trainer.models.weights import stored_weights
from trainer.runs.config import Setting, TrainConfig, settings

_DECIMALS = 8  # an L1 penalty is one like 0.00001


class _RealBox(QDoubleSpinBox):
    """Shows no more decimals than the number has."""

    def textFromValue(self, value: float) -> str:
        text = super().textFromValue(value)
        point = self.locale().decimalPoint()
        return text.rstrip(self.locale().zeroDigit()).removesuffix(point) if point in text else text


class TrainingDialog(QDialog):
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
        super().__init__(parent)
        self.setObjectName("trainingDialog")
        self.setWindowTitle(self.tr("Train a network"))
        self._absent = absent_devices or {}
        self._fields: dict[str, tuple[QWidget, Callable[[], Any], Callable[[Any], None]]] = {}

        introduction = QLabel(
            self.tr(
                "The network learns in the background; you can draw meanwhile. "
                "Afterwards you compare it with the one in use and decide which to keep."
            )
        )
        introduction.setWordWrap(True)
        introduction.setProperty("role", "muted")
        self._basic = QFormLayout()
        self._advanced = QFormLayout()
        for form in (self._basic, self._advanced):
            form.setHorizontalSpacing(2 * SPACE)
            form.setVerticalSpacing(SPACE)
            form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        hints = get_type_hints(TrainConfig)
        for name, setting in settings().items():
            self._add_field(name, setting, hints[name])
        self._fold = QPushButton()
        self._fold.setObjectName("showAdvanced")
        self._fold.setProperty("quiet", True)
        self._fold.setCheckable(True)
        self._fold.toggled.connect(self._on_fold_toggled)
        folded = QWidget()
        folded.setLayout(self._advanced)
        self._advanced.setContentsMargins(0, 0, SPACE, 0)
        self._folded = QScrollArea()
        self._folded.setWidget(folded)
        self._folded.setWidgetResizable(True)
        self._folded.setFrameShape(QScrollArea.Shape.NoFrame)
        self._folded.setMinimumHeight(200)
        self.problem = QLabel()
        self.problem.setObjectName("problem")
        self.problem.setWordWrap(True)
        self.problem.hide()
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Cancel | QDialogButtonBox.StandardButton.RestoreDefaults
        )
        self.start_button = QPushButton(self.tr("Start training"))
        self.start_button.setObjectName("startTraining")
        self.start_button.setProperty("primary", True)
        self.start_button.setDefault(True)
        buttons.addButton(self.start_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self._on_start)
        buttons.rejected.connect(self.reject)
        buttons.button(QDialogButtonBox.StandardButton.RestoreDefaults).clicked.connect(
            self._on_restore_defaults
        )

        column = QVBoxLayout(self)
        column.setContentsMargins(3 * SPACE, 3 * SPACE, 3 * SPACE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addWidget(introduction)
        column.addLayout(self._basic)
        column.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._folded, 1)
        column.addWidget(self.problem)
        column.addWidget(buttons)
        self.setMinimumWidth(480)
        self._on_fold_toggled(False)
        self.set_config(config or TrainConfig())

    def set_config(self, config: TrainConfig) -> None:
        """Shows this configuration's values; a device that is absent here becomes auto."""
        if config.device in self._absent:
            config = dataclasses.replace(config, device="auto")
        for name, (_, _, put) in self._fields.items():
            put(getattr(config, name))

    def config(self) -> TrainConfig:
        """What the fields say. Raises ConfigError."""
        return TrainConfig(**{name: take() for name, (_, take, _) in self._fields.items()})

    def field(self, name: str) -> QWidget:
        """The input of a setting, for tests and automation; its objectName is the same name."""
        return self._fields[name][0]

    def _add_field(self, name: str, setting: Setting, kind: type) -> None:
        text = self._choice if setting.choices else self._text
        make = {int: self._number, float: self._real}.get(kind, text)
        widget, take, put = make(name, setting)
        label_text = _translated(setting.label)
        gloss = _translated(setting.gloss)
        widget.setObjectName(name)
        widget.setAccessibleName(label_text)
        widget.setAccessibleDescription(gloss)
        widget.setToolTip(gloss)
        label = QLabel(label_text)
        label.setToolTip(gloss)
        label.setBuddy(widget)
        (self._advanced if setting.advanced else self._basic).addRow(label, widget)
        self._fields[name] = (widget, take, put)

    def _number(
        self, _name: str, setting: Setting
    ) -> tuple[QWidget, Callable[[], Any], Callable[[Any], None]]:
        box = QSpinBox()
        box.setRange(
            int(setting.least or 0), 2**31 - 1 if setting.most is None else int(setting.most)
        )
        box.setGroupSeparatorShown(True)
        box.setSpecialValueText(_translated(setting.at_least))
        return box, box.value, box.setValue

    def _real(
        self, name: str, setting: Setting
    ) -> tuple[QWidget, Callable[[], Any], Callable[[Any], None]]:
        if name == "learning_rate":  # spans seven orders of magnitude: no spin box does
            edit = QLineEdit()
            edit.setAlignment(Qt.AlignmentFlag.AlignRight)
            edit.setPlaceholderText(_translated(setting.at_least))

            def take() -> float:
                if not edit.text().strip():
                    return 0.0
                value, ok = QLocale().toDouble(edit.text().strip())
                if not ok:
                    value, ok = QLocale.c().toDouble(edit.text().strip())
                if not ok:
                    raise ConfigError(
                        self.tr(
                            "“{text}” is not a number: a learning rate is one like 0.002."
                        ).format(text=edit.text())
                    )
                if not (setting.least or 0.0) <= value <= (setting.most or math.inf):
                    raise ConfigError(
                        self.tr("A learning rate lies between {least} and {most}.").format(
                            least=QLocale().toString(setting.least or 0.0, "g", 6),
                            most=QLocale().toString(setting.most or math.inf, "g", 6),
                        )
                    )
                return value

            def put(value: float) -> None:
                edit.setText(QLocale().toString(value, "g", 6) if value else "")

            return edit, take, put
        box = _RealBox()
        box.setDecimals(_DECIMALS)
        box.setSingleStep(1.0 if (setting.most or 1.0) > 1 else 0.01)
        box.setRange(setting.least or 0.0, 1.0 if setting.most is None else setting.most)
        box.setSpecialValueText(_translated(setting.at_least))
        return box, box.value, box.setValue

    def _choice(
        self, name: str, setting: Setting
    ) -> tuple[QWidget, Callable[[], Any], Callable[[Any], None]]:
        box = QComboBox()
        for choice in setting.choices:
            box.addItem(_translated(choice), choice)
            reason = self._absent.get(choice) if name == "device" else None
            if reason:
                item = box.model().item(box.count() - 1)  # type: ignore[attr-defined]
                item.setEnabled(False)
                words = self.tr("{device}: {reason}")
                item.setText(words.format(device=_translated(choice), reason=reason))
                item.setToolTip(reason)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(20)

        def put(value: str) -> None:
            if setting.open and box.findData(value) < 0:
                box.addItem(value, value)
            box.setCurrentIndex(box.findData(value))

        return box, box.currentData, put

    def _text(
        self, name: str, _setting: Setting
    ) -> tuple[QWidget, Callable[[], Any], Callable[[Any], None]]:
        """A text that is checked when training starts, with suggestions."""
        box = QComboBox()
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.addItems(_suggestions(name))
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(20)
        return box, lambda: box.currentText().strip(), box.setEditText

    def _on_fold_toggled(self, shown: bool) -> None:
        self._fold.setText(self.tr("▾  Advanced") if shown else self.tr("▸  Advanced"))
        self._folded.setVisible(shown)
        self.adjustSize()

    def _on_restore_defaults(self) -> None:
        self.set_config(TrainConfig())

    def _on_start(self) -> None:
        try:
            config = self.config()
        except ConfigError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        self.configured.emit(config)
        self.accept()


def _suggestions(name: str) -> list[str]:
    if name == "dataset":
        return list(DATASET_NAMES)
    return ["", *(entry.name for entry in stored_weights() if entry.card is not None)]


def _translated(text: str) -> str:
    # The texts are the trainer's, which knows no Qt: translations list them under this context.
    return QCoreApplication.translate("TrainConfig", text) if text else ""
