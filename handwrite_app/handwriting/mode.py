"""The mode "Write in my hand": what was typed appears on the paper, stroke by stroke.

The paper's own drawing stays beneath it until the writing is put there.
"""

from __future__ import annotations

from pathlib import Path

from handwrite_app.explaining.mode import Desk, Mode
from handwrite_app.handwriting.animation import Writing
from handwrite_app.handwriting.panel import HandwritingPanel
from handwrite_app.ui.dialogs.message_boxes import warn
from handwrite_app.ui.dialogs.save_dialog import Kind, ask_where
from handwrite_app.ui.error_text import sentence
from trainer.base.errors import HandwriteError
from trainer.handwriting.results import WrittenCharacter, WrittenText
from trainer.processes.explain_messages import ExplainEvent, ExplainRequest, WriteRequest


class HandwritingMode(Mode):
    explains_one = False

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._text = ""
        self._seed = 0
        self._written: WrittenText | None = None
        self._writing = Writing(self)
        self._writing.moved.connect(desk.overlay.show_instead)
        self._writing.finished.connect(self._on_finished)

    def make_panel(self) -> HandwritingPanel:
        panel = HandwritingPanel(self._desk.theme)
        panel.writeRequested.connect(self.write)
        panel.placeRequested.connect(self._on_place)
        panel.saveRequested.connect(self._on_save)
        return panel

    @property
    def view(self) -> HandwritingPanel:
        panel = self.panel
        assert isinstance(panel, HandwritingPanel)
        return panel

    @property
    def written(self) -> WrittenText | None:
        """What is on show."""
        return self._written

    def enter(self) -> None:
        super().enter()
        self.view.answer.hide()  # what the paper's own drawing is read as is not the question here
        self.view.field.setFocus()

    def write(self, text: str) -> None:
        """Writes the text, otherwise each time."""
        self._text = text.strip()
        self._seed += 1
        self.restart()

    def request(self, weights: Path) -> ExplainRequest | None:
        if not self._text:
            self.view.set_message("")
            return None
        return WriteRequest(
            weights=weights, text=self._text, kept=self._desk.kept(), seed=self._seed
        )

    def begin(self) -> None:
        self._writing.stop()
        self._written = None
        self.view.begin()
        self.view.set_message(self.tr("Writing…") if self._text else "")

    def show_event(self, event: ExplainEvent) -> None:
        if isinstance(event, WrittenCharacter):
            self.view.add(event)
        elif isinstance(event, WrittenText):
            self._written = event
            self.view.show_text(event)
            if self._desk.canvas.is_drawing():
                pass  # the paper is not covered under the pen; it can be put there, or saved
            elif self._desk.theme.reduced_motion:
                self._on_finished()
            else:
                self._writing.start(event.drawing)

    def abandon(self) -> None:
        self._writing.stop()
        super().abandon()

    def end(self) -> None:
        self._writing.stop()
        super().end()

    def _on_drawing_changed(self) -> None:
        """One draws beneath the writing: the paper is shown again; what was written can still be saved."""
        if self._is_open:
            self._writing.stop()
            self._desk.overlay.clear()

    def _on_stroke_finished(self) -> None:
        """The drawing on the paper is not what is written; but nothing is asked while the pen is down."""
        if self._is_open and self._text and not self._number:
            self._ask()

    def _is_stale(self) -> bool:
        return False

    def _on_finished(self) -> None:
        if self._written is not None:
            self._desk.overlay.show_instead(self._written.drawing)

    def _on_place(self) -> None:
        """Undo brings what was on the paper before."""
        if self._written is not None:
            drawing = self._written.drawing
            self._writing.stop()
            self._desk.canvas.set_drawing(drawing)

    def _on_save(self) -> None:
        if self._written is None:
            return
        from handwrite_app.canvas.files.drawing_files import save_drawing

        drawing, window = self._written.drawing, self._desk.window
        target = ask_where(
            window,
            self.tr("Save what was written"),
            Path(self._desk.settings.text("save_folder")) / f"{self._written.text}.svg",
            (
                Kind(self.tr("SVG drawing"), ".svg"),
                Kind(self.tr("PNG picture"), ".png"),
                Kind(self.tr("Strokes as JSON lines"), ".jsonl"),
            ),
        )
        if target is None:
            return
        try:
            save_drawing(drawing, target)
        except HandwriteError as error:
            warn(window, self.tr("What was written was not saved"), sentence(error))
            return
        self._desk.settings.set_text("save_folder", str(target.parent))
