"""Numbers on the paper of the real window: read, corrected, added up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from handwrite_app.characters.controller import WrittenController
from handwrite_app.lines import page_controller, page_dialog
from handwrite_app.lines.controller import LinesController
from handwrite_app.lines.number_text import cell_middle
from handwrite_app.lines.page_controller import PageController
from handwrite_app.lines.switches import LineSwitches
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import answer_line, draw, entries, labels_kept, load, press_key
from tests.lines import photograph, written
from tests.recognition import SharedRecognition
from trainer.drawings.store import DrawingStore
from trainer.picture.strokes import Drawing, Stroke
from trainer.segmentation.reading import LineOptions

LONG = 60_000


@pytest.fixture
def window(
    qapp: QApplication, qtbot: QtBot, shared_recognition: SharedRecognition
) -> Iterator[MainWindow]:
    """The window with the network that ships."""
    theme = Theme("light")
    theme.apply(qapp)
    window = MainWindow(theme, Settings(), process=shared_recognition)
    window.resize(1280, 800)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    qtbot.waitUntil(lambda: window.loaded is not None, timeout=LONG)
    yield window
    window.close_at_once()
    window.deleteLater()


def lines_of(window: MainWindow) -> LinesController:
    return window.feature(LinesController)


def write(qtbot: QtBot, window: MainWindow, text: str) -> None:
    """Draws with the mouse, and waits for the answer."""
    canvas = window.canvas
    place = canvas.place()
    for stroke in written(text).strokes:
        points = [
            place.to_widget(QRectF(x, y + 60, 0, 0)).topLeft().toPoint() for x, y in stroke.points
        ]
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=points[0])
        for point in points[1:]:
            QTest.mouseMove(canvas, point)
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=points[-1])
        place = canvas.place()
    requester = window.asking
    qtbot.waitUntil(lambda: requester.answer is not None, timeout=LONG)


def test_2026_is_read_and_a_digit_corrected(qtbot: QtBot, window: MainWindow) -> None:
    write(qtbot, window, "2026")
    lines = lines_of(window)
    assert lines.line is not None
    assert lines.line.text == "2026"
    assert window.side.mode is lines.panel
    assert len(lines.marks.marks) == 4
    assert lines.panel.number.text == "2026"

    text = lines.panel.number
    QTest.mouseClick(text, Qt.MouseButton.LeftButton, pos=cell_middle(text, 1).toPoint())
    assert lines.panel.current == 1
    assert lines.panel.bars.winner == 0
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_6)
    qtbot.waitUntil(lambda: text.text == "2626", timeout=LONG)
    window.correction.store.ask(lambda store: kept(store), lambda found: seen.extend(found))
    seen: list[tuple[str, int]] = []
    qtbot.waitUntil(lambda: bool(seen), timeout=LONG)
    assert seen == [("6", 1)]

    # One more digit: what was corrected stays.
    QTest.keyClick(window.canvas, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: text.text == "2026", timeout=LONG)


def kept(store: DrawingStore) -> list[tuple[str, int]]:
    """Label and number of strokes of each kept drawing."""
    return [(entry.label, len(store.drawing(entry.id).strokes)) for entry in store.entries()]


def test_the_pointer_chooses_a_character(qtbot: QtBot, window: MainWindow) -> None:
    write(qtbot, window, "47")
    lines = lines_of(window)
    assert lines.line is not None
    x, y, width, height = lines.line.characters[1].box
    middle = window.canvas.place().to_widget(QRectF(x, y, width, height)).center()
    QTest.mouseMove(window.canvas, middle.toPoint())
    qtbot.waitUntil(lambda: lines.panel.current == 1)
    assert lines.marks.at(QPointF(1, 1)) == -1


def test_a_sum_answers_itself(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_["ReadSums"].trigger()
    window.canvas.set_wide(True)
    write(qtbot, window, "12+30=")
    lines = lines_of(window)
    assert lines.line is not None
    assert lines.line.text == "12+30="
    assert lines.panel.answer.full_text == "= 42"


def test_a_name_in_letters_mode_and_a_list_of_words(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines, actions = lines_of(window), window.actions_
    assert not actions["ReadSums"].isChecked()
    assert not actions["WordList"].isEnabled()
    window.feature(WrittenController).choose("letters")
    qtbot.waitUntil(lambda: window.asking.mode == "letters", timeout=LONG)
    assert not actions["ReadSums"].isEnabled()
    window.canvas.set_wide(True)
    write(qtbot, window, "HEIDI")
    assert lines.line is not None
    assert lines.line.text == "HEIDI"
    assert lines.panel.number.text == "HEIDI"

    # A list of words speaks where a letter is unsure; here it makes a word of what is nearly as probable.
    words = tmp_path / "names.txt"
    words.write_bytes(b"\xff\xff")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(words), ""))
    actions["WordList"].trigger()
    qtbot.waitUntil(
        lambda: window.findChild(QMessageBox, "wordListRefused") is not None, timeout=LONG
    )
    box = window.findChild(QMessageBox, "wordListRefused")
    assert box is not None
    assert "write one a line" in box.text()
    box.close()
    assert not actions["WordList"].isChecked()
    words.write_text("Heidi\nPeter\n", encoding="utf-8")
    actions["WordList"].trigger()
    qtbot.waitUntil(actions["WordList"].isChecked, timeout=LONG)
    assert window.asking.line == LineOptions(words=words)
    qtbot.waitUntil(lambda: window.asking.answer is not None, timeout=LONG)
    assert lines.line.text == "HEIDI"

    window.feature(WrittenController).choose(
        "both"
    )  # sums are read beside letters until they are not wanted
    assert window.asking.line == LineOptions(signs=True, words=words)
    actions["ReadSums"].trigger()
    assert window.asking.line == LineOptions(words=words)
    again = LineSwitches(window, actions, window.settings)
    again.set_labels(window.asking.labels)
    assert again.options == LineOptions(words=words)  # remembered
    words.unlink()
    again.set_labels(window.asking.labels)
    assert again.options == LineOptions()


def test_bad_input_is_read_as_far_as_it_can_be(qtbot: QtBot, window: MainWindow) -> None:
    """A scribble beside digits, and two hundred characters, of which more than one is unsure."""
    scribble = np.random.default_rng(5).uniform(0, 60, (60, 2)) + np.array((200, 70))
    window.canvas.set_drawing(
        Drawing((*written("472").strokes, Stroke.make(scribble - (0, 60), width=8)))
    )
    lines = lines_of(window)
    qtbot.waitUntil(lambda: lines.line is not None, timeout=LONG)
    assert lines.line is not None
    assert lines.line.text.startswith("472")
    assert "not read" in lines.panel.words.full_text
    assert any(mark.unsure for mark in lines.marks.marks)
    window.canvas.set_drawing(written("1234567890" * 20, step=200, scale=0.3))
    qtbot.waitUntil(
        lambda: lines.line is not None and len(lines.line.characters) > 150, timeout=LONG
    )
    assert len(lines.panel.number.text) > 150
    window.grab()


def test_a_single_digit_is_read_as_ever(qtbot: QtBot, window: MainWindow) -> None:
    write(qtbot, window, "4")
    assert lines_of(window).line is None
    assert window.side.mode is None
    assert window.reading.answer.text() == "4"


def test_a_character_is_kept_with_all_of_its_ink(quiet_window: MainWindow, qtbot: QtBot) -> None:
    """While an answer to less ink is the newest one, no label is given to part of a character, or to all."""
    load(quiet_window)
    draw(quiet_window, 100)
    draw(quiet_window, 160)
    number = quiet_window.asking.newest
    draw(quiet_window, 220)
    answer_line(quiet_window, "12", number=number)
    assert lines_of(quiet_window).line is not None
    press_key(quiet_window, "7")
    assert quiet_window.status.text() == "It is still being read: press again in a moment."
    answer_line(quiet_window, "123")
    press_key(quiet_window, "7")
    qtbot.waitUntil(lambda: bool(entries()), timeout=LONG)
    assert labels_kept() == ["7"]


def test_the_switch_ends_it_and_clearing_the_paper_too(qtbot: QtBot, window: MainWindow) -> None:
    lines = lines_of(window)
    write(qtbot, window, "2026")
    assert lines.line is not None
    window.actions_["ReadNumbers"].trigger()
    assert window.side.mode is None
    qtbot.waitUntil(lambda: window.asking.answer is not None, timeout=LONG)
    assert lines.line is None
    window.actions_["ReadNumbers"].trigger()
    qtbot.waitUntil(lambda: lines.line is not None, timeout=LONG)
    window.canvas.clear()
    qtbot.waitUntil(lambda: window.side.mode is None, timeout=LONG)
    assert not lines.marks.marks


def test_a_long_line_gets_wide_paper_until_it_is_cleared(qtbot: QtBot, window: MainWindow) -> None:
    write(qtbot, window, "2026")
    assert window.canvas.is_wide
    assert window.actions_["WidePaper"].isChecked()
    window.canvas.clear()
    qtbot.waitUntil(lambda: not window.canvas.is_wide, timeout=LONG)


def test_a_photograph_of_squared_paper_is_read_as_a_page(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []

    def decoded(path: Path, page: int) -> QImage:
        threads.append(threading.current_thread().name)
        return page_dialog.decoded(path, page)

    monkeypatch.setattr(page_controller, "decoded", decoded)
    path = tmp_path / "page.png"
    photograph(["2026", "4713"], squares=True).save(path)
    window.canvas.filesDropped.emit([path])
    pages = window.feature(PageController)
    qtbot.waitUntil(lambda: pages.dialog is not None, timeout=LONG)
    dialog = pages.dialog
    assert dialog is not None
    view = dialog.view
    qtbot.waitUntil(lambda: dialog.copy.isEnabled() and not view._pixmap.isNull(), timeout=LONG)
    assert threads == ["lookup"]
    assert dialog.text.toPlainText().replace(" ", "") == "2026\n4713"
    dialog.reject()
    assert pages.dialog is None


def test_of_a_file_with_several_pages_the_first_that_is_written_on_is_read_and_shown(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    written = photograph(["2026"])
    path = tmp_path / "scan.tif"
    blank = Image.new("L", (200, 300), 225)
    blank.save(path, save_all=True, append_images=[written, blank])
    pages = window.feature(PageController)
    pages.read(path)
    dialog = pages.dialog
    assert dialog is not None
    size = QSize(*written.size)
    qtbot.waitUntil(lambda: dialog.view._pixmap.size() == size, timeout=LONG)
    assert dialog.text.toPlainText().replace(" ", "") == "2026"
    dialog.reject()
