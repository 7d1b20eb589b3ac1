"""The row of labels: where it stands, and which labels have a button."""

from __future__ import annotations

import string
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QToolButton
from pytestqt.qtbot import QtBot

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.labelling.label_row import NONE_SIGN, LabelRow
from handwrite_app.ui.tokens import TARGET
from handwrite_app.window.canvas_area import Arrangement, Sheet, arranged
from trainer.base.labels import NO_LABEL

DIGITS = tuple(string.digits)
LETTERS = tuple(string.ascii_uppercase)

#: What the window leaves to paper and row: at 1024 × 640, 1920 × 1080, 800 × 600, and with a training panel.
SIZES = [QSize(672, 529), QSize(1568, 969), QSize(448, 489), QSize(672, 316), QSize(448, 276)]


@pytest.fixture
def sheet(qtbot: QtBot) -> Iterator[Sheet]:
    menu = QMenu()
    row = LabelRow(menu)
    row.set_labels(DIGITS)
    sheet = Sheet(Canvas(), row)
    qtbot.addWidget(sheet)
    sheet.resize(672, 529)
    with qtbot.waitExposed(sheet):
        sheet.show()
    yield sheet
    menu.deleteLater()


def _row(sheet: Sheet) -> LabelRow:
    row = sheet.findChild(LabelRow, "correctionRow")
    assert row is not None
    return row


def _visible(sheet: Sheet) -> list[QToolButton]:
    """From top to bottom, column by column."""
    buttons = [button for button in sheet.findChildren(QToolButton) if button.isVisible()]
    return sorted(buttons, key=lambda button: (button.x(), button.y()))


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_ten_digits_cost_the_paper_as_little_as_can_be(size: QSize) -> None:
    where = arranged(size, 10)
    assert where.cells >= 10
    side = where.paper(size, TARGET)
    whole = min(size.width(), size.height())
    # A row of 40 pixels beside or beneath: whichever side of the paper has room.
    assert side >= whole - 8
    if size.width() > size.height() + 2 * TARGET:
        assert side == whole


def test_the_row_stands_where_there_is_room() -> None:
    assert arranged(QSize(672, 529), 10) == Arrangement(True, 1, 11)
    assert arranged(QSize(448, 489), 10) == Arrangement(False, 10, 1)
    assert arranged(QSize(672, 316), 10)[:2] == (True, 2)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("count", [11, 26, 36, 47, 200])
def test_more_labels_cost_no_more(size: QSize, count: int) -> None:
    where = arranged(size, count)
    if count > 12:
        assert where.paper(size, TARGET) >= arranged(size, 10).paper(size, TARGET)
    assert where.cells >= min(count, 10)


@pytest.mark.parametrize("size", [QSize(240, 240), QSize(10, 10), QSize(324, 240)], ids=str)
def test_there_is_an_arrangement_for_any_size(size: QSize) -> None:
    for count in (1, 10, 47):
        assert arranged(size, count).cells >= 1
        assert arranged(size, count, 120).cells >= 1


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_buttons_can_be_hit_and_lie_beside_the_paper(sheet: Sheet, size: QSize) -> None:
    sheet.resize(size)
    canvas = sheet.findChild(Canvas)
    assert canvas is not None
    buttons = _visible(sheet)
    texts = sorted(button.text() for button in buttons)
    # "None of them" costs the paper nothing: the menu has it where there is no room.
    assert texts in ([*DIGITS, NONE_SIGN], list(DIGITS))
    assert len(texts) == 11 or size.width() < 500
    for button in buttons:
        assert button.width() >= TARGET
        assert button.height() >= TARGET
        place = button.geometry().translated(_row(sheet).pos())
        assert sheet.rect().contains(place)
        assert not place.intersects(canvas.geometry())
        for other in buttons:
            assert other is button or not other.geometry().intersects(button.geometry())


