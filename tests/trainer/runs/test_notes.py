"""Notes and stars of runs, and runs that were deleted and come back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.trainer.run_folders import epoch, progress, started
from trainer.base.errors import InputError
from trainer.base.paths import runs_folder
from trainer.cli import run
from trainer.runs.notes import (
    Notes,
    discard_run,
    empty_trash,
    read_notes,
    restore_run,
    write_notes,
)
from trainer.runs.records import list_runs


@pytest.fixture
def folder() -> Path:
    made = runs_folder() / "2026-01-01_120000-cnn"
    made.mkdir(parents=True)
    (made / "config.json").write_text('{"network": "cnn"}')
    (made / "metrics.jsonl").write_text("")
    return made


def test_a_note_and_a_star_stay(folder: Path) -> None:
    assert read_notes(folder) == Notes()
    write_notes(folder, Notes(note="größer: 好", star=True))
    assert read_notes(folder) == Notes(note="größer: 好", star=True)
    with pytest.raises(InputError, match="characters"):
        write_notes(folder, Notes(note="x" * 2001))
    with pytest.raises(InputError, match="at place 2"):
        write_notes(folder, Notes(note="a\udcff"))  # a byte on the command line that is no UTF-8
    (folder / "notes.json").write_text("[1")
    assert read_notes(folder) == Notes()


def test_the_command_line_notes_and_exports(
    folder: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(["runs", "note", folder.name, "the first", "--star"]) == 0
    assert read_notes(folder) == Notes(note="the first", star=True)
    assert run(["runs", "note", "last", "--no-star"]) == 0
    assert read_notes(folder) == Notes(note="the first")
    assert "the first" in capsys.readouterr().out
    assert run(["runs", "note", "last", "a\x1b[31mred"]) == 0
    assert "\x1b" not in capsys.readouterr().out
    assert run(["runs", "export", "last", str(tmp_path / "x.csv")]) == 2
    assert "no curves" in capsys.readouterr().err
    events = [started(folder), progress(10), epoch(1)]
    from trainer.base.events import event_to_json

    (folder / "metrics.jsonl").write_text("".join(event_to_json(e) + "\n" for e in events))
    assert run(["runs", "export", "last", str(tmp_path / "x.csv")]) == 0
    lines = (tmp_path / "x.csv").read_text().splitlines()
    assert len(lines) == 3
    assert lines[0].startswith("step,epoch,seconds,training_loss")


def test_a_deleted_run_comes_back_and_goes_in_the_end(folder: Path) -> None:
    runs = runs_folder()
    import os

    for file in folder.iterdir():
        os.utime(file, (0, 0))  # written long ago: nothing writes it now
    discarded = discard_run(folder, runs)
    assert list_runs(runs) == []
    assert restore_run(discarded, runs) == folder
    assert [run.name for run in list_runs(runs)] == [folder.name]
    (folder / "mine.txt").write_text("kept")
    discard_run(folder, runs)
    empty_trash(runs)
    assert [entry.name for entry in folder.iterdir()] == ["mine.txt"]
    assert not (runs / ".deleted").exists()
    left = runs / ".deleted" / "2026-01-02_120000-cnn"  # of a deletion that was interrupted
    left.mkdir(parents=True)
    (left / "report.json").write_text("{}")
    empty_trash(runs)
    assert not (runs / ".deleted").exists()
