"""Two networks read what is on the paper: one is asked by the window anyway, the other by a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from handwrite_app.compare.half import Half
from handwrite_app.compare.panel import ComparePanel
from handwrite_app.window.main_window import MainWindow
from handwrite_app.workers.recognition import RecognitionWorker
from tests.app.correcting import DIGITS, draw, load, read
from tests.app.personalizations import SCRIBE
from tests.trainer.family import network
from trainer.base.labels import CHARACTERS
from trainer.base.messages import Message
from trainer.base.paths import models_folder
from trainer.models.weights import keep_weights
from trainer.processes.recognition_messages import Loaded, Reading, ReadRequest, Refused
from trainer.segmentation.reading import Character, Line

_START = RecognitionWorker.start


class _Fake:
    """In the place of every process but the window's own."""

    def __init__(self, recognition: RecognitionWorker, path: Path) -> None:
        self.recognition = recognition
        self.path = path
        self.asked: list[ReadRequest] = []
        self.closed = False

    def answer_load(self, labels: tuple[str, ...] = DIGITS) -> None:
        self.recognition.loaded.emit(loaded(self.path, labels))

    def says(self, label: str, *, refused: bool = False, number: int | None = None) -> None:
        """number: of an earlier request."""
        probabilities = tuple(0.91 if one == label else 0.01 for one in DIGITS)
        self.recognition.readingReady.emit(
            Reading(
                number=self.asked[-1].number if number is None else number,
                labels=DIGITS,
                picture=bytes(784),
                probabilities=probabilities,
                refused=refused,
            )
        )


def loaded(path: Path, labels: tuple[str, ...] = DIGITS) -> Loaded:
    return Loaded(
        path=str(path),
        name=path.stem,
        architecture="scribe",
        labels=labels,
        device="cpu",
        wanted_device="auto",
        devices=(),
    )


