"""When something is explained, and when an explanation is stale."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, SignalInstance

from handwrite_app.explaining.mode_panel import ModePanel
from handwrite_app.explaining.paper_overlay import PaperOverlay
from handwrite_app.reading.verdict import percent
from handwrite_app.ui.error_text import sentence
from handwrite_app.workers.explain import ExplainWorker
from trainer.base.paths import drawings_file
from trainer.explanation.results import NothingDrawn
from trainer.processes.explain_messages import (
    ExplainEvent,
    ExplainRequest,
    Failed,
    Finished,
)
from trainer.processes.recognition_messages import Loaded, MemorySource, Reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMainWindow

    from handwrite_app.canvas.canvas import Canvas
    from handwrite_app.reading.read_requester import ReadRequester
    from handwrite_app.ui.settings import Settings
    from handwrite_app.ui.theme import Theme

#: From the last change of the drawing until it is explained, in milliseconds.
_REST_MS = 350


class WhoWrites(Protocol):
    """The writers, of whom one is active, or a guest writes (handwrite_app.labelling.writers)."""

    @property
    def active(self) -> str: ...
    @property
    def is_guest(self) -> bool: ...
    @property
    def chosen(self) -> SignalInstance: ...


class Desk:
    """What every mode needs of the window."""

    def __init__(
        self,
        *,
        canvas: Canvas,
        requester: ReadRequester,
        worker: ExplainWorker,
        overlay: PaperOverlay,
        theme: Theme,
        settings: Settings,
        writers: WhoWrites,
        show_mode: Callable[[ModePanel | None], None],
        window: QMainWindow,
    ) -> None:
        self.canvas = canvas
        self.requester = requester
        self.worker = worker
        self.overlay = overlay
        self.theme = theme
        self.settings = settings
        self.writers = writers
        self.show_mode = show_mode
        self.window = window

    def kept(self) -> MemorySource | None:
        """The active writer's drawings; None for a guest, who has none."""
        if self.writers.is_guest:
            return None
        return MemorySource(drawings=drawings_file(), writer=self.writers.active)


