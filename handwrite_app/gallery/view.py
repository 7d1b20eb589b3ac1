"""The grid of the gallery: the drawings' ids as a list, and a view that paints what is in sight of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    QStringListModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from handwrite_app.gallery.cell_painter import CELL, PICTURE, CellPainter
from handwrite_app.gallery.model import Cells
from handwrite_app.ui.theme import Theme

Ids = NDArray[np.int64]
#: More separate changes than this at once are shown as another list.
_MOST_CHANGES = 64
_NO_HANDLE = "QScrollBar::handle { background: transparent; }"
_Flag = QItemSelectionModel.SelectionFlag
_Index = QModelIndex | QPersistentModelIndex


class GalleryList(QStringListModel):
    """The ids, one a row. The rows themselves are empty strings of Qt's: it asks for their number a hundred
    thousand times to lay them out, and no Python must be called for that.
    """

    def __init__(self, describe: Callable[[int, int], str | None], parent: QObject) -> None:
        """describe: what a role of a drawing says, by its id."""
        super().__init__(parent)
        self._describe = describe
        self.ids: Ids = np.empty(0, np.int64)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return self._describe(int(self.ids[index.row()]), role) if index.isValid() else None

    def begin(self, ids: Ids) -> None:
        """Another list: nothing of it is selected."""
        self.ids = ids
        self.setStringList([""] * len(ids))

    def change(self, ids: Ids) -> bool:
        """The same list some time later: rows come and go, and what is selected and in sight stays. False,
        and nothing is done, where that would be too much to do row by row."""
        gone, come = changes(self.ids, ids)
        if len(gone) + len(come) > _MOST_CHANGES:
            return False
        for first, last in reversed(gone):
            self.ids = np.delete(self.ids, np.s_[first:last])
            self.removeRows(first, last - first)
        for first, last in come:
            self.ids = np.insert(self.ids, first, ids[first:last])
            self.insertRows(first, last - first)
        return True

    def rows_of(self, numbers: Iterable[int]) -> list[int]:
        """Where these are, in the list's order; those that are not in it are left out."""
        wanted = np.fromiter(numbers, np.int64)
        rows: list[int] = np.flatnonzero(np.isin(self.ids, wanted)).tolist()
        return rows


