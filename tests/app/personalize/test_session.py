"""Personalization from the window: drawn on meanwhile, judged by the gate, kept or not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QMessageBox
from pytestqt.qtbot import QtBot

from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import draw, entries, press_key
from tests.app.personalizations import (
    SCRIBE,
    FakePersonalization,
    begin_personalization,
    press,
    result,
)
from tests.app.personalize.opened import finished_dialog, open_box, open_dialog
from trainer.base.paths import drawings_file, models_folder
from trainer.base.temp_folders import scratch_folder
from trainer.drawings import open_store
from trainer.models.weights import read_card, save_weights
from trainer.models.weights_card import WeightsCard
from trainer.personalize.events import (
    PersonalizationProgress,
    PersonalizationStarted,
    Reread,
)
from trainer.processes.recognition_messages import Loaded
from trainer.synthetic.synthetic_digits import synthetic_digits

_PATIENCE = 10_000


def test_what_is_asked_for_and_what_is_shown_meanwhile(window: MainWindow, qtbot: QtBot) -> None:
    assert not window.actions_["StopPersonalizing"].isEnabled()
    before = window.canvas.geometry()
    personalization = begin_personalization(window, qtbot)
    assert personalization.job.network == SCRIBE
    assert personalization.job.drawings == drawings_file()
    assert personalization.job.target.parent.is_dir()
    assert not window.actions_["Personalize"].isEnabled()
    assert window.actions_["StopPersonalizing"].isEnabled()
    strip = window.personalization.strip
    assert strip is not None
    assert strip.isVisible()
    assert strip.words.text() == "Learning your handwriting…"
    personalization.tell(
        PersonalizationStarted(parent=str(SCRIBE), drawings=30, left_out={}),
        PersonalizationProgress(fraction=0.4),
    )
    qtbot.waitUntil(lambda: strip.words.text() == "Learning from 30 drawings… 40 %")
    assert strip.bar.value() == 400
    QTest.qWait(50)
    assert window.canvas.geometry() == before  # the paper keeps its size
    personalization.finish(result())
    open_dialog(window, qtbot)
    assert not strip.isVisible()


def test_it_is_judged_as_the_window_reads(window: MainWindow, qtbot: QtBot) -> None:
    first = begin_personalization(window, qtbot)
    assert first.job.with_memory
    first.finish(replace(result(), with_memory=True))
    dialog = open_dialog(window, qtbot)
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert any("the other drawings were remembered" in text for text in said)
    dialog.reject()
    window.actions_["UseMemory"].trigger()
    assert not begin_personalization(window, qtbot).job.with_memory


def test_kept_it_is_stored_and_used(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = finished_dialog(window, qtbot, result())
    folder = FakePersonalization.latest.job.target.parent
    assert dialog.name.text() == "scribe Me"
    loading: list[Any] = []
    monkeypatch.setattr(window.recognition, "load", lambda *wanted: loading.append(wanted[0]))
    press(dialog, "keepNew")
    kept = models_folder() / "scribe Me.safetensors"
    assert loading == [kept]
    read_card(kept)
    assert window.personalization.dialog is None
    assert not folder.exists()


def test_it_is_said_where_the_active_network_is_personalized_itself(
    window: MainWindow, qtbot: QtBot
) -> None:
    """A personalization is given to the network that it descends from."""
    assert window.loaded is not None
    personalized = replace(
        window.loaded, path=str(models_folder() / "mine.safetensors"), name="mine"
    )
    window.recognition.loaded.emit(personalized)
    dialog = finished_dialog(window, qtbot, result())
    said = dialog.findChild(QLabel, "personalizationBase")
    assert said is not None
    assert "“Before” is scribe" in said.text()
    assert "not mine" in said.text()


def test_what_a_killed_window_left_goes_with_the_next_personalization(
    window: MainWindow, qtbot: QtBot
) -> None:
    left = scratch_folder() / "of a killed one"
    left.mkdir(parents=True)
    (left / "personalized.safetensors").write_bytes(b"large")
    personalization = begin_personalization(window, qtbot)
    assert [path for path in scratch_folder().iterdir() if path.is_dir()] == [
        personalization.job.target.parent
    ]
    personalization.finish(result())
    open_dialog(window, qtbot)


def test_not_kept_nothing_is_left_of_it(window: MainWindow, qtbot: QtBot) -> None:
    dialog = finished_dialog(window, qtbot, result())
    folder = FakePersonalization.latest.job.target.parent
    press(dialog, "keepOld")
    assert not folder.exists()
    assert not models_folder().exists()
    assert window.status.text() == "The network in use stays."
    assert window.actions_["Personalize"].isEnabled()


def test_what_cannot_be_stored_can_be_stored_under_another_name(
    window: MainWindow, qtbot: QtBot
) -> None:
    dialog = finished_dialog(window, qtbot, result())
    dialog.name.setText("a/b")
    press(dialog, "keepNew")
    box = dialog.findChild(QMessageBox, "notKept")
    assert box is not None
    assert "cannot be the name of a network" in box.text()
    box.accept()
    dialog.name.setText("ab")
    press(dialog, "keepNew")
    assert (models_folder() / "ab.safetensors").is_file()


def test_one_draws_on_and_the_keys_stay_the_papers(window: MainWindow, qtbot: QtBot) -> None:
    """The dialog does not take the focus: a digit that is pressed is still for the drawing."""
    dialog = finished_dialog(window, qtbot, result())
    assert not dialog.isModal()
    assert dialog.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    # The offscreen platform activates whatever is shown, and some time later.
    qtbot.waitUntil(dialog.isActiveWindow)
    window.activateWindow()
    window.windowHandle().requestActivate()
    qtbot.waitUntil(window.isActiveWindow)
    draw(window)
    press_key(window, "7")
    qtbot.waitUntil(lambda: [entry.label for entry in entries()] == ["7"], timeout=_PATIENCE)


def test_both_are_tried_on_the_paper_and_the_question_comes_back(
    window: MainWindow, qtbot: QtBot
) -> None:
    dialog = finished_dialog(window, qtbot, result())
    for leave in (
        lambda: QTest.keyClick(window.canvas, Qt.Key.Key_Escape),
        window.actions_["Why"].trigger,  # another mode in its place
    ):
        dialog.compare.click()
        assert not dialog.isVisible()  # it would lie over the column in which they read
        panel = window.compare.panel
        assert panel is not None
        assert panel.halves[1].networks.currentText() == "The new network"
        leave()
        assert window.compare.panel is None
        assert dialog.isVisible()


def test_nothing_opens_under_a_moving_pen(window: MainWindow, qtbot: QtBot) -> None:
    personalization = begin_personalization(window, qtbot)
    QTest.mousePress(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    QTest.mouseMove(window.canvas, QPoint(220, 240))
    assert window.canvas.is_drawing()
    personalization.finish(result())
    qtbot.waitUntil(lambda: not window.personalization.is_running, timeout=_PATIENCE)
    assert window.personalization.dialog is None
    QTest.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(220, 240))
    assert window.personalization.dialog is not None


def test_a_result_that_waits_for_the_pen_is_decided_before_another_personalization(
    window: MainWindow, qtbot: QtBot
) -> None:
    """What it learned is not removed by the next personalization, nor that one's folder by its dialog."""
    personalization = begin_personalization(window, qtbot)
    QTest.mousePress(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    QTest.mouseMove(window.canvas, QPoint(220, 240))
    personalization.finish(result())
    qtbot.waitUntil(lambda: not window.personalization.is_running, timeout=_PATIENCE)
    assert not window.actions_["Personalize"].isEnabled()
    window.personalization.begin()
    QTest.qWait(50)
    assert FakePersonalization.latest is personalization
    QTest.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(220, 240))
    assert window.personalization.dialog is not None
    assert personalization.job.target.is_file()
    assert window.actions_["Personalize"].isEnabled()
    press(window.personalization.dialog, "keepOld")
    assert not personalization.job.target.parent.exists()
    again = begin_personalization(window, qtbot)
    assert again is not personalization
    assert again.job.target.parent.is_dir()


