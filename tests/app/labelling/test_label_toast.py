"""The toast that says what was kept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from handwrite_app.ui import language
from handwrite_app.ui.tokens import TARGET
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import draw, keep, labels_kept, press_key
from tests.app.pointers import press, release


def test_the_toast_goes_with_the_next_stroke(quiet_window: MainWindow, qtbot: QtBot) -> None:
    draw(quiet_window)
    keep(quiet_window, qtbot, "7")
    press(quiet_window.canvas, (200, 100))
    assert not quiet_window.correction.toast.isVisible()
    release(quiet_window.canvas, (200, 100))
    assert labels_kept() == ["7"]


def test_the_toast_goes_by_itself_and_waits_for_the_focus(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handwrite_app.ui.widgets.toast.SHOWN_MS", 300)
    draw(quiet_window)
    keep(quiet_window, qtbot, "7")
    shown = quiet_window.correction.toast
    shown.button.setFocus()
    qtbot.wait(700)
    assert shown.isVisible()
    quiet_window.canvas.setFocus()
    qtbot.waitUntil(lambda: not shown.isVisible())
    assert labels_kept() == ["7"]


def test_the_toast_is_spoken_and_reached_with_tab(quiet_window: MainWindow, qtbot: QtBot) -> None:
    draw(quiet_window)
    keep(quiet_window, qtbot, "7")
    shown = quiet_window.correction.toast
    assert shown.objectName() == "toast"
    assert shown.accessibleName() == "Saved as 7"
    assert shown.button.accessibleName() == "Undo. Saved as 7"
    assert quiet_window.focusWidget() is quiet_window.canvas  # it takes nobody's focus
    press_key(quiet_window, Qt.Key.Key_Tab)
    assert quiet_window.focusWidget() is shown.button
    QTest.keyClick(shown.button, Qt.Key.Key_Escape)
    assert not shown.isVisible()
    assert quiet_window.focusWidget() is quiet_window.canvas


@pytest.mark.parametrize("size", [(800, 600), (1024, 640), (1600, 1000)])
def test_the_toast_covers_nothing_that_is_needed(
    quiet_window: MainWindow, qtbot: QtBot, size: tuple[int, int]
) -> None:
    quiet_window.resize(*size)
    draw(quiet_window)
    keep(quiet_window, qtbot, "7")
    shown = quiet_window.correction.toast
    assert shown.height() >= TARGET
    assert quiet_window.rect().contains(shown.geometry())
    for other in (
        quiet_window.canvas,
        quiet_window.tools,
        quiet_window.correction.row,
        quiet_window.reading.network_input,
        quiet_window.reading._explanation,
    ):
        place = other.rect().translated(other.mapTo(quiet_window, QPoint()))
        assert not place.intersects(shown.geometry())
    quiet_window.resize(size[0] + 100, size[1] + 50)
    card = quiet_window.reading.geometry().translated(
        quiet_window.side.mapTo(quiet_window, QPoint())
    )
    assert card.contains(shown.geometry()) or shown.geometry().bottom() > quiet_window.height() - 10


def test_the_toast_follows_the_language(
    quiet_window: MainWindow, qtbot: QtBot, english_afterwards: None
) -> None:
    draw(quiet_window)
    keep(quiet_window, qtbot, "7")
    language.install("zh_CN")
    QApplication.processEvents()
    assert quiet_window.correction.toast.text == "已保存为 7"
    assert quiet_window.correction.toast.button.text() == "撤销"


def test_long_words_take_two_lines(quiet_window: MainWindow, qtbot: QtBot) -> None:
    draw(quiet_window)
    keep(quiet_window, qtbot, "7")
    toast = quiet_window.correction.toast
    label = toast.findChild(QLabel, "toastText")
    assert label is not None
    assert not label.wordWrap()
    words = "Saved as not a digit for Anna Maria Schmidt"
    toast.tell(words, "Undo")
    QApplication.processEvents()
    assert (label.text(), label.wordWrap()) == (words, True)
    assert label.heightForWidth(label.width()) <= toast.height()
    toast.tell(10 * words, "Undo")
    assert label.text().endswith("…")
    assert toast.accessibleName() == 10 * words
