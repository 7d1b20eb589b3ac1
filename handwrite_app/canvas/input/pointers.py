"""Reads Qt's mouse, tablet and touch events for the canvas and hands them to `CanvasInput`.

Also knows where the pointer hovers, so that the brush can be shown before it touches. Holds no widget.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QEventPoint,
    QInputDevice,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QTouchEvent,
)

from handwrite_app.canvas.input.gesture import CanvasInput, PointerSample, Source, Tool
from handwrite_app.canvas.input.pen_settings import PenSettings, PressureSense
from handwrite_app.canvas.input.touch_taps import Tap, TouchTaps

_Button = Qt.MouseButton
_Device = QInputDevice.DeviceType

#: A contact that is broader is no finger, in device-independent pixels (96 to an inch: 25 mm).
PALM_PIXELS = 95.0
#: Events of a finger.
TOUCHES = (
    QEvent.Type.TouchBegin,
    QEvent.Type.TouchUpdate,
    QEvent.Type.TouchEnd,
    QEvent.Type.TouchCancel,
)
#: A stroke under way ends with these, and is kept.
CUT_SHORT = (
    QEvent.Type.FocusOut,
    QEvent.Type.Hide,
    QEvent.Type.Close,
    QEvent.Type.WindowDeactivate,
)


class Pointers:
    """Brings events of one widget to its input.

    to_paper maps a widget's position to drawing units. tool is the one in hand; the right button, a pen's
    side button and its other end erase whatever it is.
    """

    def __init__(
        self, canvas_input: CanvasInput, to_paper: Callable[[QPointF], tuple[float, float]]
    ) -> None:
        self.tool = Tool.PEN
        #: Where a brush can be shown, in the widget's coordinates, and what it would do there.
        self.hover: QPointF | None = None
        self.hover_tool = Tool.PEN
        self.hover_is_pen = False
        self._input = canvas_input
        self._to_paper = to_paper
        self._settings = PenSettings()
        self._sense = PressureSense()
        self._taps = TouchTaps()
        #: Called with a tap of several fingers.
        self.on_tap: Callable[[Tap], object] = lambda _tap: None

    @property
    def settings(self) -> PenSettings:
        return self._settings

    @settings.setter
    def settings(self, settings: PenSettings) -> None:
        self._settings = settings
        self._input.rejects_palm = settings.rejects_palm

    def mouse_press(self, event: QMouseEvent) -> None:
        if _is_echo(event) or event.button() not in (_Button.LeftButton, _Button.RightButton):
            return
        tool = Tool.ERASER if event.button() == _Button.RightButton else self.tool
        self._input.press(Source.MOUSE, event.button().value, tool, self._sample(event))
        self._hover_mouse(event)

    def mouse_move(self, event: QMouseEvent) -> None:
        if _is_echo(event):
            return
        if self._input.source is Source.MOUSE:
            if event.buttons() & _Button(self._input.contact):
                self._input.move(Source.MOUSE, self._input.contact, self._sample(event))
            else:
                self._input.finish()  # released outside, without an event
        self._hover_mouse(event)

    def mouse_release(self, event: QMouseEvent) -> None:
        if not _is_echo(event):
            self._input.release(Source.MOUSE, event.button().value, self._sample(event))
            self._hover_mouse(event)

    def tablet(self, event: QTabletEvent) -> None:
        erases = event.pointerType() == QPointingDevice.PointerType.Eraser
        erases = erases or bool((event.buttons() | event.button()) & _Button.RightButton)
        tool = Tool.ERASER if erases else self.tool
        kind = event.type()
        sample = self._sample(event, self._pressure(event))
        if kind == QEvent.Type.TabletPress:
            if event.button() in (_Button.LeftButton, _Button.RightButton):
                self._input.press(Source.PEN, event.button().value, tool, sample)
        elif kind == QEvent.Type.TabletRelease:
            self._input.release(Source.PEN, event.button().value, sample)
        elif self._input.source is not Source.PEN:
            self._input.pen_is_near(sample.ms)
        elif event.buttons() == _Button.NoButton and not event.pressure() > 0:
            self._input.finish()  # lifted outside, without an event
        else:
            self._input.move(Source.PEN, self._input.contact, sample)
        self.hover, self.hover_is_pen = event.position(), True
        self.hover_tool = self._input.tool if self._input.active else tool

    def touch(self, event: QTouchEvent) -> bool:
        """Whether the touch is for the paper: a touchpad's is not."""
        if event.device().type() != _Device.TouchScreen:
            return False
        if event.type() == QEvent.Type.TouchCancel:
            self._taps.cancel()
            if self._input.source is Source.TOUCH:
                self._input.finish()
            return True
        if self._settings.pen_only:
            return True  # and no mouse event is made of it
        for point in event.points():
            sample = PointerSample(*self._to_paper(point.position()), None, event.timestamp())
            state = point.state()
            if state == QEventPoint.State.Pressed:
                if self._settings.rejects_palm and _is_palm(point):
                    continue
                if self._taps.press(point.id(), sample.x, sample.y, sample.ms):
                    if self._input.source is Source.TOUCH:
                        self._input.drop()
                    continue
                if self._taps.is_tapping:
                    continue
                self._input.press(Source.TOUCH, point.id(), self.tool, sample)
            elif state == QEventPoint.State.Released:
                if (tap := self._taps.release(point.id(), sample.ms)) is not None:
                    self.on_tap(tap)
                self._input.release(Source.TOUCH, point.id(), sample)
            elif state == QEventPoint.State.Updated:
                self._taps.move(point.id(), sample.x, sample.y)
                self._input.move(Source.TOUCH, point.id(), sample)
        if self._input.source is not Source.PEN:
            self.hover = None
        return True

    def enter(self, position: QPointF) -> None:
        if not self._input.active:
            self.hover, self.hover_tool, self.hover_is_pen = position, self.tool, False

    def leave(self) -> None:
        """The mouse pointer left the widget. A pen's stroke goes on: some systems drag the mouse pointer
        after the pen, or hide it."""
        if self._input.source is Source.MOUSE:
            self._input.finish()
        if self._input.source is not Source.PEN:
            self.hover = None

    def _pressure(self, event: QTabletEvent) -> float | None:
        """To draw with: 0…1, or None from a pen that measures none, and where none is wanted."""
        measured = _pressure(event)
        if event.type() == QEvent.Type.TabletRelease:
            self._sense.lift(event.device().systemId())
            return measured
        touches = event.type() == QEvent.Type.TabletPress or event.buttons() != _Button.NoButton
        if touches:
            begins = event.type() == QEvent.Type.TabletPress
            measured = self._sense.read(event.device().systemId(), measured, begins=begins)
        if measured is None or self._settings.fixed_width:
            return None
        return self._settings.pressure(measured)

    def _hover_mouse(self, event: QMouseEvent) -> None:
        if self._input.source in (None, Source.MOUSE):
            self.hover, self.hover_is_pen = event.position(), False
            self.hover_tool = self._input.tool if self._input.active else self.tool

    def _sample(
        self, event: QMouseEvent | QTabletEvent, pressure: float | None = None
    ) -> PointerSample:
        return PointerSample(*self._to_paper(event.position()), pressure, event.timestamp())


def _is_echo(event: QMouseEvent) -> bool:
    """Whether a system or Qt made the mouse event up from a touch or a pen that we see ourselves."""
    return event.source() in (
        Qt.MouseEventSource.MouseEventSynthesizedBySystem,
        Qt.MouseEventSource.MouseEventSynthesizedByQt,
    ) or event.device().type() in (_Device.TouchScreen, _Device.Stylus, _Device.Airbrush)


def _is_palm(point: QEventPoint) -> bool:
    """Whether so broad a contact is the side of a hand."""
    size = point.ellipseDiameters()
    return max(size.width(), size.height()) > PALM_PIXELS


def _pressure(event: QTabletEvent) -> float | None:
    """0…1, or None from a pen that measures none."""
    pressure = event.pressure()
    measured = event.pointingDevice().capabilities() & QInputDevice.Capability.Pressure
    return pressure if measured and math.isfinite(pressure) else None
