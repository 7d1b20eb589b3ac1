"""Pause, step, cancel, resume, faults: in the window, with a run whose events the test tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from handwrite_app.training import notification
from handwrite_app.training.plots.series import POINTS, RECENT, Look
from handwrite_app.training.setup.dialog import TrainingDialog
from handwrite_app.ui import language
from handwrite_app.ui.settings import Settings
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import load
from tests.app.training.runs import (
    ToldRun,
    batch,
    epoch,
    fail,
    finished,
    panel_of,
    started,
    tell,
)
from trainer.base.events import RunCancelled, RunContinued, RunPaused, event_to_json
from trainer.base.paths import runs_folder
from trainer.runs.config import TrainConfig
from trainer.runs.presets import PRESETS, preset_settings


@pytest.fixture
def window(quiet_window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    monkeypatch.setattr("trainer.processes.train_process.TrainingProcess", ToldRun)
    load(quiet_window)
    return quiet_window


@pytest.fixture
def running(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A run that has learned from fifty batches, with a patience of three epochs."""
    window.training.start(TrainConfig(patience=3))
    tell(window, qtbot, started(), batch(50))
    return window


@pytest.fixture
def new_window(window: MainWindow) -> Iterator[Callable[[], MainWindow]]:
    """Another start of the application, as wide."""
    made: list[MainWindow] = []

    def make() -> MainWindow:
        made.append(MainWindow(window.theme, Settings()))
        made[-1].resize(1600, 900)
        made[-1].show()
        return made[-1]

    yield make
    for one in made:
        one.close_at_once()
        one.deleteLater()


def test_pause_step_continue_stop(running: MainWindow, qtbot: QtBot) -> None:
    panel = panel_of(running)
    controls = panel.controls
    controls.pause.click()
    assert ToldRun.latest.commands == ["pause"]
    assert controls.pause.text() == "Pausing…"
    assert not controls.pause.isEnabled()
    tell(running, qtbot, batch(51), RunPaused(step=51, epoch=0.51))
    assert controls.pause.text() == "Continue"
    assert panel.facts.full_text == "paused after step 51 of 200 · loss 0.4000"
    running.training.show_panel(False)
    assert running.training.strip is not None
    assert running.training.strip.words.text() == "cnn: paused at 26 %"
    running.training.show_panel(True)
    controls.step.click()
    tell(running, qtbot, batch(52, loss=0.25), RunPaused(step=52, epoch=0.52))
    assert panel.facts.full_text == "paused after step 52 of 200 · loss 0.2500"
    controls.pause.click()
    tell(running, qtbot, RunContinued(step=52), batch(60))
    assert controls.pause.text() == "Pause"
    assert "left" in panel.facts.full_text
    assert ToldRun.latest.commands == ["pause", "step", "continue"]
    controls.stop.click()
    assert ToldRun.latest.commands[-1] == "stop"
    assert not controls.stop.isEnabled()


def test_what_is_known_of_the_run_is_said(running: MainWindow, qtbot: QtBot) -> None:
    panel = panel_of(running)
    tell(running, qtbot, epoch(1, loss=0.1), epoch(2, loss=0.2), batch(120))
    details = panel.details.full_text
    for words in ("learning rate 0.002", "patience 1 of 3", "CPU", "2 threads", "286 MiB"):
        assert words in details


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_cancelling_asks_and_the_safe_answer_is_the_default(
    running: MainWindow, key: Qt.Key
) -> None:
    panel_of(running).controls.cancel.click()
    box = running.findChild(QMessageBox, "cancelRun")
    assert box is not None
    QTest.keyClick(box, key)
    assert ToldRun.latest.commands == []
    assert running.training.is_running


def test_the_question_goes_with_its_run(running: MainWindow, qtbot: QtBot) -> None:
    panel_of(running).controls.cancel.click()
    assert running.findChild(QPushButton, "cancelRunDo") is not None
    fail(running, qtbot, "job.killed", "The training process was ended by SIGKILL")
    qtbot.waitUntil(lambda: running.findChild(QPushButton, "cancelRunDo") is None)
    running.training.start(TrainConfig())
    assert running.training.is_running
    assert ToldRun.latest.commands == []


def test_a_cancelled_run_is_over_and_offers_nothing(running: MainWindow, qtbot: QtBot) -> None:
    panel = panel_of(running)
    panel.controls.cancel.click()
    do = running.findChild(QPushButton, "cancelRunDo")
    assert do is not None
    do.click()
    assert ToldRun.latest.commands == ["cancel"]
    assert panel.controls.cancel.text() == "Cancelling…"
    tell(running, qtbot, RunPaused(step=60, epoch=0.6))  # too late to matter
    assert panel.controls.state == "cancelling"
    tell(running, qtbot, RunCancelled(run="a run"))
    qtbot.waitUntil(lambda: not running.training.is_running)
    assert panel.title.text() == "Training cnn was cancelled"
    assert not running.training.has_result
    assert not panel.result.isVisible()
    assert not panel.controls.isVisible()
    assert "nothing of it is left" in running.status.text()


