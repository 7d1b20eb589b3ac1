"""handwrite-trainer models keep, show, rename, delete; and networks of runs by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from trainer.base.paths import models_folder, runs_folder
from trainer.cli import run
from trainer.models.active_model import activate, active_model, used_before

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def a_run(lenet_file: Path) -> Path:
    """A run's folder with weights and nothing else."""
    folder = runs_folder() / "2026-01-01_120000-lenet5"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    (folder / "best.safetensors").write_bytes(lenet_file.read_bytes())
    return folder


def _text(capsys: pytest.CaptureFixture[str], *line: str, code: int = 0) -> str:
    assert run(["models", *line]) == code
    output = capsys.readouterr()
    return output.out if code == 0 else output.err


def test_a_runs_network_is_kept_shown_renamed_and_deleted(
    a_run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _text(capsys, "keep", "last", "mine").startswith("Kept: mine (")
    kept = models_folder() / "mine.safetensors"
    assert kept.read_bytes() == (a_run / "best.safetensors").read_bytes()
    assert "There was a network mine already" in _text(capsys, "keep", "last", "mine")
    assert _text(capsys, "keep", a_run.name).startswith(f"Kept: {a_run.name} (")
    shown = json.loads(_text(capsys, "show", "mine", "--json"))
    assert (shown["name"], shown["card"]["architecture"]) == ("mine", "lenet5")
    assert "architecture: lenet5" in _text(capsys, "show", "last")
    assert "mine is yours now" in _text(capsys, "rename", "mine", "yours")
    assert not kept.exists()
    assert "there is a network 'yours' already" in _text(
        capsys, "rename", "mine 2", "yours", code=2
    )
    assert "cannot be the name" in _text(capsys, "rename", "yours", "a/b", code=2)
    assert "deleted" in _text(capsys, "delete", "yours", "--yes")
    assert not (models_folder() / "yours.safetensors").exists()


def test_networks_that_ship_and_the_active_one_stay(
    a_run: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "no network of your own" in _text(capsys, "delete", "scribe", "--yes", code=2)
    assert "no network of your own" in _text(capsys, "rename", "scribe", "x", code=2)
    _text(capsys, "keep", "last", "mine")
    activate(models_folder() / "mine.safetensors")
    assert "is the active network" in _text(capsys, "delete", "mine", "--yes", code=2)
    _text(capsys, "rename", "mine", "yours")
    assert active_model() == models_folder() / "yours.safetensors"
    assert [path.stem for path in used_before()] == ["scribe"]


def test_the_network_of_a_run_by_name(
    a_run: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    strokes = tmp_path / "x.jsonl"
    strokes.write_text('{"strokes": [[[0, 0], [0, 100]]], "label": "1"}\n')
    for name in ("last", a_run.name, "2026-01"):
        assert run(["recognize", str(strokes), "--weights", name, "--device", "cpu"]) == 0
        assert run(["models", "use", name]) == 0
    assert active_model() == a_run / "best.safetensors"
    capsys.readouterr()
    (a_run / "best.safetensors").unlink()
    for command in (["recognize", str(strokes)], ["evaluate", "--data", str(strokes)]):
        assert run([*command, "--weights", "last"]) == 2
        assert "has no weights yet" in capsys.readouterr().err
    assert run(["recognize", str(strokes), "--weights", "nobody"]) == 2
    assert "there is no network named 'nobody'" in capsys.readouterr().err
    assert run(["recognize", str(strokes), "--weights", ""]) == 2
    assert "--weights is empty" in capsys.readouterr().err