@pytest.fixture
def others(quiet_window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> list[_Fake]:
    """The processes beside the window's."""
    found: list[_Fake] = []

    def of(recognition: RecognitionWorker) -> _Fake:
        return next(one for one in found if one.recognition is recognition)

    def start(self: RecognitionWorker, path: Path, _device: str) -> None:
        found.append(_Fake(self, path))

    def load(self: RecognitionWorker, path: Path, _device: str) -> None:
        of(self).path = path

    ask = RecognitionWorker.read

    def read(self: RecognitionWorker, request: ReadRequest) -> None:
        if self is not quiet_window.recognition:
            of(self).asked.append(request)
        ask(self, request)

    def close(self: RecognitionWorker) -> None:
        if self is not quiet_window.recognition:
            of(self).closed = True

    for name, method in (("start", start), ("load", load), ("read", read), ("close", close)):
        monkeypatch.setattr(RecognitionWorker, name, method)
    return found


@pytest.fixture
def mine() -> Path:
    return keep_weights(SCRIBE, "mine")


@pytest.fixture
def opened(
    quiet_window: MainWindow, others: list[_Fake], mine: Path
) -> Iterator[Callable[[], ComparePanel]]:
    load(quiet_window)

    def open_it() -> ComparePanel:
        quiet_window.actions_["Compare"].trigger()
        panel = quiet_window.compare.panel
        assert panel is not None
        return panel

    yield open_it
    quiet_window.compare.close()


def _titles(half: Half) -> list[str]:
    return [half.networks.itemText(i) for i in range(half.networks.count())]


def test_the_one_in_use_beside_another(
    quiet_window: MainWindow, opened: Callable[[], ComparePanel], others: list[_Fake], mine: Path
) -> None:
    panel = opened()
    first, second = panel.halves
    assert quiet_window.side.mode is panel
    assert not panel.isWindow()
    assert _titles(first) == _titles(second) == ["characters", "scribe", "scribe-tiny", "mine"]
    assert (first.networks.currentText(), second.networks.currentText()) == ("scribe", "mine")
    (other,) = others  # one process for the two
    assert other.path == mine
    assert second.message.text() == "Loading the network…"
    other.answer_load()
    assert panel.sentence.text() == "Draw on the paper: both read it."
    draw(quiet_window)
    assert other.asked[-1].drawing is quiet_window.canvas.current_drawing()
    read(quiet_window, "7")
    assert (first.answer.text(), panel.sentence.text()) == ("7", "")
    other.says("7")
    assert second.bars.probabilities is not None
    assert second.bars.probabilities[7] == 0.91
    assert panel.sentence.text() == "Both read 7."
    other.says("1")
    assert panel.sentence.text() == "They differ: 7 on the left, 1 on the right."
    other.says("1", refused=True)
    assert panel.sentence.text() == "They differ: 7 on the left, no answer on the right."
    quiet_window.canvas.clear()
    panel._asking.ask()
    assert first.verdict is None
    assert second.verdict is None
    assert panel.sentence.text() == "Draw on the paper: both read it."


def test_what_is_on_the_paper_already_is_read_by_both(
    quiet_window: MainWindow, opened: Callable[[], ComparePanel], others: list[_Fake]
) -> None:
    draw(quiet_window)
    before = quiet_window.asking.newest
    opened()
    assert quiet_window.asking.newest > before
    assert not others[0].asked
    others[0].answer_load()
    assert [one.drawing for one in others[0].asked] == [quiet_window.canvas.current_drawing()]


def test_an_answer_to_the_drawing_before_is_not_shown_for_a_new_one(
    quiet_window: MainWindow, opened: Callable[[], ComparePanel], others: list[_Fake]
) -> None:
    panel = opened()
    others[0].answer_load()
    draw(quiet_window)
    before = others[0].asked[-1].number
    quiet_window.canvas.replace_at_next_stroke()
    draw(quiet_window, 200)
    assert len(quiet_window.canvas.current_drawing().strokes) == 1
    others[0].says("7", number=before)
    assert panel.halves[1].verdict is None
    others[0].says("7")
    assert panel.halves[1].verdict == "7"


def test_nothing_is_compared_while_the_network_is_loading(quiet_window: MainWindow) -> None:
    action = quiet_window.actions_["Compare"]
    assert not action.isEnabled()
    load(quiet_window)
    assert action.isEnabled()


def test_the_newest_is_the_other_one(
    quiet_window: MainWindow, opened: Callable[[], ComparePanel], others: list[_Fake]
) -> None:
    newest = network("a new one", created="2099-01-01T00:00:00+00:00")
    network("z", created="2000-01-01T00:00:00+00:00")
    panel = opened()
    assert panel.halves[1].networks.currentText() == newest.stem
    assert others[0].path == newest


def test_any_two_can_be_chosen(
    quiet_window: MainWindow, opened: Callable[[], ComparePanel], others: list[_Fake], mine: Path
) -> None:
    keep_weights(SCRIBE, "third")
    panel = opened()
    first, second = panel.halves
    third = models_folder() / "third.safetensors"
    first.chosen.emit(mine)
    second.chosen.emit(third)
    assert {one.path for one in others if not one.closed} == {mine, third}
    draw(quiet_window)
    read(quiet_window, "7")
    assert first.verdict is None  # the window's network is neither of them
    second.chosen.emit(SCRIBE)
    assert [one.path for one in others if not one.closed] == [mine]
    read(quiet_window, "5")
    assert second.verdict == "5"


def test_the_network_in_use_changes(
    quiet_window: MainWindow, opened: Callable[[], ComparePanel], others: list[_Fake], mine: Path
) -> None:
    """Each side goes on reading with its own."""
    panel = opened()
    quiet_window.recognition.loaded.emit(loaded(mine))
    assert [one.path for one in others if not one.closed] == [SCRIBE]
    read(quiet_window, "7")
    assert (panel.halves[0].verdict, panel.halves[1].verdict) == (None, "7")


def test_one_that_cannot_be_loaded_says_why(
    opened: Callable[[], ComparePanel], others: list[_Fake], mine: Path
) -> None:
    panel = opened()
    others[0].recognition.refused.emit(
        Refused(message=Message.verbatim("mine is damaged"), weights=str(mine), device="auto")
    )
    assert panel.halves[1].message.text() == "mine is damaged"
    others[0].recognition.failed.emit("it ended several times")
    assert panel.halves[1].message.text() == "it ended several times"
    assert panel.halves[1].verdict is None


def test_a_new_network_that_is_stored_or_goes(
    quiet_window: MainWindow,
    opened: Callable[[], ComparePanel],
    others: list[_Fake],
    mine: Path,
    tmp_path: Path,
) -> None:
    opened()
    new = tmp_path / "personalized.safetensors"
    new.write_bytes(SCRIBE.read_bytes())
    quiet_window.compare.open(new, "The new network")
    panel = quiet_window.compare.panel
    assert panel is not None
    assert panel.halves[1].networks.currentText() == "The new network"
    assert others[-1].path == new
    quiet_window.compare.rename(new, mine)
    assert panel.halves[1].networks.currentText() == "mine"
    assert "The new network" not in _titles(panel.halves[0])
    quiet_window.compare.open(new, "The new network")
    quiet_window.compare.forget(tmp_path)
    assert panel.halves[1].networks.currentText() == "scribe"
    assert all(one.closed for one in others)


def test_its_processes_live_as_long_as_it_is_open(
    quiet_window: MainWindow, opened: Callable[[], ComparePanel], others: list[_Fake]
) -> None:
    opened()
    quiet_window.actions_["Why"].trigger()  # another mode takes its place
    assert quiet_window.compare.panel is None
    assert [one.closed for one in others] == [True]
    draw(quiet_window)  # nobody listens any more
    opened()
    assert [one.closed for one in others] == [True, False]
    assert quiet_window.close()
    assert [one.closed for one in others] == [True, True]


def test_the_reading_comes_back(
    quiet_window: MainWindow, opened: Callable[[], ComparePanel], others: list[_Fake]
) -> None:
    """By the button, by Esc on the paper or in the panel, and by the command itself."""
    quiet_window.canvas.setFocus()

    def escape_in_panel() -> None:
        panel = quiet_window.compare.panel
        assert panel is not None
        panel.halves[0].networks.setFocus()
        QTest.keyClick(panel.halves[0].networks, Qt.Key.Key_Escape)

    def press_button() -> None:
        panel = quiet_window.compare.panel
        assert panel is not None
        QTest.mouseClick(panel.back, Qt.MouseButton.LeftButton)

    for leave in (
        press_button,
        lambda: QTest.keyClick(quiet_window.canvas, Qt.Key.Key_Escape),
        escape_in_panel,
        quiet_window.actions_["Compare"].trigger,
    ):
        opened()
        assert quiet_window.canvas.hasFocus()  # one can draw and press keys at once
        leave()
        assert quiet_window.side.mode is None
        assert quiet_window.compare.panel is None
        assert all(one.closed for one in others)


def test_the_paper_keeps_its_size_and_the_halves_are_alike(
    quiet_window: MainWindow, opened: Callable[[], ComparePanel], others: list[_Fake]
) -> None:
    quiet_window.resize(1024, 640)
    QApplication.processEvents()
    before = quiet_window.canvas.size()
    panel = opened()
    others[0].answer_load()
    QApplication.processEvents()
    assert quiet_window.canvas.size() == before
    first, second = panel.halves
    assert abs(first.bars.width() - second.bars.width()) <= 1
    assert panel.scroll_area.verticalScrollBar().maximum() == 0  # all of it is seen
    assert panel.body.width() == panel.scroll_area.viewport().width()


def test_a_number_is_read_by_both(
    quiet_window: MainWindow, opened: Callable[[], ComparePanel], others: list[_Fake]
) -> None:
    panel = opened()
    others[0].answer_load()
    draw(quiet_window)
    one = Character(label="1", probability=0.95, box=(40.0, 40.0, 30.0, 90.0))
    line = Line(text="11", probability=0.9, characters=(one, one))
    for signal, number in (
        (quiet_window.recognition.readingReady, quiet_window.asking.newest),
        (others[0].recognition.readingReady, others[0].asked[-1].number),
    ):
        signal.emit(
            Reading(
                number=number,
                labels=DIGITS,
                picture=bytes(784),
                probabilities=(0.1,) * 10,
                line=line,
            )
        )
    assert [half.answer.text() for half in panel.halves] == ["11", "11"]
    assert panel.sentence.text() == "Both read 11."


def test_labels_of_their_own(
    quiet_window: MainWindow, opened: Callable[[], ComparePanel], others: list[_Fake]
) -> None:
    panel = opened()
    others[0].answer_load(("a", "b"))
    assert panel.halves[1].bars.labels == ("a", "b")
    assert panel.halves[0].bars.labels == DIGITS
    draw(quiet_window)
    assert others[0].asked[-1].mode == ""


def test_both_are_asked_in_the_windows_mode(
    quiet_window: MainWindow, opened: Callable[[], ComparePanel], others: list[_Fake]
) -> None:
    panel = opened()
    quiet_window.asking.mode = "digits"
    others[0].answer_load(CHARACTERS)
    assert panel.halves[1].bars.labels == DIGITS
    draw(quiet_window)
    assert others[0].asked[-1].mode == "digits"


def test_its_words_change_with_the_language(
    opened: Callable[[], ComparePanel], monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = opened()
    for kind in (ComparePanel, Half):
        monkeypatch.setattr(kind, "tr", lambda _self, text: f"»{text}«")
    QApplication.sendEvent(panel, QEvent(QEvent.Type.LanguageChange))
    assert panel.title.full_text == "»Two networks«"
    assert panel.sentence.text() == "»Draw on the paper: both read it.«"
    assert panel.halves[0].networks.accessibleName() == "»First network«"


def test_a_real_process(
    quiet_window: MainWindow, qtbot: QtBot, mine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RecognitionWorker, "start", _START)  # for all but the window's own
    load(quiet_window)
    draw(quiet_window)
    quiet_window.actions_["Compare"].trigger()
    panel = quiet_window.compare.panel
    assert panel is not None
    qtbot.waitUntil(lambda: panel.halves[1].verdict is not None, timeout=60_000)
    quiet_window.compare.close()
