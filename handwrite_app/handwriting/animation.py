"""A drawing written on the paper stroke by stroke."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from trainer.explanation.moments import Floats, dense, partial_drawing, place_at, timeline
from trainer.picture.strokes import Drawing

_TICK_MS = 33
_PER_STROKE = 0.45  # seconds
_LONGEST = 6.0  # seconds of a whole text


class Writing(QObject):
    """Shows ever more of a drawing.

    Signals:
        moved(Drawing): so much of it is written. finished(): all of it is.
    """

    moved = Signal(object)
    finished = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._drawing = Drawing()
        self._seconds: list[Floats] = []
        self._at = self._speed = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self._on_tick)

    @property
    def is_running(self) -> bool:
        return self._timer.isActive()

    def start(self, drawing: Drawing) -> None:
        self._drawing = dense(drawing)
        self._seconds, _ = timeline(self._drawing)
        self._at = 0.0
        wanted = min(_LONGEST, _PER_STROKE * len(drawing.strokes))
        self._speed = float(self._seconds[-1][-1]) / max(wanted, 0.1)
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _on_tick(self) -> None:
        self._at += self._speed * _TICK_MS / 1000
        place = place_at(self._seconds, self._at)
        if place[0] >= len(self._drawing.strokes):
            self._timer.stop()
            self.finished.emit()
        else:
            self.moved.emit(partial_drawing(self._drawing, *place))
