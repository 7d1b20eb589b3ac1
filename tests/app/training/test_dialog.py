"""The fields of the training dialog hold every number that a run can be given."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox
from pytestqt.qtbot import QtBot

from handwrite_app.training.dialog import TrainingDialog
from trainer.runs.config import TrainConfig


@pytest.mark.parametrize(
    "changed",
    [
        {"l1": 1e-5, "weight_decay": 5e-5, "averaging": 0.9995},
        {"minutes": 2.5, "learning_rate": 3e-5},
        {"limit": 10_000_000, "seed": 2**31 - 1},
    ],
)
def test_what_is_shown_is_what_is_taken(qtbot: QtBot, changed: dict[str, float]) -> None:
    config = dataclasses.replace(TrainConfig(), **changed)  # type: ignore[arg-type]
    dialog = TrainingDialog(config)
    qtbot.addWidget(dialog)
    assert dialog.config() == config


def test_small_numbers_can_be_typed_and_others_stay_short(qtbot: QtBot) -> None:
    dialog = TrainingDialog()
    qtbot.addWidget(dialog)
    penalty, decay = dialog.field("l1"), dialog.field("weight_decay")
    assert isinstance(penalty, QDoubleSpinBox)
    assert isinstance(decay, QDoubleSpinBox)
    assert decay.text() == decay.locale().toString(0.01, "g", 6)
    penalty.clear()
    QTest.keyClicks(penalty, penalty.locale().toString(0.00002, "f", 5))
    assert dialog.config().l1 == 0.00002
    decay.setValue(1)
    assert decay.text() == decay.locale().toString(1)
