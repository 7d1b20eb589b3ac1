"""recognize and evaluate with --memory: what resembles a kept drawing is read as it is labelled."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.drawings import DIGITS
from tests.trainer.strokes_files import write
from trainer.cli import run
from trainer.drawings import open_store
from trainer.picture.strokes import Drawing, Stroke

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def strokes(tmp_path: Path) -> Path:
    """A 4 that this writer calls a 9, and a 7."""
    return write(
        tmp_path / "drawn.jsonl",
        [{"label": "9", "strokes": DIGITS["4"]}, {"label": "7", "strokes": DIGITS["7"]}],
    )


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return write(
        tmp_path / "kept.jsonl",
        [
            {"label": "3", "strokes": DIGITS["3"], "writer": "Ben"},
            {"label": "9", "strokes": DIGITS["4"], "writer": "Ada"},
        ],
    )


@pytest.fixture
def weights(lenet_file: Path) -> list[str]:
    return ["--weights", str(lenet_file), "--device", "cpu"]


def _read(capsys: pytest.CaptureFixture[str], *arguments: object) -> list[dict[str, object]]:
    assert run([str(argument) for argument in (*arguments, "--json")]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_file_is_remembered(
    strokes: Path, kept: Path, weights: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    four, seven = _read(capsys, "recognize", strokes, *weights)
    assert (four["label"], seven["label"]) == ("4", "7")
    assert "memory" not in four
    four, seven = _read(capsys, "recognize", strokes, "--memory", kept, *weights)
    assert (four["label"], seven["label"]) == ("9", "7")
    assert four["memory"] == {"label": "9", "distance": 0.0, "drawing": 2}
    assert "memory" not in seven
    four, _ = _read(capsys, "recognize", strokes, "--memory", kept, "--writer", "Ben", *weights)
    assert four["label"] == "4"


def test_a_store_is_remembered(
    strokes: Path, tmp_path: Path, weights: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "drawings.sqlite"
    drawing = Drawing(tuple(Stroke.make(stroke) for stroke in DIGITS["4"]))
    with open_store(path) as store:
        ada = store.add_writer("Ada")
        number = store.add(drawing, label="9", writer=ada.id)
    four, _ = _read(capsys, "recognize", strokes, "--memory", path, "--writer", "ada", *weights)
    assert four["label"] == "9"
    assert four["memory"] == {"label": "9", "distance": 0.0, "drawing": number}


def test_evaluating_counts_what_is_remembered(
    strokes: Path, kept: Path, weights: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (alone,) = _read(capsys, "evaluate", "--data", strokes, *weights)
    assert (alone["count"], alone["accuracy"]) == (2, 0.5)
    (together,) = _read(capsys, "evaluate", "--data", strokes, "--memory", kept, *weights)
    assert (together["count"], together["accuracy"]) == (2, 1.0)


def test_signs_of_ones_own_are_labels(
    tmp_path: Path, weights: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    tick = [[[0, 50], [30, 90], [90, 0]]]
    kept = write(tmp_path / "ticks.jsonl", [{"label": "tick", "strokes": tick}] * 3)
    drawn = write(tmp_path / "drawn.jsonl", [{"label": "tick", "strokes": tick}])
    (found,) = _read(capsys, "recognize", drawn, "--memory", kept, *weights)
    assert found["label"] == "tick"
    assert found["labels"] == [*DIGITS, "tick"]
    report = tmp_path / "report.html"
    (metrics,) = _read(
        capsys, "evaluate", "--data", drawn, "--memory", kept, "--report", report, *weights
    )
    assert metrics["accuracy"] == 1.0
    assert "tick" in report.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--writer", "Ada"], "--writer chooses from --memory"),
        (["--memory", "nowhere.jsonl"], "nowhere.jsonl"),
        (["--memory", "{kept}", "--writer", "Eve"], "no drawings of a writer 'Eve'"),
        (["--memory", "{dots}"], "no labelled strokes that could be remembered"),
    ],
)
def test_what_cannot_be_remembered_is_told(
    arguments: list[str],
    says: str,
    strokes: Path,
    kept: Path,
    weights: list[str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    dots = write(tmp_path / "dots.jsonl", [{"label": "1", "strokes": [[[5, 5]]]}])
    filled = [argument.format(kept=kept, dots=dots) for argument in arguments]
    assert run(["recognize", str(strokes), *filled, *weights]) == 2
    assert says in capsys.readouterr().err


def test_a_data_set_of_pictures_has_no_strokes_to_compare(
    kept: Path, weights: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["evaluate", "--data", "mnist", "--memory", str(kept), *weights]) == 2
    assert "--memory compares strokes" in capsys.readouterr().err
