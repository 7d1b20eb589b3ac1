"""handwrite-trainer models and devices."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.trainer.weights_files import put_together, take_apart, with_card
from trainer.base.paths import models_folder
from trainer.cli import run
from trainer.execution.devices import DEVICES
from trainer.models import weights
from trainer.networks import NETWORKS


@pytest.fixture(autouse=True)
def _nothing_ships(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "shipped_weights_folder", lambda: tmp_path / "shipped")
    monkeypatch.setenv("COLUMNS", "200")


def test_networks_as_json(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    models_folder().mkdir(parents=True)
    (models_folder() / "broken.safetensors").write_bytes(b"no")
    (models_folder() / "mine.safetensors").write_bytes(file.read_bytes())
    assert run(["models", "--json"]) == 0
    output = capsys.readouterr()
    lines = [json.loads(line) for line in output.out.splitlines()]
    assert output.err == ""
    architectures = [line for line in lines if line["kind"] == "architecture"]
    assert [line["name"] for line in architectures] == list(NETWORKS)
    (cnn,) = (line for line in architectures if line["name"] == "cnn")
    assert cnn["parameters"] == 421_642
    assert cnn["megabytes"] == 1.687
    assert cnn["flops"] == 8_482_304
    assert cnn["receptive_field"] == 10
    assert cnn["after"] == NETWORKS["cnn"].after
    assert [line["name"] for line in architectures if line["pretrained"]] == ["resnet18", "vgg16"]
    broken, mine = (line for line in lines if line["kind"] == "weights")
    assert broken["name"] == "broken"
    assert broken["card"] is None
    assert "too short" in broken["error"]
    assert mine["path"] == str(models_folder() / "mine.safetensors")
    assert mine["bytes"] == file.stat().st_size
    assert mine["error"] is None
    assert mine["shipped"] is False
    assert mine["card"]["title"] == "tiny"
    assert mine["card"]["metrics"] == {"validation_accuracy": 0.1}


def test_networks_as_a_table(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    models_folder().mkdir(parents=True)
    (models_folder() / "mine.safetensors").write_bytes(file.read_bytes())
    (models_folder() / "broken.safetensors").write_bytes(b"no")
    assert run(["models"]) == 0
    text = capsys.readouterr().out
    for name, entry in NETWORKS.items():
        assert name in text
        assert entry.summary in text
        (line,) = (line for line in text.splitlines() if line.split(" ")[0] == name)
        assert f" {entry.parameters:,} " in line
        assert entry.after in line
    (cnn,) = (line for line in text.splitlines() if line.startswith("cnn "))
    for figure in ("421,642", "1.69 MB", "8.5 M", "10 px"):
        assert figure in cnn
    (mine,) = (line for line in text.splitlines() if line.startswith("mine"))
    for word in ("scribe", "nothing", "10.00 %", "yours"):
        assert word in mine
    (broken,) = (line for line in text.splitlines() if line.startswith("broken"))
    assert "unusable" in broken
    assert "too short" in broken


def test_a_narrow_terminal_keeps_figures_whole(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert run(["models"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name, entry in NETWORKS.items():
        (line,) = (line for line in lines if line.split(" ")[0] == name)
        assert f"{entry.parameters:,}" in line
        assert f"{entry.megabytes:.2f} MB" in line
        assert len(line) <= 80


def test_brackets_are_brackets(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A foreign file's words are shown, not obeyed."""
    models_folder().mkdir(parents=True)
    header, payload = take_apart(file)
    header = with_card(header, data="[/]nothing[/bold] [red]:smile:")
    (models_folder() / "[bold]mine[~bold].safetensors").write_bytes(put_together(header, payload))
    assert run(["models"]) == 0
    text = capsys.readouterr().out
    assert "[bold]mine[~bold]" in text
    assert "[/]nothing[/bold] [red]:smile:" in text


def test_devices(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["devices", "--json"]) == 0
    states = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [state["name"] for state in states] == list(DEVICES[1:])
    assert all(state["detail"] for state in states)
    assert states[-1]["available"] is True
    assert run(["devices"]) == 0
    text = capsys.readouterr().out
    for state in states:
        (line,) = (line for line in text.splitlines() if line.startswith(state["name"]))
        assert ("yes" if state["available"] else "no") in line.split()
        assert state["detail"][:40] in line
