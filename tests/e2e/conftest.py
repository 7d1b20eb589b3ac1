"""The real window with its real recognition process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from PySide6.QtCore import QEvent, QPointF, QSizeF, Qt
from PySide6.QtGui import QMouseEvent, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.canvas.ink.ink_layer import PaperPlace
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from handwrite_app.window.main_window import MainWindow
from handwrite_app.workers.recognition_process import RecognitionProcess
from tests.recognition import SharedRecognition

Strokes = list[list[tuple[float, float]]]


@pytest.fixture
def open_window(qtbot: QtBot) -> Iterator[Callable[..., MainWindow]]:
    """Opens a window and waits for its network; all are closed at the end."""
    windows: list[MainWindow] = []

    def open_one(process: RecognitionProcess | None = None) -> MainWindow:
        theme = Theme("light")
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.apply(app)
        window = MainWindow(theme, Settings(), process=process)
        windows.append(window)
        window.show()
        qtbot.waitUntil(lambda: window.loaded is not None, timeout=60_000)
        return window

    yield open_one
    # Not through qtbot.addWidget, which closes before a fixture can: closing asks while a run goes on.
    for window in windows:
        window.training.close()
        window.close()
        window.deleteLater()


@pytest.fixture
def window(
    open_window: Callable[..., MainWindow], shared_recognition: SharedRecognition
) -> MainWindow:
    return open_window(shared_recognition)


@pytest.fixture
def own_window(open_window: Callable[..., MainWindow]) -> MainWindow:
    """With a recognition process of its own."""
    return open_window()


def on_canvas(window: MainWindow, point: tuple[float, float]) -> QPointF:
    """Where a point of the paper lies on the canvas widget."""
    canvas = window.canvas
    place = PaperPlace(QSizeF(canvas.size()), canvas.devicePixelRatioF())
    return QPointF(
        place.rect.left() + point[0] * place.scale, place.rect.top() + point[1] * place.scale
    )


def draw_with_mouse(window: MainWindow, strokes: Strokes) -> None:
    """Real mouse events: press, moves, release."""
    canvas = window.canvas
    for stroke in strokes:
        for i, point in enumerate(stroke):
            kind = QEvent.Type.MouseButtonPress if i == 0 else QEvent.Type.MouseMove
            _mouse(canvas, kind, on_canvas(window, point))
            QTest.qWait(1)
        _mouse(canvas, QEvent.Type.MouseButtonRelease, on_canvas(window, stroke[-1]))


@contextmanager
def held_mouse(
    window: MainWindow, start: tuple[float, float]
) -> Iterator[Callable[[tuple[float, float]], None]]:
    """The button is down within the block; what it gives moves the mouse."""
    last = on_canvas(window, start)
    _mouse(window.canvas, QEvent.Type.MouseButtonPress, last)

    def move(point: tuple[float, float]) -> None:
        nonlocal last
        last = on_canvas(window, point)
        _mouse(window.canvas, QEvent.Type.MouseMove, last)

    yield move
    _mouse(window.canvas, QEvent.Type.MouseButtonRelease, last)


def draw_with_pen(window: MainWindow, strokes: Strokes) -> None:
    """Real tablet events with a pressure that rises and falls along the stroke."""
    pen = QPointingDevice(
        "test pen",
        1,
        QPointingDevice.DeviceType.Stylus,
        QPointingDevice.PointerType.Pen,
        QPointingDevice.Capability.Position | QPointingDevice.Capability.Pressure,
        1,
        1,
    )
    for stroke in strokes:
        last = len(stroke) - 1
        for i, point in enumerate(stroke):
            kind = QEvent.Type.TabletPress if i == 0 else QEvent.Type.TabletMove
            _tablet(window, pen, kind, point, 0.4 + 0.3 * min(i, last - i) / max(last, 1))
            QTest.qWait(1)
        _tablet(window, pen, QEvent.Type.TabletRelease, stroke[-1], 0.0)


def _mouse(canvas: Canvas, kind: QEvent.Type, position: QPointF) -> None:
    held = (
        Qt.MouseButton.NoButton
        if kind == QEvent.Type.MouseButtonRelease
        else Qt.MouseButton.LeftButton
    )
    button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else Qt.MouseButton.LeftButton
    event = QMouseEvent(
        kind,
        position,
        canvas.mapToGlobal(position),
        button,
        held,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(canvas, event)


def _tablet(
    window: MainWindow,
    pen: QPointingDevice,
    kind: QEvent.Type,
    point: tuple[float, float],
    pressure: float,
) -> None:
    position = on_canvas(window, point)
    lifted = kind == QEvent.Type.TabletRelease
    moving = kind == QEvent.Type.TabletMove
    event = QTabletEvent(
        kind,
        pen,
        position,
        QPointF(window.canvas.mapToGlobal(position)),
        pressure,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        Qt.KeyboardModifier.NoModifier,
        Qt.MouseButton.NoButton if moving else Qt.MouseButton.LeftButton,
        Qt.MouseButton.NoButton if lifted else Qt.MouseButton.LeftButton,
    )
    QApplication.sendEvent(window.canvas, event)
