"""The paper with the row of labels, which stands beside it or beneath it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.document import WIDE
from handwrite_app.labelling.label_row import CAPTION, FEW, GAP, LabelRow
from handwrite_app.ui.theme import scaled
from handwrite_app.ui.tokens import TARGET

#: Between canvas and row, with the canvas's own margin 16 pixels from the paper's edge.
_GAP = 6
#: Where there is no room for all labels there are so many cells.
_LEAST = 10


class Arrangement(NamedTuple):
    """Cells of the row: so many columns and rows of them, beside the paper or beneath it."""

    beside: bool
    columns: int
    rows: int

    @property
    def cells(self) -> int:
        return self.columns * self.rows

    def thickness(self, cell: int) -> int:
        """What it takes of the width (or, beneath, of the height), in pixels. cell: width of one."""
        if self.beside:
            return self.columns * (cell + GAP) - GAP
        return self.rows * (scaled(TARGET) + GAP) - GAP

    def paper(self, size: QSize, cell: int) -> int:
        """Side of the square that is left."""
        if self.beside:
            return min(size.width() - self.thickness(cell), size.height())
        return min(size.width(), size.height() - self.thickness(cell))


def arranged(size: QSize, count: int, cell: int = TARGET) -> Arrangement:
    """Where the row of `count` labels goes so that the paper stays as large as can be.

    A few labels are all there. Of more there are as many cells as cost the paper no more than ten would.
    """
    options = list(_options(size, cell))
    enough = [one for one in options if one.cells >= (count if count <= FEW else _LEAST)]
    if not enough:
        return max(options, key=lambda one: one.cells)
    best = max(enough, key=lambda one: one.paper(size, cell))
    if count <= FEW:
        return best
    cheap = [one for one in options if one.paper(size, cell) >= best.paper(size, cell)]
    whole = [one for one in cheap if one.cells >= count]
    if whole:
        return min(whole, key=lambda one: one.cells)
    return max(cheap, key=lambda one: one.cells)


def _options(size: QSize, cell: int) -> Iterator[Arrangement]:
    """Beside the paper first: of equals the first is taken."""
    rows = max(1, (size.height() - scaled(CAPTION) + GAP) // (scaled(TARGET) + GAP))
    for columns in range(1, max(1, size.width() // (cell + GAP)) + 1):
        yield Arrangement(True, columns, rows)
    columns = max(1, (size.width() + GAP) // (cell + GAP))
    for lines in range(1, rows + 1):
        yield Arrangement(False, columns, lines)


class Sheet(QWidget):
    """Lays out the two. The canvas keeps all the room that the row does not take: all of it where the row is
    hidden.
    """

    def __init__(self, canvas: Canvas, row: LabelRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._row = row
        self._row_is_left = False
        canvas.setParent(self)
        row.setParent(self)
        row.show()  # or Qt says that it is hidden until the window is there
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        row.labelsChanged.connect(self._arrange)

    def set_left_handed(self, on: bool) -> None:
        """Whether a row beside the paper stands left of it."""
        self._row_is_left = on
        self._arrange()

    def sizeHint(self) -> QSize:
        return self._canvas.sizeHint() + QSize(scaled(TARGET), 0)

    def minimumSizeHint(self) -> QSize:
        # Two columns of five beside the smallest paper.
        return self._canvas.minimumSizeHint() + QSize(2 * scaled(TARGET) + GAP, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:  # the paper has another shape
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        width, height = self.width(), self.height()
        if self._row.isHidden():
            self._canvas.setGeometry(0, 0, width, height)
            return
        cell = self._row.cell_width
        where = arranged(self.size(), self._row.needed, cell)
        all_of_them = arranged(self.size(), self._row.count, cell)
        if all_of_them.paper(self.size(), cell) >= where.paper(self.size(), cell):
            where = all_of_them
        taken = where.thickness(cell)
        if where.beside:
            # Both in the middle, and the row beside the paper instead of at the edge of the desk.
            side = min(width - taken, round(height * (WIDE if self._canvas.is_wide else 1)))
            gap = min(_GAP, width - taken - side)
            left = (width - side - gap - taken) // 2
            paper, row = (
                (left + taken + gap, left) if self._row_is_left else (left, left + side + gap)
            )
            self._canvas.setGeometry(paper, 0, side, height)
            self._row.setGeometry(row, 0, taken, height)
        else:
            self._canvas.setGeometry(0, 0, width, height - taken)
            self._row.setGeometry(0, height - taken, width, taken)
        self._row.arrange(where.beside, where.columns, where.rows)
