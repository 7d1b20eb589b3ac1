"""The paper under mouse, pen and finger: events in, strokes and signals out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDropEvent,
    QFocusEvent,
    QImage,
    QInputDevice,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot
from scipy import ndimage

from handwrite_app._canvas_layer import PaperPlace
from handwrite_app.canvas import MAX_PEN_WIDTH, MIN_PEN_WIDTH, Canvas
from handwrite_app.document import PAPER
from trainer.strokes import Drawing, InkImage, Stroke

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


@pytest.fixture
def canvas(qtbot: QtBot) -> Canvas:
    """A paper of 400 pixels with its corner at (10, 10), so a drawing unit is 10/7 of a pixel."""
    canvas = Canvas()
    qtbot.addWidget(canvas)
    # Without a frame the window is where QTest takes it to be when it makes touches.
    canvas.setWindowFlag(Qt.WindowType.FramelessWindowHint)
    canvas.resize(420, 420)
    canvas.set_colors(QColor("white"), QColor("black"), QColor("gray"), QColor("lightgray"))
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


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


class TestMouse:
    def test_dragging_draws_a_stroke_in_drawing_units(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(20, 30), on_paper(100, 30), on_paper(100, 250))
        (stroke,) = strokes(canvas)
        assert stroke.points == pytest.approx(np.array([(20, 30), (100, 30), (100, 250)]), abs=1e-4)
        assert stroke.width == 24
        assert stroke.pressure is None

    def test_places_between_pixels_count(self, canvas: Canvas) -> None:
        drag(canvas, (100.25, 100.5), (200.75, 100.5))
        assert strokes(canvas)[0].points[:, 0] == pytest.approx([90.25 * 0.7, 190.75 * 0.7])

    def test_a_click_is_a_dot(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(140, 140))
        assert len(strokes(canvas)[0].points) == 1
        assert ink(canvas)[210, 210] == 1

    def test_a_quick_second_click_is_a_second_dot(self, canvas: Canvas) -> None:
        place = QPoint(100, 100)
        QTest.mouseClick(canvas, LEFT, pos=place)
        QTest.mouseDClick(canvas, LEFT, pos=place + QPoint(60, 0))
        QTest.mouseRelease(canvas, LEFT, pos=place + QPoint(60, 0))
        assert len(strokes(canvas)) == 2

    def test_the_events_of_a_real_window_arrive(self, canvas: Canvas) -> None:
        QTest.mousePress(canvas, LEFT, pos=QPoint(80, 80))
        for x in range(80, 300, 20):
            QTest.mouseMove(canvas, QPoint(x, 120))
        QTest.mouseRelease(canvas, LEFT, pos=QPoint(300, 120))
        (stroke,) = strokes(canvas)
        assert len(stroke.points) >= 10
        assert stroke.points[-1] == pytest.approx((290 * 0.7, 110 * 0.7))

    def test_right_dragging_erases(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(20, 140), on_paper(260, 140))
        drag(canvas, on_paper(140, 60), on_paper(140, 220), button=RIGHT)
        assert len(strokes(canvas)) == 2

    def test_the_middle_button_does_nothing(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(20, 140), on_paper(260, 140), button=MIDDLE)
        assert canvas.is_empty()

    def test_the_eraser_in_hand_erases_with_the_left_button(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(20, 140), on_paper(260, 140))
        canvas.set_tool("eraser")
        drag(canvas, on_paper(140, 60), on_paper(140, 220))
        assert len(strokes(canvas)) == 2

    def test_a_release_that_got_lost_ends_the_stroke(self, canvas: Canvas) -> None:
        press(canvas, on_paper(20, 20))
        move(canvas, on_paper(60, 60))
        send_mouse(canvas, Type.MouseMove, on_paper(200, 200), NONE, NONE)
        move(canvas, on_paper(220, 220))
        assert len(strokes(canvas)) == 1
        assert strokes(canvas)[0].points[-1] == pytest.approx((60, 60), abs=1e-4)

    @pytest.mark.parametrize(
        "source",
        [
            Qt.MouseEventSource.MouseEventSynthesizedByQt,
            Qt.MouseEventSource.MouseEventSynthesizedBySystem,
        ],
    )
    def test_mouse_events_made_from_touch_or_pen_are_ignored(
        self, canvas: Canvas, source: Qt.MouseEventSource
    ) -> None:
        place = QPointF(100, 100)
        for kind, buttons in ((Type.MouseButtonPress, LEFT), (Type.MouseButtonRelease, NONE)):
            event = QMouseEvent(
                kind, place, place, canvas.mapToGlobal(place), LEFT, buttons, PLAIN, source
            )
            QCoreApplication.sendEvent(canvas, event)
        assert canvas.is_empty()

    def test_so_are_those_of_a_touch_screen(self, canvas: Canvas) -> None:
        send_mouse(canvas, Type.MouseButtonPress, (100, 100), device=TOUCH_SCREEN)
        assert canvas.is_empty()

    def test_no_menu_comes_with_the_right_button(self, canvas: Canvas) -> None:
        assert canvas.contextMenuPolicy() == Qt.ContextMenuPolicy.PreventContextMenu


class TestPen:
    def test_pressure_becomes_width(self, canvas: Canvas) -> None:
        pen_press(canvas, on_paper(40, 140), 0.1)
        pen_move(canvas, on_paper(140, 140), 0.5)
        pen_move(canvas, on_paper(240, 140), 0.9)
        pen_release(canvas, on_paper(240, 140))
        (stroke,) = strokes(canvas)
        assert stroke.pressure == pytest.approx([0.1, 0.5, 0.9])
        assert stroke.widths() == pytest.approx([24 * 0.6, 24, 24 * 1.4])
        thick = ink(canvas).sum(axis=0)
        assert thick[10 + 330] > 1.5 * thick[10 + 70]

    def test_a_pen_that_measures_no_pressure_has_none(self, canvas: Canvas) -> None:
        simple = device(features=QInputDevice.Capability.Position)
        pen_press(canvas, on_paper(40, 140), 0.0, simple)
        pen_release(canvas, on_paper(40, 140), simple)
        assert strokes(canvas)[0].pressure is None

    def test_its_events_are_accepted_so_that_qt_makes_no_mouse_events_of_them(
        self, canvas: Canvas
    ) -> None:
        for kind, buttons in (
            (Type.TabletMove, NONE),
            (Type.TabletPress, LEFT),
            (Type.TabletMove, LEFT),
            (Type.TabletRelease, NONE),
        ):
            assert send_tablet(canvas, kind, (100, 100), buttons=buttons).isAccepted()

    def test_the_other_end_erases(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(20, 140), on_paper(260, 140))
        pen_press(canvas, on_paper(140, 60), pen=ERASER)
        pen_move(canvas, on_paper(140, 220), pen=ERASER)
        pen_release(canvas, on_paper(140, 220), pen=ERASER)
        assert len(strokes(canvas)) == 2
        assert canvas.tool == "pen"

    def test_so_does_the_button_at_its_side(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(20, 140), on_paper(260, 140))
        send_tablet(canvas, Type.TabletPress, on_paper(140, 60), button=RIGHT, buttons=RIGHT)
        send_tablet(canvas, Type.TabletMove, on_paper(140, 220), button=NONE, buttons=RIGHT)
        send_tablet(canvas, Type.TabletRelease, on_paper(140, 220), button=RIGHT, buttons=NONE)
        assert len(strokes(canvas)) == 2

    def test_stray_mouse_events_amid_a_stroke_change_nothing(self, canvas: Canvas) -> None:
        pen_press(canvas, on_paper(40, 40))
        press(canvas, on_paper(41, 41))
        pen_move(canvas, on_paper(80, 40))
        move(canvas, on_paper(200, 200))
        QCoreApplication.sendEvent(canvas, QEvent(Type.Leave))
        pen_move(canvas, on_paper(120, 40))
        release(canvas, on_paper(200, 200))
        pen_move(canvas, on_paper(160, 40))
        pen_release(canvas, on_paper(160, 40))
        (stroke,) = strokes(canvas)
        assert stroke.points[:, 0] == pytest.approx([40, 80, 120, 160], abs=1e-4)
        assert stroke.points[:, 1] == pytest.approx(40, abs=1e-4)

    def test_it_brings_the_focus_to_the_paper(self, canvas: Canvas, qtbot: QtBot) -> None:
        other = QLineEdit(canvas)
        other.show()
        canvas.activateWindow()
        qtbot.waitUntil(canvas.isActiveWindow)
        for draw in (
            lambda: pen_press(canvas, on_paper(40, 40)),
            lambda: QTest.touchEvent(canvas, QTest.createTouchDevice()).press(0, QPoint(300, 300)),
        ):
            other.setFocus()
            assert not canvas.hasFocus()
            draw()
            assert canvas.hasFocus()

    def test_hovering_draws_nothing(self, canvas: Canvas) -> None:
        for x in range(50, 300, 10):
            send_tablet(canvas, Type.TabletMove, (x, 100), 0.0, button=NONE, buttons=NONE)
        assert canvas.is_empty()

    def test_a_lift_that_got_lost_ends_the_stroke(self, canvas: Canvas) -> None:
        pen_press(canvas, on_paper(40, 40))
        pen_move(canvas, on_paper(80, 40))
        send_tablet(canvas, Type.TabletMove, on_paper(200, 200), 0.0, button=NONE, buttons=NONE)
        assert canvas.document.drawing.strokes[0].points[-1] == pytest.approx((80, 40), abs=1e-4)

    def test_pressing_harder_in_place_makes_a_bigger_dot(self, canvas: Canvas) -> None:
        pen_press(canvas, on_paper(140, 140), 0.0)
        small = ink(canvas).sum()
        pen_move(canvas, on_paper(140, 140), 1.0)
        assert ink(canvas).sum() > 4 * small


class TestTouch:
    def test_one_finger_draws(self, canvas: Canvas) -> None:
        finger = QTest.createTouchDevice()
        QTest.touchEvent(canvas, finger).press(0, QPoint(80, 80))
        for x in range(90, 300, 30):
            QTest.touchEvent(canvas, finger).move(0, QPoint(x, 100))
        QTest.touchEvent(canvas, finger).release(0, QPoint(300, 100))
        (stroke,) = strokes(canvas)
        assert stroke.points[0] == pytest.approx((49, 49))
        assert stroke.points[-1] == pytest.approx((203, 63))
        assert stroke.pressure is None

    def test_a_second_finger_takes_nothing_away_and_draws_nothing(self, canvas: Canvas) -> None:
        finger = QTest.createTouchDevice()
        QTest.touchEvent(canvas, finger).press(0, QPoint(80, 80))
        QTest.touchEvent(canvas, finger).move(0, QPoint(120, 80))
        QTest.touchEvent(canvas, finger).stationary(0).press(1, QPoint(300, 300))
        QTest.touchEvent(canvas, finger).move(0, QPoint(160, 80)).move(1, QPoint(250, 250))
        QTest.touchEvent(canvas, finger).stationary(0).release(1, QPoint(250, 250))
        QTest.touchEvent(canvas, finger).move(0, QPoint(200, 80))
        QTest.touchEvent(canvas, finger).release(0, QPoint(200, 80))
        (stroke,) = strokes(canvas)
        assert stroke.points[:, 0] == pytest.approx([49, 77, 105, 133])

    def test_a_finger_erases_with_the_eraser_in_hand(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(20, 140), on_paper(260, 140))
        canvas.set_tool("eraser")
        finger = QTest.createTouchDevice()
        QTest.touchEvent(canvas, finger).press(0, QPoint(210, 100))
        QTest.touchEvent(canvas, finger).move(0, QPoint(210, 300))
        QTest.touchEvent(canvas, finger).release(0, QPoint(210, 300))
        assert len(strokes(canvas)) == 2

    def test_fingers_on_a_touchpad_do_not_draw(self, canvas: Canvas) -> None:
        pad = QTest.createTouchDevice(QInputDevice.DeviceType.TouchPad)
        QTest.touchEvent(canvas, pad).press(0, QPoint(80, 80))
        QTest.touchEvent(canvas, pad).release(0, QPoint(80, 80))
        assert canvas.is_empty()

    def test_the_resting_hand_is_ignored_while_the_pen_draws(self, canvas: Canvas) -> None:
        finger = QTest.createTouchDevice()
        pen_press(canvas, on_paper(40, 40))
        QTest.touchEvent(canvas, finger).press(0, QPoint(300, 300))
        pen_move(canvas, on_paper(80, 40))
        QTest.touchEvent(canvas, finger).release(0, QPoint(300, 300))
        pen_release(canvas, on_paper(80, 40))
        assert len(strokes(canvas)) == 1


class TestSignals:
    def test_every_point_is_a_change_and_the_lift_finishes(
        self, canvas: Canvas, qtbot: QtBot
    ) -> None:
        told: list[str] = []
        sizes: list[int] = []
        canvas.drawingChanged.connect(
            lambda: (told.append("changed"), sizes.append(len(strokes(canvas)[-1].points)))
        )
        canvas.strokeFinished.connect(lambda: told.append("finished"))
        drag(canvas, on_paper(20, 20), on_paper(40, 20), on_paper(60, 20))
        assert told == ["changed"] * 4 + ["finished"]
        assert sizes == [1, 2, 3, 3]

    def test_the_history_is_told_when_it_changes(self, canvas: Canvas) -> None:
        told: list[tuple[bool, bool]] = []
        canvas.historyChanged.connect(lambda *state: told.append(state))
        drag(canvas, on_paper(20, 20), on_paper(40, 20))
        drag(canvas, on_paper(20, 60), on_paper(40, 60))
        assert told == [(True, False)]
        canvas.undo()
        canvas.undo()
        assert told[1:] == [(True, True), (False, True)]
        canvas.redo()
        assert told[-1] == (True, True)

    def test_nothing_to_undo_nothing_told(self, canvas: Canvas, qtbot: QtBot) -> None:
        with qtbot.assertNotEmitted(canvas.drawingChanged):
            canvas.undo()
            canvas.redo()
            canvas.clear()

    def test_tool_and_width_are_told(self, canvas: Canvas) -> None:
        told: list[object] = []
        canvas.toolChanged.connect(told.append)
        canvas.penWidthChanged.connect(told.append)
        canvas.set_tool("eraser")
        canvas.set_tool("eraser")
        canvas.set_pen_width(30)
        canvas.set_pen_width(30)
        assert told == ["eraser", 30.0]

    def test_an_unknown_tool_is_an_error(self, canvas: Canvas) -> None:
        with pytest.raises(ValueError):
            canvas.set_tool("spade")

    def test_the_width_stays_within_its_range(self, canvas: Canvas) -> None:
        for _ in range(30):
            canvas.widen()
        assert canvas.pen_width == MAX_PEN_WIDTH
        for _ in range(30):
            canvas.narrow()
        assert canvas.pen_width == MIN_PEN_WIDTH

    def test_a_new_width_holds_from_the_next_stroke_on(self, canvas: Canvas) -> None:
        press(canvas, on_paper(20, 20))
        canvas.set_pen_width(40)
        move(canvas, on_paper(60, 20))
        release(canvas, on_paper(60, 20))
        drag(canvas, on_paper(20, 100), on_paper(60, 100))
        assert [stroke.width for stroke in strokes(canvas)] == [24, 40]


class TestHistory:
    def test_undo_redo_and_clear(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(20, 20), on_paper(40, 20))
        drag(canvas, on_paper(20, 60), on_paper(40, 60))
        both = canvas.current_drawing()
        point_away(canvas)
        looks = ink(canvas)
        canvas.undo()
        assert len(strokes(canvas)) == 1
        canvas.clear()
        assert canvas.is_empty()
        assert ink(canvas).max() == 0
        canvas.undo()
        canvas.redo()
        assert canvas.is_empty()
        canvas.undo()
        canvas.undo()
        canvas.redo()
        assert canvas.current_drawing() is not both
        assert looks.max() == 1

    def test_undone_and_redone_it_looks_the_same(self, canvas: Canvas) -> None:
        canvas.set_colors(QColor("white"), QColor("black"), QColor("white"), QColor("white"))
        for y in (60, 140, 220):
            drag(canvas, *(on_paper(30 + x, y + (x % 40)) for x in range(0, 220, 11)))
        looks = ink(canvas)
        for _ in range(3):
            canvas.undo()
        for _ in range(3):
            canvas.redo()
        assert np.array_equal(ink(canvas), looks)

    def test_undo_amid_a_stroke_ends_it_and_takes_it_back(self, canvas: Canvas) -> None:
        press(canvas, on_paper(20, 20))
        move(canvas, on_paper(60, 20))
        canvas.undo()
        move(canvas, on_paper(100, 20))
        release(canvas, on_paper(100, 20))
        assert canvas.is_empty()
        canvas.redo()
        assert strokes(canvas)[0].points[-1] == pytest.approx((60, 20), abs=1e-4)

    def test_redo_amid_a_stroke_does_nothing(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(20, 20), on_paper(40, 20))
        canvas.undo()
        press(canvas, on_paper(20, 90))
        canvas.redo()
        release(canvas, on_paper(20, 90))
        assert len(strokes(canvas)) == 1

    def test_an_eraser_gesture_is_one_step(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(20, 140), on_paper(260, 140))
        drag(canvas, *(on_paper(x, 100 + (x % 80)) for x in range(40, 240, 4)), button=RIGHT)
        erased = canvas.current_drawing()
        canvas.undo()
        assert canvas.current_drawing() is not erased
        assert strokes(canvas)[0].points[0] == pytest.approx((20, 140), abs=1e-4)
        canvas.redo()
        assert canvas.current_drawing() is erased

    def test_erasing_shows_while_it_happens(self, canvas: Canvas) -> None:
        canvas.set_colors(QColor("white"), QColor("black"), QColor("white"), QColor("white"))
        drag(canvas, on_paper(20, 140), on_paper(260, 140))
        assert ink(canvas)[210, 210] == 1
        press(canvas, on_paper(140, 60), RIGHT)
        move(canvas, on_paper(140, 220), RIGHT)
        assert len(strokes(canvas)) == 2
        assert len(canvas.document.drawing.strokes) == 1
        assert ink(canvas)[210, 210] == 0
        during = ink(canvas)
        release(canvas, on_paper(140, 220), RIGHT)
        assert np.abs(ink(canvas) - during).max() < 0.02

    def test_another_drawing_can_be_put_on_the_paper_and_taken_off(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(20, 20), on_paper(40, 20))
        picture = Drawing((), InkImage(np.full((10, 10), 255, np.uint8), 90, 90, 100, 100))
        canvas.set_drawing(picture)
        assert ink(canvas)[210, 210] == 1
        canvas.undo()
        assert ink(canvas)[210, 210] == 0
        assert len(strokes(canvas)) == 1

    def test_or_for_good(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(20, 20), on_paper(40, 20))
        canvas.set_drawing(Drawing(), undoable=False)
        assert not canvas.document.can_undo
        assert canvas.is_empty()


class TestCutShort:
    @pytest.mark.parametrize("how", ["leave", "focus", "deactivate", "hide", "other drawing"])
    def test_a_stroke_that_is_cut_short_is_kept(
        self, canvas: Canvas, how: str, qtbot: QtBot
    ) -> None:
        press(canvas, on_paper(20, 20))
        move(canvas, on_paper(60, 20))
        with qtbot.waitSignal(canvas.strokeFinished, timeout=1000):
            if how == "leave":
                QCoreApplication.sendEvent(canvas, QEvent(Type.Leave))
            elif how == "focus":
                QCoreApplication.sendEvent(canvas, QFocusEvent(Type.FocusOut))
            elif how == "deactivate":
                QCoreApplication.sendEvent(canvas, QEvent(Type.WindowDeactivate))
            elif how == "hide":
                canvas.hide()
            else:
                canvas.set_drawing(Drawing())
        move(canvas, on_paper(200, 200))
        if how == "other drawing":
            canvas.undo()
        (stroke,) = canvas.document.drawing.strokes
        assert stroke.points[-1] == pytest.approx((60, 20), abs=1e-4)

    def test_ink_outside_of_the_paper_is_held_at_its_edge(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(270, 100), on_paper(500, 130), on_paper(270, 160))
        assert strokes(canvas)[0].points[:, 0].max() == PAPER

    def test_a_drag_from_beside_the_paper_draws_once_it_is_there(self, canvas: Canvas) -> None:
        drag(canvas, (3, 100), (8, 100), on_paper(20, 63), on_paper(40, 63))
        assert strokes(canvas)[0].points[:, 0] == pytest.approx([20, 40], abs=1e-4)


class TestLooks:
    @pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
    def test_ink_lies_under_the_pointer_at_every_pixel_ratio(
        self, canvas: Canvas, ratio: float, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(canvas, "devicePixelRatioF", lambda: ratio)
        canvas.set_colors(QColor("white"), QColor("black"), QColor("white"), QColor("white"))
        canvas.resize(437, 391)
        places = [(60.0, 70.5), (301.25, 99.0), (200.0, 333.75)]
        for place in places:
            drag(canvas, place)
            rows, columns = np.nonzero(ink(canvas, ratio) > 0.5)
            centre = (
                (columns.min() + columns.max() + 1) / 2 / ratio,
                (rows.min() + rows.max() + 1) / 2 / ratio,
            )
            assert centre == pytest.approx(place, abs=0.5 / ratio + 0.01)
            canvas.clear()

    @pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
    def test_a_fast_stroke_has_no_gaps(
        self, canvas: Canvas, ratio: float, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(canvas, "devicePixelRatioF", lambda: ratio)
        canvas.set_colors(QColor("white"), QColor("black"), QColor("white"), QColor("white"))
        canvas.set_pen_width(MIN_PEN_WIDTH)
        press(canvas, on_paper(30, 30))
        for i, place in enumerate([(250, 50), (30, 130), (250, 160), (30, 250), (250, 250)]):
            move(canvas, on_paper(*place))
            assert ndimage.label(ink(canvas, ratio) > 0.5)[1] == 1, f"after {i + 1} moves"

    def test_only_what_changes_is_painted(self, canvas: Canvas, qtbot: QtBot) -> None:
        press(canvas, on_paper(30, 30))
        move(canvas, on_paper(40, 30))
        QCoreApplication.processEvents()
        areas: list[int] = []
        paint = canvas.paintEvent
        canvas.paintEvent = lambda event: (
            areas.append(event.rect().width() * event.rect().height()),
            paint(event),
        )  # type: ignore[method-assign, assignment, func-returns-value]
        for x in range(44, 120, 4):
            move(canvas, on_paper(x, 30))
            QCoreApplication.processEvents()
        assert areas
        assert max(areas) < 90 * 80

    def test_the_layer_is_not_painted_anew_for_a_stroke(
        self, canvas: Canvas, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ink(canvas)
        built: list[object] = []
        monkeypatch.setattr(canvas._view.layer, "build", lambda *args: built.append(args))
        drag(canvas, *(on_paper(30 + x, 30) for x in range(200)))
        ink(canvas)
        assert built == []

    def test_strokes_grow_with_the_window(self, canvas: Canvas) -> None:
        canvas.set_colors(QColor("white"), QColor("black"), QColor("white"), QColor("white"))
        drag(canvas, on_paper(140, 140))
        point_away(canvas)
        before = ink(canvas).sum()
        canvas.resize(820, 820)
        image = ink(canvas)
        assert image.sum() == pytest.approx(4 * before, rel=0.02)
        assert image[410, 410] == 1

    def test_resizing_amid_a_stroke_keeps_it(self, canvas: Canvas) -> None:
        canvas.set_colors(QColor("white"), QColor("black"), QColor("white"), QColor("white"))
        press(canvas, on_paper(20, 140))
        for x in range(20, 260, 2):
            move(canvas, on_paper(x, 140 + x % 3))
            if x % 50 == 0:
                ink(canvas)
        canvas.resize(620, 620)
        middle = ink(canvas)[310]
        assert middle[10 + 50 : 10 + 550].min() == 1

    def test_new_colours_show(self, canvas: Canvas) -> None:
        drag(canvas, on_paper(140, 140))
        canvas.set_colors(QColor("black"), QColor("white"), QColor("gray"), QColor("gray"))
        image = ink(canvas)
        assert image[210, 210] == 0
        assert image[60, 60] == 1

    def test_the_hint_is_there_until_the_first_point(self, canvas: Canvas) -> None:
        canvas.set_hint("Draw a digit")
        assert ink(canvas)[190:230, 100:320].max() > 0.2
        press(canvas, on_paper(20, 20))
        assert ink(canvas)[190:230, 100:320].max() == 0
        release(canvas, on_paper(20, 20))
        canvas.undo()
        assert ink(canvas)[190:230, 100:320].max() > 0.2

    def test_the_brush_shows_before_it_touches(self, canvas: Canvas) -> None:
        def outline() -> float:
            """Radius of what is seen around (200, 200), 0 where nothing is."""
            _, columns = np.nonzero(ink(canvas)[100:300, 100:300] > 0.2)
            return (columns.max() - columns.min()) / 2 if len(columns) else 0.0

        assert outline() == 0
        send_mouse(canvas, Type.MouseMove, (200, 200), NONE, NONE)
        assert outline() == pytest.approx(12 / 0.7, abs=1.5)
        canvas.set_tool("eraser")
        assert outline() == pytest.approx(18 / 0.7, abs=1.5)
        canvas.set_pen_width(40)
        assert outline() == pytest.approx(30 / 0.7, abs=1.5)
        QCoreApplication.sendEvent(canvas, QEvent(Type.Leave))
        assert outline() == 0
        canvas.set_tool("pen")
        canvas.set_pen_width(24)
        send_tablet(canvas, Type.TabletMove, (200, 200), 0.0, button=NONE, buttons=NONE)
        assert outline() == pytest.approx(12 / 0.7, abs=1.5)
        send_tablet(canvas, Type.TabletMove, (200, 200), 0.0, pen=ERASER, button=NONE, buttons=NONE)
        assert outline() == pytest.approx(18 / 0.7, abs=1.5)

    def test_the_brush_of_a_pen_that_went_away_goes(self, canvas: Canvas, qtbot: QtBot) -> None:
        canvas._hover_timer.setInterval(20)
        send_tablet(canvas, Type.TabletMove, (200, 200), 0.0, button=NONE, buttons=NONE)
        assert canvas._brush is not None
        qtbot.waitUntil(lambda: canvas._brush is None, timeout=2000)

    def test_a_finger_leaves_no_brush(self, canvas: Canvas) -> None:
        finger = QTest.createTouchDevice()
        QTest.touchEvent(canvas, finger).press(0, QPoint(80, 80))
        QTest.touchEvent(canvas, finger).release(0, QPoint(80, 80))
        assert canvas._brush is None

    def test_it_fits_small_windows_and_has_a_name(self, canvas: Canvas) -> None:
        assert canvas.objectName() == "canvas"
        assert canvas.accessibleName()
        assert canvas.accessibleDescription()
        assert canvas.focusPolicy() & Qt.FocusPolicy.ClickFocus
        assert canvas.minimumSize().width() == canvas.minimumSize().height() == 240
        assert canvas.sizeHint().isValid()


class TestDrop:
    def drop(self, canvas: Canvas, mime: QMimeData) -> bool:
        where, actions = QPoint(100, 100), Qt.DropAction.CopyAction
        enter = QDragEnterEvent(where, actions, mime, LEFT, PLAIN)
        QCoreApplication.sendEvent(canvas, enter)
        if not enter.isAccepted():
            return False
        event = QDropEvent(QPointF(where), actions, mime, LEFT, PLAIN)
        QCoreApplication.sendEvent(canvas, event)
        return event.isAccepted()

    @pytest.mark.parametrize(
        "name", ["seven.png", "Photo.JPG", "digits.jsonl", "digits.jsonl.gz", "seven.svg"]
    )
    def test_files_that_can_be_opened_are_handed_on(
        self, canvas: Canvas, tmp_path: Path, name: str
    ) -> None:
        got: list[Path] = []
        canvas.fileDropped.connect(got.append)
        mime = QMimeData()
        mime.setUrls([QUrl("https://example.org/x.png"), QUrl.fromLocalFile(str(tmp_path / name))])
        assert self.drop(canvas, mime)
        assert got == [tmp_path / name]

    def test_images_are_handed_on(self, canvas: Canvas) -> None:
        got: list[QImage] = []
        canvas.imageDropped.connect(got.append)
        image = QImage(7, 5, QImage.Format.Format_RGB32)
        image.fill(QColor("red"))
        mime = QMimeData()
        mime.setImageData(image)
        assert self.drop(canvas, mime)
        assert got[0].size() == image.size()

    def test_other_things_are_not_taken(self, canvas: Canvas, tmp_path: Path) -> None:
        mime = QMimeData()
        mime.setText("seven")
        assert not self.drop(canvas, mime)
        mime.setUrls(
            [QUrl.fromLocalFile(str(tmp_path / "letter.pdf")), QUrl("https://example.org/x.png")]
        )
        assert not self.drop(canvas, mime)


_SCALED = """
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget
from handwrite_app._canvas_layer import PaperPlace
from handwrite_app.canvas import Canvas

