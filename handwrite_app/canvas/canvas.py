"""The paper: mouse, pen and fingers draw on it, and it keeps the drawing as strokes.

Looks and place are in `paper`, gestures and Qt's events in `input`, shapes of ink and its image in `ink`. The
widget joins these.
"""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QWidget

from handwrite_app.canvas.document import DEFAULT_PEN_WIDTH, PAPER, WIDE, Document
from handwrite_app.canvas.drop import DropTarget
from handwrite_app.canvas.ink.brush import Brush
from handwrite_app.canvas.ink.focus_ring import FocusRing
from handwrite_app.canvas.ink.wet_ink import WetInk
from handwrite_app.canvas.input.gesture import CanvasInput, Tool
from handwrite_app.canvas.input.pen_settings import PenSettings
from handwrite_app.canvas.input.pointers import CUT_SHORT, TOUCHES, Pointers
from handwrite_app.canvas.input.touch_taps import Tap
from handwrite_app.canvas.paper import Paper
from trainer.picture.strokes import Drawing

ToolName = Literal["pen", "eraser"]

MIN_PEN_WIDTH = 6.0
MAX_PEN_WIDTH = 60.0
_PEN_STEP = 4.0
_NOTHING = Drawing()


class Canvas(Paper):
    """The paper that one draws on.

    Signals:
        drawingChanged: the drawing is another one; also with every point of a stroke under way.
        strokeFinished: pen, finger, button or eraser was lifted, or its gesture was cut short.
        historyChanged(can_undo, can_redo)
        toolChanged(name): "pen" or "eraser". penWidthChanged(width): drawing units.
        fileOver(bool): a file is dragged over the paper, or not any more.
        filesDropped(list[Path]): local files that can be opened were dropped. imageDropped(QImage): an image
        was.

    While a stroke is under way `undo` ends it and takes it back (`redo` brings it again), `redo` does
    nothing, `clear` and `set_drawing` end it first. A new tool or width holds from the next stroke on.
    """

    drawingChanged = Signal()
    strokeFinished = Signal()
    historyChanged = Signal(bool, bool)
    toolChanged = Signal(str)
    penWidthChanged = Signal(float)
    fileOver = Signal(bool)
    filesDropped = Signal(object)
    imageDropped = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = Document()
        self._input = CanvasInput(self, PAPER)
        self._pointers = Pointers(self._input, self._to_paper)
        self._pointers.on_tap = lambda tap: self.undo() if tap is Tap.UNDO else self.redo()
        self._pen_width = DEFAULT_PEN_WIDTH
        self._history = (False, False)
        self._wet = WetInk()
        self._replaces = False  # the next stroke begins a new drawing
        self._device = ""
        self._brush = Brush(self, self._input, self._pointers, self.place, self._brush_radius)
        FocusRing(self, self._view)
        self._drop = DropTarget(self)
        self._drop.overChanged.connect(self._show_drop)
        self._drop.overChanged.connect(self.fileOver)
        self._drop.filesDropped.connect(self.filesDropped)
        self._drop.imageDropped.connect(self.imageDropped)

        self.setObjectName("canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._retranslate()

    # --- the drawing ---------------------------------------------------------------------------------

    @property
    def document(self) -> Document:
        """The drawing without the stroke under way, and its history. Change it through the canvas."""
        return self._document

    def current_drawing(self) -> Drawing:
        """The drawing with the stroke under way. Costs the same however long that is."""
        if self._wet.erased is not None:
            return self._wet.erased
        drawing = self._ground()
        if self._wet.shape is not None and self._input.trace.count:
            stroke = self._input.trace.stroke(self._wet.width)
            return Drawing((*drawing.strokes, stroke), drawing.image)
        return drawing

    def is_empty(self) -> bool:
        return self.current_drawing().is_empty

    def is_drawing(self) -> bool:
        """A stroke (or a gesture of the eraser) is under way."""
        return self._input.active

    @property
    def device(self) -> str:
        """What the last stroke was drawn with: "mouse", "pen" or "touch"; "" for an opened drawing."""
        return self._device

    @property
    def last_tool(self) -> str:
        """What the last gesture was done with, or the one under way: "pen" or "eraser"."""
        return self._input.tool.value

    @property
    def replaces_at_next_stroke(self) -> bool:
        """See replace_at_next_stroke."""
        return self._replaces

    def set_drawing(self, drawing: Drawing, *, undoable: bool = True, device: str = "") -> None:
        """Put another drawing on the paper. Where it is not undoable the history begins with it. device: what
        it was drawn with, where that was here."""
        self._input.finish()
        self._device = device
        self._replaced(self._document.replace(drawing, undoable=undoable))

    def restore(self, drawing: Drawing) -> None:
        """Put the drawing of an earlier session on the paper; where there is something already, undo brings
        it."""
        self._replaced(self._document.restore(drawing))
        self._tell_history()

    def replace_at_next_stroke(self, wanted: bool = True) -> None:
        """Whether the next stroke of the pen begins a new drawing. What is on the paper stays until then, and
        undo brings it back. Any change of the drawing takes this back, too."""
        self._replaces = wanted and not self._input.inking

    def undo(self) -> None:
        self._input.finish()
        self._replaced(self._document.undo())

    def redo(self) -> None:
        if not self._input.inking:
            self._replaced(self._document.redo())

    def clear(self) -> None:
        self._input.finish()
        self._replaced(self._document.clear())

    # --- tool and looks ------------------------------------------------------------------------------

    @property
    def tool(self) -> str:
        """The tool in hand: "pen" or "eraser"."""
        return self._pointers.tool.value

    def set_tool(self, name: ToolName | str) -> None:
        """Raises ValueError for a name that is no tool's."""
        tool = Tool(name)
        if tool is not self._pointers.tool:
            self._pointers.tool = self._pointers.hover_tool = tool
            self.toolChanged.emit(tool.value)
            self._brush.update()

    @property
    def pen_width(self) -> float:
        """Width of the pen in drawing units. The eraser's grows with it."""
        return self._pen_width

    def set_pen_width(self, width: float) -> None:
        """MIN_PEN_WIDTH … MAX_PEN_WIDTH; what lies beyond is brought there."""
        width = min(max(float(width), MIN_PEN_WIDTH), MAX_PEN_WIDTH)
        if width != self._pen_width:
            self._pen_width = width
            self.penWidthChanged.emit(width)
            self._brush.update()

    @property
    def pen_settings(self) -> PenSettings:
        """How pens and fingers draw, from the next stroke on."""
        return self._pointers.settings

    @pen_settings.setter
    def pen_settings(self, settings: PenSettings) -> None:
        self._pointers.settings = settings

    def widen(self) -> None:
        self.set_pen_width(self._pen_width + _PEN_STEP)

    def narrow(self) -> None:
        self.set_pen_width(self._pen_width - _PEN_STEP)

    def set_wide(self, wide: bool) -> None:
        super().set_wide(wide)
        self._input.wide = WIDE if wide else 1.0

    # --- what a gesture does to the paper (InkSink) --------------------------------------------------

    def begin_ink(self, tool: Tool) -> None:
        if tool is Tool.ERASER:
            self._wet.begin_erasing(self._pen_width, self._document.drawing)
        else:
            source = self._input.source
            self._wet.begin_stroke(self._pen_width, "" if source is None else source.value)
            if self._replaces:
                self._view.forget()
                self.update()  # what was there goes
            elif self._document.drawing.is_empty:
                self.update(self._view.hint_rect(self.place(), self.font()))
        self._tell_history()

    def extend_ink(self, x: float, y: float, pressure: float | None) -> None:
        if self._wet.shape is not None:
            self._update_part(self._wet.extend(x, y, pressure))
            self.drawingChanged.emit()
        elif self._wet.erased is not None:
            self._erase()

    def finish_ink(self) -> None:
        shape, erased = self._wet.shape, self._wet.erased
        self._wet.end()
        if shape is not None:
            stroke = self._input.trace.stroke(self._wet.width)
            self._view.layer.add(shape, stroke)
            if self._replaces:
                self._replaces = False
                self._document.replace(Drawing((stroke,)))
            else:
                self._document.add_stroke(stroke)
            self._device = self._wet.device
        elif erased is not None and self._document.replace(erased):
            self._replaces = False
        self._tell_history()
        self.drawingChanged.emit()
        self.strokeFinished.emit()

    def drop_ink(self) -> None:
        self._wet.end()
        self._refresh(True)

    def _erase(self) -> None:
        parts = self._wet.erase(self._input.trace)
        for part in parts:
            self._view.mark_stale(part)
            self._update_part(part)
        if parts:
            if self.current_drawing().is_empty:
                self.update()  # the hint comes
            self.drawingChanged.emit()

    def _ground(self) -> Drawing:
        """The drawing that the stroke under the pen is added to."""
        if self._replaces and self._wet.shape is not None:
            return _NOTHING
        return self._document.drawing

    def _replaced(self, changed: bool) -> None:
        self._replaces = self._replaces and not changed
        self._refresh(changed)

    def _refresh(self, changed: bool) -> None:
        if changed:
            self._view.forget()
            self.update()
            self._tell_history()
            self.drawingChanged.emit()

    def _tell_history(self) -> None:
        inking = self._input.inking
        history = (
            self._document.can_undo or inking,
            self._document.can_redo and not inking,
        )
        if history != self._history:
            self._history = history
            self.historyChanged.emit(*history)

    # --- events --------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self._pointers.mouse_press(event)
        self._brush.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)  # two quick dots

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self._pointers.mouse_move(event)
        self._brush.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()
        self._pointers.mouse_release(event)
        self._brush.update()

    def tabletEvent(self, event: QTabletEvent) -> None:
        event.accept()  # Qt then sends no mouse event for it, which would bring the focus here
        if event.type() == QEvent.Type.TabletPress:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._pointers.tablet(event)
        self._brush.pen_hovers()
        self._brush.update()

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if kind in TOUCHES and isinstance(event, QTouchEvent) and self._pointers.touch(event):
            event.accept()
            if kind == QEvent.Type.TouchBegin:
                self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._brush.update()
            return True
        if kind in CUT_SHORT:
            self._input.finish()
            if kind == QEvent.Type.Hide:
                self._pointers.hover = None
        return super().event(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._pointers.enter(event.position())
        self._brush.update()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._pointers.leave()
        self._brush.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _show_drop(self, is_over: bool) -> None:
        self._view.drop_is_over = is_over
        self.update()

    def _retranslate(self) -> None:
        self._view.drop_hint = self.tr("Drop to open")
        self.setAccessibleName(self.tr("Drawing paper"))
        self.setAccessibleDescription(
            self.tr("Draw here with mouse, pen or finger. Drag with the right button to erase.")
        )

    # --- painting ------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        # Not WA_OpaquePaintEvent: what lies around the paper is the parent's, whatever its style.
        with QPainter(self) as painter:
            part, brush = QRectF(event.rect()), self._brush.shown
            self._view.paint(painter, self.place(), part, self._shown(), self._wet.shape, brush)

    def _shown(self) -> Drawing:
        """The drawing without the stroke under the pen."""
        return self._ground() if self._wet.erased is None else self._wet.erased

    def _brush_radius(self) -> float:
        if self._pointers.hover_tool is Tool.ERASER:
            return self._wet.eraser_radius(self._pen_width)
        return self._pen_width / 2
