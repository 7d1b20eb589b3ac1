"""The labels of the network in use: their keys, buttons and entries of the menu."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QToolButton
from pytestqt.qtbot import QtBot

from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import (
    DIGITS,
    EMNIST,
    draw,
    entries,
    labels_kept,
    load,
    press_key,
    read,
    wait_for_toast,
)
from trainer.base.labels import NO_LABEL


def test_letters_have_keys_where_no_command_has_them(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    load(quiet_window, EMNIST)
    actions = quiet_window.correction.labels

    def key(label: str) -> str:
        return actions[label].shortcut().toString(QKeySequence.SequenceFormat.PortableText)

    assert [key(digit) for digit in DIGITS] == list(DIGITS)
    assert key("C") == "C"
    assert key("a") == "A"
    assert key("A") == "Shift+A"
    assert key("e") == ""  # the eraser's
    assert key("E") == "Shift+E"
    keys = [
        one.toString()
        for action in quiet_window.findChildren(QAction)
        for one in action.shortcuts()
        if action.objectName().startswith("action")
    ]
    assert len(keys) == len(set(keys))
    draw(quiet_window)
    press_key(quiet_window, "c")
    wait_for_toast(quiet_window, qtbot, "C")
    assert labels_kept() == ["C"]


def test_capital_and_small_letters_are_two(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window, EMNIST)
    draw(quiet_window)
    QTest.keyClick(quiet_window.canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    wait_for_toast(quiet_window, qtbot, "A")
    QTest.keyClick(quiet_window.canvas, Qt.Key.Key_A)
    wait_for_toast(quiet_window, qtbot, "a")
    assert labels_kept() == ["a"]


def test_words_have_no_keys(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window, ("circle", "R&D", "+"))
    assert quiet_window.correction.labels.keys() == "-"
    button = quiet_window.findChild(QToolButton, "correct_R&D")
    assert button is not None
    draw(quiet_window)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    wait_for_toast(quiet_window, qtbot, "R&D")
    assert labels_kept() == ["R&D"]
    press_key(quiet_window, "7")
    qtbot.wait(50)
    assert labels_kept() == ["R&D"]


def test_another_network_brings_its_labels(quiet_window: MainWindow) -> None:
    load(quiet_window, EMNIST)
    assert quiet_window.findChild(QToolButton, "correct_Q") is not None
    load(quiet_window, DIGITS)
    QApplication.sendPostedEvents(None, 0)
    texts = [
        b.text() for b in quiet_window.correction.row.findChildren(QToolButton) if b.isVisible()
    ]
    assert texts == [*DIGITS, "∅"]
    assert quiet_window.correction.labels.keys() == "0 … 9, -"


def test_it_may_be_no_digit_at_all(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window)
    draw(quiet_window)
    read(quiet_window, "3", refused=True)
    action = quiet_window.findChild(QAction, f"actionCorrect_{NO_LABEL}")
    assert action is not None
    assert action.text() == "Not a digit"
    action.trigger()
    wait_for_toast(quiet_window, qtbot, "not a digit")
    (entry,) = entries()
    assert entry.label == NO_LABEL
    assert entry.right is True
    load(quiet_window, EMNIST)
    assert quiet_window.correction.labels[NO_LABEL].text() == "None of these"


def test_the_keys_are_in_the_list_of_keys(quiet_window: MainWindow) -> None:
    quiet_window.actions_["Shortcuts"].trigger()
    dialog = quiet_window.findChild(QDialog, "shortcutsDialog")
    assert dialog is not None
    assert "0 … 9, -" in [label.text() for label in dialog.findChildren(QLabel)]
    dialog.done(0)