def test_not_while_a_training_run_goes_on_and_the_other_way(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One job at a time; why the other has to wait stands in its tooltip, in the menu."""
    personalize, train = window.actions_["Personalize"], window.actions_["Train"]
    with monkeypatch.context() as patched:
        patched.setattr(type(window.training), "is_running", True)
        window.training.runningChanged.emit(True)
        assert not personalize.isEnabled()
        assert not train.isEnabled()
        assert "A run is under way" in personalize.toolTip()
        window.personalization.begin()
        assert not window.personalization.is_running
        assert "A run is under way" in window.status.text()
    window.training.runningChanged.emit(False)
    assert personalize.isEnabled()
    assert train.isEnabled()
    personalization = begin_personalization(window, qtbot)
    assert not train.isEnabled()
    assert "is learning your handwriting" in train.toolTip()
    personalization.stop()
    qtbot.waitUntil(lambda: not window.personalization.is_running, timeout=_PATIENCE)
    assert train.isEnabled()
    assert train.toolTip() == "Train a network (Ctrl+T)"


def test_the_same_drawings_are_not_learned_twice_unasked(window: MainWindow, qtbot: QtBot) -> None:
    with open_store() as store:
        for label, drawing in synthetic_digits(2):
            store.add(drawing, label=label)
    personalization = begin_personalization(window, qtbot)
    personalization.finish(result())
    press(open_dialog(window, qtbot), "keepOld")
    window.actions_["Personalize"].trigger()
    box = open_box(window, qtbot, "learnAgain")
    assert "already" in box.text()
    assert FakePersonalization.latest is personalization
    assert not window.personalization.is_running
    press(box, "learnAgainKeep")
    assert not window.personalization.is_running
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    window.actions_["Personalize"].trigger()
    press(open_box(window, qtbot, "learnAgain"), "learnAgainDo")
    qtbot.waitUntil(lambda: FakePersonalization.latest is not personalization, timeout=_PATIENCE)
    FakePersonalization.latest.stop()
    qtbot.waitUntil(lambda: not window.personalization.is_running, timeout=_PATIENCE)
    with open_store() as store:  # with one more there is something to learn
        store.add(synthetic_digits(1)[0][1], label="3")
    again = begin_personalization(window, qtbot)
    again.stop()
    qtbot.waitUntil(lambda: not window.personalization.is_running, timeout=_PATIENCE)


def test_the_last_personalization_is_decided_first(window: MainWindow, qtbot: QtBot) -> None:
    dialog = finished_dialog(window, qtbot, result())
    window.actions_["Personalize"].trigger()
    assert window.personalization.dialog is dialog
    assert not window.personalization.is_running
    assert "Decide first" in window.status.text()


def test_whose_hand(window: MainWindow, qtbot: QtBot) -> None:
    window.correction.writers.add("Ada: 1/2")
    qtbot.waitUntil(lambda: window.correction.writers.active == "Ada: 1/2", timeout=_PATIENCE)
    dialog = finished_dialog(window, qtbot, result())
    assert FakePersonalization.latest.job.writer == "Ada: 1/2"
    assert dialog.name.text() == "scribe Ada 1 2"


def test_the_pictures_of_what_changed_come_from_the_store(window: MainWindow, qtbot: QtBot) -> None:
    with open_store() as store:
        number = store.add(synthetic_digits(1)[0][1], label="0")
    gone = Reread(drawing=number + 1, label="1", before="7", after="1")
    there = Reread(drawing=number, label="0", before="6", after="0")
    dialog = finished_dialog(window, qtbot, result(fixed=(gone, there)))
    changes = dialog.findChild(QListWidget, "fixedList")
    assert changes is not None

    def drawn(row: int) -> bool:
        image = changes.item(row).icon().pixmap(48).toImage()
        return any(image.pixelColor(x, 24).lightness() < 100 for x in range(image.width()))

    qtbot.waitUntil(lambda: drawn(1), timeout=_PATIENCE)
    assert not drawn(0)


def test_with_a_real_process(
    quiet_window: MainWindow,
    qtbot: QtBot,
    tmp_path: Path,
    made_up_mnist: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import torch

    from trainer.networks import build_network

    monkeypatch.setenv("HANDWRITE_DATA", str(made_up_mnist))
    window = quiet_window
    network = models_folder() / "small.safetensors"
    torch.manual_seed(0)
    save_weights(
        network,
        build_network("lenet5", classes=10),
        WeightsCard(architecture="lenet5", labels=tuple("0123456789")),
    )
    before = network.read_bytes()
    window.recognition.loaded.emit(
        Loaded(
            path=str(network),
            name="small",
            architecture="lenet5",
            labels=tuple("0123456789"),
            device="cpu",
            wanted_device="cpu",
            devices=(),
        )
    )
    with open_store() as store:
        for label, drawing in synthetic_digits(20):
            store.add(drawing, label=label)
    window.actions_["Personalize"].trigger()
    qtbot.waitUntil(lambda: window.personalization.dialog is not None, timeout=120_000)
    qtbot.waitUntil(lambda: not window.personalization.is_running, timeout=_PATIENCE)
    dialog = window.personalization.dialog
    assert dialog is not None
    loading: list[Any] = []
    monkeypatch.setattr(window.recognition, "load", lambda *wanted: loading.append(wanted[0]))
    press(dialog, "keepNew")
    kept = models_folder() / "small Me.safetensors"
    assert loading == [kept]
    assert (read_card(kept).parent, read_card(kept).writer) == ("small", "Me")
    assert network.read_bytes() == before
    assert len(entries()) == 20
