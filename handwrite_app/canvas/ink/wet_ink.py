"""What the gesture under way has done to the paper so far."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, Qt

from handwrite_app.canvas.document import DEFAULT_PEN_WIDTH, erase
from handwrite_app.canvas.erase import ink_box
from handwrite_app.canvas.ink.ink_painter import InkShape
from handwrite_app.canvas.input.gesture import Trace
from trainer.picture.strokes import DEFAULT_PRESSURE, Drawing

#: Width of the eraser in widths of the pen.
ERASER_WIDTH = 1.5


class WetInk:
    """Either the stroke under the pen, as a shape that grows, or the drawing without what the eraser has
    taken; neither between two gestures.

    width: that of the pen when the gesture began, in drawing units. device: what the stroke is drawn with.
    """

    def __init__(self) -> None:
        self.shape: InkShape | None = None
        self.erased: Drawing | None = None
        self.width = DEFAULT_PEN_WIDTH
        self.device = ""

    def begin_stroke(self, width: float, device: str) -> None:
        merge_moves(False)
        self.shape, self.width, self.device = InkShape(), width, device

    def begin_erasing(self, width: float, drawing: Drawing) -> None:
        merge_moves(False)
        self.erased, self.width = drawing, width

    def end(self) -> None:
        merge_moves(True)
        self.shape = self.erased = None

    def extend(self, x: float, y: float, pressure: float | None) -> QRectF:
        """One more point of the stroke; the part of the paper to repaint, in drawing units."""
        assert self.shape is not None
        before = self.shape.loose()
        self.shape.add(x, y, _radius(self.width, pressure))
        return before.united(self.shape.loose())

    def erase(self, trace: Trace) -> list[QRectF]:
        """The newest point of the eraser; the parts of the drawing that have changed, in drawing units."""
        before = self.erased
        assert before is not None
        after = erase(before, trace.path(max(0, trace.count - 2)), self.eraser_radius(self.width))
        self.erased = after
        return [] if after is before else _changed(before, after)

    def eraser_radius(self, pen_width: float) -> float:
        """pen_width: that of the pen now; a gesture under way keeps the one that it began with."""
        width = pen_width if self.erased is None else self.width
        return width * ERASER_WIDTH / 2


def merge_moves(merge: bool) -> None:
    """Whether Qt merges moves of the mouse while the loop is busy with something else. Qt looks it up with
    every event: of 60 moves during half a second's stall, 2 arrived merged, and all of them unmerged. The ink
    wants every point; nothing else does."""
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_CompressHighFrequencyEvents, merge)


def _radius(width: float, pressure: float | None) -> float:
    # As in Stroke.widths: half the width where the pen is not pressed, one and a half at most.
    force = DEFAULT_PRESSURE if pressure is None else min(max(pressure, 0.0), 1.0)
    return width * (0.5 + force) / 2


def _changed(before: Drawing, after: Drawing) -> list[QRectF]:
    kept = set(after.strokes)
    parts = []
    for stroke in before.strokes:
        if stroke not in kept:
            left, top, right, bottom = ink_box(stroke, DEFAULT_PEN_WIDTH)
            parts.append(QRectF(left, top, right - left, bottom - top))
    image = before.image
    if image is not None and after.image is not image:
        parts.append(QRectF(image.left, image.top, image.width, image.height))
    return parts
