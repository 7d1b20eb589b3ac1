"""The window in other languages: nothing is forgotten or cut off, switched while it is open, and back
without a trace.
"""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from pyqtgraph import PlotWidget
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QPushButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from handwrite_app.reading.device_text import device_detail
from handwrite_app.reading.verdict import State
from handwrite_app.training.comparison_dialog import ComparisonDialog
from handwrite_app.training.panel import TrainingPanel
from handwrite_app.training.setup.dialog import TrainingDialog
from handwrite_app.ui import language
from handwrite_app.ui.dialogs import message_boxes
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.widgets.labels_and_buttons import ElidedLabel, IconButton
from handwrite_app.window.main_window import MainWindow
from handwrite_app.workers.recognition import RecognitionWorker
from trainer.base.events import (
    BatchProgress,
    EpochFinished,
    Metrics,
    RunFinished,
    RunStarted,
    RunStoppedEarly,
)
from trainer.base.messages import Message
from trainer.datasets.spec import DATASET_NAMES
from trainer.execution.devices import DeviceState
from trainer.networks import NETWORKS
from trainer.picture.strokes import Drawing, Stroke
from trainer.processes.recognition_messages import Loaded, Reading

pytestmark = pytest.mark.usefixtures("english_afterwards")

#: What is the same in every language.
NAMES = re.compile(
    r"[\w-]+\.(jsonl\.gz|npz)|scribe.safetensors|characters|Handwrite|Ctrl|Shift|English|Backspace|scribe(-tiny)?|cnn|CPU|CUDA|MPS|PyTorch|Xeon|float32|"
    r"MNIST|UNIPEN|BHMSDS|mnist|/runs/7"
)


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    """Nothing loads behind it: what the tests compare does not change by itself."""
    monkeypatch.setattr(RecognitionWorker, "start", lambda *_: None)
    theme = Theme("light")
    theme.apply(qapp)
    window = MainWindow(theme, Settings())
    window.resize(1024, 640)
    window.show()
    qtbot.waitExposed(window)
    monkeypatch.setattr(
        "handwrite_app.window.menus.model_menus.is_readable", lambda _: True
    )  # whatever fonts are here
    yield window
    window.close_at_once()
    window.deleteLater()


def _load(window: MainWindow) -> None:
    devices = (
        DeviceState(
            name="cuda",
            available=False,
            detail=Message.of("x", "this build of PyTorch has no CUDA in it"),
        ),
        DeviceState(
            name="cpu",
            available=True,
            detail=Message.of("y", "{name}, {threads} threads", name="Xeon", threads=4),
        ),
    )
    window.recognition.loaded.emit(
        Loaded(
            path="scribe.safetensors",
            name="scribe",
            architecture="scribe",
            labels=tuple(string.digits),
            device="cpu",
            wanted_device="auto",
            devices=devices,
        )
    )


def _read(window: MainWindow, best: float) -> None:
    window.canvas.set_drawing(Drawing((Stroke.make([(90, 90), (190, 190)], width=20),)))
    window.asking.ask()  # now, and not by the timer in the middle of the test
    rest = (1 - best) / 9
    probabilities = tuple(best if i == 7 else rest for i in range(10))
    window.recognition.readingReady.emit(
        Reading(
            number=window.asking.newest,
            labels=tuple(string.digits),
            picture=bytes(784),
            probabilities=probabilities,
        )
    )


def _read_surely(window: MainWindow) -> None:
    _read(window, 0.97)


def _read_unsurely(window: MainWindow) -> None:
    _read(window, 0.3)


def _train(window: MainWindow) -> None:
    """As far as one epoch."""
    window.training.show_panel(True)
    panel = _panel(window)
    panel.begin("cnn")
    panel.show_event(
        RunStarted(
            run="/runs/7",
            network="cnn",
            parameters=1,
            training_pictures=55000,
            validation_pictures=5000,
            epochs=3,
            steps=1290,
            device="cpu",
            precision="float32",
            threads=4,
        )
    )
    panel.show_event(
        BatchProgress(
            step=500,
            epoch=1.2,
            loss=0.1,
            accuracy=0.9,
            learning_rate=0.002,
            images_per_second=8120,
            seconds=40,
            seconds_left=62,
        )
    )
    figures = Metrics(loss=0.1, accuracy=0.97, count=5000)
    panel.show_event(
        EpochFinished(
            epoch=1, step=430, training=figures, validation=figures, is_best=True, seconds=40
        )
    )


