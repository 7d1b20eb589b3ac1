"""`break` and `runs snapshots`: what they print, and what they refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.app.probes import watched_run
from trainer.base.paths import runs_folder
from trainer.cli import run


def test_it_breaks_a_copy(lenet_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = watched_run(runs_folder() / "a run", lenet_file, steps=(1,))
    weights = next(folder.glob("snapshot-*"))
    content = weights.read_bytes()
    assert run(["break", str(weights), "--noise", "2", "--off", "0:3", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["count"] == 10
    assert found["accuracy"] == 1.0
    assert found["damaged_accuracy"] < 1.0
    assert found["damage"]["channels"] == [{"layer": "0", "number": 3}]
    assert found["layers"][0]["channels"] == 6
    assert weights.read_bytes() == content
    assert run(["break", str(weights)]) == 0
    out = capsys.readouterr()
    assert "100" in out.out
    assert "nothing is damaged" in out.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--bits", "3"], "8, 4, 2, 1"),
        (["--off", "0:x"], "LAYER:CHANNEL"),
        (["--off", "nowhere"], "no layer"),
        (["--noise", "-1"], "noise"),
        (["--noise", "0.1", "--seed", "9" * 20], "--seed"),
    ],
)
def test_wrong_damage_is_wrong_input(
    lenet_file: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: str,
) -> None:
    folder = watched_run(runs_folder() / "a run", lenet_file, steps=(1,))
    assert run(["break", str(next(folder.glob("snapshot-*"))), *arguments]) == 2
    assert words in capsys.readouterr().err


def test_snapshots_of_a_run(lenet_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = watched_run(runs_folder() / "a run", lenet_file)
    assert run(["runs", "snapshots", "a run", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["step"] for line in lines] == [0, 4, 16]
    assert lines[-1]["accuracy"] == 1.0 > lines[0]["accuracy"]
    assert lines[-1]["answers"] == lines[-1]["targets"] == list("0123456789")
    next(folder.glob("snapshot-*-epoch-0.5*")).write_bytes(b"damaged")
    assert run(["runs", "snapshots", "a run"]) == 0
    assert "snapshot-00000004" in capsys.readouterr().err
    (folder / "wall.safetensors").unlink()
    assert run(["runs", "snapshots", "a run"]) == 2
    assert "no snapshots" in capsys.readouterr().err