def _folder(*, config: TrainConfig | None = None) -> Path:
    """A run that was killed in its second epoch."""
    import json

    folder = runs_folder() / "2026-01-01_120000-cnn"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps((config or TrainConfig()).to_json()))
    events = [started(str(folder)), batch(50), epoch(1), batch(150)]
    text = "".join(event_to_json(event) + "\n" for event in events)
    (folder / "metrics.jsonl").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("job.killed", "The training process was ended by SIGKILL"),
        ("training.diverged-later", "The loss stopped being a number"),
        ("data.gone", "the data folder is not there any more"),
        ("file.unwritable", "could not be written (No space left on device)"),
        ("training.device-failed", "Computing on cuda failed"),
    ],
)
def test_what_broke_a_run_off_is_said_and_it_can_go_on(
    window: MainWindow, qtbot: QtBot, code: str, text: str
) -> None:
    folder = _folder()
    loaded = window.loaded
    window.training.start(TrainConfig())
    tell(window, qtbot, started(str(folder)), batch(50), epoch(1))
    fail(window, qtbot, code, text)
    panel = panel_of(window)
    assert panel.title.text() == "Training cnn failed"
    box = window.findChild(QMessageBox, "trainingFailed")
    assert box is not None
    assert text in box.text()
    box.reject()
    assert window.loaded is loaded  # the old network reads throughout
    assert panel.result.isVisible()
    assert not panel.result.use_button.isVisible()
    panel.result.resume_button.click()
    qtbot.waitUntil(lambda: window.training.is_running, timeout=10_000)
    assert ToldRun.latest.given["resume"] == folder
    assert not panel.result.isVisible()
    assert panel.loss.points == (2, 1)  # what it had learned before
    tell(window, qtbot, started(str(folder)), batch(160), finished(str(folder)))
    assert panel.result.use_button.isVisible()
    assert not panel.result.resume_button.isVisible()


def test_a_run_without_a_folder_cannot_be_resumed(window: MainWindow, qtbot: QtBot) -> None:
    window.training.start(TrainConfig())
    fail(window, qtbot, "data.x", "these data are broken")
    assert not panel_of(window).result.isVisible()


def test_a_run_whose_folder_is_gone_is_not_resumed(window: MainWindow, qtbot: QtBot) -> None:
    window.training.resume(runs_folder() / "nowhere")
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "trainingFailed") is not None)
    assert not window.training.is_running


@pytest.mark.parametrize("phase", ["starting", "paused", "stopping", "cancelling"])
def test_the_window_closes_in_every_phase(window: MainWindow, qtbot: QtBot, phase: str) -> None:
    window.training.start(TrainConfig())
    if phase != "starting":
        tell(window, qtbot, started(), batch(50))
    match phase:
        case "paused":
            tell(window, qtbot, RunPaused(step=50, epoch=0.5))
        case "stopping":
            panel_of(window).show_stopping()
        case "cancelling":
            window.training.cancel()
    assert not window.close()
    assert window.findChild(QMessageBox, "endTraining") is not None
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    window.close_at_once()
    assert not window.isVisible()
    assert not window.training.is_running


def _to(window: MainWindow, place: str) -> None:
    """By the panel's own menu."""
    menu = panel_of(window).view.places
    next(one for one in menu.actions() if one.objectName() == place).trigger()


@pytest.mark.usefixtures("english_afterwards")
def test_the_panel_can_be_a_window_of_its_own(running: MainWindow, qtbot: QtBot) -> None:
    panel = panel_of(running)
    _to(running, "window")
    alone = running.findChild(QWidget, "trainingWindow")
    assert alone is not None
    assert alone.isAncestorOf(panel)
    assert panel.isVisible()
    tell(running, qtbot, batch(70))
    running.actions_["ShowTraining"].trigger()
    assert not alone.isVisible()  # no empty frame is left
    assert running.training.strip is not None
    assert running.training.strip.isVisible()
    running.actions_["ShowTraining"].trigger()
    assert alone.isVisible()
    language.install("zh_CN")
    QApplication.sendPostedEvents()
    assert alone.windowTitle() == "训练"
    language.install("en")
    alone.resize(700, 500)
    _to(running, "below")
    assert not alone.isVisible()
    _to(running, "window")
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    alone = running.findChild(QWidget, "trainingWindow")
    assert alone is not None
    assert alone.size() == QSize(700, 500)
    alone.close()  # the panel is back under the paper
    assert running.training_area.splitter.indexOf(panel) >= 0
    assert panel.isVisible()
    assert running.training_area.place == "below"
    assert [one.objectName() for one in panel.view.places.actions() if one.isChecked()] == ["below"]


