"""The review asks a process for what has changed once the settings rest, and ends it with the dialog."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from handwrite_app.training.setup.dialog import TrainingDialog
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import load
from trainer.base.messages import Message
from trainer.networks.layers import LayerSummary
from trainer.processes.advice_messages import (
    Advice,
    AdviceRefused,
    BatchShown,
    LayersShown,
    RateMeasured,
)
from trainer.runs.config import TrainConfig
from trainer.runs.presets import own_drawings_file


class _Process:
    """In the place of trainer.processes.advice_process.AdviceProcess: answers at once."""

    latest: _Process
    pid = 0
    has_result = False

    def __init__(self, *, data_folder: Path) -> None:
        self.asked: list[str] = []
        self.is_killed = False
        self._answers: queue.SimpleQueue[Advice | None] = queue.SimpleQueue()
        _Process.latest = self

    def ask(self, want: str, key: str, config: TrainConfig) -> None:
        self.asked.append(want)
        pictures = np.zeros((3, 28, 28), np.uint8)
        refused = Message.of("advice.x", "these data are damaged")
        answers: dict[str, Advice] = {
            "layers": LayersShown(
                key=key,
                layers=(
                    LayerSummary(
                        kind="Conv2d 3×3", shape=(32, 28, 28), parameters=9, receptive_field=3
                    ),
                ),
            ),
            "rate": RateMeasured(key=key, training=5500.0, validation=9000.0),
            "batch": BatchShown(
                key=key,
                originals=pictures,
                changed=pictures,
                labels=("1",) * 3,
                training=55_000,
                validation=5000,
            )
            if config.dataset == "mnist"
            else AdviceRefused(key=key, want=want, reason=refused),
        }
        self._answers.put(answers[want])

    def events(self) -> Iterator[Advice]:
        while (answer := self._answers.get()) is not None:
            yield answer

    def stop(self) -> None:
        """Goes on until it is killed."""

    def kill(self) -> None:
        self.is_killed = True
        self._answers.put(None)

    def close(self) -> None:
        """Nothing to free."""


def test_the_review_asks_for_what_has_changed(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.processes.advice_process.AdviceProcess", _Process)
    load(quiet_window)
    quiet_window.actions_["Train"].trigger()
    dialog = quiet_window.findChild(TrainingDialog, "trainingDialog")
    assert dialog is not None
    review = dialog.review
    qtbot.waitUntil(lambda: bool(review.time.text()), timeout=10_000)
    qtbot.waitUntil(lambda: review.layers.topLevelItemCount() == 1, timeout=10_000)
    assert review.time.text() == "About 0:30, by a short measurement"
    assert "55" in review.batch_words.text()
    process = _Process.latest
    assert sorted(process.asked) == ["batch", "layers", "rate"]
    augmentation, data = dialog.field("augmentation"), dialog.field("dataset")
    assert isinstance(augmentation, QComboBox)
    assert isinstance(data, QComboBox)
    augmentation.setCurrentIndex(augmentation.findData("strong"))
    qtbot.waitUntil(lambda: process.asked[3:] == ["batch"], timeout=10_000)
    data.setEditText("usps")
    qtbot.waitUntil(lambda: dialog.note("dataset") == "These data are damaged", timeout=10_000)
    assert data.property("wrong")
    assert review.time.text() == ""
    asked = len(process.asked)
    dialog.start_button.click()  # no run begins that cannot learn
    assert dialog.isVisible()
    qtbot.waitUntil(
        lambda: process.asked[asked:] == ["batch"], timeout=10_000
    )  # it is looked again
    data.setEditText(f"mnist+strokes:{own_drawings_file()}")  # written when they are wanted
    qtbot.waitUntil(lambda: "no drawings of yours yet" in dialog.note("dataset"), timeout=10_000)
    data.setEditText("mnist")
    qtbot.waitUntil(lambda: "55" in review.batch_words.text(), timeout=10_000)
    assert not data.property("wrong")
    assert not dialog.data.problem
    dialog.reject()
    assert process.is_killed
    assert _Process.latest is process
