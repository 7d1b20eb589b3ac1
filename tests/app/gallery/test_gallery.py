"""My drawings: what the gallery shows, and what the keys, the mouse and the menus do to it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionComboBox
from pytestqt.qtbot import QtBot

from handwrite_app.gallery.gallery_window import Gallery
from handwrite_app.ui.dialogs import dialog
from handwrite_app.ui.theme import Theme
from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import draw, keep, labels_kept, load, read, undo
from tests.app.galleries import LABELS, click, gallery_of, labels_shown, put_in, settle, shown
from trainer.drawings import open_store
from trainer.picture.strokes import Drawing


@pytest.fixture
def gallery(quiet_window: MainWindow, qtbot: QtBot) -> Gallery:
    """With 0 … 9 by Me, 9 the newest, of which 3 and 4 were read as 8; and a 1 by Ann, the oldest."""
    put_in(LABELS, wrong={"3", "4"})
    return gallery_of(quiet_window, qtbot)


def _press(gallery: Gallery, key: Qt.Key, *, shift: bool = False, ctrl: bool = False) -> None:
    held = Qt.KeyboardModifier.NoModifier
    if shift:
        held |= Qt.KeyboardModifier.ShiftModifier
    if ctrl:
        held |= Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(gallery.view, key, held)


def test_the_newest_come_first_each_with_its_picture(gallery: Gallery, qtbot: QtBot) -> None:
    assert labels_shown(gallery) == [*"9876543210", "1"]
    assert gallery.status.full_text == "11 drawings"
    images = [gallery.cells.get(n).image for n in shown(gallery)]  # type: ignore[union-attr]
    assert all(image is not None and not image.isNull() for image in images)
    seven = gallery.view.grab(gallery.view.visualRect(gallery.view.list.index(2))).toImage()
    dark = sum(
        seven.pixelColor(x, y).lightness() < 60
        for x in range(seven.width())
        for y in range(seven.height())
    )
    assert dark > 50  # ink


def test_what_was_read_wrongly_is_seen_and_told(gallery: Gallery) -> None:
    model = gallery.view.list
    wrong, right = (model.index(labels_shown(gallery).index(label)) for label in "37")
    assert model.data(wrong) == "3, read as 8"
    assert model.data(right) == "7"
    lines = str(model.data(wrong, Qt.ItemDataRole.ToolTipRole)).splitlines()
    assert lines[0] == "Label: 3"
    assert lines[1] == "Writer: Me"
    assert lines[3:] == ["With: mouse", "Reading: 8, certainty 90 %", "Network: scribe"]
    # A mark in the words under the picture, and not a colour alone.
    painter = gallery.view._cell_painter
    entry = gallery.cells.get(shown(gallery)[6]).entry  # type: ignore[union-attr]
    assert entry is not None
    assert entry.label == "3"
    frame = painter._frame(entry).toImage()
    plain = painter._painted_frame(type(next(iter(painter._frames)))("3", None)).toImage()
    under = [
        (x, y) for x in range(frame.width() // 2, frame.width()) for y in range(74, frame.height())
    ]
    assert any(frame.pixel(x, y) != plain.pixel(x, y) for x, y in under)


def test_filters_have_counts_and_work_together(gallery: Gallery, qtbot: QtBot) -> None:
    texts = [gallery.filters.right.itemText(i) for i in range(3)]
    assert texts == ["Any result (11)", "Read correctly (8)", "Read wrongly (2)"]
    with qtbot.waitSignal(gallery.listed):
        gallery.filters.right.setCurrentIndex(2)
    settle(gallery, qtbot)
    assert labels_shown(gallery) == ["4", "3"]
    assert gallery.status.full_text == "2 of 11 drawings"
    assert gallery.filters.writer.itemText(0) == "All writers (2)"
    with qtbot.waitSignal(gallery.listed):
        gallery.filters.writer.setCurrentIndex(gallery.filters.writer.findText("Ann (0)"))
    assert shown(gallery) == []


def test_a_chosen_writer_who_is_deleted_elsewhere(gallery: Gallery, qtbot: QtBot) -> None:
    with open_store(daily=False) as store:
        empty = store.add_writer("Bob").id
    with qtbot.waitSignal(gallery.listed):
        gallery.refresh()
    with qtbot.waitSignal(gallery.listed):
        gallery.filters.writer.setCurrentIndex(gallery.filters.writer.findText("Bob (0)"))
    assert gallery.notice.isVisible()
    with open_store(daily=False) as store:
        store.delete_writer(empty)
    gallery._look_now()
    qtbot.waitUntil(lambda: gallery.filters.is_open)
    qtbot.waitUntil(lambda: len(shown(gallery)) == 11, timeout=1000)
    assert gallery.view.isVisible()


def test_the_filters_have_room_for_their_words(gallery: Gallery, qtbot: QtBot) -> None:
    """Full-width brackets and commas too, whose ink is narrower than they are."""
    box = gallery.filters.writer
    box.setItemText(0, "所有书写者（6,683）")

    def room() -> int:
        option = QStyleOptionComboBox()
        box.initStyleOption(option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        control = QStyle.ComplexControl.CC_ComboBox
        return box.style().subControlRect(control, option, field, box).width()

    qtbot.waitUntil(lambda: room() >= box.fontMetrics().horizontalAdvance(box.itemText(0)))
    box.setItemText(0, "W" * 200)
    qtbot.waitUntil(lambda: box.width() > 250)
    assert box.width() < 300


def test_a_filter_that_lets_nothing_through_says_so(gallery: Gallery, qtbot: QtBot) -> None:
    with qtbot.waitSignal(gallery.listed):
        gallery.filters.label.setCurrentIndex(gallery.filters.label.findText("7 (1)"))
    with qtbot.waitSignal(gallery.listed):
        gallery.filters.right.setCurrentIndex(2)
    assert gallery.notice.isVisible()
    assert gallery.notice.title.text() == "No matching drawings"
    with qtbot.waitSignal(gallery.listed):
        gallery.notice.button.click()
    assert gallery.view.isVisible()
    assert len(shown(gallery)) == 11


def test_an_empty_store_says_what_to_do(quiet_window: MainWindow, qtbot: QtBot) -> None:
    gallery = gallery_of(quiet_window, qtbot)
    assert gallery.notice.isVisible()
    assert gallery.notice.title.text() == "No drawings"
    assert "press the key" in gallery.notice.text.text()
    assert not gallery.commands.delete_button.isEnabled()


def test_what_is_kept_meanwhile_is_there_at_once(quiet_window: MainWindow, qtbot: QtBot) -> None:
    gallery = gallery_of(quiet_window, qtbot)
    load(quiet_window)
    draw(quiet_window)
    read(quiet_window, "1")
    with qtbot.waitActive(quiet_window):
        quiet_window.activateWindow()
    with qtbot.waitSignal(gallery.listed, timeout=1000):  # sooner than it looks by itself
        keep(quiet_window, qtbot, "7")
    settle(gallery, qtbot)
    assert labels_shown(gallery) == ["7"]
    assert gallery.view.isVisible()
    undo(quiet_window, qtbot)
    qtbot.waitUntil(lambda: shown(gallery) == [])
    assert gallery.notice.isVisible()


def test_what_is_selected_and_in_sight_stays_when_others_come_and_go(
    gallery: Gallery, qtbot: QtBot
) -> None:
    chosen = [shown(gallery)[i] for i in (2, 5)]
    gallery.view.select(chosen)
    put_in("22")
    with open_store(daily=False) as store:
        store.delete([shown(gallery)[0]])
    with qtbot.waitSignal(gallery.listed):
        gallery._look_now()
    settle(gallery, qtbot)
    assert labels_shown(gallery)[:3] == ["2", "2", "8"]
    assert gallery.view.selected() == chosen


def test_another_window_on_the_same_store(
    gallery: Gallery, quiet_window: MainWindow, qtbot: QtBot, qapp: QApplication
) -> None:
    from handwrite_app.ui.settings import Settings
    from handwrite_app.workers.drawings import DrawingsWorker

    store = DrawingsWorker()
    other = Gallery(store, quiet_window.canvas, Theme("dark"), Settings(), labels=lambda: LABELS)
    with qtbot.waitSignal(other.listed):
        other.open()
    settle(other, qtbot)
    other.view.select(shown(other)[:1])
    other.commands.label_menu.actions()[5].trigger()
    qtbot.waitUntil(lambda: labels_shown(other)[:1] == ["5"])
    with qtbot.waitSignal(gallery.listed, timeout=5000):  # by itself
        pass
    settle(gallery, qtbot)
    assert labels_shown(gallery)[0] == "5"
    other.end()
    store.close()


# --- what is selected


def test_keys_and_mouse_select(gallery: Gallery, qtbot: QtBot) -> None:
    click(gallery, 1)
    click(gallery, 4, Qt.KeyboardModifier.ControlModifier)
    assert gallery.view.selected() == [shown(gallery)[i] for i in (1, 4)]
    assert gallery.status.full_text == "11 drawings, 2 selected"
    click(gallery, 2)
    click(gallery, 5, Qt.KeyboardModifier.ShiftModifier)
    assert gallery.view.selected() == shown(gallery)[2:6]
    _press(gallery, Qt.Key.Key_A, ctrl=True)
    assert gallery.view.selected_count == 11
    _press(gallery, Qt.Key.Key_Home)
    _press(gallery, Qt.Key.Key_Right, shift=True)
    assert gallery.view.selected() == shown(gallery)[:2]


def test_a_band_selects_what_it_touches(gallery: Gallery, qtbot: QtBot) -> None:
    view = gallery.view
    columns = [rect.top() for _, rect in view.in_sight()].count(view.in_sight()[0][1].top())
    below = view.viewport().height() - 4  # no cell there
    assert view.indexAt(QPoint(4, below)).row() == -1
    third = view.visualRect(view.list.index(2)).center()
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(4, below))
    for place in (QPoint(40, below - 40), QPoint(100, third.y() + 60), third):
        QTest.mouseMove(view.viewport(), place)
    assert _band(gallery) is not None
    view.grab()  # it can be painted
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=third)
    assert _band(gallery) is None
    rows = sorted(shown(gallery).index(number) for number in view.selected())
    assert rows == [row for row in range(11) if row % columns <= 2]


def _band(gallery: Gallery) -> QRect | None:
    return gallery.view._band


# --- what is done to them


def test_a_digit_relabels_what_is_selected_and_undo_takes_it_back(
    gallery: Gallery, qtbot: QtBot
) -> None:
    before = labels_kept()
    gallery.view.select(shown(gallery)[:2])
    _press(gallery, Qt.Key.Key_3)
    qtbot.waitUntil(gallery.toast.isVisible)
    assert gallery.toast.text == "2 drawings labelled 3"
    qtbot.waitUntil(lambda: labels_shown(gallery)[:3] == ["3", "3", "7"])
    assert labels_kept()[:2] == ["3", "3"]
    gallery.toast.button.click()
    qtbot.waitUntil(lambda: labels_kept() == before)
    qtbot.waitUntil(lambda: labels_shown(gallery)[:2] == ["9", "8"])


def test_a_relabelled_drawing_leaves_the_filter_and_the_next_is_selected(
    gallery: Gallery, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(gallery.listed):
        gallery.filters.right.setCurrentIndex(2)
    four, three = shown(gallery)
    gallery.view.setFocus()
    gallery.view.select([four])
    _press(gallery, Qt.Key.Key_8)  # so the network was right
    qtbot.waitUntil(lambda: shown(gallery) == [three])
    assert gallery.view.selected() == [three]
    with open_store(daily=False) as store:
        assert store.entry(four).right
    assert gallery.filters.right.itemText(2) == "Read wrongly (1)"
    _press(gallery, Qt.Key.Key_Z, ctrl=True)
    qtbot.waitUntil(lambda: shown(gallery) == [four, three])
    assert gallery.view.selected() == [four]


def test_a_digit_in_a_list_of_choices_relabels_nothing(gallery: Gallery, qtbot: QtBot) -> None:
    gallery.view.select(shown(gallery))
    gallery.filters.label.setFocus()
    QTest.keyClick(gallery.filters.label, Qt.Key.Key_3)
    QTest.keyClick(gallery.filters.label, Qt.Key.Key_Delete)
    qtbot.wait(100)
    assert len(labels_kept()) == 11
    assert labels_kept().count("3") == 1


def test_deleted_and_back_again(gallery: Gallery, qtbot: QtBot) -> None:
    everything = shown(gallery)
    _press(gallery, Qt.Key.Key_A, ctrl=True)
    _press(gallery, Qt.Key.Key_Delete)
    qtbot.waitUntil(gallery.notice.isVisible)
    assert labels_kept() == []
    assert gallery.toast.isVisible()  # also where nothing is left to be shown
    assert gallery.toast.text == "11 drawings deleted"
    gallery.toast.button.click()
    qtbot.waitUntil(lambda: shown(gallery) == everything)
    assert gallery.view.isVisible()
    assert gallery.view.selected() == everything
    assert len(labels_kept()) == 11


def test_several_steps_back(gallery: Gallery, qtbot: QtBot) -> None:
    before = labels_kept()
    for _ in range(2):
        gallery.view.select(shown(gallery)[:1])
        count = len(shown(gallery))
        _press(gallery, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda: len(shown(gallery)) < count)  # noqa: B023
    for _ in range(3):  # one more than there is
        _press(gallery, Qt.Key.Key_Z, ctrl=True)
    qtbot.waitUntil(lambda: labels_kept() == before)


def test_letters_are_keys_where_labels_are_letters(quiet_window: MainWindow, qtbot: QtBot) -> None:
    load(quiet_window, ("A", "B", "b"))
    put_in("AB")
    gallery = gallery_of(quiet_window, qtbot)
    gallery.view.select(shown(gallery)[1:2])
    _press(gallery, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: labels_kept()[:2] == ["B", "b"])
    _press(gallery, Qt.Key.Key_B, shift=True)
    qtbot.waitUntil(lambda: labels_kept()[:2] == ["B", "B"])


@pytest.mark.parametrize("how", ["enter", "double click", "button"])
def test_a_drawing_is_put_on_the_paper(
    gallery: Gallery, quiet_window: MainWindow, qtbot: QtBot, how: str
) -> None:
    number = shown(gallery)[2]
    gallery.view.select([number])
    if how == "enter":
        _press(gallery, Qt.Key.Key_Return)
    elif how == "button":
        gallery.commands.put_button.click()
    else:
        click(gallery, 2)
        place = gallery.view.visualRect(gallery.view.list.index(2)).center()
        QTest.mouseDClick(gallery.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.waitUntil(lambda: not quiet_window.canvas.is_empty())
    with open_store(daily=False) as store:
        _same(store.drawing(number), quiet_window.canvas.current_drawing())
    quiet_window.canvas.undo()
    assert quiet_window.canvas.is_empty()


def _same(one: Drawing, other: Drawing) -> None:
    assert len(one.strokes) == len(other.strokes)
    for mine, yours in zip(one.strokes, other.strokes, strict=True):
        assert np.array_equal(mine.points, yours.points)
        assert mine.width == yours.width


# --- the window


def test_it_fits_a_small_screen(
    quiet_window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = QRect(0, 36, 1008, 592)  # of 1024 × 640
    monkeypatch.setattr(dialog, "room_for", lambda _: room)
    gallery = gallery_of(quiet_window, qtbot)
    assert gallery.width() <= room.width()
    assert gallery.height() <= room.height()
    button = gallery.commands.delete_button
    assert gallery.rect().contains(button.mapTo(gallery, button.rect().bottomRight()))


def test_esc_closes_it_and_its_place_is_remembered(
    gallery: Gallery, quiet_window: MainWindow, qtbot: QtBot
) -> None:
    gallery.resize(700, 510)
    _press(gallery, Qt.Key.Key_Escape)
    assert not gallery.isVisible()
    assert quiet_window.isVisible()
    quiet_window.drawings.close()
    assert gallery_of(quiet_window, qtbot).size().toTuple() == (700, 510)


def test_it_closes_with_the_main_window(gallery: Gallery, quiet_window: MainWindow) -> None:
    quiet_window.close()
    assert not gallery.isVisible()


def test_the_theme_changes_what_is_painted(
    gallery: Gallery, quiet_window: MainWindow, qtbot: QtBot
) -> None:
    before = gallery.cells.get(shown(gallery)[0]).image  # type: ignore[union-attr]
    quiet_window._theme.set_mode("dark")
    settle(gallery, qtbot)
    after = gallery.cells.get(shown(gallery)[0]).image  # type: ignore[union-attr]
    assert before != after
    quiet_window._theme.set_mode("light")