class Mode(QObject):
    """One way to look at the drawing on the paper, while it is open.

    A drawing is explained when the pen has rested for a moment; as soon as it is another one, or another
    network reads, the explanation is taken away. Subclasses make the panel, the request, and take the events.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self._loaded: Loaded | None = None
        self._panel: ModePanel | None = None
        self._is_open = False
        self._number = 0
        self._drawing = desk.canvas.current_drawing()
        self._several = False  # instead of an explanation it says so
        self._read_with = self._reads_with()  # when it was last asked
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MS)
        self._timer.timeout.connect(self._ask)
        desk.worker.explained.connect(self._on_event)
        desk.canvas.drawingChanged.connect(self._on_drawing_changed)
        desk.canvas.strokeFinished.connect(self._on_stroke_finished)
        desk.requester.answered.connect(self._on_answered)
        desk.writers.chosen.connect(self._on_writer_chosen)

    #: Whether it is about one character: of several it says that it explains one at a time.
    explains_one = True

    # --- for subclasses ------------------------------------------------------------------------------

    def make_panel(self) -> ModePanel:
        raise NotImplementedError

    def request(self, weights: Path) -> ExplainRequest | None:
        """What to ask about `self._drawing`; None: nothing."""
        raise NotImplementedError

    def show_event(self, event: ExplainEvent) -> None:
        """An event about what is on the paper."""
        raise NotImplementedError

    def _is_stale(self) -> bool:
        """Whether events of the newest request are about something else by now."""
        return self._desk.canvas.current_drawing() is not self._drawing

    def begin(self) -> None:
        """What was shown is taken away: another explanation comes, or none."""

    # --- from outside --------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        return self._is_open

    @property
    def panel(self) -> ModePanel:
        if self._panel is None:
            self._panel = self.make_panel()
            self._panel.closeRequested.connect(self.leave)
            self._panel.retranslate()
        return self._panel

    def toggle(self) -> None:
        if self._is_open:
            self.leave()
        else:
            self.enter()

    def enter(self) -> None:
        if not self._is_open:
            panel = self.panel
            self._desk.show_mode(panel)  # which leaves the mode before
            self._is_open = True
            self._say_answer(self._desk.requester.answer_to(self._desk.canvas.current_drawing()))
        self.restart()

    def leave(self) -> None:
        """Shows the reading again."""
        if self._is_open:
            self.abandon()
            self._desk.show_mode(None)

    def abandon(self) -> None:
        """Another mode is on show, or the reading."""
        if self._is_open:
            self._is_open = False
            self._forget()
            self._desk.overlay.clear()

    def set_active_model(self, loaded: Loaded) -> None:
        self._loaded = loaded
        if self._is_open:
            self.restart()

    def retranslate(self) -> None:
        if self._panel is not None:
            self._panel.retranslate()
        if self._is_open:
            self._say_answer(self._desk.requester.answer_to(self._desk.canvas.current_drawing()))
            self.restart()

    def restart(self) -> None:
        """Explains what is on the paper, at once."""
        self._forget()
        self._desk.overlay.clear()
        self.begin()
        self._ask()

    def end(self) -> None:
        """For good."""
        self._timer.stop()
        self._is_open = False

    # --- slots ---------------------------------------------------------------------------------------

    def _forget(self) -> None:
        self._timer.stop()
        if self._number:
            self._number = 0
            self._desk.worker.cancel()

    def _ask(self) -> None:
        if not self._is_open or self._desk.canvas.is_drawing():
            return
        self._drawing = self._desk.canvas.current_drawing()
        self._several = False
        self._read_with = self._reads_with()
        if self._loaded is None:
            self.panel.set_message(self.tr("Loading the network…"))
            return
        answer = self._desk.requester.answer_to(self._drawing)
        if self.explains_one and answer is not None and answer.reading.line is not None:
            self._say_several()
            return
        request = self.request(Path(self._loaded.path))
        if request is not None:
            self._number = self._desk.worker.ask(request)

    def _on_drawing_changed(self) -> None:
        if not self._is_open:
            return
        self._forget()
        self._desk.overlay.clear()
        self.begin()
        self._timer.start()

    def _on_stroke_finished(self) -> None:
        if self._is_open:
            self._timer.start()

    def _on_event(self, number: int, event: object) -> None:
        if not self._is_open or number != self._number:
            return
        if self._is_stale():
            return  # the next request is on its way
        if isinstance(event, Failed):
            self.begin()
            self.panel.set_message(sentence(event.message))
        elif isinstance(event, NothingDrawn):
            self.begin()
            self.panel.set_message(self.tr("Draw something first."))
        elif not isinstance(event, Finished):
            self.show_event(event)  # type: ignore[arg-type]

    def _on_answered(self, reading: Reading) -> None:
        if not self._is_open:
            return
        self._say(reading)
        if not self.explains_one:
            return
        if reading.line is not None:
            self._forget()
            self._desk.overlay.clear()
            self.begin()
            self._say_several()
        elif self._is_at_rest and (self._several or self._read_with != self._reads_with()):
            self.restart()

    @property
    def _is_at_rest(self) -> bool:
        """Whether what was last asked about is on the paper, and no other request is on its way."""
        return not (
            self._timer.isActive() or self._desk.canvas.is_drawing() or Mode._is_stale(self)
        )

    def _reads_with(self) -> tuple[str, MemorySource | None]:
        """What else than the network decides how a drawing is read."""
        return self._desk.requester.mode, self._desk.requester.memory

    def _on_writer_chosen(self) -> None:
        """The drawings are another person's."""
        if self._is_open:
            self.restart()

    def _say_several(self) -> None:
        self._several = True
        self.panel.set_message(
            self.tr("There are several characters on the paper. This explains one at a time.")
        )

    def _say_answer(self, answer: object) -> None:
        reading = getattr(answer, "reading", None)
        if isinstance(reading, Reading):
            self._say(reading)
        else:
            self.panel.answer.setText("")

    def _say(self, reading: Reading) -> None:
        """Recognition goes on: what it says is in the panel's head."""
        if not reading.probabilities or reading.line is not None:
            self.panel.answer.setText("")
            return
        best = max(range(len(reading.labels)), key=reading.probabilities.__getitem__)
        sure = percent(reading.probabilities[best])
        said = self.tr("no digit") if reading.refused else f"{reading.labels[best]}  {sure}"
        self.panel.answer.setText(said)
