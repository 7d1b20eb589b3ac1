"""When something is explained, and what is never shown: answers about another drawing or network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from handwrite_app.ui import language
from handwrite_app.watching.controller import Watching
from handwrite_app.window.features.explaining import Explaining
from handwrite_app.window.main_window import MainWindow
from tests.app.explaining.conftest import SAID, answer, digit, loaded
from tests.app.explaining.silent_worker import Asked
from trainer.base.messages import Message
from trainer.explanation.results import (
    Edit,
    Edits,
    EvidenceMaps,
    Example,
    Examples,
    NothingDrawn,
    WithoutPart,
    WithoutParts,
)
from trainer.picture.strokes import Drawing
from trainer.processes.explain_messages import Failed, PipelineRequest, WhyRequest
from trainer.runs.snapshots import Snapshot


def _image() -> np.ndarray:
    return np.full((28, 28), 100, np.uint8)


@pytest.mark.usefixtures("english_afterwards")
def test_the_button_appears_with_a_reading_and_opens_the_mode(
    asked: Asked, window: MainWindow, explaining: Explaining, qtbot: QtBot
) -> None:
    button = explaining.button
    window.canvas.clear()
    assert not button.isVisible()
    window.canvas.set_drawing(digit("4"))
    window.asking.ask()
    answer(window, "4")
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.side.mode is explaining.why.panel
    assert isinstance(asked.newest, WhyRequest)
    assert asked.newest.drawing is window.canvas.current_drawing()
    assert explaining.why.panel.answer.text() == "4  97 %"
    language.install("zh_CN")
    qtbot.waitUntil(lambda: explaining.why.panel.answer.text() == "4  97%")


def test_reading_goes_on_beside_it(
    asked: Asked, window: MainWindow, explaining: Explaining
) -> None:
    window.actions_["Why"].trigger()
    window.asking.ask()
    answer(window, "9", 0.55)
    assert explaining.why.panel.answer.text() == "9  55 %"


def test_sections_come_in_their_order_and_the_smallest_edit_is_a_ghost(
    asked: Asked, window: MainWindow, explaining: Explaining
) -> None:
    window.actions_["Why"].trigger()
    view, say = explaining.why.view, lambda event: asked.say(explaining.worker, event)
    assert view.message.text() == "Looking for reasons…"
    say(SAID)
    example = Example(label="4", origin="own", picture=_image(), drawing=3)
    other = Example(label="9", origin="synthetic", picture=_image())
    say(Examples(answer=(example, example), runner_up=(other, other)))
    assert len(view.examples) == 4
    drawing = window.canvas.current_drawing()
    gone, rest = Drawing(drawing.strokes[:1]), Drawing(drawing.strokes[1:])
    edit = Edit(
        kind="stroke left out",
        removed=gone,
        added=Drawing(),
        rest=rest,
        length=0.3,
        label="1",
        probability=0.88,
    )
    say(Edits(edits=(edit,), tried=40))
    overlay = explaining.desk.overlay
    assert overlay.isVisible()
    assert overlay.ghost[0] is gone
    assert overlay.instead is rest
    assert view.edits[0].text() == "Without this stroke: 1, 88 %"
    part = WithoutPart(part=rest, rest=gone, probability=0.2, label="1")
    say(WithoutParts(parts=(part,), whole_strokes=True))
    view.parts[0].click()
    assert not view.edits[0].isChecked()
    assert overlay.ghost[0] is rest
    view.parts[0].click()
    assert not overlay.isVisible()
    say(
        EvidenceMaps(
            occlusion=_image(),
            grad_cam=_image(),
            random_occlusion=_image() // 2,
            random_grad_cam=_image() // 2,
            occlusion_alike=0.9,
            grad_cam_alike=0.1,
            frame=(0.0, 0.0, 280.0),
        )
    )
    QTest.mouseClick(view.maps[0], Qt.MouseButton.LeftButton)
    assert overlay.has_map
    assert view.maps[0].image is not None
    assert view.maps[0].image.max() == 100
    view.random.click()
    assert view.maps[0].image.max() == 50
    assert "Occlusion looks alike" in view._alike.text()


def test_no_small_edit_is_said(asked: Asked, window: MainWindow, explaining: Explaining) -> None:
    window.actions_["Why"].trigger()
    asked.say(explaining.worker, SAID)
    asked.say(explaining.worker, Edits(edits=(), tried=120))
    assert not explaining.why.view.edits
    assert not explaining.desk.overlay.isVisible()


def test_a_changed_drawing_takes_the_explanation_away_and_asks_again(
    asked: Asked, window: MainWindow, explaining: Explaining, qtbot: QtBot
) -> None:
    window.actions_["Why"].trigger()
    asked.say(explaining.worker, SAID)
    assert not explaining.why.view.body.isHidden()
    window.canvas.set_drawing(digit("7"))
    assert explaining.why.view.body.isHidden()
    assert asked.cancelled
    # What comes of the request before is not shown.
    asked.say(explaining.worker, SAID, number=1)
    assert explaining.why.view.body.isHidden()
    qtbot.waitUntil(lambda: len(asked.requests) == 2, timeout=10_000)
    assert isinstance(asked.newest, WhyRequest)
    assert asked.newest.drawing is window.canvas.current_drawing()


def test_an_answer_that_arrives_with_the_change_is_not_shown(
    asked: Asked, window: MainWindow, explaining: Explaining
) -> None:
    window.actions_["Why"].trigger()
    window.canvas.blockSignals(True)  # the change is not told yet
    window.canvas.set_drawing(digit("7"))
    window.canvas.blockSignals(False)
    asked.say(explaining.worker, SAID)
    assert explaining.why.view.body.isHidden()


def test_another_network_asks_again_with_its_weights(
    asked: Asked, window: MainWindow, explaining: Explaining
) -> None:
    window.actions_["Why"].trigger()
    window.recognition.loaded.emit(loaded("scribe"))
    assert len(asked.requests) == 2
    assert isinstance(asked.newest, WhyRequest)
    assert asked.newest.weights.name == "scribe.safetensors"
    asked.say(explaining.worker, SAID, number=1)
    assert explaining.why.view.body.isHidden()


def test_nothing_drawn_and_a_failure_are_said(
    asked: Asked, window: MainWindow, explaining: Explaining
) -> None:
    window.canvas.clear()
    for name, mode in (("Why", explaining.why), ("Inside", explaining.inside)):
        window.actions_[name].trigger()
        assert mode.panel.message.text() == "Draw something first."
    assert not asked.requests
    window.canvas.set_drawing(digit("4"))
    explaining.inside.restart()
    asked.say(explaining.worker, NothingDrawn())
    assert explaining.inside.panel.message.text() == "Draw something first."
    explaining.inside.restart()
    asked.say(explaining.worker, Failed(message=Message.of("x", "It is broken.")))
    assert explaining.inside.panel.message.text() == "It is broken."
    assert explaining.inside.view.body.isHidden()


def test_one_looks_inside_the_network_of_a_run(
    asked: Asked, window: MainWindow, explaining: Explaining, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As far as it has learned: a newer snapshot is looked into by itself."""
    watching = window.feature(Watching)
    moments: list[Snapshot | None] = [None]
    monkeypatch.setattr(Watching, "now", property(lambda _self: moments[-1]))

    def newest() -> Path:
        assert isinstance(asked.newest, PipelineRequest)
        return asked.newest.weights

    window.actions_["Inside"].trigger()
    of_run = explaining.inside.view.of_run
    assert of_run.isHidden()
    assert newest() == Path(loaded().path)
    moments.append(Snapshot(path=Path("a/4.safetensors"), step=4, epoch=0.5))
    watching.changed.emit()
    assert not of_run.isHidden()
    assert newest() == Path(loaded().path)
    of_run.click()
    assert newest() == Path("a/4.safetensors")
    assert asked.newest.memory is None  # type: ignore[union-attr]
    count = len(asked.requests)
    watching.changed.emit()
    assert len(asked.requests) == count
    moments.append(Snapshot(path=Path("a/8.safetensors"), step=8, epoch=1.0))
    watching.changed.emit()
    assert newest() == Path("a/8.safetensors")
    moments.append(None)
    watching.changed.emit()  # no run is watched any more
    assert newest() == Path(loaded().path)


def test_one_mode_at_a_time_and_escape_brings_the_reading_back(
    asked: Asked, window: MainWindow, explaining: Explaining
) -> None:
    for name in ("Why", "Inside", "Replay", "WriteInHand"):
        window.actions_[name].trigger()
    modes = (explaining.why, explaining.inside, explaining.replay, explaining.handwriting)
    assert [mode.is_open for mode in modes] == [False, False, False, True]
    QTest.keyClick(explaining.handwriting.view.field, Qt.Key.Key_Escape)
    assert window.side.mode is None
    assert not any(mode.is_open for mode in modes)
    window.actions_["Why"].trigger()
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert window.side.mode is None
    window.actions_["Why"].trigger()
    back = explaining.why.panel.findChild(QPushButton, "modeBack")
    assert back is not None
    back.click()
    assert window.side.mode is None
