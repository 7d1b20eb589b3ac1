"""Train ▸ Runs…: the table, curves over each other, notes, deleting with undo, a run that is watched."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QMessageBox
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
from trainer.runs.records import read_run


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


def test_a_delete_that_fails_half_way_can_be_undone(
    runs: RunsWindow, folders: list[Path], qtbot: QtBot
) -> None:
    """One has begun to be trained again meanwhile; of the other an older copy is in the trash."""
    discarded = runs_folder() / ".deleted" / folders[2].name
    discarded.mkdir(parents=True)
    runs.select(folders[2], folders[0])
    with held(folders[0]):
        runs.delete.click()
        qtbot.waitUntil(lambda: bool(runs.findChildren(QMessageBox, "warning")), timeout=10_000)
    (box,) = runs.findChildren(QMessageBox, "warning")
    assert folders[0].name in box.text()
    box.close()
    assert folders[0].is_dir()
    assert not folders[2].exists()
    assert runs.toast.text == f"Deleted {folders[2].name}."
    runs.toast.button.click()
    qtbot.waitUntil(folders[2].is_dir, timeout=10_000)


def test_a_note_that_is_being_typed_stays(
    runs: RunsWindow, folders: list[Path], qtbot: QtBot
) -> None:
    """The run goes on, and another one is new."""
    row = runs.table.row_of(folders[2])
    index = runs.filter.mapFromSource(runs.table.index(row, NOTE))
    runs.view.edit(index)
    editor = runs.view.viewport().findChild(QLineEdit)
    assert editor is not None
    QTest.keyClicks(editor, "so far so")
    entries = runs.table.entries
    changed = dataclasses.replace(entries[row], notes=Notes(star=True))
    runs._on_entries([changed if i == row else one for i, one in enumerate(entries)])
    assert editor.text() == "so far so"
    runs._on_entries(entries[:-1])
    QTest.keyClicks(editor, " good")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: read_notes(folders[2]).note == "so far so good", timeout=10_000)
    qtbot.waitUntil(lambda: runs.table.entries[row].notes.note != "", timeout=10_000)


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


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_a_run_of_the_command_line_is_watched_to_its_end(
    runs: RunsWindow, folders: list[Path], bars: Path, qtbot: QtBot
) -> None:
    """A process as a person would start it in a terminal, until Ctrl+C there."""
    settings = (
        *("--network=lenet5", "--epochs=1000", "--batch-size=32", "--limit=320"),
        *("--validation=200", "--augmentation=none", "--learning-rate=0.003", "--device=cpu"),
        *("--precision=float32", "--threads=1", f"--data={bars}"),
    )
    command = [sys.executable, "-m", "trainer", "train", *settings]

    def shown(least: int) -> bool:
        return bool(runs.overlay.runs) and len(runs.overlay.runs[0].validation) >= least

    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        try:
            qtbot.waitUntil(
                lambda: process.poll() is not None or len(runs.table.entries) == 4, timeout=300_000
            )
            assert process.poll() is None, process.stderr and process.stderr.read()
            folder = next(e.run.folder for e in runs.table.entries if e.run.folder not in folders)
            row = runs.table.row_of(folder)
            # Its folder is there a moment before its lock.
            qtbot.waitUntil(lambda: runs.table.entries[row].run.state == "running", timeout=60_000)
            runs.select(folder)
            qtbot.waitUntil(lambda: shown(1), timeout=60_000)
            assert runs.overlay.names == [folder.name]
            assert not runs.delete.isEnabled()
            assert not runs.resume.isEnabled()
            more = 1 + len(runs.overlay.runs[0].validation)
            qtbot.waitUntil(lambda: shown(more), timeout=60_000)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=60) == 130
        finally:
            process.kill()
    run = read_run(folder)
    assert run.state == "stopped"
    qtbot.waitUntil(lambda: shown(len(run.epochs)), timeout=10_000)  # the last ones too
    assert runs.table.entries[row].run.end == run.end
    assert runs.resume.isEnabled()


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
