"""Train ▸ Runs…: the table, curves over each other, notes, deleting with undo, a run that is watched."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from handwrite_app.history.controller import History
from handwrite_app.history.model import ACCURACY, NOTE
from handwrite_app.history.runs_window import RunsWindow
from handwrite_app.training.setup.dialog import TrainingDialog
from handwrite_app.window.main_window import MainWindow
from tests.app.training.runs import ToldRun, batch, epoch, finished, started
from trainer.base.events import Event, event_to_json
from trainer.base.paths import runs_folder
from trainer.runs.config import TrainConfig
from trainer.runs.lock import held
from trainer.runs.notes import Notes, read_notes


def _run(name: str, *events: Event, **changed: object) -> Path:
    folder = runs_folder() / name
    folder.mkdir(parents=True)
    config = {**TrainConfig().to_json(), **changed}
    (folder / "config.json").write_text(json.dumps(config))
    text = "".join(event_to_json(event) + "\n" for event in events)
    (folder / "metrics.jsonl").write_text(text)
    for file in folder.iterdir():
        os.utime(file, (0, 0))  # long ago: what has no end was broken off
    return folder


@pytest.fixture
def folders() -> list[Path]:
    """The last one was killed in its second epoch."""
    names = [f"2026-01-0{day}_120000-cnn" for day in (1, 2, 3)]
    return [
        _run(names[0], started(names[0]), batch(50), epoch(1), finished(names[0])),
        _run(names[1], started(names[1]), batch(50), epoch(1), finished(names[1]), batch_size=64),
        _run(names[2], started(names[2]), batch(50), epoch(1), batch(150)),
    ]


@pytest.fixture
def runs(quiet_window: MainWindow, qtbot: QtBot, folders: list[Path]) -> RunsWindow:
    history = quiet_window.feature(History)
    quiet_window.actions_["Runs"].trigger()
    assert history.runs is not None
    qtbot.waitUntil(lambda: len(history.runs.table.entries) == 3, timeout=10_000)
    return history.runs


def test_runs_are_listed_sorted_and_filtered(runs: RunsWindow, folders: list[Path]) -> None:
    assert [entry.run.folder for entry in runs.table.entries] == folders[::-1]
    assert [entry.run.state for entry in runs.table.entries] == [
        "broken off",
        "finished",
        "finished",
    ]
    runs.view.sortByColumn(ACCURACY, Qt.SortOrder.AscendingOrder)
    runs.search.setText("broken 01-03")
    assert runs.filter.rowCount() == 1
    assert runs.count.text() == "1 of 3 runs"
    runs.search.setText("nothing like that")
    assert runs.filter.rowCount() == 0


def test_two_runs_lie_over_each_other_and_differ(
    runs: RunsWindow, folders: list[Path], qtbot: QtBot
) -> None:
    runs.select(folders[0], folders[1])
    qtbot.waitUntil(lambda: len(runs.overlay.names) == 2, timeout=10_000)
    assert set(runs.overlay.names) == {folders[0].name, folders[1].name}
    assert folders[0].name in runs.legend.text()
    rows = [
        [runs.differences.topLevelItem(i).text(c) for c in range(3)]
        for i in range(runs.differences.topLevelItemCount())
    ]
    assert [row[0] for row in rows] == ["Batch size"]
    assert set(rows[0][1:]) == {"64", "256"}


def test_a_note_and_a_star(runs: RunsWindow, folders: list[Path], qtbot: QtBot) -> None:
    row = runs.table.row_of(folders[0])
    runs.table.setData(runs.table.index(row, NOTE), "the first ")
    qtbot.waitUntil(lambda: read_notes(folders[0]).note == "the first", timeout=10_000)
    qtbot.waitUntil(lambda: runs.table.entries[row].notes.note == "the first", timeout=10_000)
    runs.select(folders[0])
    runs.star.click()
    expected = Notes(note="the first", star=True)
    qtbot.waitUntil(lambda: read_notes(folders[0]) == expected, timeout=10_000)


def test_a_deleted_run_comes_back(runs: RunsWindow, folders: list[Path], qtbot: QtBot) -> None:
    runs.select(folders[0], folders[1])
    runs.delete.click()
    qtbot.waitUntil(lambda: len(runs.table.entries) == 1, timeout=10_000)
    assert runs.toast.text == "Deleted 2 runs."
    assert not folders[0].exists()
    runs.toast.button.click()
    qtbot.waitUntil(lambda: len(runs.table.entries) == 3, timeout=10_000)
    assert (folders[0] / "config.json").is_file()


def test_what_was_deleted_goes_with_the_window(
    quiet_window: MainWindow, runs: RunsWindow, folders: list[Path], qtbot: QtBot
) -> None:
    runs.select(folders[0])
    runs.delete.click()
    qtbot.waitUntil(lambda: len(runs.table.entries) == 2, timeout=10_000)
    quiet_window.close_at_once()
    assert sorted(entry.name for entry in runs_folder().iterdir()) == [
        folder.name for folder in folders[1:]
    ]


def test_a_run_of_another_program_is_watched(runs: RunsWindow, qtbot: QtBot) -> None:
    """As the command line writes it: it holds the folder's lock, and its log grows."""
    folder = _run("2026-01-04_120000-lenet5", started(), batch(20))
    with held(folder):
        runs.refresh()
        qtbot.waitUntil(lambda: runs.table.row_of(folder) == 0, timeout=10_000)
        assert runs.table.entries[0].run.state == "running"
        runs.select(folder)
        qtbot.waitUntil(lambda: runs.overlay.names == [folder.name], timeout=10_000)
        assert not runs.delete.isEnabled()
        assert not runs.resume.isEnabled()
        with (folder / "metrics.jsonl").open("a") as log:
            log.write(event_to_json(batch(80)) + "\n" + event_to_json(epoch(1)) + "\n")
        qtbot.waitUntil(lambda: len(runs.overlay.runs[0].validation) == 1, timeout=10_000)
        assert len(runs.overlay.runs[0].training) == 2
        assert runs.table.entries[0].run.epochs[0].epoch == 1
    with (folder / "metrics.jsonl").open("a") as log:
        log.write(event_to_json(finished()) + "\n")
    qtbot.waitUntil(lambda: runs.table.entries[0].run.state == "finished", timeout=10_000)


def test_resume_and_run_again(
    quiet_window: MainWindow,
    runs: RunsWindow,
    folders: list[Path],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("trainer.processes.train_process.TrainingProcess", ToldRun)
    runs.select(folders[1])
    assert not runs.resume.isEnabled()
    runs.again.click()
    qtbot.waitUntil(
        lambda: quiet_window.findChild(TrainingDialog, "trainingDialog") is not None,
        timeout=10_000,
    )
    dialog = quiet_window.findChild(TrainingDialog, "trainingDialog")
    assert dialog is not None
    assert dialog.config().batch_size == 64
    dialog.reject()
    runs.select(folders[2])
    assert runs.resume.isEnabled()
    runs.resume.click()
    qtbot.waitUntil(lambda: quiet_window.training.is_running, timeout=10_000)
    assert ToldRun.latest.given["resume"] == folders[2]


def test_reports_are_opened(
    quiet_window: MainWindow, runs: RunsWindow, folders: list[Path], qtbot: QtBot
) -> None:
    opened: list[Path] = []
    quiet_window.feature(History).open_report = opened.append
    (folders[0] / "report.html").write_text("x")
    runs.select(folders[0])
    runs._on_selection()
    runs.report.click()
    assert opened == [folders[0]]
