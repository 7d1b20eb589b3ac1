"""A run from the window: how far it is, what came of it, and that it takes neither keys nor paper."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from handwrite_app.training.panel import TrainingPanel
from handwrite_app.training.setup.dialog import TrainingDialog
from handwrite_app.ui.settings import Settings
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import load
from tests.app.pointers import move, press, release
from trainer.base.errors import RunError
from trainer.base.events import (
    BatchProgress,
    EpochFinished,
    Event,
    Metrics,
    RunFinished,
    RunStarted,
)
from trainer.base.paths import models_folder, shipped_weights_folder
from trainer.runs.config import TrainConfig

_METRICS = Metrics(loss=0.1, accuracy=0.97, count=5000)
_FINISHED = RunFinished(
    reason="completed",
    run="a run",
    weights="a run/best.safetensors",
    best_epoch=1,
    epochs=1,
    validation=_METRICS,
    seconds=4.0,
)
_WORSE = replace(
    _FINISHED,
    validation=Metrics(loss=2.1, accuracy=0.196, count=5000),
    compared=Metrics(loss=0.01, accuracy=0.99, count=5000),
    fixed=1,
    broken=3971,
)
_STARTED = RunStarted(
    run="a run",
    network="cnn",
    parameters=1,
    training_pictures=25600,
    validation_pictures=5000,
    epochs=2,
    steps=200,
    device="cpu",
    precision="float32",
    threads=1,
)
_BATCH = BatchProgress(
    step=50,
    epoch=0.5,
    loss=0.4,
    accuracy=0.9,
    learning_rate=0.002,
    images_per_second=100.0,
    seconds=4.0,
    seconds_left=42.0,
)


class _FakeRun:
    """In the place of trainer.processes.train_process.TrainingProcess."""

    latest: _FakeRun
    pid = 0
    has_result = False

    def __init__(self, *_: object, **__: object) -> None:
        self._told: queue.SimpleQueue[Event | RunError | None] = queue.SimpleQueue()
        _FakeRun.latest = self

    def tell(self, event: Event | RunError) -> None:
        self._told.put(event)

    def end(self, event: Event | RunError) -> None:
        self.tell(event)
        self._told.put(None)

    def events(self) -> Iterator[Event]:
        while (event := self._told.get()) is not None:
            if isinstance(event, RunError):
                raise event
            self.has_result = isinstance(event, RunFinished)
            yield event

    def stop(self) -> None:
        self._told.put(None)

    kill = stop


def contrast(one: str, other: str) -> float:
    """WCAG 2's ratio of two colours."""

    def luminance(name: str) -> float:
        parts = [int(name[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.fixture
def window(quiet_window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """A network is in use, and a run begins, of which the test says how it goes."""
    monkeypatch.setattr("trainer.processes.train_process.TrainingProcess", _FakeRun)
    load(quiet_window)
    quiet_window.training.start(TrainConfig())
    assert quiet_window.training.is_running
    return quiet_window


def _panel(window: MainWindow) -> TrainingPanel:
    panel = window.training.panel
    assert panel is not None
    return panel


def _end(window: MainWindow, qtbot: QtBot, event: Event | RunError) -> None:
    _FakeRun.latest.end(event)
    qtbot.waitUntil(lambda: not window.training.is_running, timeout=10_000)


def _tell(window: MainWindow, qtbot: QtBot, *events: Event) -> None:
    seen: list[Event] = []
    window.training._worker.eventHappened.connect(seen.append)
    for event in events:
        _FakeRun.latest.tell(event)
    qtbot.waitUntil(lambda: len(seen) == len(events), timeout=10_000)


def test_a_result_takes_neither_keys_nor_paper(window: MainWindow, qtbot: QtBot) -> None:
    """The stroke goes on, the focus stays, no dialog opens; what is to be decided waits in the panel."""
    press(window.canvas, (200, 100))
    move(window.canvas, (260, 140))
    _end(window, qtbot, _WORSE)
    assert window.findChildren(QDialog) == []
    assert window.canvas.is_drawing()
    assert window.focusWidget() is window.canvas
    release(window.canvas, (260, 140))
    assert window.findChildren(QDialog) == []
    assert len(window.canvas.current_drawing().strokes) == 1
    bar = _panel(window).result
    assert bar.isVisible()
    assert (
        bar.words.text()
        == "cnn is ready: 19.60 % right, 79.40 percentage points worse than scribe."
    )
    assert window.status.text() == bar.words.text()
    assert bar.keep_button.property("primary")
    assert not bar.use_button.property("primary")


def test_a_failure_takes_neither_keys_nor_paper(window: MainWindow, qtbot: QtBot) -> None:
    press(window.canvas, (200, 100))
    move(window.canvas, (260, 140))
    _end(window, qtbot, RunError("training.x", "ended by SIGKILL"))
    assert window.findChildren(QDialog) == []
    assert window.canvas.is_drawing()
    release(window.canvas, (260, 140))
    box = window.findChild(QMessageBox, "trainingFailed")
    assert box is not None
    assert not box.isModal()
    assert box.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert "SIGKILL" in box.text()
    box.reject()


def test_the_comparison_can_be_opened_again_and_again(window: MainWindow, qtbot: QtBot) -> None:
    assert not window.actions_["TrainingResult"].isEnabled()
    _end(window, qtbot, _WORSE)
    assert window.actions_["TrainingResult"].isEnabled()
    bar = _panel(window).result
    for open_it in (bar.compare_button.click, window.actions_["TrainingResult"].trigger):
        open_it()
        dialog = window.findChild(QDialog, "comparisonDialog")
        assert dialog is not None
        QTest.keyClick(dialog, Qt.Key.Key_Return)  # the old one stays
        assert not dialog.isVisible()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        assert not bar.use_button.isVisible()
        assert bar.compare_button.isVisible()
        assert "The old network stays" in bar.words.text()
    assert not models_folder().exists()


def test_both_networks_are_tried_on_the_paper(window: MainWindow, qtbot: QtBot) -> None:
    """The dialog, which blocks the paper, goes; the panel goes on asking which to use."""
    _end(window, qtbot, _WORSE)
    bar = _panel(window).result
    bar.compare_button.click()
    dialog = window.findChild(QDialog, "comparisonDialog")
    assert dialog is not None
    both = dialog.findChild(QPushButton, "compareNetworks")
    assert both is not None
    both.click()
    assert not dialog.isVisible()
    assert QApplication.activeModalWidget() is None
    assert window.compare.panel is not None
    assert window.side.mode is window.compare.panel
    assert bar.use_button.isVisible()


def test_the_new_network_is_used_from_the_bar(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    loading: list[Path] = []
    monkeypatch.setattr(window.recognition, "load", lambda *wanted: loading.append(wanted[0]))
    weights = str(shipped_weights_folder() / "scribe-tiny.safetensors")
    _end(window, qtbot, replace(_FINISHED, weights=weights))
    bar = _panel(window).result
    assert bar.use_button.property("primary")
    bar.use_button.click()
    assert loading == [models_folder() / "my cnn.safetensors"]
    assert not bar.use_button.isVisible()
    assert bar.words.text() == "The new network is in use: my cnn"


def test_a_hidden_run_is_seen_in_the_status_line_and_the_title(
    window: MainWindow, qtbot: QtBot
) -> None:
    strip = window.training.strip
    assert strip is not None
    _tell(window, qtbot, _STARTED, replace(_BATCH, step=50))
    assert not strip.isVisible()
    assert window.windowTitle() == "Handwrite"
    _panel(window).hide()
    assert strip.isVisible()
    assert strip.words.text() == "Training cnn… 25 %"
    assert window.windowTitle() == "25 % trained · Handwrite"
    _tell(window, qtbot, replace(_BATCH, step=100))
    assert window.windowTitle() == "50 % trained · Handwrite"
    _end(window, qtbot, _WORSE)
    assert window.windowTitle() == "Handwrite"
    assert strip.isVisible()
    assert strip.words.text().startswith("cnn is ready: 19.60 %")
    strip.show_button.click()
    assert _panel(window).isVisible()
    assert not strip.isVisible()


def test_what_failed_before_its_first_step_is_not_remembered(
    window: MainWindow, qtbot: QtBot
) -> None:
    _tell(window, qtbot, _STARTED)
    _end(window, qtbot, RunError("training.x", "there is no network named nosuch"))
    assert Settings().training is None
    window.training.start(TrainConfig(epochs=7))
    _tell(window, qtbot, _STARTED, _BATCH)
    window._settings.sync()
    remembered = Settings().training
    assert remembered is not None
    assert remembered.epochs == 7
    _end(window, qtbot, _FINISHED)


def test_a_second_start_does_nothing(window: MainWindow, qtbot: QtBot) -> None:
    first = _FakeRun.latest
    _tell(window, qtbot, _STARTED, _BATCH)
    facts = _panel(window).facts.full_text
    window.training.start(TrainConfig(network="lenet5"))
    assert _FakeRun.latest is first
    assert _panel(window).title.text() == "Training cnn"
    assert _panel(window).facts.full_text == facts
    _end(window, qtbot, _FINISHED)
    assert _panel(window).title.text() == "Trained cnn"


def test_curves_stand_where_they_were_measured(window: MainWindow, qtbot: QtBot) -> None:
    """The mean over an epoch in its middle; what is measured at its end there, and a stopped run ends early."""
    epoch = EpochFinished(
        epoch=1,
        step=100,
        training=_METRICS,
        validation=_METRICS,
        is_best=True,
        seconds=1.0,
    )
    _tell(window, qtbot, _STARTED, epoch, replace(epoch, epoch=2, step=136))
    training, validation = _panel(window).loss.epochs
    assert [round(x, 6) for x, _ in training] == [0.5, 1.18]
    assert [round(x, 6) for x, _ in validation] == [1.0, 1.36]
    _end(window, qtbot, _FINISHED)


def test_what_it_does_while_nothing_seems_to_happen(window: MainWindow, qtbot: QtBot) -> None:
    facts = _panel(window).facts
    _tell(window, qtbot, _STARTED, replace(_BATCH, step=50))
    assert "0:42 left" in facts.full_text
    _tell(window, qtbot, replace(_BATCH, step=100, epoch=1.0))
    assert facts.full_text == "reading the validation pictures…"
    _tell(window, qtbot, replace(_BATCH, step=110, epoch=1.1))
    assert "left" in facts.full_text
    _panel(window).show_stopping()
    assert facts.full_text == "stopping, then validating…"
    _tell(window, qtbot, replace(_BATCH, step=111, epoch=1.11))
    assert facts.full_text == "stopping, then validating…"
    _end(window, qtbot, _FINISHED)


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_closing_asks_and_the_safe_answer_is_the_default(
    window: MainWindow, qtbot: QtBot, key: Qt.Key
) -> None:
    assert not window.close()
    box = window.findChild(QMessageBox, "endTraining")
    assert box is not None
    assert {button.text() for button in box.buttons()} == {"Stop and close", "Keep training"}
    QTest.keyClick(box, key)
    assert window.training.is_running
    assert window.isVisible()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not window.close()
    again = window.findChild(QPushButton, "endTrainingDo")
    assert again is not None
    again.click()
    assert not window.training.is_running
    assert not window.isVisible()


def test_the_legend_can_be_read_in_both_themes(window: MainWindow, qtbot: QtBot) -> None:
    panel = _panel(window)
    theme = window._theme
    try:
        for mode in ("light", "dark", "light"):
            theme.set_mode(mode)  # type: ignore[arg-type]
            tokens = theme.tokens
            title = panel.loss.getPlotItem().titleLabel
            assert title.opts["color"] == tokens.text_muted
            assert tokens.accent in title.text
            assert tokens.validation in title.text
            for name in (tokens.text_muted, tokens.accent, tokens.validation):
                assert contrast(name, tokens.surface) >= 4.5
    finally:
        theme.set_mode("light")
    _end(window, qtbot, _FINISHED)


def test_the_data_are_parsed_once_from_the_dialog_to_the_process(
    quiet_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trainer.runs import config

    monkeypatch.setattr("trainer.processes.train_process.TrainingProcess", _FakeRun)
    load(quiet_window)
    quiet_window.actions_["Train"].trigger()
    dialog = quiet_window.findChild(TrainingDialog, "trainingDialog")
    assert dialog is not None
    checked: list[str] = []
    check = config.check_spec

    def counted(spec: str) -> object:
        checked.append(spec)
        return check(spec)

    monkeypatch.setattr(config, "check_spec", counted)
    dialog.start_button.click()
    assert quiet_window.training.is_running
    assert checked == ["mnist"]
