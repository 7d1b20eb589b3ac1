"""Calls of Qt that return nothing must not use up references to None.

PySide6 6.12.0 on Python before 3.12 dropped one for every such call: a window that repaints died within a
minute, while short test suites passed. pyproject.toml keeps it out; this test tells when it comes back.
"""

from __future__ import annotations

import sys

from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from handwrite_app.canvas.canvas import Canvas

CALLS = 500
#: A few come and go with caches of the interpreter.
NOISE = 50


def test_painting_keeps_the_references_to_none() -> None:
    image = QImage(32, 32, QImage.Format.Format_RGB32)
    color = QColor("black")
    with QPainter(image) as painter:
        painter.setPen(color)
        before = sys.getrefcount(None)
        for _ in range(CALLS):
            painter.setPen(color)
            painter.drawLine(0, 0, 31, 31)
        lost = before - sys.getrefcount(None)
    assert abs(lost) < NOISE, f"{lost} references to None lost in {2 * CALLS} calls of QPainter"


def test_updating_a_widget_keeps_them_too(qtbot: QtBot) -> None:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.update()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        canvas.update()
    lost = before - sys.getrefcount(None)
    assert abs(lost) < NOISE, f"{lost} references to None lost in {CALLS} calls of update()"
