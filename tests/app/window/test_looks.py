"""The window at different sizes, its focus, and what it says without being asked."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QFontInfo
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from handwrite_app.reading.reading_panel import PANEL_WIDTH
from handwrite_app.ui.widgets.menus import align_entries
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import load
from tests.app.pointers import press, release


@pytest.mark.parametrize(
    ("size", "width", "answer"),
    [((1024, 640), PANEL_WIDTH, 96), ((1920, 1080), 420, 240), ((3840, 2160), 630, 360)],
)
def test_the_reading_grows_with_the_window(
    quiet_window: MainWindow, size: tuple[int, int], width: int, answer: int
) -> None:
    quiet_window.resize(*size)
    QApplication.sendPostedEvents()
    assert quiet_window.side.width() == width
    assert quiet_window.reading.answer.font().pixelSize() == answer
    quiet_window.resize(1024, 640)
    QApplication.sendPostedEvents()
    assert quiet_window.side.width() == PANEL_WIDTH
    assert quiet_window.reading.answer.font().pixelSize() == 96


def test_type_and_controls_grow_on_a_large_screen_without_a_scale(
    quiet_window: MainWindow,
) -> None:
    row, tools = quiet_window.correction.row, quiet_window.tools
    for size, factor in (((3840, 2160), 1.5), ((1280, 720), 1.0)):
        quiet_window.resize(*size)
        QApplication.sendPostedEvents()
        assert QFontInfo(quiet_window.menuBar().font()).pixelSize() == 14 * factor
        assert tools.device.height() == tools.height() == 40 * factor
        assert row.cell_width == 40 * factor
        quiet_window.theme.set_mode("dark" if factor > 1 else "light")
        QApplication.processEvents()
        digit = row.findChild(QToolButton, "correct_0")
        assert digit is not None
        assert digit.font().pixelSize() == 20 * factor


def test_the_tool_row_is_one_stop_of_the_tab_key(quiet_window: MainWindow) -> None:
    tools = quiet_window.tools
    before = quiet_window.canvas
    before.setFocus()
    stops = [
        w for w in tools.children() if getattr(w, "focusPolicy", None) and w.focusPolicy().value
    ]
    assert len(stops) == 1
    stops[0].setFocus()
    seen = []
    for _ in range(4):
        focus = quiet_window.focusWidget()
        assert focus is not None
        seen.append(focus.accessibleName())
        QTest.keyClick(focus, Qt.Key.Key_Right)
    # Nothing to undo, redo or clear.
    assert seen == ["Eraser", "Pen width", "Writer", "Network"]
    last = quiet_window.focusWidget()
    assert last is not None
    QTest.keyClick(last, Qt.Key.Key_Home)
    first = quiet_window.focusWidget()
    assert first is not None
    assert first.accessibleName() == "Eraser"
    tools.slider.setFocus()
    width = tools.slider.value()
    QTest.keyClick(tools.slider, Qt.Key.Key_Up)
    assert tools.slider.value() > width


def test_the_paper_shows_the_focus_that_a_key_has_brought(quiet_window: MainWindow) -> None:
    canvas = quiet_window.canvas
    canvas.clearFocus()
    canvas.setFocus(Qt.FocusReason.TabFocusReason)
    assert canvas._view.has_ring
    press(canvas, (200, 200))
    assert not canvas._view.has_ring
    release(canvas, (200, 200))


def test_who_writes_is_shown_and_chosen_beside_the_network(quiet_window: MainWindow) -> None:
    writers, chip = quiet_window.correction.writers, quiet_window.tools.writer
    assert chip.text() == "Me"
    assert chip.isVisible()
    writers._on_chosen("Anna")
    assert chip.text() == "Anna"
    assert chip.menu() is quiet_window.actions_.menus["writer"]
    quiet_window.resize(800, 600)
    assert not chip.isVisible()


def _text_begins(widget: QWidget, place: QRect, skip: int) -> int:
    """Where the first ink stands in this part of a widget, from its left edge plus `skip` pixels on."""
    image = widget.grab(place).toImage()
    ground = image.pixelColor(image.width() - 40, 6)
    for x in range(skip, image.width()):
        for y in range(4, image.height() - 4):
            if abs(image.pixelColor(x, y).lightness() - ground.lightness()) > 60:
                return x
    raise AssertionError("nothing is written there")


def test_entries_of_all_menus_begin_at_one_line(quiet_window: MainWindow) -> None:
    """With or without ticks and icons: at the same distance from the edge, but for the shapes of letters."""
    load(quiet_window)
    actions = quiet_window.actions_
    bars = [one.menu() for one in quiet_window.menuBar().actions()]
    gallery = QMenu(quiet_window)
    gallery.addAction("Hg")
    align_entries(gallery)
    found: dict[str, int] = {}
    for menu in (*bars, *actions.menus.values(), gallery):
        assert isinstance(menu, QMenu)
        menu.popup(quiet_window.mapToGlobal(QPoint(0, 0)))
        first = next(one for one in menu.actions() if one.isEnabled() and not one.isSeparator())
        first.setText("Hg")
        found[menu.title()] = _text_begins(menu, menu.actionGeometry(first), 24)
        menu.close()
    assert len(found) > 12
    assert max(found.values()) - min(found.values()) <= 1, found


def test_what_is_written_in_combo_boxes_begins_at_one_line(
    quiet_window: MainWindow, qtbot: QtBot
) -> None:
    """Whether one may type into them or not, and as in a line edit."""
    fields: list[QWidget] = []
    for editable in (False, True):
        box = QComboBox()
        box.setEditable(editable)
        box.addItem("Hg")
        fields.append(box)
    fields.append(QLineEdit("Hg"))
    window = QWidget()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    for field in fields:
        field.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column.addWidget(field)
    window.resize(240, 200)
    window.show()
    begins = [_text_begins(field, field.rect(), 4) for field in fields]
    assert max(begins) - min(begins) <= 1, begins


def test_the_figures_in_the_menu_of_networks_say_what_they_are(quiet_window: MainWindow) -> None:
    menu = quiet_window.actions_.menus["network"]
    menu.aboutToShow.emit()
    titles = {one.text().split(" · ")[0]: one for one in menu.actions()}
    assert titles["scribe"].text() == "scribe · 99.43 % right"
    assert "of the pictures that it was validated with" in titles["scribe"].toolTip()
    assert menu.toolTipsVisible()


def test_type_keeps_its_size_in_another_theme(quiet_window: MainWindow, qtbot: QtBot) -> None:
    """A new style sheet brings back the fonts that labels were made with."""
    answer = quiet_window.reading.answer
    quiet_window.resize(1280, 800)
    qtbot.waitUntil(lambda: answer.font().pixelSize() == 160)
    quiet_window.theme.set_mode("dark")
    assert answer.font().pixelSize() == 160


def test_labels_grow_with_the_window(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window)
    button = quiet_window.correction.row._buttons["7"]
    quiet_window.resize(3840, 2160)
    qtbot.waitUntil(lambda: button.font().pixelSize() == 30)
