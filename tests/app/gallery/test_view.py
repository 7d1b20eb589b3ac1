"""The grid's list and its pictures: rows that come and go, and what is fetched and forgotten."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from handwrite_app.canvas.ink.thumbnails import thumbnail
from handwrite_app.gallery import model
from handwrite_app.gallery.model import BATCH, Cells
from handwrite_app.gallery.view import GalleryView, changes
from handwrite_app.ui.theme import Theme
from handwrite_app.workers.drawings import DrawingsWorker
from tests.app.galleries import put_in
from trainer.picture.strokes import Drawing, InkImage, Stroke

BLACK = QColor("black")


class _Store(DrawingsWorker):
    """Does nothing until it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Any, Any]] = []

    def ask(self, job: Any, then: Any = None, failed: Any = None) -> None:
        self.asked.append((job, then))

    def answer(self) -> list[int]:
        """Which drawings were asked for."""
        job, then = self.asked.pop(0)
        numbers: list[int] = job.args[0]
        then({number: model.Cell(None, None) for number in numbers})
        return numbers


def test_rows_that_are_gone_and_rows_that_have_come() -> None:
    chance = random.Random(0)
    for _ in range(300):
        everything = chance.sample(range(100), 30)
        old = [n for n in everything if chance.random() < 0.7]
        new = [n for n in everything if chance.random() < 0.7]
        gone, come = changes(np.array(old, np.int64), np.array(new, np.int64))
        result = list(old)
        for first, last in reversed(gone):
            del result[first:last]
        for first, last in come:
            result[first:first] = new[first:last]
        assert result == new


@pytest.mark.parametrize("changed", [3, 200])
def test_what_is_selected_stays_in_a_list_that_changes(qtbot: QtBot, changed: int) -> None:
    """A few changes are made row by row, many at once."""
    store = _Store()
    view = GalleryView(Cells(store), Theme("light"))
    qtbot.addWidget(view)
    view.resize(700, 500)
    view.show()
    view.show_other(np.arange(1000, 0, -1))
    view.select([900, 899, 10])
    new = [n for n in range(1001, 0, -1) if n % 2 == 0 or n < 1000 - 2 * changed]
    view.show_changed(np.array(new))
    assert view.list.rowCount() == len(new)
    assert view.list.ids.tolist() == new
    assert view.selected() == [n for n in (900, 899, 10) if n in new]


def test_what_scrolled_away_is_not_fetched(qtbot: QtBot) -> None:
    store = _Store()
    cells = Cells(store)
    cells.want(range(100))
    cells.want(range(500, 600))
    cells.want(range(1000, 1010))
    assert store.answer() == list(range(BATCH))  # was under way already
    assert store.answer() == list(range(1000, 1010))
    assert store.asked == []
    assert cells.is_complete


def test_not_more_is_remembered_than_may_be(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "CACHE_BYTES", 100 * 4 * 10 * 10)
    store = _Store()
    cells = Cells(store)
    cells.set_look(10, BLACK)
    for start in range(0, 1000, BATCH):
        cells.want(range(start, start + BATCH))
        store.answer()
    assert cells.count == 100
    assert cells.get(start) is not None
    assert cells.get(0) is None


def test_changes_are_fetched_and_pictures_kept(qtbot: QtBot) -> None:
    store = DrawingsWorker()
    (number,) = put_in("7")
    cells = Cells(store)
    cells.set_look(20, BLACK)
    cells.want([number])
    qtbot.waitUntil(lambda: cells.is_complete)
    first = cells.get(number)
    with qtbot.waitSignal(store.changed):
        store.ask(lambda opened: opened.relabel([number], "1"))
    cells.expire()
    qtbot.waitUntil(lambda: cells.is_complete)
    second = cells.get(number)
    assert first is not None
    assert second is not None
    assert first.entry is not None
    assert second.entry is not None
    assert (first.entry.label, second.entry.label) == ("7", "1")
    assert second.image is first.image
    store.close()


# --- pictures


def _box(drawing: Drawing, side: int = 72) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the ink."""
    image = thumbnail(drawing, side, BLACK)
    dark = [
        (x, y) for x in range(side) for y in range(side) if image.pixelColor(x, y).alpha() > 100
    ]
    xs, ys = [x for x, _ in dark], [y for _, y in dark]
    return min(xs), min(ys), max(xs), max(ys)


def _strokes() -> Iterator[Drawing]:
    line = [(10.0, 10.0), (200.0, 150.0), (30.0, 200.0)]
    yield Drawing((Stroke.make(line, width=24),))
    yield Drawing((Stroke.make(line),))
    yield Drawing((Stroke.make(np.array(line) * 0.001),))
    yield Drawing((Stroke.make(np.array(line) * 1e4, width=1e5),))
    yield Drawing((Stroke.make(line, width=24, pressure=[0.2, 0.9, 0.5]),))
    many = np.random.default_rng(0).uniform(0, 280, (20_000, 2))
    yield Drawing((Stroke.make(many, width=5),))
    ink = np.full((1500, 900), 255, np.uint8)
    yield Drawing((), InkImage(ink, 5, 5, 90, 150))


@pytest.mark.parametrize("drawing", list(_strokes()))
def test_the_ink_fills_the_picture_whatever_its_units(drawing: Drawing) -> None:
    left, top, right, bottom = _box(drawing)
    assert max(right - left, bottom - top) == pytest.approx(0.84 * 72, abs=6)
    assert left + right == pytest.approx(71, abs=3)
    assert top + bottom == pytest.approx(71, abs=3)


def test_a_dot_stays_a_dot() -> None:
    for width in (24, None):
        left, _, right, _ = _box(Drawing((Stroke.make([(100, 100)], width=width),)))
        assert 6 <= right - left <= 14


@pytest.fixture
def view(qtbot: QtBot) -> GalleryView:
    made = GalleryView(Cells(_Store()), Theme("light"))
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.show()
    return made


def test_end_goes_to_the_last_one_also_as_the_first_key(view: GalleryView) -> None:
    view.show_other(np.arange(1000, 0, -1))
    QTest.keyClick(view, Qt.Key.Key_End)
    assert view.currentIndex().row() == 999
    assert view.selected() == [1]


def test_where_nothing_scrolls_there_is_no_handle(view: GalleryView) -> None:
    bar = view.verticalScrollBar()
    view.show_other(np.arange(3))
    view.executeDelayedItemsLayout()
    assert bar.maximum() == 0
    assert "transparent" in bar.styleSheet()
    view.show_other(np.arange(1000))
    view.executeDelayedItemsLayout()
    assert bar.maximum() > 0
    assert bar.styleSheet() == ""
