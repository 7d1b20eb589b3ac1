"""When it is asked what is on the paper, and whether answers to what was there before still count."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from handwrite_app.canvas.canvas import Canvas

#: While the pen moves, this many milliseconds pass between two questions.
_ASK_MS = 33


class ReadRequester(QObject):
    """Asks while one draws: the newest drawing, again and again.

    Ink is painted first. While the pen moves, what it says is asked no more often than a screen can show it:
    a mouse moves up to a thousand times a second, and each answer costs as much as ten moves. When the pen is
    lifted it is asked at once.

    Signals:
        asked(Drawing, replaced): what is this? replaced: an answer to what was asked before would be a lie.
            While a stroke grows, one that is a few points old is welcome.
    """

    asked = Signal(object, bool)

    def __init__(self, canvas: Canvas, parent: QObject) -> None:
        super().__init__(parent)
        self.drawing = canvas.current_drawing()  # what was asked about last
        self.is_moving = False  # it has changed since the pen was lifted
        self._canvas = canvas
        self._begun_anew = False  # a new drawing, since it was asked
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_ASK_MS)
        self._timer.timeout.connect(self.ask)
        canvas.drawingChanged.connect(self._on_drawing_changed)
        canvas.strokeFinished.connect(self._on_stroke_finished)
        canvas.begunAnew.connect(self._on_begun_anew)

    def ask(self) -> None:
        """At once: the network is another one, say."""
        self._timer.stop()
        before, self.drawing = self.drawing, self._canvas.current_drawing()
        fewer = len(self.drawing.strokes) < len(before.strokes)
        replaced = fewer or self.drawing.image is not before.image or self._begun_anew
        self._begun_anew = False
        self.asked.emit(self.drawing, replaced or self.drawing.is_empty)

    def end(self) -> None:
        """Nothing is asked any more."""
        self._timer.stop()
        self._canvas.drawingChanged.disconnect(self._on_drawing_changed)
        self._canvas.strokeFinished.disconnect(self._on_stroke_finished)
        self._canvas.begunAnew.disconnect(self._on_begun_anew)

    def _on_drawing_changed(self) -> None:
        self.is_moving = True
        if not self._timer.isActive():
            self._timer.start()

    def _on_stroke_finished(self) -> None:
        self.is_moving = False
        self.ask()

    def _on_begun_anew(self) -> None:
        self._begun_anew = True
