"""The drawing on the desk and its history. Knows no Qt.

Drawings are immutable, so a step of the history is a reference and not a copy: strokes are shared between
all steps that contain them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from handwrite_app.canvas.erase import erase_segment
from trainer.picture.strokes import Drawing, Stroke

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray
else:
    from trainer.base.lazy import np

#: Side of the square paper in drawing units: strokes of the canvas are stored in these units, with the
#: origin at the paper's upper left corner, whatever the size of the window.
PAPER = 280.0

#: So many times as wide as high is the wide paper, for a line of writing.
WIDE = 2.0

#: Width of the pen in drawing units when the app starts, and for strokes that came without a width.
DEFAULT_PEN_WIDTH = 24.0

#: Steps that can be taken back. A step costs a reference, or 256 KiB where an opened picture was erased.
HISTORY_LIMIT = 200


def erase(drawing: Drawing, path: ArrayLike, radius: float) -> Drawing:
    """The drawing after a round eraser of this radius was drawn along path.

    path: (N, 2) in drawing units, N ≥ 1; points that are not finite are left out. Strokes are split where
    the eraser crossed them; the rounded ends that remain touch the eraser's edge. Ink whose middle the
    eraser did not reach stays whole. Pressure and times of the cut points are interpolated. The pixels of
    an opened picture are cleared under the eraser in a copy of it.

    Returns the very same object where nothing was erased. Erasing along a path is the same as erasing
    along each of its segments in turn, so that it can be shown while the eraser moves.
    """
    points: NDArray[np.float64] = np.asarray(path, np.float64).reshape(-1, 2)
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points) or not radius > 0:
        return drawing
    starts = points[:-1] if len(points) > 1 else points
    ends = points[1:] if len(points) > 1 else points
    for start, end in zip(starts, ends, strict=True):
        drawing = erase_segment(drawing, start, end, radius, DEFAULT_PEN_WIDTH)
        if drawing.is_empty:
            break
    return drawing


class Document:
    """A drawing with undo and redo.

    Every method that changes the drawing is one step of the history, and says with its result whether
    there was anything to change.
    """

    def __init__(self, drawing: Drawing | None = None) -> None:
        self._drawing = Drawing() if drawing is None else drawing
        self._past: list[Drawing] = []
        self._future: list[Drawing] = []

    @property
    def drawing(self) -> Drawing:
        """What is on the paper now."""
        return self._drawing

    @property
    def can_undo(self) -> bool:
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        return bool(self._future)

    def add_stroke(self, stroke: Stroke) -> bool:
        return self._step(Drawing((*self._drawing.strokes, stroke), self._drawing.image))

    def erase(self, path: ArrayLike, radius: float) -> bool:
        """Erase along a whole gesture of the eraser, as in `erase`."""
        return self._step(erase(self._drawing, path, radius))

    def clear(self) -> bool:
        return not self._drawing.is_empty and self._step(Drawing())

    def replace(self, drawing: Drawing, *, undoable: bool = True) -> bool:
        """Put another drawing on the paper. Where it is not undoable, the history begins with it."""
        if undoable:
            return self._step(drawing)
        changed = drawing is not self._drawing
        self._past.clear()
        self._future.clear()
        self._drawing = drawing
        return changed

    def restore(self, drawing: Drawing) -> bool:
        """Put a drawing of an earlier session on the untouched paper; under one that has a history already
        it becomes the oldest step of that. Says whether the drawing on the paper has changed."""
        if self._drawing.is_empty and not self._past and not self._future:
            return self.replace(drawing, undoable=False)
        self._past.insert(0, drawing)
        return False

    def undo(self) -> bool:
        return self._travel(self._past, self._future)

    def redo(self) -> bool:
        return self._travel(self._future, self._past)

    def _travel(self, origin: list[Drawing], other: list[Drawing]) -> bool:
        if not origin:
            return False
        other.append(self._drawing)
        self._drawing = origin.pop()
        return True

    def _step(self, drawing: Drawing) -> bool:
        if drawing is self._drawing:
            return False
        self._past.append(self._drawing)
        del self._past[:-HISTORY_LIMIT]
        self._future.clear()
        self._drawing = drawing
        return True


def bounds(drawing: Drawing) -> tuple[float, float, float, float] | None:
    """(left, top, right, bottom) of the points and the picture without the width of the ink, in drawing
    units, or None where nothing is drawn."""
    corners: list[NDArray[Any]] = []
    for stroke in drawing.strokes:
        corners += [stroke.points.min(axis=0), stroke.points.max(axis=0)]
    if drawing.image is not None:
        image = drawing.image
        corners.append(np.array([image.left, image.top]))
        corners.append(np.array([image.left + image.width, image.top + image.height]))
    if not corners:
        return None
    low, high = np.min(corners, axis=0), np.max(corners, axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])
