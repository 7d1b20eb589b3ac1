"""The commands `explain` and `write`."""

from __future__ import annotations

import json
from pathlib import Path
from xml.dom import minidom

import pytest

from tests.drawings import DIGITS
from trainer.cli import run
from trainer.handwriting.files import svg
from trainer.picture.strokes import Drawing


@pytest.fixture
def hand(tmp_path: Path) -> Path:
    """Three sevens and three fours of Anna's."""
    path = tmp_path / "hand.jsonl"
    with path.open("w") as file:
        for label in "74":
            for lean in (0.0, 0.08, 0.16):
                strokes = [[[x - lean * y, y] for x, y in points] for points in DIGITS[label]]
                widths = [20] * len(strokes)
                line = {"label": label, "writer": "Anna", "strokes": strokes, "widths": widths}
                file.write(json.dumps(line) + "\n")
    return path


def test_write_gives_four_sevens_that_are_read(
    hand: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "7777.svg"
    line = ["write", "7777", "--memory", str(hand), "--writer", "Anna", "--output", str(target)]
    assert run([*line, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one["label"] for one in found["characters"]] == ["7"] * 4
    assert all(one["probability"] > 0.99 for one in found["characters"])
    assert all(one["origin"] == "own" for one in found["characters"])
    assert "<svg" in target.read_text()
    assert run(line) == 2  # it is there already
    assert "already exists" in capsys.readouterr().err


def test_write_says_what_is_missing(hand: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["write", "70", "--memory", str(hand)]) == 0
    printed = capsys.readouterr()
    assert "from a neutral hand: 0" in printed.err
    assert printed.out.splitlines()[1].startswith("0\tread with")
    assert run(["write", "7%", "--memory", str(hand)]) == 2
    assert "no drawing of % is kept" in capsys.readouterr().err
    assert run(["write", "7", "--memory", str(hand), "--output", "seven.gif"]) == 2
    assert run(["write", "7", "--seed", "-1"]) == 2
    capsys.readouterr()
    assert run(["write", "7", "--writer", "Nobody"]) == 2  # there is no store at all
    assert "Nobody" in capsys.readouterr().err
    assert minidom.parseString(svg(Drawing(), title="1\x0c2")) is not None


def test_explain_names_edits_and_strokes(hand: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["explain", str(hand), "--weights", "scribe-tiny"]
    assert run([*arguments, "--memory", str(hand), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["guess"] == "7"
    assert {one["label"] for one in found["examples"]} == {"7", found["runner_up"]}
    assert found["tried"] > 20
    assert found["parts"]
    assert run(arguments) == 0
    assert capsys.readouterr().out.startswith("7\t")


def test_explain_wants_strokes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "seven.png"
    picture.write_bytes(b"")
    assert run(["explain", str(picture)]) == 2
    assert "strokes is wanted" in capsys.readouterr().err
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    seven = tmp_path / "seven.jsonl"
    seven.write_text('{"strokes": [[[0, 0], [9, 0], [5, 9]]]}\n')
    assert run(["explain", str(seven), "--memory", str(empty)]) == 2
    assert "could be remembered" in capsys.readouterr().err
    blank = tmp_path / "blank.jsonl"
    blank.write_text('{"strokes": []}\n')
    assert run(["explain", str(blank), "--writer", "Anna"]) == 2