def changes(old: Ids, new: Ids) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Runs of old rows that are gone and of new ones that have come, each (first, behind the last)."""
    short = min(len(old), len(new))
    head = _same(old[:short], new[:short])
    tail = _same(old[len(old) - short + head :][::-1], new[len(new) - short + head :][::-1])
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    return (
        _runs(~np.isin(old_middle, new_middle), head),
        _runs(~np.isin(new_middle, old_middle), head),
    )


def _same(one: Ids, other: Ids) -> int:
    """At how many places from the start they are the same."""
    different = one != other
    return int(different.argmax()) if different.any() else len(one)


def _runs(chosen: NDArray[np.bool_], start: int) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(chosen.astype(np.int8), prepend=0, append=0)) + start
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


class GalleryView(QListView):
    """Shows a GalleryList, and tells its Cells what is in sight.

    Signals:
        selectedChanged(): how many are selected may be another number. opened(id): by double click or Enter.
    """

    selectedChanged = Signal()
    opened = Signal(object)

    def __init__(self, cells: Cells, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("galleryView")
        self._cells = cells
        self._theme = theme
        self._cell_painter = CellPainter()
        self._band: QRect | None = None
        self.list = GalleryList(self._described, self)
        self.setModel(self.list)
        self.setItemDelegate(_CellSize(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        # Qt's icon mode does the same with a tree of all rectangles, and takes three times as long.
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionRectVisible(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.activated.connect(self._on_activated)
        cells.arrived.connect(self.viewport().update)
        self.verticalScrollBar().rangeChanged.connect(self._on_range_changed)
        self._on_range_changed(0, 0)
        self.selectionModel().selectionChanged.connect(self._on_selection_changed)
        theme.changed.connect(self.dress)
        self.dress()

    def show_other(self, ids: Ids) -> None:
        """Another list, from its start."""
        self.list.begin(ids)
        self.scrollToTop()

    def show_changed(self, ids: Ids) -> None:
        """The same list some time later: what is selected and in sight stays so."""
        if not self.list.change(ids):
            selected, place = self.selected(), self.verticalScrollBar().value()
            self.list.begin(ids)
            self.executeDelayedItemsLayout()
            self.verticalScrollBar().setValue(place)
            self.select(selected, show=False)

    # --- what is selected ----------------------------------------------------------------------------

    @property
    def selected_count(self) -> int:
        return sum(last - first for first, last in self._selected_runs())

    def selected(self) -> list[int]:
        """The ids, in the list's order."""
        runs = sorted(self._selected_runs())
        return [number for first, last in runs for number in self.list.ids[first:last].tolist()]

    def select(self, numbers: Iterable[int], *, show: bool = True) -> None:
        """These and no others. show: the first of them comes into sight."""
        rows = self.list.rows_of(numbers)
        chosen = QItemSelection()
        mask = np.zeros(len(self.list.ids), np.bool_)
        mask[rows] = True
        for first, last in _runs(mask, 0):
            chosen.select(self.list.index(first), self.list.index(last - 1))
        model = self.selectionModel()
        model.select(chosen, _Flag.ClearAndSelect)
        if rows:
            first_index = self.list.index(rows[0])
            model.setCurrentIndex(first_index, _Flag.NoUpdate)
            if show:
                self.scrollTo(first_index)

    def select_current(self) -> None:
        """The one where the keys are, where there is one."""
        if self.currentIndex().isValid():
            self.selectionModel().select(self.currentIndex(), _Flag.ClearAndSelect)

    def _selected_runs(self) -> Iterator[tuple[int, int]]:
        chosen = self.selectionModel().selection()
        for part in (chosen.at(i) for i in range(chosen.count())):
            yield part.top(), part.bottom() + 1

    def _on_selection_changed(self) -> None:
        self.selectedChanged.emit()

    def _on_activated(self, index: QModelIndex) -> None:
        self.opened.emit(int(self.list.ids[index.row()]))

    def _described(self, number: int, role: int) -> str | None:
        cell = self._cells.get(number)
        if cell is None or cell.entry is None:
            return None
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._cell_painter.details(cell.entry)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._cell_painter.summary(cell.entry)
        return None

    # --- how it looks --------------------------------------------------------------------------------

    def set_labels(self, labels: Sequence[str]) -> None:
        """Those that the network knows: they decide how "none of them" is called."""
        self._cell_painter.set_labels(tuple(labels))
        self.viewport().update()

    def dress(self) -> None:
        """In the theme's colours and the screen's pixels."""
        tokens, ratio = self._theme.tokens, self.devicePixelRatioF()
        self._cell_painter.dress(tokens, ratio)
        self._cells.set_look(round(PICTURE * ratio), QColor(tokens.ink))
        self.viewport().update()

    def in_sight(self) -> list[tuple[int, QRect]]:
        """Rows and where they are in the viewport, from the upper left on."""
        found: list[tuple[int, QRect]] = []
        count, height = len(self.list.ids), self.viewport().height()
        row = self.indexAt(QPoint(self.gridSize().width() // 2, 0)).row()
        while 0 <= row < count:
            rect = self.visualRect(self.list.index(row))
            if rect.top() >= height:
                break
            found.append((row, rect))
            row += 1
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        """All at once: Qt's own calls its delegate once a cell, and each call would have to wait for the
        interpreter while the thread of the drawings has it."""
        if self._cells_want_other_pixels():
            self.dress()
        seen = self.in_sight()
        with QPainter(self.viewport()) as painter:
            part, model = event.rect(), self.selectionModel()
            current = self.currentIndex().row() if self.hasFocus() else -1
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for row, rect in seen:
                cell = self._cells.get(int(self.list.ids[row]))
                if rect.intersects(part):
                    chosen = model.isSelected(self.list.index(row))
                    self._cell_painter.paint(painter, rect, cell, chosen, row == current)
            if self._band is not None:
                self._paint_band(painter, self._band.translated(-self._offset()))
        self._want(seen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The cells share the width that is there."""
        width = self.viewport().width() - 1  # Qt begins a new row where one would fit exactly
        columns = max(1, width // CELL.width())
        self.setGridSize(QSize(max(1, width // columns), CELL.height()))
        super().resizeEvent(event)

    def _offset(self) -> QPoint:
        """From a place in the viewport to the place in the whole grid."""
        return QPoint(self.horizontalOffset(), self.verticalOffset())

    def _want(self, seen: Sequence[tuple[int, QRect]]) -> None:
        """What is in sight first, then half a screen below it, then as much above."""
        if not seen:
            self._cells.want(())
            return
        first, behind = seen[0][0], seen[-1][0] + 1
        ahead = len(seen) // 2 + 1
        ids = self.list.ids
        rows = (
            slice(first, behind),
            slice(behind, behind + ahead),
            slice(max(0, first - ahead), first),
        )
        self._cells.want([number for part in rows for number in ids[part].tolist()])

    def _cells_want_other_pixels(self) -> bool:
        """Whether the window is on a screen of another scale than when it was last dressed."""
        return not self._cells.is_look(round(PICTURE * self.devicePixelRatioF()))

    def _paint_band(self, painter: QPainter, band: QRect) -> None:
        ground = QColor(self._theme.tokens.accent)
        painter.setPen(QPen(ground, 1))
        ground.setAlpha(40)
        painter.setBrush(ground)
        painter.drawRect(band.adjusted(0, 0, -1, -1))

    # --- mouse and keys ------------------------------------------------------------------------------

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Qt selects; the band is ours to paint."""
        super().setSelection(rect, command)
        if self.state() == QAbstractItemView.State.DragSelectingState:
            self._band = rect.normalized().translated(self._offset())
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._band = None
        self.viewport().update()

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Qt goes to the first cell with whatever key is pressed first."""
        if action == QAbstractItemView.CursorAction.MoveEnd and not self.currentIndex().isValid():
            return self.list.index(len(self.list.ids) - 1)
        return super().moveCursor(action, modifiers)

    def _on_range_changed(self, low: int, high: int) -> None:
        """Nothing to scroll: no handle. The bar's room stays, or the cells would move."""
        self.verticalScrollBar().setStyleSheet("" if high > low else _NO_HANDLE)

    def keyboardSearch(self, _search: str) -> None:
        """Nothing: it would ask for every one of 100,000 labels."""


class _CellSize(QStyledItemDelegate):
    """Every cell fills its place in the grid, so that a click beside the picture counts."""

    def __init__(self, view: GalleryView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return self._view.gridSize()
