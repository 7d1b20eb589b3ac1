"""Several characters on the paper are read as one line, and each can be corrected by itself."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.document import PAPER, bounds
from handwrite_app.explaining.side import Side
from handwrite_app.labelling.controller import LabellingController
from handwrite_app.lines.marks import CharacterMarks, Mark
from handwrite_app.lines.panel import LinePanel
from handwrite_app.lines.switches import LineSwitches
from handwrite_app.lines.verdict import is_unsure, least_sure, spoken
from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.watched import watch
from trainer.picture.strokes import Drawing, Stroke
from trainer.processes.recognition_messages import Loaded, Reading, ReadRequest
from trainer.segmentation.reading import Box, Character, Line, LineOptions

#: The ink of a character: strokes, each from a point to another.
_Key = tuple[tuple[Stroke, int, int], ...]

_NEAR_EDGE = 0.72  # of the square paper's width: a line that reaches so far gets more room


class LinesController(QObject):
    """The switches in the View menu, the panel with the number, and the frames on the paper.

    Signals:
        readsChanged(bool): several characters are read together, or not any more.
    """

    readsChanged = Signal(bool)

    def __init__(
        self,
        parent: QWidget,
        actions: Actions,
        canvas: Canvas,
        requester: ReadRequester,
        labelling: LabellingController,
        side: Side,
        theme: Theme,
        settings: Settings,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._actions = actions
        self._canvas = canvas
        self._requester = requester
        self._labelling = labelling
        self._side = side
        self.panel = LinePanel(theme)
        self._side.addWidget(self.panel)
        self.marks = CharacterMarks(canvas, theme)
        self._line: Line | None = None
        self._drawing = Drawing()
        self._labels: tuple[str, ...] = ()
        self._chosen = -1  # by a click or a key; −1: the one that most needs a look
        self._pointed = -1
        self._moving = False
        self._paused = False
        self._widened = False  # by itself, until the paper is empty
        self._corrected: dict[_Key, str] = {}
        self._parts: dict[_Key, Drawing] = {}
        self._labelling.part = self._part
        self._labelling.partLabelled.connect(self._on_part_labelled)
        self._labelling.paused.connect(self._on_paused)
        self._requester.readRequested.connect(self._on_read_requested)
        self._requester.answered.connect(self._on_answered)
        self.panel.chosen.connect(self._on_chosen)
        pointed = (QEvent.Type.MouseMove, QEvent.Type.Leave)
        self._stop_watching = watch(self._canvas, pointed, self._on_pointer)
        self.switches = LineSwitches(parent, actions, settings)
        self.switches.changed.connect(self._on_switched)
        self._actions["WidePaper"].setChecked(settings.flag("wide_paper", False))
        self._actions.connect(WidePaper=self._on_wide)
        self._canvas.set_wide(self._actions["WidePaper"].isChecked())
        self._follow_switches()

    # --- Feature -------------------------------------------------------------------------------------

    def set_active_model(self, loaded: Loaded) -> None:
        self.follow_labels()

    def follow_labels(self) -> None:
        """What a character may be is what the requester's network and mode have."""
        self.switches.set_labels(self._requester.labels)

    def retranslate(self) -> None:
        self.switches.retranslate()

    def close(self) -> None:
        self._stop_watching()
        self.switches.close()
        self._labelling.part = lambda: None

    @property
    def reads(self) -> bool:
        """Whether several characters are read together."""
        return self.switches.reads

    # --- switches ------------------------------------------------------------------------------------

    def _on_switched(self) -> None:
        self._follow_switches()
        if not self._canvas.is_empty():
            self._requester.ask()

    def _follow_switches(self) -> None:
        reads = self.switches.reads
        self.readsChanged.emit(reads)
        self._requester.line = self.switches.options if reads and not self._paused else None
        if self._requester.line is None:
            self._hide()

    def _on_paused(self, paused: bool) -> None:
        """Samples are single characters."""
        self._paused = paused
        self._follow_switches()

    def _on_wide(self, wide: bool) -> None:
        self._widened = False
        self._settings.set_flag("wide_paper", wide)
        self._set_wide(wide)

    def _set_wide(self, wide: bool) -> None:
        self._canvas.set_wide(wide)
        self._actions["WidePaper"].setChecked(wide)

    # --- answers -------------------------------------------------------------------------------------

    def _on_read_requested(self, request: ReadRequest) -> None:
        if request.drawing.is_empty:
            self._hide()
            self._corrected.clear()
            self._parts.clear()
            if self._widened:
                self._widened = False
                self._set_wide(False)

    def _on_answered(self, reading: Reading) -> None:
        if reading.line is None or self._requester.drawing.is_empty:
            self._hide()
            return
        self._drawing = self._requester.drawing
        self._labels = reading.labels
        self._moving = self._requester.is_moving and not self._requester.is_newest(reading.number)
        if self._line is None or len(self._line.characters) != len(reading.line.characters):
            self._chosen = -1
        self._line = self._with_corrections(reading.line)
        self._make_room()
        self._show()

    def _make_room(self) -> None:
        """More paper to the right of a line that comes near the edge, once the pen is lifted."""
        box = bounds(self._canvas.current_drawing())
        if self._canvas.is_wide or self._canvas.is_drawing() or box is None:
            return
        if box[2] > _NEAR_EDGE * PAPER:
            self._widened = True
            self._set_wide(True)

    def _show(self) -> None:
        line = self._line
        if line is None or self._side.mode not in (None, self.panel):
            return
        current = self.current
        self.panel.show_line(line, self._labels, current, drawing=self._moving)
        self.marks.set_marks(
            [
                Mark(self._inked(one), not self._moving and is_unsure(one))
                for one in line.characters
            ],
            current,
        )
        self._side.show_mode(self.panel)

    def _inked(self, one: Character) -> Box:
        """The character's box with the width of its lines."""
        strokes = self._drawing.strokes
        widths = [strokes[span.stroke].width or 0.0 for span in one.spans]
        wide = max(widths, default=0.0)
        x, y, width, height = one.box
        return (x - wide / 2, y - wide / 2, width + wide, height + wide)

    def _hide(self) -> None:
        self._line = None
        self._chosen = self._pointed = -1
        self.marks.set_marks((), -1)
        if self._side.mode is self.panel:
            self._side.show_mode(None)

    # --- one of the characters -----------------------------------------------------------------------

    @property
    def line(self) -> Line | None:
        """The line on the paper; None while there is at most one character."""
        return self._line

    @property
    def words(self) -> str:
        """What is said of it; "": nothing."""
        return "" if self._line is None else spoken(self._line, drawing=self._moving)

    @property
    def current(self) -> int:
        """The character under the pointer, or the chosen one, or the one that most needs a look; −1: none."""
        if self._line is None:
            return -1
        for index in (self._pointed, self._chosen):
            if 0 <= index < len(self._line.characters):
                return index
        return least_sure(self._line)

    def _on_pointer(self, event: QEvent) -> bool:
        if self._line is not None and not self._canvas.is_drawing():
            if isinstance(event, QMouseEvent):
                self._point_at(self.marks.at(event.position()))
            else:  # it has left the paper
                self._point_at(-1)
        return False

    def _point_at(self, index: int) -> None:
        if index != self._pointed:
            self._pointed = index
            self._show()

    def _on_chosen(self, index: int) -> None:
        self._chosen = index
        self._show()

    def _key(self, one: Character) -> _Key:
        strokes = self._drawing.strokes
        return tuple((strokes[s.stroke], s.first, s.last) for s in one.spans)

    def _part(self) -> Drawing | None:
        """The ink of the current character, the same object each time; None: of all that is on the paper.
        Empty while several are there of which the newest ink was not read yet: none is known to be whole."""
        if self._line is None:
            return None
        drawing = self._canvas.current_drawing()
        if drawing is not self._drawing or self._requester.answer_to(drawing) is None:
            return Drawing()
        one = self._line.characters[self.current]
        key = self._key(one)
        if key not in self._parts:
            from trainer.segmentation.ink.pieces import strokes_of  # not before the first paint

            self._parts[key] = Drawing(strokes_of(self._drawing.strokes, one.spans))
        return self._parts[key]

    def _on_part_labelled(self, part: Drawing, label: str) -> None:
        """label: "" where it was taken back."""
        key = next((key for key, own in self._parts.items() if own is part), None)
        if key is None:
            return
        if label:
            self._corrected[key] = label
        else:
            self._corrected.pop(key, None)
        if self._canvas.is_empty():
            return
        if label and self._line is not None:
            self._line = self._with_corrections(self._line)
            self._show()
        else:
            self._requester.ask()

    def _with_corrections(self, line: Line) -> Line:
        if not self._corrected:
            return line
        characters = []
        for one in line.characters:
            label = self._corrected.get(self._key(one))
            known = None if label is None else replace(one, label=label, refused=False)
            characters.append(one if known is None else replace(known, probability=1.0))
        from trainer.segmentation.line import with_characters

        return with_characters(line, characters, self._requester.line or LineOptions())
