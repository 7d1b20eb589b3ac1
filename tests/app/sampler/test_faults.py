"""The sampler while other things go wrong or change: nothing that was kept is lost, and nothing breaks."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import (
    accept,
    draw,
    entries,
    keep,
    labels_kept,
    load,
    press_key,
    read,
    wait_for_toast,
    warning,
)
from tests.app.pointers import move, press, release
from tests.app.sampling import (
    begin,
    click,
    draw_asked,
    go_on,
    prompt,
    score,
    session,
    words,
    write,
)
from tests.drawings import DIGITS
from tests.e2e.conftest import draw_with_mouse
from tests.recognition import SharedRecognition
from trainer.base.errors import RunError
from trainer.base.paths import drawings_file
from trainer.drawings import DrawingStore

_PATIENCE = 10_000


def _fail(*_: object, **__: object) -> None:
    raise RunError("the disk is full")


def test_a_full_disk_in_the_middle(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(quiet_window)
    kept = write(quiet_window, qtbot)
    asked = draw_asked(quiet_window)
    drawn = quiet_window.canvas.current_drawing()
    read(quiet_window, asked)
    with monkeypatch.context() as broken:
        broken.setattr(DrawingStore, "add", _fail)
        press_key(quiet_window, Qt.Key.Key_Space)
        box = warning(quiet_window, qtbot)
    assert box.windowTitle() == "The drawing was not saved"
    assert "the disk is full" in box.text()
    accept(box, quiet_window, qtbot)
    assert prompt(quiet_window) == f"Write {asked}"
    assert quiet_window.canvas.current_drawing() is drawn
    assert labels_kept() == [kept]
    quiet_window.canvas.setFocus()
    go_on(quiet_window, qtbot)  # there is room again
    assert labels_kept() == [asked, kept]
    assert all(entry.right for entry in entries())


def test_what_nobody_foresaw(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It does not wait for good for what never comes."""

    def break_off(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    begin(quiet_window)
    asked = draw_asked(quiet_window)
    read(quiet_window, asked)
    with monkeypatch.context() as broken, qtbot.captureExceptions() as unforeseen:
        broken.setattr(DrawingStore, "add", break_off)
        press_key(quiet_window, Qt.Key.Key_Space)
        box = warning(quiet_window, qtbot)
    assert [kind for kind, *_ in unforeseen] == [ZeroDivisionError]
    assert box.text() == "An unexpected error: ZeroDivisionError"
    accept(box, quiet_window, qtbot)
    quiet_window.canvas.setFocus()
    go_on(quiet_window, qtbot)
    assert labels_kept() == [asked]


def test_a_full_disk_when_it_is_to_end(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(quiet_window)
    read(quiet_window, draw_asked(quiet_window))
    with monkeypatch.context() as broken:
        broken.setattr(DrawingStore, "add", _fail)
        press_key(quiet_window, Qt.Key.Key_Space)
        quiet_window.sampler.stop()
        box = warning(quiet_window, qtbot)
    accept(box, quiet_window, qtbot)
    assert quiet_window.sampler.is_running  # the drawing is there, and whoever wrote it decides
    quiet_window.canvas.setFocus()
    go_on(quiet_window, qtbot)
    assert len(entries()) == 1


def test_an_old_one_that_cannot_be_deleted_is_said(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(quiet_window)
    write(quiet_window, qtbot)
    monkeypatch.setattr(DrawingStore, "delete", _fail)
    click(quiet_window, "sampleBack")
    draw(quiet_window)
    read(quiet_window, "1")
    press_key(quiet_window, Qt.Key.Key_Space)
    box = warning(quiet_window, qtbot)
    assert box.windowTitle() == "The drawing is still saved"
    accept(box, quiet_window, qtbot)
    assert session(quiet_window).place == 1
    assert len(session(quiet_window).samples) == 1
    assert len(entries()) == 2


@pytest.mark.parametrize("answered", [True, False])
def test_closed_in_the_middle(quiet_window: MainWindow, qtbot: QtBot, answered: bool) -> None:
    begin(quiet_window)
    first = write(quiet_window, qtbot)
    second = draw_asked(quiet_window)
    if answered:
        read(quiet_window, second)
    press_key(quiet_window, Qt.Key.Key_Space)
    quiet_window.close()  # on its way to the disk, or waiting for the answer
    assert labels_kept() == [second, first]


def test_closed_with_half_a_digit(quiet_window: MainWindow, qtbot: QtBot) -> None:
    begin(quiet_window, by_itself=True)
    draw(quiet_window)  # the pause runs
    quiet_window.close()
    qtbot.wait(20)
    assert not drawings_file().exists()


@pytest.mark.parametrize("lifted", [False, True])
def test_another_window_in_the_middle_of_a_digit(
    quiet_window: MainWindow, qtbot: QtBot, lifted: bool
) -> None:
    """What is written then is half a digit, however long the pen rests."""
    begin(quiet_window, by_itself=True)
    pause = quiet_window.sampler._rest.timer
    press(quiet_window.canvas, (200, 100))
    move(quiet_window.canvas, (260, 140))
    if lifted:
        release(quiet_window.canvas, (260, 140))
        assert pause.isActive()
    other = QWidget()
    qtbot.addWidget(other)
    with qtbot.waitActive(other):
        other.show()
        other.activateWindow()
    assert not quiet_window.canvas.is_drawing()
    assert not quiet_window.canvas.is_empty()
    assert not pause.isActive()
    read(quiet_window, str(session(quiet_window).asked))
    pause.timeout.emit()
    assert session(quiet_window).place == 0
    with qtbot.waitActive(quiet_window):
        other.close()
        quiet_window.activateWindow()
    assert not pause.isActive()
    draw(quiet_window, 150)  # the second stroke
    assert pause.isActive()
    read(quiet_window, str(session(quiet_window).asked))
    pause.start(50)
    qtbot.waitUntil(lambda: session(quiet_window).place == 1, timeout=_PATIENCE)
    assert len(entries()) == 1


@pytest.mark.usefixtures("english_afterwards")
def test_another_language_in_the_middle(quiet_window: MainWindow, qtbot: QtBot) -> None:
    begin(quiet_window)
    kept = write(quiet_window, qtbot)
    draw(quiet_window)
    drawn = quiet_window.canvas.current_drawing()
    quiet_window.choices._on_language_chosen("zh_CN")
    QApplication.processEvents()
    assert quiet_window.canvas.current_drawing() is drawn
    assert session(quiet_window).place == 1
    assert quiet_window.sampler.banner.isVisible()
    assert prompt(quiet_window).endswith(str(session(quiet_window).asked))
    quiet_window.choices._on_language_chosen("en")
    QApplication.processEvents()
    assert prompt(quiet_window) == f"Write {session(quiet_window).asked}"
    assert words(quiet_window) == "2 of 10"
    press_key(quiet_window, Qt.Key.Key_Escape)
    assert score(quiet_window)[0] == "1 of 1 right"
    assert labels_kept() == [kept]


def test_another_network_while_its_answer_is_waited_for(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    begin(quiet_window)
    asked = draw_asked(quiet_window)
    press_key(quiet_window, Qt.Key.Key_Space)
    load(quiet_window)  # asks the new one
    read(quiet_window, asked)
    qtbot.waitUntil(lambda: session(quiet_window).place == 1, timeout=_PATIENCE)
    (entry,) = entries()
    assert entry.right


def test_a_new_network_shows_its_labels_in_the_choice(quiet_window: MainWindow) -> None:
    load(quiet_window)
    quiet_window.actions_["Sampler"].trigger()
    start = quiet_window.sampler.banner.start
    assert start._rounds.itemText(1) == "0–9 three times"
    load(quiet_window, ("a", "b", "c"))
    assert start._rounds.itemText(1) == "a–c three times"
    load(quiet_window, tuple("abcdefghijklmno"))
    assert not start._rounds.isVisible()


def test_asked_for_again_while_it_goes_on(quiet_window: MainWindow, qtbot: QtBot) -> None:
    begun = begin(quiet_window)
    write(quiet_window, qtbot)
    quiet_window.actions_["Sampler"].trigger()
    assert session(quiet_window) is begun
    assert begun.place == 1
    quiet_window.sampler.stop()
    quiet_window.actions_["Sampler"].trigger()  # from the score
    assert quiet_window.sampler.banner.start.isVisible()
    assert not quiet_window.sampler.banner.score.isVisible()


def test_what_was_kept_before_is_no_sample(quiet_window: MainWindow, qtbot: QtBot) -> None:
    """It comes back as it was: the next stroke begins a new drawing, and a key relabels it."""
    load(quiet_window)
    draw(quiet_window)
    keep(quiet_window, qtbot, "5")
    (before,) = entries()
    begin(quiet_window)
    write(quiet_window, qtbot)
    assert not quiet_window.correction.toast.isVisible()
    click(quiet_window, "sampleStop")
    quiet_window.canvas.setFocus()
    press_key(quiet_window, "6")
    wait_for_toast(quiet_window, qtbot, "6")
    assert len(entries()) == 2
    assert next(one for one in entries() if one.id == before.id).label == "6"
    draw(quiet_window, 200)
    assert len(quiet_window.canvas.current_drawing().strokes) == 1


# --- with a real network


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, shared_recognition: SharedRecognition
) -> Iterator[MainWindow]:
    theme = Theme("light")
    theme.apply(qapp)
    window = MainWindow(theme, Settings(), process=shared_recognition)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    qtbot.waitUntil(lambda: window.loaded is not None, timeout=60_000)
    yield window
    window.close()
    window.deleteLater()


def test_a_whole_session_with_a_real_network(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on by itself; what is drawn for a 7 is a 1. The 7 comes first: the memory of drawings, which
    would read the 1 as the 7 that it was saved as, has no say in samples."""
    monkeypatch.setattr(random.Random, "shuffle", lambda _, labels: labels.sort(key="7".__ne__))
    begin(window, by_itself=True)
    window.sampler._rest.timer.setInterval(400)  # longer than between two strokes on a busy machine
    while (asked := session(window).asked) is not None:
        place = session(window).place
        draw_with_mouse(window, DIGITS["1" if asked == "7" else asked])
        qtbot.waitUntil(
            lambda place=place: session(window).place > place,  # type: ignore[misc]
            timeout=60_000,
        )
    headline, _, misread = score(window)
    assert headline == "9 of 10 right"
    assert misread == ["7 → 1"]
    assert len(entries()) == 10
    assert [entry.label for entry in entries() if not entry.right] == ["7"]
    assert all(entry.said for entry in entries())
    assert window.findChild(QMessageBox) is None
