"""The paper under mouse, pen and finger: events in, strokes out."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from handwrite_app.canvas.canvas import Canvas
from tests.app.pointers import (
    ERASER,
    LEFT,
    MIDDLE,
    NONE,
    PLAIN,
    RIGHT,
    TOUCH_SCREEN,
    Type,
    device,
    drag,
    ink,
    move,
    on_paper,
    pen_move,
    pen_press,
    pen_release,
    press,
    release,
    send_mouse,
    send_tablet,
    strokes,
)


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