def _panel(window: MainWindow) -> TrainingPanel:
    panel = window.training.panel
    assert panel is not None
    return panel


def _ask_to_stop(window: MainWindow) -> None:
    _panel(window).show_stopping()


def _finish(window: MainWindow) -> None:
    _panel(window).show_event(
        RunFinished(
            reason="patience",
            run="/runs/7",
            weights="/runs/7/best.safetensors",
            best_epoch=1,
            epochs=3,
            validation=Metrics(loss=0.1, accuracy=0.9712, count=5000),
            seconds=75,
        )
    )


def _stop(window: MainWindow) -> None:
    _panel(window).show_event(RunStoppedEarly(run="/runs/7", seconds=1))


def _fail(window: MainWindow) -> None:
    _panel(window).fail()


def _wait(window: MainWindow) -> None:
    """A drawing is on the paper, and no network yet: until the text of a long wait is shown."""
    window.canvas.set_drawing(Drawing((Stroke.make([(60, 60), (160, 200)], width=20),)))
    while window.reading.state is not State.WAITING:
        QTest.qWait(20)


#: What someone may be in the middle of.
STAGES: dict[str, tuple[Callable[[MainWindow], None], ...]] = {
    "loading": (_wait,),
    "empty": (_load,),
    "sure": (_load, _read_surely),
    "unsure": (_load, _read_unsurely),
    "training": (_load, _train),
    "stopping": (_load, _train, _ask_to_stop),
    "trained": (_load, _train, _finish),
    "stopped": (_load, _train, _stop),
    "failed": (_load, _train, _fail),
}

_GETTERS = ("text", "title", "windowTitle", "toolTip", "accessibleName", "accessibleDescription")


def _told(window: MainWindow) -> list[tuple[str, str, str]]:
    """Every text that the window shows or speaks: (which object, which of its texts, the text)."""
    for menu in window.findChildren(QMenu):
        menu.aboutToShow.emit()  # some are filled only then
    found = []
    for thing in [window, *window.findChildren(QObject)]:
        if not isinstance(thing, QWidget | QAction) or _is_part_of_a_plot(thing):
            continue
        for getter in _GETTERS:
            try:
                text = getattr(thing, getter)()
            except (AttributeError, TypeError):  # it has no such text
                continue
            if isinstance(text, str) and text.strip():
                found.append((f"{type(thing).__name__} {thing.objectName()}", getter, text))
    panel = window.training.panel
    if panel is not None:
        for curves in (panel.loss, panel.accuracy):
            plot = curves.getPlotItem()
            title = re.sub(r"<[^>]*>|&nbsp;", "", plot.titleLabel.text)
            found.append((curves.objectName(), "plot", title))
    return found


def _is_part_of_a_plot(thing: QObject) -> bool:
    """pyqtgraph makes menus that are switched off here."""
    parent = thing.parent()
    return parent is not None and (isinstance(parent, PlotWidget) or _is_part_of_a_plot(parent))


def _switch(window: MainWindow, name: str) -> None:
    """Through the menu, as a person does."""
    menu = window.actions_.menus["language"]
    menu.aboutToShow.emit()
    next(action for action in menu.actions() if action.data() == name).trigger()
    QApplication.processEvents()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.mark.parametrize("stage", STAGES)
def test_the_whole_window_changes_at_once_and_back(window: MainWindow, stage: str) -> None:
    _switch(window, "en")
    for step in STAGES[stage]:
        step(window)
    before = _told(window)
    _switch(window, "zh_CN")
    after = _told(window)
    assert [row for row in after if re.search("[A-Za-z]{2}", NAMES.sub("", row[2]))] == []
    assert [row[:2] for row in after] == [row[:2] for row in before]
    _switch(window, "en")
    assert _told(window) == before


