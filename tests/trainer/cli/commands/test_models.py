"""handwrite-trainer models tree, use and rollback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.trainer.family import network, personalized
from trainer.base.paths import models_folder
from trainer.cli import run
from trainer.models import active_model, weights


@pytest.fixture(autouse=True)
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """All that ships."""
    folder = tmp_path / "shipped"
    for place in (weights, active_model):
        monkeypatch.setattr(place, "shipped_weights_folder", lambda: folder)
    monkeypatch.setenv("COLUMNS", "200")
    return network("base", folder, created="2026-01-01T12:00:00+00:00")


class Command:
    """Runs `models` with more words."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: object) -> str:
        assert run(["models", *map(str, words)]) == 0
        written = self._capsys.readouterr()
        assert written.err == ""
        return written.out

    def lines(self, *words: object) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self(*words, "--json").splitlines()]

    def complaint(self, *words: object, code: int = 2) -> str:
        assert run(["models", *map(str, words)]) == code
        written = self._capsys.readouterr()
        assert written.out == ""
        assert "Traceback" not in written.err
        return " ".join(written.err.split())


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str]) -> Command:
    return Command(capsys)


def test_the_tree(command: Command, base: Path) -> None:
    ada = personalized("ada", base, created="2026-02-03T12:00:00+00:00")
    network("orphan", parent="lost", parent_hash="ab" * 32)
    (models_folder() / "broken.safetensors").write_bytes(b"no")
    command("use", "ada")
    lines = command("tree").splitlines()
    assert len(lines) == 5
    by_name = {name: line for line in lines for name in (line.strip(" └─").split(" ")[0],)}
    assert list(by_name) == ["base", "ada", "broken", "lost", "orphan"]
    assert "ships with the app, 2026-01-01" in by_name["base"]
    assert by_name["ada"].startswith("└── ada  personalized to Ada, 30 drawings")
    for words in ("this writer 90.00 % → 96.00 %", "other writers 99.00 % → 98.50 %", "2026-02-03"):
        assert words in by_name["ada"]
    assert [name for name, line in by_name.items() if "in use" in line] == ["ada"]
    assert "unusable" in by_name["broken"]
    assert "not here any more" in by_name["lost"]
    found = {line["name"]: line for line in command.lines("tree")}
    assert list(found) == list(by_name)
    assert found["ada"] == {
        "name": "ada",
        "path": str(ada),
        "parent": "base",
        "parent_path": str(base),
        "writer": "Ada",
        "drawings": 30,
        "hand": {"before": 0.9, "after": 0.96},
        "others": {"before": 0.99, "after": 0.985},
        "created": "2026-02-03T12:00:00+00:00",
        "shipped": False,
        "in_use": True,
        "error": None,
    }
    assert found["lost"]["path"] is None
    assert (found["orphan"]["parent"], found["orphan"]["parent_path"]) == ("lost", None)
    assert "too short" in found["broken"]["error"]
    assert found["base"]["shipped"] is True
    assert found["base"]["writer"] is None


def test_json_may_stand_before_the_word(command: Command) -> None:
    assert json.loads(command("--json", "tree"))["name"] == "base"


def test_words_of_a_foreign_file_are_shown_not_obeyed(command: Command, base: Path) -> None:
    personalized("[bold]mine", base, writer="[/]\x1b[31m:smile:")
    text = command("tree")
    assert "[bold]mine" in text
    assert "[/]" in text
    assert ":smile:" in text
    assert "\x1b" not in text


def test_without_any_network(command: Command, base: Path) -> None:
    base.unlink()
    assert "no networks yet" in command("tree")
    assert command.lines("tree") == []
    assert "no network came with this installation" in command.complaint("rollback")


def test_the_list_marks_the_one_in_use(command: Command, base: Path, tmp_path: Path) -> None:
    def used() -> list[str]:
        found = [line for line in command.lines() if line["kind"] == "weights"]
        return [line["name"] for line in found if line["in_use"]]

    personalized("ada", base)
    assert used() == ["base"]
    command("use", "ada")
    assert used() == ["ada"]
    (line,) = (line for line in command().splitlines() if line.startswith("ada "))
    assert line.rstrip().endswith("yours, in use")
    elsewhere = network("elsewhere", tmp_path)
    command("use", elsewhere)
    assert used() == []
    assert f"In use: {elsewhere}" in command().splitlines()[-1]


def test_use_by_name_and_by_file(command: Command, base: Path, tmp_path: Path) -> None:
    ada = personalized("ada", base)
    assert command("use", "ada") == f"In use: ada ({ada})\n"
    assert active_model.active_model() == ada
    elsewhere = network("elsewhere", tmp_path)
    assert command.lines("use", elsewhere) == [{"name": "elsewhere", "weights": str(elsewhere)}]
    assert active_model.active_model() == elsewhere
    command("use", "base")
    assert active_model.active_model() == base


def test_a_name_that_there_is_not_lists_those_that_there_are(command: Command) -> None:
    network("mine")
    error = command.complaint("use", "nobody")
    assert "no network named 'nobody'; there are: base, mine" in error
    (models_folder() / "broken.safetensors").write_bytes(b"no")
    assert "too short" in command.complaint("use", "broken")
    assert active_model.active_model() is None


def test_back_and_back_until_the_base(command: Command, base: Path) -> None:
    child = personalized("child", base)
    personalized("grandchild", child)
    command("use", "grandchild")
    assert command.lines("rollback") == [{"name": "child", "weights": str(child)}]
    assert command("rollback") == f"In use: base ({base})\n"
    assert "nothing to go back to" in command.complaint("rollback")
    assert active_model.active_model() == base


def test_a_disk_that_cannot_be_written(command: Command, base: Path) -> None:
    active_model.active_model_file().mkdir(parents=True)
    assert "is a folder" in command.complaint("use", "base", code=2)
