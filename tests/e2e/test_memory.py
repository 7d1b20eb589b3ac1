"""A corrected drawing is remembered at once: the next one like it is read right, by real processes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from handwrite_app.ui.dialogs.name_dialog import NameDialog
from handwrite_app.window.main_window import MainWindow
from tests.drawings import DIGITS
from tests.e2e.conftest import Strokes, draw_with_mouse
from trainer.base.paths import drawings_file
from trainer.drawings import Filter, open_store

_PATIENCE = 20_000

TICK: Strokes = [[(60, 150), (75, 168), (90, 190), (105, 212), (120, 190), (150, 130), (190, 60)]]


def _answer(window: MainWindow) -> str:
    label = window.findChild(QLabel, "prediction")
    assert label is not None
    return label.text()


def _draw(qtbot: QtBot, window: MainWindow, strokes: Strokes) -> None:
    """On a clean paper, until the newest drawing is read."""
    window.canvas.clear()
    draw_with_mouse(window, strokes)
    qtbot.waitUntil(lambda: window.asking.answer is not None, timeout=_PATIENCE)


def _label(qtbot: QtBot, window: MainWindow, give: Callable[[], object]) -> None:
    """Until it is on the disk."""
    with qtbot.waitSignal(window.correction.labelled, timeout=_PATIENCE):
        give()


def _press(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(window.canvas, key)


def test_a_misread_drawing_is_read_right_the_next_time(qtbot: QtBot, window: MainWindow) -> None:
    _draw(qtbot, window, DIGITS["4"])
    assert _answer(window) == "4"
    _label(qtbot, window, lambda: _press(window, Qt.Key.Key_9))
    qtbot.waitUntil(
        lambda: window.status.text() == "Remembered. One of your drawings is used.",
        timeout=_PATIENCE,
    )
    _draw(qtbot, window, DIGITS["4"])
    assert _answer(window) == "9"
    # Why, with the drawing that decided.
    qtbot.waitUntil(
        lambda: window.reading.findChild(QLabel, "rememberedText") is not None, timeout=_PATIENCE
    )
    words = window.reading.findChild(QLabel, "rememberedText")
    assert words is not None
    assert words.text() == "like your 9 of today"
    # Any other digit is read as before.
    _draw(qtbot, window, DIGITS["3"])
    assert _answer(window) == "3"
    assert window.reading.findChild(QLabel, "rememberedText") is None

    window.actions_["UseMemory"].trigger()
    _draw(qtbot, window, DIGITS["4"])
    assert _answer(window) == "4"
    window.actions_["UseMemory"].trigger()
    qtbot.waitUntil(lambda: _answer(window) == "9", timeout=_PATIENCE)

    # Another writer has a memory of their own.
    with qtbot.waitSignal(window.correction.writers.chosen, timeout=_PATIENCE):
        window.correction.writers.add("Bob")
    _draw(qtbot, window, DIGITS["4"])
    assert _answer(window) == "4"


def test_undo_forgets(qtbot: QtBot, window: MainWindow) -> None:
    _draw(qtbot, window, DIGITS["4"])
    _label(qtbot, window, lambda: _press(window, Qt.Key.Key_9))
    with qtbot.waitSignal(window.correction.store.changed, timeout=_PATIENCE):
        _press(window, Qt.Key.Key_Backspace)
    _draw(qtbot, window, DIGITS["4"])
    assert _answer(window) == "4"


def test_the_drawing_that_decided_can_be_forgotten_and_kept_again(
    qtbot: QtBot, window: MainWindow
) -> None:
    _draw(qtbot, window, DIGITS["4"])
    _label(qtbot, window, lambda: _press(window, Qt.Key.Key_9))
    _draw(qtbot, window, DIGITS["4"])

    def button() -> QPushButton | None:
        found = window.reading.findChild(QPushButton, "forgetRemembered")
        return found if isinstance(found, QPushButton) else None

    def kept() -> int:
        with open_store(drawings_file(), read_only=True) as store:
            return len(store.ids(Filter()))

    qtbot.waitUntil(lambda: button() is not None, timeout=_PATIENCE)
    forget = button()
    assert forget is not None
    assert kept() == 1
    forget.click()
    qtbot.waitUntil(lambda: forget.text() == "Undo", timeout=_PATIENCE)
    assert kept() == 0
    forget.click()
    qtbot.waitUntil(lambda: forget.text() == "Forget it", timeout=_PATIENCE)
    assert kept() == 1


def test_a_sign_of_ones_own_is_read_from_three_drawings_on(
    qtbot: QtBot, window: MainWindow
) -> None:
    _draw(qtbot, window, TICK)
    assert "tick" not in window.reading.bars.labels

    def name_it() -> None:
        window.actions_["OwnSign"].trigger()
        dialog = window.findChild(NameDialog, "ownSign")
        assert dialog is not None
        dialog.line.setText("tick")
        dialog.take_button.click()

    _label(qtbot, window, name_it)
    qtbot.waitUntil(lambda: "tick" in window.correction.labels.labels, timeout=_PATIENCE)
    for _ in range(2):
        _draw(qtbot, window, TICK)
        _label(qtbot, window, lambda: window.correction.row.labelChosen.emit("tick"))
    _draw(qtbot, window, TICK)
    assert window.reading.bars.labels == (*DIGITS, "tick")
    assert _answer(window) == "tick"
    for digit, strokes in DIGITS.items():
        _draw(qtbot, window, strokes)
        assert _answer(window) == digit
