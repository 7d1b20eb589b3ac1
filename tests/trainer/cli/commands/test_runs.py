"""handwrite-trainer runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.trainer.run_folders import START, epoch, finished, started, write_run
from trainer.base.paths import runs_folder
from trainer.cli import run
from trainer.runs.config import TrainConfig
from trainer.runs.lock import held


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")


@pytest.fixture
def two(capsys: pytest.CaptureFixture[str]) -> list[Path]:
    folders = [runs_folder() / "2026-01-01_000000-lenet5", runs_folder() / "2026-01-02_000000-cnn"]
    a, b = folders
    write_run(a, started(a), epoch(1, 0.8), epoch(2, 0.9), finished(a), age=1)
    write_run(b, started(b), epoch(1, 0.7), network="cnn", epochs=5, learning_rate=0.01)
    return folders


def _lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[Any]:
    assert run(["runs", *arguments, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def _text(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert run(["runs", *arguments]) == code
    output = capsys.readouterr()
    return output.err if code else output.out


def test_list(two: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    lines = _lines(capsys, "list")
    assert [line["path"] for line in lines] == [str(folder) for folder in two]
    assert lines[0]["validation_accuracy"] == 0.9
    assert [line["state"] for line in lines] == ["finished", "broken off"]
    first, second = _text(capsys, "list").splitlines()[1:]
    for word in (two[0].name, "lenet5", "mnist", "90.00 %", "2/3", "7.5 s", "finished"):
        assert word in first
    for word in (two[1].name, "70.00 %", "1/3", "broken off"):
        assert word in second


def test_list_of_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert _lines(capsys, "list") == []
    assert "No runs in" in _text(capsys, "list")


def test_a_narrow_terminal_cuts_nothing_off(
    two: list[Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    text = _text(capsys, "list")
    assert "…" not in text
    assert "".join(line[:12].strip() for line in text.splitlines()).count("2026") == 2


def test_show(two: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = _lines(capsys, "show", "last")
    assert line["name"] == two[1].name
    assert line["changed_settings"]["epochs"] == 5
    assert "seed" not in line["changed_settings"]
    assert line["settings"]["batch_size"] == TrainConfig().batch_size
    assert [e["epoch"] for e in line["curve"]] == [1]
    assert line["files"]["best.safetensors"] == 7000
    text = _text(capsys, "show", "2026-01-01")
    assert str(two[0]) in text
    (row,) = (row for row in text.splitlines() if row.startswith("--network"))
    assert row.split() == ["--network", "lenet5", "cnn"]
    (row,) = (row for row in text.splitlines() if row.split()[:1] == ["2"])
    assert row.split() == ["2", "0.5000", "80.00", "%", "0.7500", "90.00", "%", "4.0", "s", "best"]
    (row,) = (row for row in text.splitlines() if row.startswith("best.safetensors"))
    assert row.split() == ["best.safetensors", "7.0", "kB"]


def test_show_of_a_run_that_was_killed_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_run(runs_folder() / "a")
    (folder / "metrics.jsonl").unlink()
    (folder / "config.json").write_text("{")
    os.utime(folder / "config.json", (START, START))
    assert "broken off" in _text(capsys, "show", "a")
    assert _lines(capsys, "show", "a")[0]["validation_accuracy"] is None


def test_compare(two: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    (document,) = _lines(capsys, "compare", "last", "2026-01-01")
    assert document["runs"] == [two[1].name, two[0].name]
    assert document["settings"] == {
        "network": ["cnn", "lenet5"],
        "epochs": [5, 3],
        "learning_rate": [0.01, TrainConfig().learning_rate],
    }
    assert document["figures"]["validation_accuracy"] == [0.7, 0.9]
    text = _text(capsys, "compare", "last", "2026-01-01")
    rows = [row.split() for row in text.splitlines()]
    assert ["validation", "accuracy", "70.00", "%", "90.00", "%"] in rows
    assert ["--learning-rate", "0.01", str(TrainConfig().learning_rate)] in rows
    assert ["--epochs", "5", "3"] in rows
    assert ["epochs", "1", "2"] in rows  # that were done
    assert not any(row[:1] == ["--batch-size"] for row in rows)


def test_compare_wants_two(two: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert "two runs or more" in _text(capsys, "compare", "last", code=2)
    assert "two runs or more" in _text(capsys, "compare", "last", "2026-01-02", code=2)


def test_delete_asks(
    two: list[Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[str] = []

    def confirm(text: str, **_: Any) -> bool:
        answers.append(text)
        return len(answers) > 1

    monkeypatch.setattr("typer.confirm", confirm)
    assert run(["runs", "delete", "last"]) == 1
    assert two[1].is_dir()
    assert run(["runs", "delete", "last"]) == 0
    assert answers == ["Delete this run with all weights?"] * 2
    assert (two[0].is_dir(), two[1].exists()) == (True, False)
    assert str(two[1]) in capsys.readouterr().out


def test_delete_all_or_nothing(two: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    with held(two[1]):
        names = [folder.name for folder in two]
        assert "is still running" in _text(capsys, "delete", "--yes", *names, code=2)
    assert "there is no run" in _text(capsys, "delete", "--yes", names[0], "nope", code=2)
    assert all(folder.is_dir() for folder in two)
    lines = _lines(capsys, "delete", "--yes", *names, "last")
    assert [line["deleted"] for line in lines] == names
    assert list(runs_folder().iterdir()) == []


def test_deleting_says_what_it_left(two: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    for folder in two:
        (folder / "thesis.docx").write_text("theirs")
    assert "left there, as no run wrote it: thesis.docx" in _text(
        capsys, "delete", "--yes", two[0].name
    )
    (line,) = _lines(capsys, "delete", "--yes", two[1].name)
    assert line["left"] == ["thesis.docx"]


def test_no_torch(two: list[Path]) -> None:
    program = (
        "import sys; from trainer.cli import run\n"
        "assert run(['runs', 'list']) == run(['runs', 'compare', 'last', '2026-01-01']) == 0\n"
        "assert not {'torch', 'torchvision', 'numpy'} & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert two[0].name in done.stdout
