"""Schedules recognition requests, and decides alone which answers are stale."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.reading.answers import Answer, continues
from trainer.models.label_modes import labels_in_mode
from trainer.picture.strokes import Drawing
from trainer.processes.recognition_messages import Loaded, MemorySource, Reading, ReadRequest
from trainer.segmentation.reading import LineOptions

#: Between two requests while the pen moves, in milliseconds.
_ASK_MS = 33


class ReadRequester(QObject):
    """Requests a reading of the newest drawing, again and again while one draws, and numbers the requests.

    Ink is painted first. While the pen moves, a request is made no more often than a screen can show its
    answer: a mouse moves up to a thousand times a second, and each answer costs as much as ten moves. When
    the pen is lifted the request is made at once.

    An answer counts as long as its drawing is still on the paper, be it with more ink by now: while a stroke
    grows, an answer that is a few points old is welcome. It is superseded once that drawing was replaced, or
    a newer request was answered.

    Signals:
        readRequested(ReadRequest): to be handed to a recognition worker.
        answered(Reading): an answer that counts; see `answer_to`.
    """

    readRequested = Signal(object)
    answered = Signal(object)

    def __init__(self, canvas: Canvas, parent: QObject) -> None:
        super().__init__(parent)
        self.drawing = canvas.current_drawing()  # of the newest request
        self.is_moving = False  # the pen is down, and has changed it
        self.memory: MemorySource | None = None  # whose kept drawings are remembered
        self.mode = ""  # what readings are restricted to, see trainer.models.label_modes
        #: Called with a network before anything is asked of it: sets the mode.
        self.on_network: Callable[[Loaded], object] = lambda _network: None
        self.line: LineOptions | None = None  # how several characters are read; None: as one
        self._canvas = canvas
        self._network: Loaded | None = None
        self._number = 0
        self._floor = 0
        self._shown = 0  # the request that was answered last
        self._answer: Answer | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_ASK_MS)
        self._timer.timeout.connect(self.ask)
        canvas.drawingChanged.connect(self._on_drawing_changed)
        canvas.strokeFinished.connect(self._on_stroke_finished)

    @property
    def newest(self) -> int:
        """Number of the newest request; 0 before the first."""
        return self._number

    @property
    def answer(self) -> Answer | None:
        """The answer to the newest request, once it is there."""
        return self._answer

    def answer_to(self, drawing: Drawing) -> Answer | None:
        """The answer about exactly this drawing."""
        answer = self._answer
        return answer if answer is not None and answer.drawing is drawing else None

    def sees_nothing(self, drawing: Drawing) -> bool:
        """Whether the network found no ink to read in it, a dot for example."""
        answer = self.answer_to(drawing)
        return answer is not None and not answer.reading.probabilities and not answer.reading.error

    def is_newest(self, number: int) -> bool:
        return number == self._number

    def is_superseded(self, number: int) -> bool:
        """Whether an answer to the request of this number would show what is not on the paper any more."""
        return number < self._floor

    @property
    def is_waiting(self) -> bool:
        """Whether the newest answer is superseded: nothing is known of what is on the paper."""
        return self.is_superseded(self._shown)

    def continue_from(self, number: int) -> None:
        """Requests are numbered from here on where another requester asks the same worker; answers to its
        requests, and to earlier ones of this one, are stale."""
        self._number = max(self._number, number)
        self._floor = self._number + 1

    def set_active_model(self, network: Loaded) -> None:
        """Answers are this network's from now on."""
        self.on_network(network)
        self._network = network

    @property
    def labels(self) -> tuple[str, ...]:
        """What the active model can answer in the mode; () while none is loaded."""
        return () if self._network is None else labels_in_mode(self._network.labels, self.mode)

    def ask(self) -> None:
        """Requests a reading at once."""
        self._timer.stop()
        before, self.drawing = self.drawing, self._canvas.current_drawing()
        self._number += 1
        self._answer = None
        if self.drawing.is_empty or not continues(before, self.drawing):
            self._floor = self._number
        self.readRequested.emit(
            ReadRequest(
                number=self._number,
                drawing=self.drawing,
                memory=self.memory,
                mode=self.mode,
                line=self.line,
                unfinished=self.is_moving,
            )
        )

    def receive(self, reading: Reading) -> None:
        """Takes an answer from the worker; one that is superseded is dropped."""
        if self.is_superseded(reading.number):
            return
        self._floor = self._shown = reading.number
        if self.is_newest(reading.number):
            self._answer = Answer(self.drawing, reading, self._network)
        self.answered.emit(reading)

    def end(self) -> None:
        """No request is made any more."""
        self._timer.stop()
        self._canvas.drawingChanged.disconnect(self._on_drawing_changed)
        self._canvas.strokeFinished.disconnect(self._on_stroke_finished)

    def _on_drawing_changed(self) -> None:
        self.is_moving = self._canvas.is_drawing()  # not where it is opened, undone or redone
        if not self._timer.isActive():
            self._timer.start()

    def _on_stroke_finished(self) -> None:
        self.is_moving = False
        self.ask()
