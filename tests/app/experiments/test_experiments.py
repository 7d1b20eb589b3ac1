"""The experiments through the window: each opens its presets, and its results are found and exported."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from handwrite_app.experiments.controller import Experiments
from handwrite_app.experiments.experiments_window import ExperimentsWindow
from handwrite_app.experiments.texts import GUIDES, VARIANT_TEXTS, translated
from handwrite_app.training.setup.dialog import TrainingDialog
from handwrite_app.ui import language
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import load
from tests.trainer.run_folders import epoch, finished, started, write_run
from trainer.base.paths import runs_folder
from trainer.runs.config import TrainConfig
from trainer.runs.experiments import EXPERIMENTS, Variant, offline

_SECONDS = 20_000
_VARIANTS = [variant for one in EXPERIMENTS for variant in one.variants]


@pytest.fixture
def experiments(quiet_window: MainWindow, qtbot: QtBot) -> Iterator[Experiments]:
    load(quiet_window)
    experiments = quiet_window.feature(Experiments)
    with qtbot.waitSignal(experiments.refreshed, timeout=_SECONDS):
        quiet_window.actions_["Experiments"].trigger()
    yield experiments
    experiments.close()


def _window(experiments: Experiments) -> ExperimentsWindow:
    assert experiments.window is not None
    return experiments.window


def _press(window: ExperimentsWindow, name: str) -> None:
    button = next(b for b in window.findChildren(QPushButton, name) if b.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_every_experiment_opens_its_presets(
    experiments: Experiments, quiet_window: MainWindow
) -> None:
    experiments._is_offline = False
    window = _window(experiments)
    for row, experiment in enumerate(EXPERIMENTS):
        window.list.setCurrentRow(row)
        for variant in experiment.variants:
            _press(window, f"start-{variant.name}")
            dialog = next(d for d in quiet_window.findChildren(TrainingDialog) if d.isVisible())
            assert dialog.config() == TrainConfig(**variant.settings)
            dialog.reject()


def test_without_mnist_its_own_digits_are_learned(
    experiments: Experiments, quiet_window: MainWindow
) -> None:
    window = _window(experiments)
    experiments._is_offline = True
    window.set_offline(True)
    assert any("MNIST is not" in label.text() for label in window.findChildren(QLabel))
    _press(window, "start-overfit-1000")
    dialog = next(d for d in quiet_window.findChildren(TrainingDialog) if d.isVisible())
    assert dialog.config().dataset == "sketches"
    dialog.reject()


def _run(name: str, variant: Variant, accuracy: float, **changed: object) -> Path:
    folder = runs_folder() / name
    write_run(
        folder,
        started(folder),
        epoch(1, accuracy),
        epoch(2, accuracy + 0.01),
        finished(folder),
    )
    settings = {**TrainConfig(**variant.settings).to_json(), **changed}
    (folder / "config.json").write_text(json.dumps(settings))
    return folder


def test_results_are_found_and_exported(
    experiments: Experiments,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few, many = EXPERIMENTS[0].variants
    _run("2026-11-30_120000-cnn", few, 0.9)
    _run("2026-11-30_130000-cnn", few, 0.93, dataset="sketches")  # the newer one counts
    _run("2026-11-30_140000-cnn", many, 0.97)
    _run("2026-11-30_150000-cnn", many, 0.5, epochs=3)  # another run
    with qtbot.waitSignal(experiments.refreshed, timeout=_SECONDS):
        experiments.open()
    window = _window(experiments)
    texts = [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    assert "94.00 %" in texts
    assert "98.00 %" in texts
    target = tmp_path / "results.csv"
    monkeypatch.setattr("handwrite_app.ui.dialogs.save_dialog.ask_where", lambda *_: target)
    _press(window, "exportResults")
    with target.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(row["experiment"], row["variant"], row["epochs"]) for row in rows] == [
        ("overfitting", "overfit-1000", "2"),
        ("overfitting", "overfit-10000", "2"),
    ]
    assert rows[0]["data"] == "sketches"
    opened: list[Path] = []
    experiments._open_report = opened.append
    _press(window, "report-overfit-10000")
    assert [folder.name for folder in opened] == ["2026-11-30_140000-cnn"]


def test_no_result_can_be_exported_before_there_is_one(experiments: Experiments) -> None:
    assert not _window(experiments).csv_button.isEnabled()


@pytest.mark.usefixtures("english_afterwards")
def test_every_guide_is_in_both_languages(experiments: Experiments, qapp: QApplication) -> None:
    assert set(GUIDES) == {experiment.name for experiment in EXPERIMENTS}
    texts = [
        text
        for guide in GUIDES.values()
        for text in (guide.title, guide.question, guide.why, *guide.steps, *guide.look)
    ]
    texts += VARIANT_TEXTS
    language.install("zh_CN")
    qapp.processEvents()
    assert [text for text in texts if translated(text) == text] == []
    assert "死记硬背" in _window(experiments).list.item(0).text()


def test_texts_of_the_variants_are_marked() -> None:
    assert {text for v in _VARIANTS for text in (v.title, v.gloss)} == set(VARIANT_TEXTS)


@pytest.mark.parametrize("variant", _VARIANTS, ids=lambda variant: variant.name)
def test_every_variant_is_a_run(variant: Variant) -> None:
    config = TrainConfig(**variant.settings)
    assert offline(config.dataset) == "sketches"
    assert config.to_json().items() >= dict(variant.settings).items()
