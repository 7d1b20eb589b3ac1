"""The real window with the smaller network that ships, and a drawing on the paper."""

from __future__ import annotations

import pytest

from handwrite_app.window.features.explaining import Explaining
from handwrite_app.window.main_window import MainWindow
from tests.app.explaining.silent_worker import Asked
from tests.drawings import DIGITS
from trainer.base.paths import shipped_weights_folder
from trainer.explanation.results import Answered
from trainer.picture.strokes import Drawing, Stroke
from trainer.processes.recognition_messages import Loaded, Reading

#: Milliseconds for a process that imports torch on a busy machine.
PATIENCE = 280_000

SAID = Answered(
    label="4",
    runner_up="9",
    labels=tuple(DIGITS),
    probabilities=tuple(0.91 if one == "4" else 0.01 for one in DIGITS),
    refused=False,
)


def digit(label: str, lean: float = 0.0, *, times: bool = False) -> Drawing:
    strokes = []
    for points in DIGITS[label]:
        moved = [(x - lean * (y - 140), y) for x, y in points]
        seconds = [at / len(points) for at in range(len(points))] if times else None
        strokes.append(Stroke.make(moved, width=20, times=seconds))
    return Drawing(tuple(strokes))


def loaded(name: str = "scribe-tiny") -> Loaded:
    return Loaded(
        path=str(shipped_weights_folder() / f"{name}.safetensors"),
        name=name,
        architecture="scribe-tiny",
        labels=tuple(DIGITS),
        device="cpu",
        wanted_device="auto",
        devices=(),
    )


def answer(window: MainWindow, label: str, probability: float = 0.97) -> None:
    """The recognition process says this of what is on the paper."""
    rest = (1 - probability) / 9
    window.recognition.readingReady.emit(
        Reading(
            number=window.asking.newest,
            labels=tuple(DIGITS),
            picture=bytes(784),
            probabilities=tuple(probability if one == label else rest for one in DIGITS),
        )
    )


@pytest.fixture
def window(quiet_window: MainWindow) -> MainWindow:
    """Recognition is the test's own; what explains is the real process."""
    quiet_window.recognition.loaded.emit(loaded())
    quiet_window.canvas.set_drawing(digit("4", times=True))
    quiet_window.canvas.setFocus()
    return quiet_window


@pytest.fixture
def explaining(window: MainWindow) -> Explaining:
    return window.feature(Explaining)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Requests reach the test, and no process."""
    return Asked(monkeypatch)
