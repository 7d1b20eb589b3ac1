"""evaluate --line: strings and their characters."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.lines import photograph, written
from tests.trainer.cli.test_formats import _check
from trainer.cli import run
from trainer.picture.strokes import Drawing, drawing_to_json

pytestmark = pytest.mark.usefixtures("one_thread")


def _file(folder: Path, *pairs: tuple[str, str | None]) -> Path:
    """Lines of (what is written, its label)."""
    path = folder / "lines.jsonl"
    documents: list[dict[str, Any]] = [
        {**drawing_to_json(written(text) if text else Drawing()), "label": label}
        for text, label in pairs
    ]
    path.write_text("".join(json.dumps(d) + "\n" for d in documents), encoding="utf-8")
    return path


def _measured(capsys: pytest.CaptureFixture[str], *options: object) -> dict[str, Any]:
    capsys.readouterr()
    line = ["evaluate", "--line", "--device", "cpu", "--json", *map(str, options)]
    assert run(line) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    _check(document, "evaluate --line")
    return document


def test_strings_and_characters_are_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pairs = [
        ("2026", "20 26"),
        ("4713", "4773"),
        ("47", "475"),
        ("", "12"),
        ("3", None),
        ("3", "3A"),
    ]
    path, table = _file(tmp_path, *pairs), tmp_path / "answers.csv"
    found = _measured(capsys, "--data", path, "--predictions", table)
    assert (found["count"], found["right"], found["length_right"]) == (4, 1, 2)
    assert (found["characters"], found["replaced"], found["missing"], found["extra"]) == (
        13,
        1,
        3,
        0,
    )
    assert found["character_error_rate"] == pytest.approx(4 / 13)
    assert found["string_error_rate"] == pytest.approx(3 / 4)
    assert (found["unanswered"], found["unlabelled"], found["unknown"]) == (1, 1, 1)
    assert {"label": "7", "read": "1", "count": 1} in found["confusions"]
    assert "475,47" in table.read_text(encoding="utf-8")
    assert run(["evaluate", "--line", "--device", "cpu", "--data", str(path)]) == 0
    out = capsys.readouterr().out
    assert "25.00 % of strings right (1 of 4)" in out
    assert "character error rate 30.77 %: 4 of 13 (1 replaced, 3 missing, 0 extra)" in out


def test_sums_letters_and_images(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(tmp_path, ("12+30=", "12+30="), ("8×4=", "8*4="))
    assert _measured(capsys, "--data", path, "--sums")["right"] == 2
    path = _file(tmp_path, ("HE", "he"))
    assert _measured(capsys, "--data", path, "--mode", "letters")["right"] == 1
    folder = tmp_path / "images" / "2026"
    folder.mkdir(parents=True)
    photograph(["2026"], squares=True).save(folder / "photo.png")
    assert _measured(capsys, "--data", folder.parent)["right"] == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--data", "mnist"], "has single characters, no lines"),
        (["--data", "FILE"], "Its strings have"),
        (["--data", "FILE", "--confusion", "c.csv"], "--line excludes"),
        (["--data", "FILE", "--mode", "letters", "--sums"], "--sums reads signs beside digits"),
    ],
)
def test_what_cannot_be_measured(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    path = _file(tmp_path, ("3", "Anna"))
    given = [str(path) if one == "FILE" else one for one in options]
    assert run(["evaluate", "--line", "--device", "cpu", *given]) == 2
    assert words in " ".join(capsys.readouterr().err.split())


def test_lines_without_strings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(tmp_path, ("3", None))
    assert run(["evaluate", "--line", "--device", "cpu", "--data", str(path)]) == 2
    assert "no line has a string" in " ".join(capsys.readouterr().err.split())
    assert run(["evaluate", "--sums", "--data", str(path)]) == 2
