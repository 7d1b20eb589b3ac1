"""What the paper shows: ink under the pointer at every scale, the brush and the hint; and how it is painted."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from scipy import ndimage

from handwrite_app.canvas.canvas import MIN_PEN_WIDTH, Canvas
from tests.app.pointers import (
    ERASER,
    NONE,
    Type,
    drag,
    ink,
    move,
    on_paper,
    point_away,
    press,
    release,
    send_mouse,
    send_tablet,
)


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

        def watched(event: QPaintEvent) -> None:
            areas.append(event.rect().width() * event.rect().height())
            paint(event)

        canvas.paintEvent = watched  # type: ignore[method-assign]
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
        canvas._brush._timer.setInterval(20)
        send_tablet(canvas, Type.TabletMove, (200, 200), 0.0, button=NONE, buttons=NONE)
        assert canvas._brush.shown is not None
        qtbot.waitUntil(lambda: canvas._brush.shown is None, timeout=2000)

    def test_a_finger_leaves_no_brush(self, canvas: Canvas) -> None:
        finger = QTest.createTouchDevice()
        QTest.touchEvent(canvas, finger).press(0, QPoint(80, 80))
        QTest.touchEvent(canvas, finger).release(0, QPoint(80, 80))
        assert canvas._brush.shown is None

    def test_it_fits_small_windows_and_has_a_name(self, canvas: Canvas) -> None:
        assert canvas.objectName() == "canvas"
        assert canvas.accessibleName()
        assert canvas.accessibleDescription()
        assert canvas.focusPolicy() & Qt.FocusPolicy.ClickFocus
        assert canvas.minimumSize().width() == canvas.minimumSize().height() == 240
        assert canvas.sizeHint().isValid()


_SCALED = """
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget
from handwrite_app.canvas.ink.ink_layer import PaperPlace
from handwrite_app.canvas.canvas import Canvas

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