def test_the_panel_stands_beside_the_paper_where_there_is_room(
    running: MainWindow, qtbot: QtBot
) -> None:
    """And below it in a narrow window, until that is wide again: the paper is never squeezed."""
    panel, paper = panel_of(running), running.canvas
    running.resize(1600, 900)
    running.actions_.menus["place"].aboutToShow.emit()
    running.actions_.menus["place"].actions()[1].trigger()
    QApplication.processEvents()
    assert running.training_area.place == "right"
    left = running.side.mapTo(running, QPoint(0, 0)).x() + running.side.width()
    assert panel.mapTo(running, QPoint(0, 0)).x() >= left  # the answer stays by the paper
    assert paper.width() >= 400
    assert panel.plots.loss.isVisible()
    assert panel.plots.accuracy.isVisible()  # one above the other
    for size, place in (((1024, 640), "below"), ((1600, 900), "right")):
        running.resize(*size)
        QApplication.processEvents()
        assert running.training_area.place == place
        assert paper.height() >= paper.minimumSizeHint().height()
        assert paper.width() >= paper.minimumSizeHint().width()
        assert running.width() == size[0]
        assert panel.isVisible()
    panel.hide()
    QApplication.processEvents()
    assert not running.training_area._beside.isVisible()


def test_the_layout_is_remembered(
    window: MainWindow, qtbot: QtBot, new_window: Callable[[], MainWindow]
) -> None:
    window.resize(1600, 900)
    window.training_area.move_to("right")
    QApplication.processEvents()
    splitter = window.training_area._outer
    splitter.setSizes([980, 600])
    wide = splitter.sizes()
    assert window.close()
    again = new_window()
    qtbot.waitUntil(lambda: again.training_area.place == "right")
    qtbot.waitUntil(lambda: panel_of(again).isVisible())
    QApplication.processEvents()
    assert abs(again.training_area._outer.sizes()[1] - wide[1]) < 24
    assert again.actions_["ShowTraining"].isChecked()
    again.actions_["ShowTraining"].trigger()
    assert again.close()
    assert new_window().training.panel is None  # hidden stays hidden


def test_the_end_of_a_run_is_told_outside_of_the_window(
    running: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(
        notification, "notify", lambda _window, _title, text: told.append(text) or True
    )
    tell(running, qtbot, finished())
    assert told == ["cnn is ready: 97.00 % right."]


def test_the_looks_of_the_curves(running: MainWindow, qtbot: QtBot) -> None:
    panel = panel_of(running)
    for step in range(60, 400):
        panel.show_event(batch(step, loss=0.5 if step != 300 else 900.0))
    curves = panel.loss
    curves._draw()
    high = curves._box.viewRange()[1][1]
    assert high > 800
    panel.view.findChild(QWidget)  # the menu is made
    actions = {action.objectName(): action for action in panel.view.menu().actions()}
    actions["ignoreOutliers"].trigger()
    assert curves._box.viewRange()[1][1] < 1.2
    actions["last200"].trigger()
    begin, end = curves._box.viewRange()[0]
    assert begin > 1.9
    assert end < 4.1
    actions["logScale"].trigger()
    assert panel.view.look == Look(log=True, no_outliers=True, last=200)
    curves._box.sigRangeChangedManually.emit([True, True])
    assert curves.is_zoomed
    actions["resetZoom"].trigger()
    assert not curves.is_zoomed
    curves.pointed.emit(2.5)
    assert "epoch 2.50 · loss 0.5" in panel.plots.values.text()
    assert panel.plots.values.isVisible()
    assert not panel.plots.image().isNull()
    assert not panel.plots.values.isVisible()


def test_points_are_thinned_and_the_last_are_not() -> None:
    from handwrite_app.training.plots.series import Series

    series = Series()
    for i in range(100_000):
        series.add(i, i % 7)
    assert POINTS <= len(series) <= 2 * POINTS
    xs, ys = series.shown(200)
    assert xs.tolist() == list(range(99_800, 100_000))
    assert ys.tolist() == [i % 7 for i in range(99_800, 100_000)]
    assert len(series.shown(5000)[0]) == RECENT


def test_every_preset_starts_and_finishes(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDWRITE_DATA", str(tmp_path))
    monkeypatch.setattr("trainer.runs.presets.write_own_drawings", lambda: 3)
    monkeypatch.setattr("trainer.runs.presets.with_own_drawings", lambda dataset: dataset)
    for name, preset in PRESETS.items():
        window.training.ask()
        (dialog,) = (one for one in window.findChildren(TrainingDialog) if one.isVisible())
        box = dialog.presets.box
        box.setCurrentIndex(box.findData(name))
        box.activated.emit(box.currentIndex())
        assert dialog.presets.gloss.text(), name
        dialog.start_button.click()
        qtbot.waitUntil(lambda: window.training.is_running)
        wanted = TrainConfig(**preset_settings(preset, tmp_path).settings)
        assert ToldRun.latest.config == wanted, name
        tell(window, qtbot, started(), batch(50), finished())
        qtbot.waitUntil(lambda: not window.training.is_running)
        assert window.training.has_result, name
