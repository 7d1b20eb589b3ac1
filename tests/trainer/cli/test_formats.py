"""docs/formats.md says what the commands print: every schema is held against real outputs."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.drawings import DIGITS
from tests.trainer.strokes_files import REFUSED, line_of, lines, write
from trainer.base.paths import models_folder
from trainer.cli import run
from trainer.cli.evaluation_output import PREDICTION_COLUMNS
from trainer.datasets.arrays import _LABELS, _PICTURES

pytestmark = pytest.mark.usefixtures("one_thread")

PAGE = (Path(__file__).parents[3] / "docs" / "formats.md").read_text(encoding="utf-8")

KINDS: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "list": list,
    "object": dict,
    "null": type(None),
}

Schema = dict[str, tuple[list[str], bool]]


def _schemas() -> dict[str, Schema]:
    """By name: for each key its possible types, and whether it may be absent."""
    found: dict[str, Schema] = {}
    for name, body in re.findall(
        r"<!-- schema: (.*?) -->(.*?)(?=<!-- schema|\n## |\Z)", PAGE, re.S
    ):
        table = re.search(r"\| key \| type \|.*?\n(?:\n|$)", body, re.S)
        assert table, name
        found[name] = {
            key: (kinds.replace("?", "").split(", "), "?" in kinds)
            for key, kinds in re.findall(r"\| `(\w+)` \| ([^|]+?) \|", table[0])
        }
    return found


SCHEMAS = _schemas()


def _check(document: dict[str, Any], *names: str, more: bool = False) -> None:
    schema = {key: value for name in names for key, value in SCHEMAS[name].items()}
    for key, (kinds, optional) in schema.items():
        assert key in document or optional, key
        if key in document:
            value = document[key]
            wanted = tuple(
                one
                for kind in kinds
                for one in (KINDS[kind] if isinstance(KINDS[kind], tuple) else (KINDS[kind],))
            )
            assert isinstance(value, wanted), (key, value)
            assert "boolean" in kinds or not isinstance(value, bool), key
    if not more:
        assert not set(document) - set(schema), "not in docs/formats.md"


@pytest.fixture
def printed(capsys: pytest.CaptureFixture[str]) -> Callable[..., list[dict[str, Any]]]:
    def objects(*line: object, code: int = 0) -> list[dict[str, Any]]:
        capsys.readouterr()
        assert run([*map(str, line), "--json"]) == code
        return [json.loads(text) for text in capsys.readouterr().out.splitlines()]

    return objects


@pytest.fixture
def some(tmp_path: Path) -> Path:
    """Digits, something to reject, nothing, and what cannot be read."""
    digits = [{"label": d, "strokes": strokes} for d, strokes in DIGITS.items()]
    return write(
        tmp_path / "some.jsonl", [*digits, line_of(REFUSED[0], label="+"), {"strokes": []}, "no"]
    )


def test_recognize(
    printed: Callable[..., list[dict[str, Any]]],
    some: Path,
    lenet_file: Path,
    refusing_file: Path,
) -> None:
    for weights in (lenet_file, refusing_file):
        line = ["recognize", some, "--weights", weights, "--device", "cpu"]
        for more in ([], ["--top-k", "3"]):
            *found, bad = printed(*line, *more, code=1)
            assert set(bad) == {"source", "index", "error"}
            for document in found:
                _check(document, "recognize")
                assert ("is_digit" in document) == (weights == refusing_file)
            assert ("top" in found[0]) == bool(more)
        assert next(iter(found[3]["top"]))["label"] == "3"


def test_evaluate(
    printed: Callable[..., list[dict[str, Any]]],
    some: Path,
    tmp_path: Path,
    lenet_file: Path,
    refusing_file: Path,
) -> None:
    for weights in (lenet_file, refusing_file):
        table, matrix = tmp_path / f"{weights.stem}.csv", tmp_path / f"{weights.stem}-c.csv"
        (document,) = printed(
            *("evaluate", "--data", some, "--weights", weights, "--device", "cpu"),
            *("--predictions", table, "--confusion", matrix, "--report", tmp_path / weights.stem),
        )
        _check(document, "evaluate")
        with table.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert [row["label"] for row in rows] == [*DIGITS, "+", "", ""]
        assert list(rows[0]) == list(PREDICTION_COLUMNS)
        assert all(f"`{name}`" in PAGE for name in PREDICTION_COLUMNS)
        with matrix.open(encoding="utf-8", newline="") as file:
            head, *body = csv.reader(file)
        assert head[1:] == list(DIGITS)
        assert [[int(n) for n in row[1:]] for row in body] == document["confusion"]


def test_a_dry_run_and_a_preview(
    printed: Callable[..., list[dict[str, Any]]], bars: Path, tmp_path: Path
) -> None:
    line = ["train", "--network", "lenet5", "--validation", "100", "--data", bars, "--dry-run"]
    (document,) = printed(*line)
    _check(document, "train --dry-run")
    picture = tmp_path / "x.png"
    (document,) = printed("preview", "--data", bars, "--count", "4", "--output", picture)
    _check(document, "preview")
    assert (document["pictures"], len(document["labels"])) == (4, 4)
    assert Path(document["file"]).read_bytes() == picture.read_bytes()


def test_a_training_and_its_run(
    printed: Callable[..., list[dict[str, Any]]], bars: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["train", "--network", "lenet5", "--epochs", "1", "--limit", "64", "--device", "cpu"]
    for _ in range(2):
        events = printed(*line, "--validation", "100", "--data", bars, "--seed", "1")
    for event in events:
        name = event.pop("event")
        row = re.search(rf"\| `{name}` \| (.*) \|", PAGE)
        assert row, name
        assert set(event) <= set(re.findall(r"`(\w+)`", row[1])), name
    (_, shown_in_list) = printed("runs", "list")
    _check(shown_in_list, "runs list")
    _check(printed("runs", "show", "last")[0], "runs list", "runs show")
    names = [entry["name"] for entry in printed("runs", "list")]
    _check(printed("runs", "compare", *names)[0], "runs compare")
    _check(printed("models", "show", "last")[0], "models show")
    assert set(printed("models", "keep", "last")[0]) == {"name", "weights"}
    assert set(printed("runs", "delete", "--yes", *names)[0]) == {"deleted", "path", "left"}


def test_lists(
    printed: Callable[..., list[dict[str, Any]]], lenet_file: Path, tmp_path: Path
) -> None:
    models_folder().mkdir(parents=True)
    (models_folder() / "mine.safetensors").write_bytes(lenet_file.read_bytes())
    entries = printed("models")
    assert {entry["kind"] for entry in entries} == {"architecture", "weights"}
    for entry in entries:
        _check(entry, "models", more=True)
    for member in printed("models", "tree"):
        _check(member, "models tree")
    for device in printed("devices"):
        _check(device, "devices")
    path = write(tmp_path / "x.jsonl", lines(12))
    (imported,) = printed("drawings", "import", path)
    assert all(f'"{key}"' in PAGE for key in imported)
    for drawing in printed("drawings", "list"):
        _check(drawing, "drawings list", more=True)


def test_what_goes_in_is_named() -> None:
    for name in (*_PICTURES[:2], *_PICTURES[3:], *_LABELS):
        assert f"`{name}`" in PAGE