def test_the_hint_on_the_paper_changes(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    hints: list[str] = []
    monkeypatch.setattr(window.canvas, "set_hint", hints.append)
    _switch(window, "zh_CN")
    assert hints[-1] == "写一个数字"
    _switch(window, "en")
    assert hints[-1] == "Draw a digit"


def test_the_choice_is_remembered(window: MainWindow) -> None:
    _switch(window, "zh_CN")
    assert Settings().language == "zh_CN"
    _switch(window, "")
    assert Settings().language == ""


def test_a_language_without_a_font_cannot_be_chosen(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "handwrite_app.window.menus.model_menus.is_readable", lambda name: name == "en"
    )
    menu = window.actions_.menus["language"]
    menu.aboutToShow.emit()
    assert {action.data(): action.isEnabled() for action in menu.actions()} == {
        "": True,
        "en": True,
        "zh_CN": False,
    }


def test_mnemonics_are_distinct_within_a_menu(window: MainWindow) -> None:
    bar = window.menuBar()
    menus = [action.menu() for action in bar.actions()]
    for name, menu in itertools.product(language.LANGUAGES, (bar, *menus)):
        language.install(name)
        QApplication.processEvents()
        assert isinstance(menu, QMenuBar | QMenu)
        letters = [
            letter
            for action in menu.actions()
            for letter in re.findall(r"&(\w)", action.text().lower())
        ]
        assert len(letters) == len(set(letters)), letters


@pytest.mark.parametrize("stage", ["unsure", "training", "trained"])
def test_nothing_is_cut_off_in_the_smallest_window(window: MainWindow, stage: str) -> None:
    for step in STAGES[stage]:
        step(window)
    for name in language.LANGUAGES:
        language.install(name)
        _assert_that_all_is_shown(window)


def _assert_that_all_is_shown(window: QWidget) -> None:
    QTest.qWait(50)
    for label in window.findChildren(QLabel):
        if not label.isVisible() or not label.text():
            continue
        if isinstance(label, ElidedLabel):
            assert label.text() == label.full_text
        elif label.wordWrap():
            assert label.heightForWidth(label.width()) <= label.height(), label.text()
        else:
            assert label.sizeHint().width() <= label.width(), label.text()
            # A line has some room above and below its letters.
            assert 0.8 * label.sizeHint().height() <= label.height(), label.text()
    for button in window.findChildren(QAbstractButton):
        if button.isVisible() and not isinstance(button, IconButton):
            assert button.sizeHint().width() <= button.width(), button.text()


@pytest.mark.parametrize("name", language.LANGUAGES)
def test_nothing_is_cut_off_in_boxes_and_dialogs(window: MainWindow, name: str) -> None:
    language.install(name)
    window.actions_["About"].trigger()
    window.actions_["Shortcuts"].trigger()
    message_boxes.warn(window, window.tr("This network cannot be used"), "one\n\ntwo\n\nthree")
    figures = Metrics(loss=0.0123, accuracy=0.9871, count=5000)
    ComparisonDialog(
        RunFinished(
            reason="completed",
            run="/runs/7",
            weights="/runs/7/best.safetensors",
            best_epoch=3,
            epochs=3,
            validation=figures,
            compared=replace(figures, accuracy=0.9972),
            seconds=75,
            fixed=12,
            broken=1234,
        ),
        name="cnn",
        old_name="scribe",
        parent=window,
    ).open()
    TrainingDialog(parent=window).open()
    dialogs = window.findChildren(QDialog)
    assert len(dialogs) == 5
    for dialog in dialogs:
        _assert_that_all_is_shown(dialog)
        dialog.done(0)
        dialog.deleteLater()


@pytest.mark.parametrize("name", language.LANGUAGES)
def test_the_dialog_of_a_run_is_in_the_language(window: MainWindow, name: str) -> None:
    language.install(name)
    reason = device_detail(
        DeviceState(name="mps", available=False, detail=Message.verbatim("MPS is absent"))
    )
    dialog = TrainingDialog(absent_devices={"mps": reason}, parent=window)
    dialog.open()
    edit = dialog.field("learning_rate")
    assert isinstance(edit, QLineEdit)
    edit.setText("20")
    dialog.fold.setChecked(True)
    dialog.start_button.click()
    QApplication.processEvents()
    shown = [label.text() for label in dialog.findChildren(QLabel)]
    shown += [button.text() for button in dialog.findChildren(QPushButton)]
    for box in dialog.findChildren(QComboBox):
        shown += [box.itemText(i) for i in range(box.count())]
    assert dialog.note("learning_rate") in shown
    if name == "zh_CN":
        names = "|".join(sorted((*NETWORKS, *DATASET_NAMES), key=len, reverse=True))
        known = re.compile(
            f"MPS is absent|{names}|MNIST|ImageNet|[Tt]orchvision|VGG16|ResNet-18|softmax|Dropout|[Aa]dam[Ww]?|SGD|RMSprop|one-cycle|bfloat16|"
            + NAMES.pattern
        )
        left = [text for text in shown if re.search("[A-Za-z]{2}", known.sub("", text))]
        assert left == [], left
        assert "MPS：MPS is absent" in shown
    dialog.reject()
    dialog.deleteLater()
