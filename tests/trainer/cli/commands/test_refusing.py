"""handwrite-trainer recognize and evaluate with a network that refuses what is no digit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.drawings import DIGITS
from tests.trainer.strokes_files import REFUSED, Line, line_of, write
from trainer.cli import run
from trainer.datasets import generated

pytestmark = pytest.mark.usefixtures("one_thread")

EMPTY: Line = {"strokes": []}


def _digit(digit: str, **rest: Any) -> Line:
    return {"strokes": DIGITS[digit], **rest}


class Command:
    """Runs a command with a network."""

    def __init__(self, capsys: pytest.CaptureFixture[str], weights: Path) -> None:
        self._capsys = capsys
        self._weights = ["--weights", str(weights), "--device", "cpu"]

    def lines(self, *arguments: object, code: int = 0) -> list[Any]:
        return [
            json.loads(line) for line in self.text(*arguments, "--json", code=code).splitlines()
        ]

    def text(self, *arguments: object, code: int = 0) -> str:
        assert run([*map(str, arguments), *self._weights]) == code
        return self._capsys.readouterr().out


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], refusing_file: Path) -> Command:
    return Command(capsys, refusing_file)


# --- recognize


def test_what_is_refused_has_no_label_but_a_guess(command: Command, tmp_path: Path) -> None:
    some: list[Line | str]
    some = [_digit("3"), line_of(REFUSED[0]), EMPTY, "nonsense", _digit("8")]
    three, refused, empty, bad, eight = command.lines(
        "recognize", write(tmp_path / "x.jsonl", some), code=1
    )
    keys = {
        "source",
        "index",
        "label",
        "probability",
        "probabilities",
        "labels",
        "guess",
        "is_digit",
    }
    for line, label in ((three, "3"), (eight, "8")):
        assert set(line) == keys
        assert line["label"] == line["guess"] == label
        assert 0.5 < line["is_digit"] <= 1
    assert set(refused) == keys
    assert refused["label"] is None
    assert refused["guess"] in DIGITS
    assert 0 <= refused["is_digit"] < 0.5
    assert len(refused["probabilities"]) == 10
    assert sum(refused["probabilities"]) == pytest.approx(1, abs=1e-4)
    assert refused["probability"] == max(refused["probabilities"])
    assert refused["probability"] == refused["probabilities"][int(refused["guess"])]
    assert set(empty) == keys
    assert [empty[key] for key in ("label", "guess", "probability", "probabilities")] == [None] * 4
    assert empty["is_digit"] == 0
    assert set(bad) == {"source", "index", "error"}


def test_for_people_the_nearest_is_told(command: Command, tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", [_digit("3"), line_of(REFUSED[0]), EMPTY])
    three, refused, empty = command.text("recognize", path).splitlines()
    assert three.split("\t")[1] == "3"
    where, words = refused.split("\t")
    assert where == f"{path}[2]"
    assert words.startswith("none of 0 1 2 3 4 5 6 7 8 9; the nearest is ")
    assert words[-1] in DIGITS
    assert empty == f"{path}[3]\tnothing drawn"


# --- evaluate


def _labelled(path: Path) -> Path:
    """Ten digits, of which one is a scribble; and others: three signs and two that look like digits."""
    return write(
        path,
        [
            *(_digit(label, label=label) for label in "012345678"),
            line_of(REFUSED[0], label="9"),
            *(line_of(drawing, label="+") for drawing in REFUSED[1:3]),
            _digit("4", label="x"),
            line_of(REFUSED[3], label="O"),
            _digit("1", label="l"),
        ],
    )


def test_figures_by_hand(command: Command, tmp_path: Path) -> None:
    (figures,) = command.lines("evaluate", "--data", _labelled(tmp_path / "x.jsonl"))
    assert (figures["count"], figures["refused"]) == (10, 1)
    assert figures["right"] in (9, 10)  # the nearest to the scribble may be a 9
    assert figures["accuracy"] == pytest.approx(figures["right"] / 10)
    assert (figures["unknown"], figures["unknown_refused"]) == (5, 3)
    assert (figures["look_alikes"], figures["look_alikes_refused"]) == (2, 1)


def test_figures_for_people(command: Command, tmp_path: Path) -> None:
    path = _labelled(tmp_path / "x.jsonl")
    text = command.text("evaluate", "--data", path)
    assert f"refusing on {path}: accuracy " in text
    assert "answered: 90.00 % (1 refused, counted by their guess)" in text
    assert "Refused: 66.67 % of 3 drawings with other labels (2 more that look like a digit" in text
    assert "Confusion matrix" in text


def test_other_labels_alone(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a file, and as data by name: their test part."""
    some = [line_of(drawing, label="+") for drawing in REFUSED]
    path = write(tmp_path / "x.jsonl", some)
    (figures,) = command.lines("evaluate", "--data", path)
    assert (figures["count"], figures["accuracy"]) == (0, None)
    assert figures["unknown"] == figures["unknown_refused"] == len(REFUSED)
    text = command.text("evaluate", "--data", path)
    assert f"Refused: 100.00 % of {len(REFUSED)} drawings with other labels" in text
    for absent in ("accuracy", "answered:", "Confusion matrix", "macro"):
        assert absent not in text
    monkeypatch.setattr(generated, "_COUNT", 170)
    for spec in (f"strokes-others:{path}", "scribbles"):
        (figures,) = command.lines("evaluate", "--data", spec)
        assert figures["count"] == 0
        assert 0 < figures["unknown"] < 50
        assert 0 <= figures["unknown_refused"] <= figures["unknown"]


def test_digits_alone_have_nothing_to_refuse(command: Command, tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", [_digit(label, label=label) for label in DIGITS])
    text = command.text("evaluate", "--data", path)
    assert "answered: 100.00 % (0 refused" in text
    assert "other labels" not in text


def test_who_answers_everything_tells_nothing_of_refusing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, lenet_file: Path
) -> None:
    command = Command(capsys, lenet_file)
    path = _labelled(tmp_path / "x.jsonl")
    (figures,) = command.lines("evaluate", "--data", path)
    assert (figures["refused"], figures["unknown_refused"]) == (None, None)
    assert "refused" not in command.text("evaluate", "--data", path)
    (line, *_) = command.lines("recognize", path)
    assert not {"guess", "is_digit"} & set(line)
    weights = ["--weights", str(lenet_file), "--device", "cpu"]
    assert run(["evaluate", "--data", f"strokes-others:{path}", *weights]) == 2
    assert "has none: choose a network that has learned these" in capsys.readouterr().err


def test_a_report_is_of_what_has_a_label(command: Command, tmp_path: Path) -> None:
    path, page = _labelled(tmp_path / "x.jsonl"), tmp_path / "r.html"
    (line,) = command.lines("evaluate", "--data", path, "--report", page)
    document = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    for key in ("count", "accuracy", "refused", "unknown", "unknown_refused"):
        assert document[key] == line[key]
    assert len(document["worst"]) == 10
