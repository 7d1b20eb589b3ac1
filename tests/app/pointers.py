"""Mouse, pen and finger on a paper: the events that they send it, and what is on it then."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QSizeF, Qt
from PySide6.QtGui import (
    QImage,
    QInputDevice,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.ink.ink_layer import PaperPlace
from trainer.picture.strokes import Stroke

LEFT, RIGHT, MIDDLE, NONE = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.RightButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.NoButton,
)
PLAIN = Qt.KeyboardModifier.NoModifier
Type = QEvent.Type
Xy = tuple[float, float]

PEN_FEATURES = QInputDevice.Capability.Position | QInputDevice.Capability.Pressure


def device(
    kind: QInputDevice.DeviceType = QInputDevice.DeviceType.Stylus,
    tip: QPointingDevice.PointerType = QPointingDevice.PointerType.Pen,
    features: QInputDevice.Capability = PEN_FEATURES,
) -> QPointingDevice:
    return QPointingDevice("made for a test", 77, kind, tip, features, 1, 3)


PEN = device()
ERASER = device(tip=QPointingDevice.PointerType.Eraser)
TOUCH_SCREEN = device(QInputDevice.DeviceType.TouchScreen, QPointingDevice.PointerType.Finger)


def on_paper(x: float, y: float) -> Xy:
    """The place in the widget of a place on the paper."""
    return 10 + x / 0.7, 10 + y / 0.7


def send_mouse(
    canvas: Canvas,
    kind: Type,
    place: Xy,
    button: Qt.MouseButton = LEFT,
    buttons: Qt.MouseButton = LEFT,
    **more: QPointingDevice,
) -> QMouseEvent:
    position = QPointF(*place)
    event = QMouseEvent(
        kind, position, canvas.mapToGlobal(position), button, buttons, PLAIN, **more
    )
    QCoreApplication.sendEvent(canvas, event)
    return event


def press(canvas: Canvas, place: Xy, button: Qt.MouseButton = LEFT) -> None:
    send_mouse(canvas, Type.MouseButtonPress, place, button, button)


def move(canvas: Canvas, place: Xy, button: Qt.MouseButton = LEFT) -> None:
    send_mouse(canvas, Type.MouseMove, place, NONE, button)


def release(canvas: Canvas, place: Xy, button: Qt.MouseButton = LEFT) -> None:
    send_mouse(canvas, Type.MouseButtonRelease, place, button, NONE)


def drag(canvas: Canvas, *places: Xy, button: Qt.MouseButton = LEFT) -> None:
    press(canvas, places[0], button)
    for place in places[1:]:
        move(canvas, place, button)
    release(canvas, places[-1], button)


def send_tablet(
    canvas: Canvas,
    kind: Type,
    place: Xy,
    pressure: float = 0.5,
    *,
    pen: QPointingDevice = PEN,
    button: Qt.MouseButton = LEFT,
    buttons: Qt.MouseButton = LEFT,
) -> QTabletEvent:
    position = QPointF(*place)
    event = QTabletEvent(
        kind,
        pen,
        position,
        canvas.mapToGlobal(position),
        pressure,
        0,
        0,
        0,
        0,
        0,
        PLAIN,
        button,
        buttons,
    )
    QCoreApplication.sendEvent(canvas, event)
    return event


def pen_press(canvas: Canvas, place: Xy, pressure: float = 0.5, pen: QPointingDevice = PEN) -> None:
    send_tablet(canvas, Type.TabletPress, place, pressure, pen=pen)


def pen_move(canvas: Canvas, place: Xy, pressure: float = 0.5, pen: QPointingDevice = PEN) -> None:
    send_tablet(canvas, Type.TabletMove, place, pressure, pen=pen, button=NONE)


def pen_release(canvas: Canvas, place: Xy, pen: QPointingDevice = PEN) -> None:
    send_tablet(canvas, Type.TabletRelease, place, 0.0, pen=pen, buttons=NONE)


def strokes(canvas: Canvas) -> tuple[Stroke, ...]:
    return canvas.current_drawing().strokes


def ink(canvas: Canvas, ratio: float = 1.0) -> NDArray[np.float64]:
    """(H, W) 0 paper … 1 ink, of the widget as it is painted, without what lies around the paper."""
    image = QImage(canvas.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    canvas.render(image, QPoint())
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    result = 1 - pixels[..., 0] / 255
    place = PaperPlace(QSizeF(canvas.size()), ratio)
    left, top = round(place.rect.left() * ratio), round(place.rect.top() * ratio)
    on_paper = np.zeros_like(result)
    part = slice(top, top + place.pixels), slice(left, left + place.pixels)
    on_paper[part] = result[part]
    return on_paper


def point_away(canvas: Canvas) -> None:
    """Take the mouse pointer, and with it the brush, off the paper."""
    QCoreApplication.sendEvent(canvas, QEvent(Type.Leave))


def turn_wheel(widget: QWidget, notches: int = -1) -> None:
    """Over the middle of a widget; -1 is one notch towards the person, which scrolls down."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(middle)),
        QPoint(0, 0),
        QPoint(0, 120 * notches),
        NONE,
        PLAIN,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QCoreApplication.sendEvent(widget, event)
