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

from handwrite_app.personalize.result_dialog import PersonalizationDialog
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import draw, entries, load, press_key
from tests.app.galleries import gallery_of, put_in, settle
from tests.app.personalizations import (
    SCRIBE,
    FakePersonalization,
    begin_personalization,
    press,
    result,
)
from trainer.base.errors import RunError
from trainer.base.paths import cache_folder, drawings_file, models_folder
from trainer.base.temp_folders import scratch_folder
from trainer.drawings import open_store
from trainer.models.weights import read_card, save_weights
from trainer.models.weights_card import WeightsCard
from trainer.personalize.events import (
    PersonalizationFinished,
    PersonalizationProgress,
    PersonalizationRefused,
    PersonalizationStarted,
    Reread,
)
from trainer.processes.recognition_messages import Loaded
from trainer.synthetic.synthetic_digits import synthetic_digits

_PATIENCE = 10_000


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "trainer.processes.personalize_process.PersonalizationProcess", FakePersonalization
    )


@pytest.fixture
def window(quiet_window: MainWindow, fake: None) -> MainWindow:
    load(quiet_window)
    return quiet_window


def _dialog(
    window: MainWindow, qtbot: QtBot, finished: PersonalizationFinished
) -> PersonalizationDialog:
    begin_personalization(window, qtbot).finish(finished)
    return _shown(window, qtbot)


def _shown(window: MainWindow, qtbot: QtBot) -> PersonalizationDialog:
    qtbot.waitUntil(lambda: window.personalization.dialog is not None, timeout=_PATIENCE)
    qtbot.waitUntil(lambda: not window.personalization.is_running, timeout=_PATIENCE)
    dialog = window.personalization.dialog
    assert dialog is not None
    return dialog


def _box(window: MainWindow, qtbot: QtBot, name: str) -> QMessageBox:
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, name) is not None, timeout=_PATIENCE)
    box = window.findChild(QMessageBox, name)
    assert box is not None
    return box


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
    _shown(window, qtbot)
    assert not strip.isVisible()


def test_it_is_judged_as_the_window_reads(window: MainWindow, qtbot: QtBot) -> None:
    first = begin_personalization(window, qtbot)
    assert first.job.with_memory
    first.finish(replace(result(), with_memory=True))
    dialog = _shown(window, qtbot)
    said = [label.text() for label in dialog.findChildren(QLabel)]
    assert any("the other drawings were remembered" in text for text in said)
    dialog.reject()
    window.actions_["UseMemory"].trigger()
    assert not begin_personalization(window, qtbot).job.with_memory


