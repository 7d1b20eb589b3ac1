"""Writes digits on the paper by itself, stroke by stroke, until a visitor draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from trainer.picture.strokes import Drawing, Stroke

#: Between two frames, and between the end of a drawing and the next, in milliseconds.
FRAME_MS = 16
REST_MS = 2600
#: Drawing units that the pen covers in a millisecond.
SPEED = 0.45
_LIFT = 90.0  # a lifted pen takes as long as so many drawing units


class Attract(QObject):
    """Draws one drawing after another, for ever, in the order in which it was given them.

    Signals:
        drawn(Drawing): to be put on the paper. finished(): the drawing is complete.
    """

    drawn = Signal(object)
    finished = Signal()

    def __init__(
        self, drawings: Callable[[], Sequence[Drawing]], *, animated: bool, parent: QObject
    ) -> None:
        """drawings: called when they are first needed. animated: False shows each drawing whole."""
        super().__init__(parent)
        self._make = drawings
        self._drawings: Sequence[Drawing] = ()
        self._animated = animated
        self._at = -1
        self._ends: np.ndarray = np.empty(0)
        self._clock = QElapsedTimer()
        self._done: tuple[Stroke, ...] = ()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._on_frame)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._begin)

    @property
    def is_running(self) -> bool:
        return self._timer.isActive() or self._rest.isActive()

    def start(self) -> None:
        if not self.is_running:
            self._begin()

    def stop(self) -> None:
        self._timer.stop()
        self._rest.stop()

    def _begin(self) -> None:
        if not self._drawings:
            self._drawings = self._make()
        self._at = (self._at + 1) % len(self._drawings)
        self._done = ()
        self.drawn.emit(Drawing())
        if not self._animated:
            self.drawn.emit(self._drawings[self._at])
            self._end()
            return
        self._clock.start()
        self._timer.start(FRAME_MS)

    def _on_frame(self) -> None:
        drawing = self._drawings[self._at]
        part = written(drawing, self._clock.elapsed() * SPEED, self._done)
        self._done = part.strokes[:-1]
        self.drawn.emit(part)
        if len(part.strokes) == len(drawing.strokes) and part.strokes[-1] is drawing.strokes[-1]:
            self._timer.stop()
            self._end()

    def _end(self) -> None:
        self.finished.emit()
        self._rest.start()


def written(drawing: Drawing, distance: float, done: Sequence[Stroke] = ()) -> Drawing:
    """What a pen has written that has moved so many drawing units, also through the air between strokes.

    A whole stroke is the very object of the drawing. done: strokes known to be whole.
    """
    shown: list[Stroke] = list(done)
    for index, stroke in enumerate(drawing.strokes):
        steps = np.hypot(*np.diff(stroke.points, axis=0).T) if len(stroke.points) > 1 else []
        along = np.concatenate([[0.0], np.cumsum(steps)])
        if index >= len(done):
            if distance >= along[-1]:
                shown.append(stroke)
            else:
                count = int(np.searchsorted(along, distance, side="right"))
                if count:
                    points = stroke.points[:count]
                    shown.append(
                        Stroke(points=points, pressure=None, times=None, width=stroke.width)
                    )
                break
        distance -= along[-1] + _LIFT
        if distance < 0:
            break
    return Drawing(tuple(shown))
