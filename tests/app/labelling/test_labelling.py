"""Correct with one key: what is drawn is kept with what the person says it is, and never twice."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from handwrite_app.ui.settings import Settings
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import (
    DIGITS,
    draw,
    entries,
    keep,
    labels_kept,
    load,
    marked,
    press_key,
    read,
    told,
    undo,
    wait_for_toast,
    wait_for_undone,
)
from tests.app.pointers import drag, move, press, release
from trainer.base.labels import NO_LABEL
from trainer.drawings import open_store
from trainer.picture.strokes import Drawing, Stroke
from trainer.processes.recognition_messages import Reading

# --- keeping


@pytest.mark.parametrize("digit", DIGITS)
def test_a_digits_key_keeps_what_is_drawn(
    quiet_window: MainWindow, qtbot: QtBot, digit: str
) -> None:
    draw(quiet_window)
    drawn = quiet_window.canvas.current_drawing()
    keep(quiet_window, qtbot, digit)
    (entry,) = entries()
    assert entry.label == digit
    with open_store(daily=False) as store:
        (stored,) = store.drawing(entry.id).strokes
    assert stored.points.tolist() == drawn.strokes[0].points.tolist()
    assert stored.width == drawn.strokes[0].width
    assert quiet_window.canvas.current_drawing() is drawn


def test_the_keypad_does_it_too(quiet_window: MainWindow, qtbot: QtBot) -> None:
    draw(quiet_window)
    QTest.keyClick(quiet_window.canvas, Qt.Key.Key_5, Qt.KeyboardModifier.KeypadModifier)
    wait_for_toast(quiet_window, qtbot, "5")


def test_the_row_and_the_menu_do_the_same(quiet_window: MainWindow, qtbot: QtBot) -> None:
    draw(quiet_window)
    button = quiet_window.findChild(QToolButton, "correct_4")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_for_toast(quiet_window, qtbot, "4")
    assert button.isChecked()
    draw(quiet_window)
    action = quiet_window.findChild(QAction, "actionCorrect_6")
    assert action is not None
    assert action in quiet_window.actions_.menus["correct"].actions()
    action.trigger()
    wait_for_toast(quiet_window, qtbot, "6")
    assert labels_kept() == ["6", "4"]


def test_what_the_network_said_is_kept_with_it(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window)
    draw(quiet_window)
    read(quiet_window, "1", 0.75)
    keep(quiet_window, qtbot, "7")
    (entry,) = entries()
    assert entry.said is not None
    assert (entry.said.label, entry.said.probability, entry.said.refused) == ("1", 0.75, False)
    assert entry.right is False
    assert entry.weights is not None
    assert entry.weights.name == "scribe"
    assert len(entry.weights.hash) == 64
    assert entry.device == "mouse"


def test_what_it_refused_and_what_was_right(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window)
    draw(quiet_window)
    read(quiet_window, "8", refused=True)
    keep(quiet_window, qtbot, "8")
    draw(quiet_window)
    read(quiet_window, "2")
    keep(quiet_window, qtbot, "2")
    right, refused = entries()
    assert refused.said is not None
    assert refused.said.refused
    assert refused.right is False
    assert right.right is True


def test_an_answer_to_something_else_is_not_kept_with_it(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    load(quiet_window)
    draw(quiet_window)
    read(quiet_window, "1")
    draw(quiet_window, 200)  # there are two strokes now, and no answer yet
    keep(quiet_window, qtbot, "7")
    (entry,) = entries()
    assert entry.said is None


def test_nothing_drawn_nothing_kept_and_said_so(quiet_window: MainWindow, qtbot: QtBot) -> None:
    press_key(quiet_window, "3")
    assert "nothing to save" in quiet_window.status.text()
    load(quiet_window)
    drag(quiet_window.canvas, (200, 200))
    quiet_window.recognition.readingReady.emit(Reading(number=quiet_window.asking.newest))
    press_key(quiet_window, "3")  # a dot, in which the network sees nothing
    assert "nothing to save" in quiet_window.status.text()
    qtbot.wait(100)
    assert entries() == []
    assert quiet_window.findChild(QFrame, "toast") is None


def test_nothing_is_kept_while_the_pen_is_down(quiet_window: MainWindow, qtbot: QtBot) -> None:
    press(quiet_window.canvas, (200, 100))
    move(quiet_window.canvas, (250, 150))
    press_key(quiet_window, "3")
    assert "Lift the pen" in quiet_window.status.text()
    release(quiet_window.canvas, (250, 150))
    qtbot.wait(100)
    assert entries() == []


def test_the_next_stroke_begins_a_new_drawing(quiet_window: MainWindow, qtbot: QtBot) -> None:
    draw(quiet_window)
    first = quiet_window.canvas.current_drawing()
    with told(quiet_window, qtbot, "The next stroke begins a new drawing."):
        keep(quiet_window, qtbot, "7")
    draw(quiet_window, 200)
    assert len(quiet_window.canvas.current_drawing().strokes) == 1
    assert "next stroke" not in quiet_window.status.text()
    keep(quiet_window, qtbot, "3")
    assert labels_kept() == ["3", "7"]
    quiet_window.canvas.undo()
    assert quiet_window.canvas.current_drawing() is first


def test_an_answer_to_the_drawing_before_is_dropped(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window)
    draw(quiet_window)
    keep(quiet_window, qtbot, "7")
    before = quiet_window.asking.newest
    draw(quiet_window, 200)
    got: list[object] = []
    quiet_window.asking.answered.connect(got.append)
    quiet_window.recognition.readingReady.emit(Reading(number=before, labels=DIGITS))
    assert got == []


# --- once


def test_another_digit_relabels(quiet_window: MainWindow, qtbot: QtBot) -> None:
    draw(quiet_window)
    keep(quiet_window, qtbot, "7")
    keep(quiet_window, qtbot, "1")
    assert labels_kept() == ["1"]
    assert [b.text() for b in quiet_window.correction.row._buttons.values() if b.isChecked()] == [
        "1"
    ]
    keep(quiet_window, qtbot, "1")
    assert labels_kept() == ["1"]


def test_two_digits_before_the_first_is_on_the_disk(quiet_window: MainWindow, qtbot: QtBot) -> None:
    draw(quiet_window)
    press_key(quiet_window, "7")
    press_key(quiet_window, "1")
    wait_for_toast(quiet_window, qtbot, "1")
    assert labels_kept() == ["1"]


def test_a_drawing_that_undo_brings_back_is_relabelled(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    draw(quiet_window)
    keep(quiet_window, qtbot, "7")
    draw(quiet_window, 200)
    keep(quiet_window, qtbot, "3")
    assert marked(quiet_window) == ["3"]
    quiet_window.canvas.undo()
    assert marked(quiet_window) == ["7"]
    keep(quiet_window, qtbot, "1")
    assert sorted(labels_kept()) == ["1", "3"]
    quiet_window.canvas.redo()
    assert marked(quiet_window) == ["3"]
    quiet_window.canvas.clear()
    assert marked(quiet_window) == []


def test_one_that_was_deleted_elsewhere_is_kept_anew(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    draw(quiet_window)
    keep(quiet_window, qtbot, "7")
    with open_store(daily=False) as store:
        store.delete(store.ids())
    keep(quiet_window, qtbot, "1")
    assert labels_kept() == ["1"]


# --- taking it back


def test_undo_deletes_it(quiet_window: MainWindow, qtbot: QtBot) -> None:
    draw(quiet_window)
    drawn = quiet_window.canvas.current_drawing()
    assert not quiet_window.actions_["UndoKeep"].isEnabled()
    keep(quiet_window, qtbot, "7")
    assert quiet_window.actions_["UndoKeep"].isEnabled()
    button = quiet_window.findChild(QPushButton, "toastAction")
    assert button is not None
    assert button.text() == "Undo"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_for_undone(quiet_window, qtbot)
    assert entries() == []
    assert not quiet_window.correction.toast.isVisible()
    assert not quiet_window.actions_["UndoKeep"].isEnabled()
    assert marked(quiet_window) == []
    assert quiet_window.canvas.current_drawing() is drawn
    draw(quiet_window, 200)  # what is not kept is gone on with
    assert len(quiet_window.canvas.current_drawing().strokes) == 2


def test_undo_with_its_key_and_keep_again(quiet_window: MainWindow, qtbot: QtBot) -> None:
    draw(quiet_window)
    keep(quiet_window, qtbot, "7")
    press_key(quiet_window, Qt.Key.Key_Backspace)
    wait_for_undone(quiet_window, qtbot)
    assert entries() == []
    keep(quiet_window, qtbot, "1")
    assert labels_kept() == ["1"]


def test_undo_after_a_change_of_mind_restores_the_label_before(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    draw(quiet_window)
    for key in "947":
        keep(quiet_window, qtbot, key)
    for label in "49":
        with told(quiet_window, qtbot, f"Saved as {label} again"):
            press_key(quiet_window, Qt.Key.Key_Backspace)
        assert labels_kept() == [label]
        assert marked(quiet_window) == [label]
    undo(quiet_window, qtbot)
    assert entries() == []
    assert not quiet_window.actions_["UndoKeep"].isEnabled()


def test_undo_can_come_before_the_drawing_is_stored(quiet_window: MainWindow, qtbot: QtBot) -> None:
    """A slow disk: the second key and its undo wait in line behind the first."""
    draw(quiet_window)
    keep(quiet_window, qtbot, "7")
    press_key(quiet_window, "1")
    with told(quiet_window, qtbot, "Saved as 7 again"):
        press_key(quiet_window, Qt.Key.Key_Backspace)
    assert not quiet_window.correction.toast.isVisible()
    assert labels_kept() == ["7"]
    undo(quiet_window, qtbot)
    assert entries() == []


def test_undo_can_come_before_anything_is_stored(quiet_window: MainWindow, qtbot: QtBot) -> None:
    draw(quiet_window)
    press_key(quiet_window, "7")
    press_key(quiet_window, "1")
    press_key(quiet_window, Qt.Key.Key_Backspace)
    with told(quiet_window, qtbot, "Removed from My drawings."):
        press_key(quiet_window, Qt.Key.Key_Backspace)
    assert entries() == []
    assert not quiet_window.actions_["UndoKeep"].isEnabled()


def test_what_was_kept_long_ago_is_not_undone_by_a_key(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    draw(quiet_window)
    keep(quiet_window, qtbot, "7")
    quiet_window.correction.toast.dismiss()
    assert quiet_window.actions_["UndoKeep"].isEnabled()  # it is on the paper
    draw(quiet_window, 200)
    assert not quiet_window.actions_["UndoKeep"].isEnabled()
    press_key(quiet_window, Qt.Key.Key_Backspace)
    qtbot.wait(50)
    assert labels_kept() == ["7"]


# --- none of the labels


@pytest.mark.parametrize("key", [Qt.Key.Key_Minus, Qt.Key.Key_N])
def test_what_is_no_digit_has_a_key_and_can_be_seen(
    quiet_window: MainWindow, qtbot: QtBot, key: Qt.Key
) -> None:
    load(quiet_window)
    draw(quiet_window)
    read(quiet_window, "4")
    press_key(quiet_window, key)
    wait_for_toast(quiet_window, qtbot, "not a digit")
    assert labels_kept() == [NO_LABEL]
    assert marked(quiet_window) == ["∅"]
    assert quiet_window.reading.remark.full_text == "Saved as not a digit"


def test_how_to_correct_is_said_of_what_is_on_the_paper(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    load(quiet_window)
    remark = quiet_window.reading.remark
    draw(quiet_window)
    read(quiet_window, "4")
    keep(quiet_window, qtbot, "3")
    undo(quiet_window, qtbot)
    assert remark.full_text == "Wrong? Press what it is"
    quiet_window.canvas.set_drawing(Drawing((Stroke.make([[9, 9], [99, 99]]),)))
    assert remark.full_text == ""  # another one, of which nothing is known yet
    quiet_window.asking.ask()
    read(quiet_window, "1")
    assert remark.full_text == "Wrong? Press what it is"


def test_how_to_correct_is_said_until_it_is_known(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window)
    remark = quiet_window.reading.remark
    for key in "123":
        draw(quiet_window)
        assert remark.full_text == ""
        read(quiet_window, "4")
        assert remark.full_text == "Wrong? Press what it is"
        draw(quiet_window)  # another stroke: the words stay until it is read, and do not flicker
        assert remark.full_text == "Wrong? Press what it is"
        read(quiet_window, "4")
        assert remark.full_text == "Wrong? Press what it is"
        keep(quiet_window, qtbot, key)
        assert remark.full_text == f"Saved as {key}"
    draw(quiet_window)
    read(quiet_window, "4")
    assert remark.full_text == ""
    assert Settings().labelled == 3