def test_kept_it_is_stored_and_used(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = _dialog(window, qtbot, result())
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
    dialog = _dialog(window, qtbot, result())
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
    _shown(window, qtbot)


def test_no_folder_for_it_is_said(window: MainWindow, qtbot: QtBot) -> None:
    cache_folder().parent.mkdir(parents=True, exist_ok=True)
    cache_folder().write_text("in the way")
    window.actions_["Personalize"].trigger()
    box = _box(window, qtbot, "personalizationFailed")
    assert "no folder can be made" in box.text()
    box.accept()
    assert window.actions_["Personalize"].isEnabled()
    assert not window.personalization.is_running


def test_not_kept_nothing_is_left_of_it(window: MainWindow, qtbot: QtBot) -> None:
    dialog = _dialog(window, qtbot, result())
    folder = FakePersonalization.latest.job.target.parent
    press(dialog, "keepOld")
    assert not folder.exists()
    assert not models_folder().exists()
    assert window.status.text() == "The network in use stays."
    assert window.actions_["Personalize"].isEnabled()


def test_what_cannot_be_stored_can_be_stored_under_another_name(
    window: MainWindow, qtbot: QtBot
) -> None:
    dialog = _dialog(window, qtbot, result())
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
    dialog = _dialog(window, qtbot, result())
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
    dialog = _dialog(window, qtbot, result())
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


def test_a_window_that_closes_while_a_result_waits_for_the_pen(
    window: MainWindow, qtbot: QtBot
) -> None:
    personalization = begin_personalization(window, qtbot)
    QTest.mousePress(window.canvas, Qt.MouseButton.LeftButton, pos=QPoint(200, 200))
    personalization.finish(result())
    qtbot.waitUntil(lambda: not window.personalization.is_running, timeout=_PATIENCE)
    window.close_at_once()
    assert window.personalization.dialog is None
    assert not personalization.job.target.parent.exists()


def test_stopped(window: MainWindow, qtbot: QtBot) -> None:
    begin_personalization(window, qtbot)
    strip = window.personalization.strip
    assert strip is not None
    strip.stop_button.click()
    qtbot.waitUntil(lambda: not window.personalization.is_running, timeout=_PATIENCE)
    assert window.personalization.dialog is None
    assert "was stopped; the network in use stays" in window.status.text()
    assert window.actions_["Personalize"].isEnabled()
    begin_personalization(window, qtbot)
    window.actions_["StopPersonalizing"].trigger()
    assert not strip.stop_button.isEnabled()
    qtbot.waitUntil(lambda: not window.personalization.is_running, timeout=_PATIENCE)


def test_a_personalization_that_dies_is_told(window: MainWindow, qtbot: QtBot) -> None:
    personalization = begin_personalization(window, qtbot)
    personalization.end(RunError("The personalization process was ended by SIGKILL."))
    box = _box(window, qtbot, "personalizationFailed")
    assert "SIGKILL" in box.text()
    qtbot.waitUntil(lambda: window.actions_["Personalize"].isEnabled(), timeout=_PATIENCE)
    assert window.loaded is not None
    assert window.loaded.name == "scribe"
    assert not personalization.job.target.parent.exists()


def test_no_process_to_be_had(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(job: object) -> None:
        raise OSError("no room for another process")

    monkeypatch.setattr("trainer.processes.personalize_process.PersonalizationProcess", refuse)
    window.actions_["Personalize"].trigger()
    assert "no room for another" in _box(window, qtbot, "personalizationFailed").text()
    assert window.actions_["Personalize"].isEnabled()


def test_a_store_that_cannot_be_opened(window: MainWindow, qtbot: QtBot) -> None:
    drawings_file().mkdir(parents=True)
    window.actions_["Personalize"].trigger()
    _box(window, qtbot, "personalizationFailed")
    assert not window.personalization.is_running
    assert window.actions_["Personalize"].isEnabled()


_REFUSED = PersonalizationRefused(
    why="few", count=2, wanted=3, labels=("0", "1"), drawings=(), left_out={}
)


@pytest.mark.parametrize(
    ("refused", "told", "remedy"),
    [
        (_REFUSED, "2 drawings are too few. It needs at least 3", "Sampler"),
        (replace(_REFUSED, count=0), "You have not kept any drawings yet.", "Sampler"),
        (
            replace(_REFUSED, why="one label", count=12, labels=("7",)),
            "All 12 drawings are of one label: 7.",
            "Sampler",
        ),
        (
            replace(_REFUSED, why="contradiction", count=12),
            "The same drawing is kept as 0 and as 1. Correct one of them",
            "",
        ),
        (replace(_REFUSED, left_out={"A": 2}), "does not have these labels: A.", "Sampler"),
    ],
)
def test_what_cannot_be_learned_from_and_what_helps(
    window: MainWindow, qtbot: QtBot, refused: PersonalizationRefused, told: str, remedy: str
) -> None:
    asked: list[str] = []
    action = window.actions_["Sampler"]
    action.triggered.disconnect()
    action.triggered.connect(lambda: asked.append("Sampler"))
    begin_personalization(window, qtbot).end(refused)
    box = _box(window, qtbot, "personalizationRefused")
    assert told in box.text()
    press(box, "personalizationRemedy")
    assert asked == ([remedy] if remedy else [])
    qtbot.waitUntil(lambda: window.actions_["Personalize"].isEnabled(), timeout=_PATIENCE)


def test_drawings_that_contradict_each_other_are_shown(window: MainWindow, qtbot: QtBot) -> None:
    numbers = put_in("3838")
    gallery = gallery_of(window, qtbot)
    gallery.filters.label.setCurrentIndex(gallery.filters.label.findData("3"))
    settle(gallery, qtbot)
    gallery.close()
    clash = replace(_REFUSED, why="contradiction", drawings=(numbers[0], numbers[3]))
    begin_personalization(window, qtbot).end(clash)
    press(_box(window, qtbot, "personalizationRefused"), "personalizationRemedy")
    qtbot.waitUntil(gallery.isVisible, timeout=_PATIENCE)
    wanted = [numbers[3], numbers[0]]
    qtbot.waitUntil(lambda: gallery.view.selected() == wanted, timeout=_PATIENCE)
    assert gallery.filters.is_open
    settle(gallery, qtbot)
    assert gallery.view.selected() == wanted


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
    press(_shown(window, qtbot), "keepOld")
    window.actions_["Personalize"].trigger()
    box = _box(window, qtbot, "learnAgain")
    assert "already" in box.text()
    assert FakePersonalization.latest is personalization
    assert not window.personalization.is_running
    press(box, "learnAgainKeep")
    assert not window.personalization.is_running
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    window.actions_["Personalize"].trigger()
    press(_box(window, qtbot, "learnAgain"), "learnAgainDo")
    qtbot.waitUntil(lambda: FakePersonalization.latest is not personalization, timeout=_PATIENCE)
    FakePersonalization.latest.stop()
    qtbot.waitUntil(lambda: not window.personalization.is_running, timeout=_PATIENCE)
    with open_store() as store:  # with one more there is something to learn
        store.add(synthetic_digits(1)[0][1], label="3")
    again = begin_personalization(window, qtbot)
    again.stop()
    qtbot.waitUntil(lambda: not window.personalization.is_running, timeout=_PATIENCE)


def test_the_last_personalization_is_decided_first(window: MainWindow, qtbot: QtBot) -> None:
    dialog = _dialog(window, qtbot, result())
    window.actions_["Personalize"].trigger()
    assert window.personalization.dialog is dialog
    assert not window.personalization.is_running
    assert "Decide first" in window.status.text()


def test_whose_hand(window: MainWindow, qtbot: QtBot) -> None:
    window.correction.writers.add("Ada: 1/2")
    qtbot.waitUntil(lambda: window.correction.writers.active == "Ada: 1/2", timeout=_PATIENCE)
    dialog = _dialog(window, qtbot, result())
    assert FakePersonalization.latest.job.writer == "Ada: 1/2"
    assert dialog.name.text() == "scribe Ada 1 2"


def test_the_pictures_of_what_changed_come_from_the_store(window: MainWindow, qtbot: QtBot) -> None:
    with open_store() as store:
        number = store.add(synthetic_digits(1)[0][1], label="0")
    gone = Reread(drawing=number + 1, label="1", before="7", after="1")
    there = Reread(drawing=number, label="0", before="6", after="0")
    dialog = _dialog(window, qtbot, result(fixed=(gone, there)))
    changes = dialog.findChild(QListWidget, "fixedList")
    assert changes is not None

    def drawn(row: int) -> bool:
        image = changes.item(row).icon().pixmap(48).toImage()
        return any(image.pixelColor(x, 24).lightness() < 100 for x in range(image.width()))

    qtbot.waitUntil(lambda: drawn(1), timeout=_PATIENCE)
    assert not drawn(0)


def test_a_window_that_closes_asks_before_it_ends_the_personalization(
    window: MainWindow, qtbot: QtBot
) -> None:
    personalization = begin_personalization(window, qtbot)
    assert not window.close()
    box = _box(window, qtbot, "endLearning")
    QTest.keyClick(box, Qt.Key.Key_Return)  # the safe one
    assert window.isVisible()
    assert window.personalization.is_running
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not window.close()
    press(_box(window, qtbot, "endLearning"), "endLearningDo")
    assert not window.isVisible()
    assert not window.personalization.is_running
    assert not personalization.job.target.parent.exists()


def test_a_window_that_closes_asks_while_a_better_network_is_undecided(
    window: MainWindow, qtbot: QtBot
) -> None:
    _dialog(window, qtbot, result())
    folder = FakePersonalization.latest.job.target.parent
    assert not window.close()
    box = _box(window, qtbot, "endUndecided")
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert folder.exists()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert not window.close()
    press(_box(window, qtbot, "endUndecided"), "endUndecidedDo")
    assert not folder.exists()


def test_a_window_that_closes_does_not_ask_about_a_worse_one(
    window: MainWindow, qtbot: QtBot
) -> None:
    _dialog(window, qtbot, result(25, 24, kept=False))
    folder = FakePersonalization.latest.job.target.parent
    assert window.close()
    assert not folder.exists()


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
