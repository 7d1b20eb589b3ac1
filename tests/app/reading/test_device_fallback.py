"""A start at which the network that was remembered cannot be used as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox

from handwrite_app.ui.settings import Settings
from handwrite_app.window.main_window import MainWindow
from tests.app.pointers import move, press, release
from tests.trainer.family import network
from trainer.base.messages import Message
from trainer.base.paths import shipped_weights_folder
from trainer.models import active_model
from trainer.processes.recognition_messages import Loaded, Refused

BASE = shipped_weights_folder() / "scribe.safetensors"


@pytest.fixture
def asked(quiet_window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What was to be loaded, and on which device; "" for the best that ships."""
    found: list[tuple[str, str]] = []

    def load(weights: Path | None, device: str) -> None:
        found.append((weights.stem if weights else "", device))

    monkeypatch.setattr(quiet_window.recognition, "load", load)
    return found


def _refuse(window: MainWindow, weights: Path | None, device: str) -> None:
    window.recognition.refused.emit(
        Refused(
            message=Message.of("x", "no room on {device}", device=device),
            weights=str(weights) if weights else None,
            device=device,
        )
    )


def _load(window: MainWindow, weights: Path, device: str) -> None:
    window.recognition.loaded.emit(
        Loaded(
            path=str(weights),
            name=weights.stem,
            architecture="scribe",
            labels=tuple("0123456789"),
            device="cpu",
            wanted_device=device,
            devices=(),
        )
    )


def _boxes(window: MainWindow) -> list[tuple[str, str]]:
    return [(b.windowTitle(), b.text()) for b in window.findChildren(QMessageBox, "warning")]


def test_a_device_that_is_busy_does_not_forget_the_network(
    quiet_window: MainWindow, asked: list[tuple[str, str]]
) -> None:
    mine = network("mine")
    active_model.activate(mine)
    Settings().device = "cuda"
    _refuse(quiet_window, mine, "cuda")
    _refuse(quiet_window, mine, "auto")
    assert asked == [("mine", "auto"), ("mine", "cpu")]
    assert _boxes(quiet_window) == []
    _load(quiet_window, mine, "cpu")
    assert active_model.active_model() == mine
    assert _boxes(quiet_window) == [("This device cannot be used", "no room on cuda")]
    assert quiet_window._settings.device == "auto"  # which may be faster the next time
    _load(quiet_window, mine, "cpu")
    assert quiet_window._settings.device == "cpu"  # chosen
    assert len(_boxes(quiet_window)) == 1


def test_nothing_is_told_under_a_moving_pen(
    quiet_window: MainWindow, asked: list[tuple[str, str]]
) -> None:
    mine = network("mine")
    active_model.activate(mine)
    _refuse(quiet_window, mine, "cuda")
    press(quiet_window.canvas, (200, 100))
    move(quiet_window.canvas, (260, 140))
    _load(quiet_window, mine, "cpu")
    _refuse(quiet_window, BASE, "cpu")
    assert _boxes(quiet_window) == []
    release(quiet_window.canvas, (260, 140))
    assert [title for title, _ in _boxes(quiet_window)] == [
        "This device cannot be used",
        "This network cannot be used",
    ]


def test_a_network_that_no_device_can_use_is_among_those_before(
    quiet_window: MainWindow, asked: list[tuple[str, str]]
) -> None:
    mine = network("mine")
    active_model.activate(mine)
    for device in ("auto", "cpu"):
        _refuse(quiet_window, mine, device)
    assert asked == [("mine", "cpu"), ("", "auto")]
    _load(quiet_window, BASE, "auto")
    assert active_model.used_before() == [mine]
    assert [title for title, _ in _boxes(quiet_window)] == ["This network cannot be used"]


def test_where_nothing_can_be_used_that_is_said(
    quiet_window: MainWindow, asked: list[tuple[str, str]]
) -> None:
    for device in ("auto", "cpu"):
        _refuse(quiet_window, None, device)
    assert asked == [("", "cpu")]
    assert quiet_window.status.text() == "no room on cpu"


def test_a_choice_that_cannot_be_written_down_is_said(quiet_window: MainWindow) -> None:
    _load(quiet_window, BASE, "auto")
    active_model.active_model_file().unlink()
    active_model.active_model_file().mkdir()
    _load(quiet_window, network("mine"), "auto")
    assert (
        "mine reads from now on, but the choice could not be stored" in quiet_window.status.text()
    )
    assert _boxes(quiet_window) == []


def test_at_the_start_nobody_has_chosen_anything(quiet_window: MainWindow) -> None:
    active_model.active_model_file().mkdir(parents=True)
    _load(quiet_window, BASE, "auto")
    assert quiet_window.status.text() == "Reading with scribe on CPU"
