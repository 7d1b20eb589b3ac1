"""A thin frame around each character on the paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.watched import watch
from trainer.segmentation.reading import Box

_AIR = 3.0  # logical pixels between ink and its frame
_CORNER = 6.0


#: x, y, width and height, in logical pixels: unlike a QRectF it can be in a set.
Frame = tuple[float, float, float, float]


class Mark(NamedTuple):
    """box: in drawing units. unsure: whether the character needs a look."""

    box: Box
    unsure: bool


class CharacterMarks(QWidget):
    """Lies over the paper and lets every event through. The current character's frame is in the accent."""

    def __init__(self, canvas: Canvas, theme: Theme) -> None:
        super().__init__(canvas)
        self.setObjectName("characterMarks")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self._canvas = canvas
        self._theme = theme
        self._marks: tuple[Mark, ...] = ()
        self._current = -1
        watch(canvas, [QEvent.Type.Resize], self._on_resized)
        theme.changed.connect(self.update)
        self.hide()

    @property
    def marks(self) -> tuple[Mark, ...]:
        return self._marks

    def set_marks(self, marks: Sequence[Mark], current: int) -> None:
        """current: the character whose bars are shown; −1: none."""
        if (tuple(marks), current) == (self._marks, self._current):
            return
        before = self._drawn()
        self._marks, self._current = tuple(marks), current
        self.setGeometry(self._canvas.rect())
        self.setVisible(bool(marks))
        # Beneath what is painted again, the paper is, too.
        changed = QRegion()
        for frame, _ in before ^ self._drawn():
            changed += _around(frame)
        self.update(changed)

    def at(self, position: QPointF) -> int:
        """The character under a place of the canvas; −1: none. Of several the one with the nearest middle."""
        found = [
            (abs(frame.center().x() - position.x()), i)
            for i, frame in enumerate(self._frames())
            if frame.contains(position)
        ]
        return min(found)[1] if found else -1

    def _on_resized(self, _event: QEvent) -> bool:
        self.setGeometry(self._canvas.rect())
        return False

    def _drawn(self) -> set[tuple[Frame, tuple[bool, bool]]]:
        """Frames and how they look."""
        return {
            (_rect(frame), (mark.unsure, i == self._current))
            for i, (mark, frame) in enumerate(zip(self._marks, self._frames(), strict=True))
        }

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self._theme.tokens
        part = event.region()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for i, (mark, frame) in enumerate(zip(self._marks, self._frames(), strict=True)):
                if not part.intersects(_around(_rect(frame))):
                    continue
                colour = QColor(tokens.amber if mark.unsure else tokens.outline)
                if i == self._current:
                    colour = QColor(tokens.accent)
                elif not mark.unsure:
                    colour.setAlpha(110)
                painter.setPen(QPen(colour, 2.0 if i == self._current else 1.0))
                painter.drawRoundedRect(frame, _CORNER, _CORNER)

    def _frames(self) -> list[QRectF]:
        place = self._canvas.place()
        frames = []
        for mark in self._marks:
            frame = place.to_widget(QRectF(*mark.box)).adjusted(-_AIR, -_AIR, _AIR, _AIR)
            frames.append(frame.intersected(place.rect.adjusted(1, 1, -1, -1)))
        return frames


def _rect(frame: QRectF) -> Frame:
    return frame.x(), frame.y(), frame.width(), frame.height()


def _around(frame: Frame) -> QRect:
    """All pixels that its line touches."""
    return QRectF(*frame).toAlignedRect().adjusted(-2, -2, 2, 2)