def test_a_button_says_its_label(sheet: Sheet, qtbot: QtBot) -> None:
    button = sheet.findChild(QToolButton, "correct_7")
    assert button is not None
    assert button.accessibleName() == "Label as 7"
    with qtbot.waitSignal(_row(sheet).labelChosen) as told:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told.args == ["7"]
    assert not button.isChecked()  # what is kept is for others to say


def test_the_last_button_says_none_of_them(sheet: Sheet, qtbot: QtBot) -> None:
    button = sheet.findChild(QToolButton, f"correct_{NO_LABEL}")
    assert button is not None
    assert (button.text(), button.accessibleName()) == ("∅", "Label as not a digit")
    with qtbot.waitSignal(_row(sheet).labelChosen) as told:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert told.args == [NO_LABEL]
    _row(sheet).show_saved(NO_LABEL)
    assert button.isChecked()


def test_the_row_stands_at_the_paper(sheet: Sheet) -> None:
    sheet.resize(1568, 969)
    canvas = sheet.findChild(Canvas)
    assert canvas is not None
    paper = canvas.place().rect.translated(canvas.pos())
    row = _row(sheet)
    assert row.x() - paper.right() == pytest.approx(16, abs=1)
    left, right = paper.left(), sheet.width() - row.geometry().right()
    assert left == pytest.approx(right, abs=canvas._view.place(canvas.size(), 1).MARGIN + 2)


def test_what_is_kept_is_marked(sheet: Sheet) -> None:
    row = _row(sheet)
    row.show_saved("3")
    assert [b.text() for b in _visible(sheet) if b.isChecked()] == ["3"]
    row.show_saved("4")
    assert [b.text() for b in _visible(sheet) if b.isChecked()] == ["4"]
    row.show_saved(None)
    assert not any(b.isChecked() for b in _visible(sheet))


def test_where_not_all_have_room_the_likeliest_are_there(sheet: Sheet) -> None:
    row = _row(sheet)
    labels = (*DIGITS, *LETTERS, *"abdefghnqrt")
    row.set_labels(labels)
    sheet.resize(448, 489)
    assert [b.text() for b in _visible(sheet)] == [*"012345678", "…"]
    probabilities = [0.0] * len(labels)
    for i, label in enumerate("tZq7A"):
        probabilities[labels.index(label)] = 0.3 - i / 100
    row.rank(probabilities)
    shown = [b.text() for b in _visible(sheet)]
    assert set("tZq7A") < set(shown)
    assert len(shown) == 10
    in_order = [label for label in labels if label in shown]
    assert shown == [*in_order, "…"]
    more = sheet.findChild(QToolButton, "correctMore")
    assert more is not None
    assert more.isVisible()
    assert more.accessibleName()
    wanted: list[bool] = []
    row.allWanted.connect(lambda: wanted.append(True))
    more.click()  # a menu would be too long
    assert wanted == [True]


def test_long_labels_have_wider_buttons(sheet: Sheet) -> None:
    _row(sheet).set_labels(("circle", "triangle", "an octagon whose name has no end at all & more"))
    shown = _visible(sheet)
    assert len(shown) == 4
    assert shown[0].width() > TARGET
    for button in shown:
        assert button.fontMetrics().horizontalAdvance(button.text()) <= button.width()


def test_the_word_above_is_there_where_it_has_room(sheet: Sheet) -> None:
    row = _row(sheet)
    assert row._caption.isVisible()
    sheet.resize(448, 489)
    assert not row._caption.isVisible()
    sheet.resize(540, 600)
    assert row._caption.isVisible()
    assert row.rect().contains(row._caption.geometry())


def test_the_row_is_reached_with_tab(sheet: Sheet) -> None:
    sheet.activateWindow()
    canvas = sheet.findChild(Canvas)
    assert canvas is not None
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Tab)
    focused = sheet.focusWidget()
    assert isinstance(focused, QToolButton)
    assert focused.objectName() == "correct_0"
    assert focused.mapTo(sheet, QPoint()).x() > canvas.geometry().right()
