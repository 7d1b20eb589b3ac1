"""Someone trains a network from the menu while drawing on, and keeps it or not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QMessageBox,
    QPushButton,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from handwrite_app.training.result_bar import ResultBar
from handwrite_app.training.setup.dialog import TrainingDialog
from handwrite_app.window.main_window import MainWindow
from tests.drawings import DIGITS
from tests.e2e.conftest import draw_with_mouse
from trainer.base.events import RunFinished
from trainer.base.paths import models_folder, runs_folder


@pytest.fixture(autouse=True)
def _data(made_up_mnist: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDWRITE_DATA", str(made_up_mnist))


def _start(window: MainWindow, *, epochs: int, limit: int) -> None:
    """Through the menu's action and the dialog, as a person does."""
    window.actions_["Train"].trigger()
    dialog = window.findChild(TrainingDialog, "trainingDialog")
    assert dialog is not None
    network, count, pictures, checked = (
        dialog.field("network"),
        dialog.field("epochs"),
        dialog.field("limit"),
        dialog.field("validation"),
    )
    assert isinstance(network, QComboBox)
    network.setCurrentText("lenet5")
    for box, value in ((count, epochs), (pictures, limit), (checked, 500)):
        assert isinstance(box, QSpinBox)
        box.setValue(value)
    start = dialog.findChild(QPushButton, "startTraining")
    assert start is not None
    start.click()
    # When the dialog goes, the window becomes active again, and a stroke under way would end there.
    while window.findChild(TrainingDialog, "trainingDialog") is not None:
        QTest.qWait(10)
    window.activateWindow()  # a window manager would; the offscreen platform has none
    assert QTest.qWaitForWindowActive(window)
    assert window.training.is_running


def _result(qtbot: QtBot, window: MainWindow) -> ResultBar:
    """The bar with what came of the run, in the panel."""
    qtbot.waitUntil(lambda: window.training.is_undecided, timeout=120_000)
    qtbot.waitUntil(lambda: not window.training.is_running, timeout=20_000)
    panel = window.training.panel
    assert panel is not None
    assert panel.result.isVisible()
    assert window.findChildren(QDialog) == []  # nothing opens by itself
    return panel.result


def _comparison(qtbot: QtBot, window: MainWindow) -> QDialog:
    """Waits for the result, and opens the comparison from the panel."""
    qtbot.waitUntil(lambda: window.training.has_result, timeout=250_000)
    # With the result the run is over, though its process may still be writing the report.
    qtbot.waitUntil(lambda: not window.training.is_running)
    panel = window.training.panel
    assert panel is not None
    _press(panel, "resultCompare")
    dialog = window.findChild(QDialog, "comparisonDialog")
    assert dialog is not None
    return dialog


