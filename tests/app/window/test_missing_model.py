"""The remembered network whose file is missing: said in one sentence, and not forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from handwrite_app.window.main_window import MainWindow
from tests.trainer.family import network
from trainer.base.paths import shipped_weights_folder
from trainer.models import active_model
from trainer.processes.recognition_messages import Loaded

_BEST = shipped_weights_folder() / "scribe.safetensors"


@pytest.fixture
def missing() -> Path:
    """A network that was active before the window opened, and is moved away."""
    mine = network("mine")
    active_model.activate(mine)
    mine.rename(mine.with_suffix(".away"))
    return mine


def _load(window: MainWindow, path: Path) -> None:
    window.recognition.loaded.emit(
        Loaded(
            path=str(path),
            name=path.stem,
            architecture="scribe-2",
            labels=tuple("0123456789"),
            device="cpu",
            wanted_device="auto",
            devices=(),
        )
    )


def test_it_is_said_and_remembered(missing: Path, quiet_window: MainWindow) -> None:
    _load(quiet_window, _BEST)
    said = quiet_window.status.text()
    assert said.startswith("mine is missing (")
    assert "scribe reads until it is back" in said
    missing.with_suffix(".away").rename(missing)
    assert active_model.active_model() == missing


def test_another_that_is_chosen_takes_its_place(missing: Path, quiet_window: MainWindow) -> None:
    other = network("other")
    quiet_window.use_network(other)  # before the first has loaded
    _load(quiet_window, other)
    assert "missing" not in quiet_window.status.text()
    missing.with_suffix(".away").rename(missing)
    assert active_model.active_model() == other
    assert active_model.used_before() == [missing, *active_model.used_before()[1:]]
