"""The fields of the training dialog hold every number that a run can be given."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QLocale
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFileDialog, QMessageBox, QSpinBox
from pytestqt.qtbot import QtBot

from handwrite_app.training.setup.dialog import TrainingDialog
from trainer.cli.train_settings import settings_of_file
from trainer.networks.layers import layers_of
from trainer.processes.advice_messages import BatchShown, LayersShown
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


@pytest.mark.parametrize("name", ["mine.toml", "mine.json"])
def test_settings_in_a_file_are_those_of_the_command_line(
    qtbot: QtBot, tmp_path: Path, name: str
) -> None:
    dialog = TrainingDialog(TrainConfig(epochs=7, l1=1e-5, augmentation="rotation=20"))
    qtbot.addWidget(dialog)
    dialog.files.save(dialog.config(), tmp_path / name)
    assert settings_of_file(str(tmp_path / name)) == dialog.config().to_json()
    other = TrainingDialog()
    qtbot.addWidget(other)
    other.files.open(tmp_path / name)
    assert other.config() == dialog.config()
    (tmp_path / name).write_text("nonsense")
    other.files.open(tmp_path / name)
    box = other.findChild(QMessageBox)
    assert box is not None
    assert "neither TOML" in box.text()
    assert other.config() == dialog.config()


def test_the_review_follows_the_settings(qtbot: QtBot) -> None:
    dialog = TrainingDialog()
    qtbot.addWidget(dialog)
    review = dialog.review
    assert review.summary.text().startswith("cnn: conv 32")
    pictures = np.zeros((3, 28, 28), np.uint8)
    review.show_batch(
        BatchShown(
            key="",
            originals=pictures,
            changed=pictures,
            labels=("1",) * 3,
            training=55_000,
            validation=5000,
        )
    )
    review.show_layers(LayersShown(key="", layers=layers_of("cnn")))
    review.show_speed("cnn", 1 / 5500, "")
    assert review.time.text() == "About 0:30, by a short measurement"
    assert review.layers.topLevelItem(0).text(1) == "32×28×28"
    epochs = dialog.field("epochs")
    assert isinstance(epochs, QSpinBox)
    epochs.setValue(6)
    assert review.time.text() == "About 1:00, by a short measurement"
    network = dialog.field("network")
    assert isinstance(network, QComboBox)
    network.setCurrentIndex(network.findData("lenet5"))
    assert review.time.text() == ""
    assert QLocale().toString(61_706) in review.summary.text()


def test_files_and_folders_are_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = TrainingDialog(TrainConfig(dataset="usps"), settings_folder=tmp_path)
    qtbot.addWidget(dialog)

    def choose(action: str, path: Path) -> None:
        found = dialog.findChild(QAction, action)
        assert found is not None
        found.trigger()
        files = [one for one in dialog.findChildren(QFileDialog) if one.isVisible()]
        assert len(files) == 1
        files[0].fileSelected.emit(str(path))
        files[0].reject()

    (tmp_path / "a+b").mkdir()
    choose("useFolder", tmp_path / "a+b")
    assert dialog.config().dataset == f"folder:{tmp_path}/a++b"
    choose("useFile", tmp_path / "x.npz")
    assert dialog.config().dataset == f"npz:{tmp_path / 'x.npz'}"
    choose("addFile", tmp_path / "mine.jsonl")
    choose("useFile", tmp_path / "photo.heic")  # no data: said, and nothing changes
    assert dialog.config().dataset == f"npz:{tmp_path / 'x.npz'}+strokes:{tmp_path / 'mine.jsonl'}"
    assert "photo.heic" in dialog.note("dataset")
    choose("addFolder", tmp_path)
    assert dialog.config().dataset.endswith(f"+folder:{tmp_path}")
    assert dialog.note("dataset") == ""
    begun: list[TrainConfig] = []
    dialog.configured.connect(begun.append)
    dialog.start_button.click()
    assert "x.npz does not exist" in dialog.note("dataset")
    assert not begun
    choose("useFolder", tmp_path)
    dialog.start_button.click()
    assert len(begun) == 1
