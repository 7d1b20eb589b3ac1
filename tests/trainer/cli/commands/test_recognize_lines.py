"""recognize --line and --page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image

from tests.lines import photograph, written
from tests.trainer.cli.test_formats import _check
from trainer.cli import run
from trainer.picture.strokes import drawing_to_json

pytestmark = pytest.mark.usefixtures("one_thread")


def _file(folder: Path, *texts: str) -> Path:
    path = folder / "numbers.jsonl"
    lines = [json.dumps(drawing_to_json(written(text))) for text in texts]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = _file(tmp_path, "2026", "12+30=")
    assert run(["recognize", str(path), "--line", "--sums", "--json", "--device", "cpu"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    _check(first, "recognize --line")
    _check(second, "recognize --line")
    assert (first["text"], second["text"], second["answer"]) == ("2026", "12+30=", "42")
    assert len(first["characters"]) == 4
    x, y, width, height = first["characters"][1]["box"]
    assert x > first["characters"][0]["box"][0]
    assert min(y, width, height) > 0


def test_a_page_on_squared_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.png"
    photograph(["2026", "4713"], squares=True).save(path)
    assert run(["recognize", str(path), "--page", "--json", "--device", "cpu"]) == 0
    found = json.loads(capsys.readouterr().out)
    _check(found, "recognize --page")
    assert found["text"].replace(" ", "") == "2026\n4713"
    assert run(["recognize", str(path), "--line", "--device", "cpu"]) == 0
    assert "2026" in capsys.readouterr().out.replace(" ", "")


def test_a_page_without_writing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "empty.png"
    Image.new("L", (300, 200), 240).save(path)
    assert run(["recognize", str(path), "--page", "--json", "--device", "cpu"]) == 0
    assert json.loads(capsys.readouterr().out)["lines"] == []


@pytest.mark.parametrize(
    "options", [["--line", "--page"], ["--line", "--csv"], ["--page", "--top-k", "2"], ["--sums"]]
)
def test_what_excludes_each_other(tmp_path: Path, options: list[str]) -> None:
    assert run(["recognize", str(_file(tmp_path, "1")), *options]) == 2