def _press(dialog: QWidget, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert button is not None
    button.click()


def test_train_draw_compare_keep(qtbot: QtBot, open_window: Callable[[], MainWindow]) -> None:
    window = open_window()
    old = window.loaded
    assert old is not None
    answers: list[str] = []
    window.recognition.readingReady.connect(
        lambda reading: answers.append(window.reading.answer.text())
    )
    _start(window, epochs=2, limit=6000)
    panel = window.findChild(QWidget, "trainingPanel")
    assert panel is not None
    assert panel.isVisible()
    assert window.actions_["StopTraining"].isEnabled()
    assert not window.actions_["Train"].isEnabled()
    drawn_while_training = 0

    def over() -> bool:
        return window.training.is_undecided

    while not over():
        window.actions_["Clear"].trigger()
        draw_with_mouse(window, DIGITS["0"])
        qtbot.waitUntil(lambda: window.reading.answer.text() == "0" or over(), timeout=60_000)
        drawn_while_training += not over()
    assert drawn_while_training >= 1
    assert answers
    dialog = _comparison(qtbot, window)
    shown = window.training.panel
    assert shown is not None
    assert shown.loss.points[1] == 2  # an epoch each
    assert shown.loss.points[0] >= 2
    assert window.loaded is old  # until someone says otherwise
    with qtbot.waitSignal(window.recognition.loaded, timeout=30_000):
        _press(dialog, "keepNew")
    assert window.loaded is not old
    assert window.loaded.architecture == "lenet5"
    kept = Path(window.loaded.path)
    assert kept.parent == models_folder()
    window.close()

    again = open_window()
    assert again.loaded is not None
    assert Path(again.loaded.path) == kept


def test_the_old_network_can_be_kept(qtbot: QtBot, window: MainWindow) -> None:
    old = window.loaded
    _start(window, epochs=1, limit=1000)
    dialog = _comparison(qtbot, window)
    _press(dialog, "keepOld")
    assert window.loaded is old
    assert not list(models_folder().glob("*"))
    assert list(runs_folder().glob("*/best.safetensors"))  # nothing learned is thrown away


def test_stop_gives_what_was_learned_so_far(qtbot: QtBot, window: MainWindow) -> None:
    results: list[RunFinished] = []
    window.training.finished.connect(results.append)
    _start(window, epochs=1000, limit=4000)
    panel = window.training.panel
    assert panel is not None
    qtbot.waitUntil(lambda: panel.loss.points[1] >= 1, timeout=120_000)
    window.actions_["StopTraining"].trigger()
    assert not panel.stop_button.isEnabled()
    _press(_comparison(qtbot, window), "keepOld")
    assert results[0].reason == "stopped"
    assert Path(results[0].weights).is_file()


def test_a_window_closed_while_training_loses_nothing(
    qtbot: QtBot, open_window: Callable[[], MainWindow]
) -> None:
    window = open_window()
    _start(window, epochs=1000, limit=4000)
    panel = window.training.panel
    assert panel is not None
    qtbot.waitUntil(lambda: panel.loss.points[1] >= 1, timeout=120_000)
    assert not window.close()
    box = window.findChild(QMessageBox, "endTraining")
    assert box is not None
    QTest.keyClick(box, Qt.Key.Key_Return)  # the safe answer
    assert window.training.is_running
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not window.close()
    box = window.findChild(QMessageBox, "endTraining")
    assert box is not None
    _press(box, "endTrainingDo")
    assert not window.isVisible()
    assert not window.training.is_running
    assert not list(runs_folder().rglob("*.part"))
    (run,) = runs_folder().iterdir()
    assert (run / "best.safetensors").is_file()
    again = open_window()
    assert again.loaded is not None
    assert "best" not in again.loaded.name


def test_a_killed_training_process_is_told(qtbot: QtBot, window: MainWindow) -> None:
    _start(window, epochs=1000, limit=4000)
    panel = window.training.panel
    assert panel is not None
    qtbot.waitUntil(lambda: panel.loss.points[0] >= 1, timeout=120_000)
    process = window.training._worker._process
    assert process is not None
    process.kill()
    qtbot.waitUntil(
        lambda: window.findChild(QMessageBox, "trainingFailed") is not None, timeout=60_000
    )
    box = window.findChild(QMessageBox, "trainingFailed")
    assert box is not None
    assert "SIGKILL" in box.text()
    box.accept()
    qtbot.waitUntil(lambda: window.actions_["Train"].isEnabled())
    draw_with_mouse(window, DIGITS["0"])
    qtbot.waitUntil(lambda: window.reading.answer.text() == "0", timeout=60_000)


def test_missing_data_is_explained(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    raw = tmp_path / "cut" / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for name in (
        "train-images-idx3-ubyte",
        "train-labels-idx1-ubyte",
        "t10k-images-idx3-ubyte",
        "t10k-labels-idx1-ubyte",
    ):
        (raw / name).write_bytes(b"\0\0\x08\x03 cut")
    monkeypatch.setenv("HANDWRITE_DATA", str(tmp_path / "cut"))
    _start(window, epochs=1, limit=1000)
    qtbot.waitUntil(
        lambda: window.findChild(QMessageBox, "trainingFailed") is not None, timeout=120_000
    )
    box = window.findChild(QMessageBox, "trainingFailed")
    assert box is not None
    assert "train-images-idx3-ubyte" in box.text()
    box.accept()
    qtbot.waitUntil(lambda: not window.training.is_running)
    assert not runs_folder().exists()
