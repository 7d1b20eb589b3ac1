"""The report through the window: cells open their pictures, and what becomes of the network."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton
from pytestqt.qtbot import QtBot

from handwrite_app.report import controller
from handwrite_app.report.controller import Reports
from handwrite_app.report.report_window import ReportWindow
from handwrite_app.ui.widgets.toast import Toast
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import load
from tests.trainer.run_folders import epoch, finished, started, write_run
from trainer.base.paths import models_folder, runs_folder
from trainer.evaluation.answers_file import StoredAnswers, write_answers
from trainer.processes.export_process import Exported

_SECONDS = 20_000


def answers(*, before: bool = True, others: bool = True) -> StoredAnswers:
    """Thirty pictures of three labels, of which two 1 are read as 7; six show something else."""
    labels = ("0", "1", "7")
    targets = np.array([*([0] * 10), *([1] * 10), *([2] * 10), *([-1] * 6 * others)], np.int64)
    read = targets.copy()
    read[[10, 11]] = 2
    read[targets < 0] = 0
    logits = np.eye(3, dtype=np.float32)[read] * 4
    logits[11] *= 2  # the surer of the two
    old = np.eye(3, dtype=np.float32)[np.where(np.arange(len(targets)) % 5 == 0, 0, read)] * 3
    pictures = np.random.default_rng(1).integers(0, 255, (len(targets), 28, 28), np.uint8)
    is_digit = np.where(targets < 0, 0.2, 0.9).astype(np.float32)
    is_digit[-1] = 0.95
    return StoredAnswers(
        labels=labels,
        pictures=pictures,
        targets=targets,
        logits=logits,
        is_digit=is_digit if others else None,
        before=old if before else None,
    )


@pytest.fixture
def folder(lenet_file: Path) -> Path:
    made = runs_folder() / "2026-11-30_120000-lenet5"
    write_run(made, started(made), epoch(1), finished(made))
    (made / "best.safetensors").write_bytes(lenet_file.read_bytes())
    (made / "report.html").write_text("a page")
    write_answers(made / "answers.npz", answers())
    return made


@pytest.fixture
def reports(quiet_window: MainWindow, folder: Path) -> Reports:
    load(quiet_window)
    return quiet_window.feature(Reports)


@pytest.fixture
def report(reports: Reports, quiet_window: MainWindow, qtbot: QtBot) -> Iterator[ReportWindow]:
    """Opened from the menu: the newest run that has one."""
    quiet_window.actions_["Report"].trigger()
    qtbot.waitUntil(lambda: reports.window is not None, timeout=_SECONDS)
    assert reports.window is not None
    yield reports.window
    reports.close()


def _press(report: ReportWindow, name: str) -> None:
    button = report.findChild(QPushButton, name)
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_cell_opens_its_pictures(report: ReportWindow) -> None:
    matrix, made = report.matrix, answers()
    # It begins with the most frequent confusion.
    assert [tile.picture for tile in report.cell.tiles] == [
        made.pictures[11].tobytes(),
        made.pictures[10].tobytes(),
    ]
    assert all(tile.badge == "7" for tile in report.cell.tiles)
    assert "1, read as 7 (2)" in report.cell_words.text()
    QTest.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=matrix.rect_of(0, 0).center())
    assert len(report.cell.tiles) == 10
    matrix.grab()
    painted = matrix._painted
    QTest.keyClick(matrix, Qt.Key.Key_Right)
    matrix.grab()
    assert matrix._painted is painted  # the cells are not painted again for a key
    assert not report.cell.tiles
    assert "0, read as 1 (0)" in report.cell_words.text()


def test_its_numbers(report: ReportWindow) -> None:
    assert "93" in report.headline.text()  # 28 of 30
    assert not report.worst.tiles  # a page is filled when it is first seen
    for place in range(report.tabs.count()):
        report.tabs.setCurrentIndex(place)
    texts = [
        [report.classes.item(row, column).text() for column in range(5)]  # type: ignore[union-attr]
        for row in range(3)
    ]
    assert [row[:2] for row in texts] == [["0", "10"], ["1", "10"], ["7", "10"]]
    assert texts[1][3].startswith("80")
    assert texts[2][2].startswith("83")  # ten of twelve
    assert report.worst.tiles[0].picture == answers().pictures[11].tobytes()
    assert report.calibration.points
    assert report.rejection.points == 30
    assert report.open_set.points
    assert report.rates.text().count("\n") == 1
    assert report.tabs.count() == 6
    assert len(report.fixed.tiles) + len(report.broken.tiles) > 0


def test_a_run_without_others_and_without_an_earlier_network(
    reports: Reports, folder: Path, qtbot: QtBot
) -> None:
    write_answers(folder / "answers.npz", answers(before=False, others=False))
    reports.open(folder)
    qtbot.waitUntil(lambda: reports.window is not None, timeout=_SECONDS)
    report = reports.window
    assert report is not None
    assert report.tabs.count() == 5
    report.tabs.setCurrentIndex(4)
    assert report.open_set.isHidden()
    assert "not known" in report.rates.text()
    reports.close()


def test_the_network_is_used(
    report: ReportWindow, quiet_window: MainWindow, reports: Reports, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(reports.networkKept, timeout=_SECONDS) as kept:
        _press(report, "reportUse")
    path = kept.args[0]
    assert path.parent == models_folder()
    assert path.stem in report.status.text()


def test_a_discarded_run_can_be_brought_back_until_the_window_closes(
    report: ReportWindow, reports: Reports, quiet_window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    _press(report, "reportDiscard")
    qtbot.waitUntil(lambda: not folder.exists(), timeout=_SECONDS)
    qtbot.waitUntil(lambda: reports.window is None, timeout=_SECONDS)
    toasts = quiet_window.findChildren(Toast)
    (toast,) = [toast for toast in toasts if folder.name in toast.text]
    toast.button.click()
    qtbot.waitUntil(lambda: (folder / "answers.npz").is_file(), timeout=_SECONDS)
    reports.open(folder)
    qtbot.waitUntil(lambda: reports.window is not None, timeout=_SECONDS)
    assert reports.window is not None
    _press(reports.window, "reportDiscard")
    qtbot.waitUntil(lambda: reports.window is None, timeout=_SECONDS)
    reports.close()
    assert list(folder.parent.rglob("answers.npz")) == []


def test_a_run_that_is_deleted_is_not_waited_for(
    report: ReportWindow, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def moved(*_: object) -> Path:
        threads.append(threading.current_thread())
        return folder

    monkeypatch.setattr("handwrite_app.training.deletion.discard_run", moved)
    _press(report, "reportDiscard")
    qtbot.waitUntil(lambda: bool(threads), timeout=_SECONDS)
    assert threads[0] is not threading.main_thread()


def test_it_is_exported(
    report: ReportWindow,
    reports: Reports,
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[tuple[Path, Path]] = []
    monkeypatch.setattr(
        "handwrite_app.ui.dialogs.save_dialog.ask_where", lambda *_: tmp_path / "a.onnx"
    )
    monkeypatch.setattr(reports._export, "start", lambda *paths: asked.append(paths))
    _press(report, "reportExport")
    assert [(a.name, b.name) for a, b in asked] == [("best.safetensors", "a.onnx")]
    export = report.findChild(QPushButton, "reportExport")
    assert export is not None
    assert not export.isEnabled()
    reports._export.eventHappened.emit(Exported(path=tmp_path / "a.onnx", bytes=10, compared=100))
    assert export.isEnabled()
    assert "a.onnx" in report.status.text()
    assert "100" in report.status.text()


def test_the_page_is_opened(
    report: ReportWindow, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        controller.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True
    )
    _press(report, "reportPage")
    assert opened == [str(folder / "report.html")]


@pytest.mark.parametrize("content", [None, b"damaged"])
def test_no_answers_and_damaged_ones_are_said(
    reports: Reports,
    quiet_window: MainWindow,
    folder: Path,
    content: bytes | None,
    qtbot: QtBot,
) -> None:
    path = folder / "answers.npz"
    path.unlink() if content is None else path.write_bytes(content)
    reports.open(folder)
    qtbot.waitUntil(
        lambda: quiet_window.findChild(QDialog, "noReport") is not None, timeout=_SECONDS
    )
    box = quiet_window.findChild(QDialog, "noReport")
    assert box is not None
    box.close()
    assert reports.window is None


def test_the_result_of_a_run_leads_to_its_report(
    reports: Reports, quiet_window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    quiet_window.training.show_panel(True)
    panel = quiet_window.training.panel
    assert panel is not None
    panel.begin("lenet5")
    panel.show_result(lambda: "ready", better=True)
    quiet_window.training.finished.emit(finished(folder))
    QTest.mouseClick(panel.result.report_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: reports.window is not None, timeout=_SECONDS)
    assert reports.window is not None
    assert folder.name in reports.window.windowTitle()
    reports.close()