app = QApplication([])
window, canvas = QWidget(), Canvas()
layout = QHBoxLayout(window)
layout.addWidget(canvas, 1)
layout.addWidget(QLabel("beside"))
canvas.set_colors(QColor("white"), QColor("black"), QColor("white"), QColor("white"))
window.resize(557, 491)
window.show()
QTest.qWaitForWindowExposed(window)
place = QPoint(151, 203)
QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=place)
QTest.mouseMove(canvas, QPoint(2, 2))
app.processEvents()
image = canvas.grab().toImage()
ratio = image.devicePixelRatio()
dark = [(x, y) for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y).red() < 100]
xs, ys = [p[0] for p in dark], [p[1] for p in dark]
print(ratio, (min(xs) + max(xs) + 1) / 2 / ratio - place.x(), (min(ys) + max(ys) + 1) / 2 / ratio - place.y())
"""


@pytest.mark.parametrize("scale", ["1", "1.5", "2"])
def test_a_window_of_another_scale_inks_under_the_pointer(scale: str) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale}
    done = subprocess.run(
        [sys.executable, "-c", _SCALED], capture_output=True, text=True, env=environment, check=True
    )
    ratio, x, y = map(float, done.stdout.split())
    assert ratio == float(scale)
    assert (x, y) == pytest.approx((0, 0), abs=0.51)


def test_the_paper_needs_no_torch(qtbot: QtBot) -> None:
    code = "import sys, handwrite_app.canvas, handwrite_app.drawing_files; print(sorted({'torch', 'scipy', 'PIL', 'pyqtgraph'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_it_lives_in_a_window_beside_others(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    canvas = Canvas(window)
    canvas.setGeometry(33, 21, 300, 300)
    window.show()
    drag(canvas, (150, 150))
    assert strokes(canvas)[0].points[0] == pytest.approx((140, 140), abs=1)
