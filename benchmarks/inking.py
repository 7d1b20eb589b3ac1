"""Ink under the pen: how long an event takes, and whether its ink is in the next frame.

    python -m benchmarks.inking                  1000 events a second for five seconds
    python -m benchmarks.inking --size 3840 2160

A real canvas gets the moves of a mouse at their times, as fast as a 1000 Hz mouse sends them, while its
window paints at 60 frames a second at most. As median and 99th percentile come out: the handler's own time;
the processor's time for a frame, all its events and its painting; the time from an event to the end of the
paint event that shows its ink; and the share of events whose ink is there within one frame (16.7 ms). The
last two say nothing on a machine that is busy with something else: its load is printed. The offscreen
platform paints on the processor; a screen's own delay is not in it.
"""

from __future__ import annotations

import argparse
import math
import os
import time

FRAME_MS = 1000 / 60


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=int, default=1000, help="events a second")
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--size", type=int, nargs=2, default=(1920, 1080), metavar=("W", "H"))
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

    import numpy as np
    from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
    from PySide6.QtGui import QMouseEvent, QPaintEvent
    from PySide6.QtWidgets import QApplication

    from handwrite_app.canvas.canvas import Canvas

    app = QApplication.instance() or QApplication([])
    waiting: list[float] = []
    delays: list[float] = []

    class Measured(Canvas):
        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            now = time.perf_counter()
            delays.extend(1000 * (now - one) for one in waiting)
            waiting.clear()

    canvas = Measured()
    canvas.resize(min(options.size), min(options.size))
    canvas.show()
    app.processEvents()
    middle = canvas.width() / 2
    handlers: list[float] = []
    frames: list[float] = []

    def send(kind: QEvent.Type, at: QPointF, buttons: Qt.MouseButton) -> None:
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else buttons
        event = QMouseEvent(
            kind, at, canvas.mapToGlobal(at), button, buttons, Qt.KeyboardModifier.NoModifier
        )
        begun = time.perf_counter()
        waiting.append(begun)
        QCoreApplication.sendEvent(canvas, event)
        handlers.append(1000 * (time.perf_counter() - begun))

    def place(i: int) -> QPointF:
        """A rose: a line that crosses itself and stays on the paper."""
        turn = 2 * math.pi * i / options.rate
        reach = 0.4 * canvas.width() * math.cos(1.7 * turn)
        return QPointF(middle + reach * math.cos(turn), middle + reach * math.sin(turn))

    left = Qt.MouseButton.LeftButton
    send(QEvent.Type.MouseButtonPress, place(0), left)
    start = time.perf_counter()
    frame, worked = start, time.thread_time()
    count = round(options.rate * options.seconds)
    i = 1
    while i < count:
        now = time.perf_counter()
        while i < count and start + i / options.rate <= now:
            send(QEvent.Type.MouseMove, place(i), left)
            i += 1
        if now - frame >= FRAME_MS / 1000:
            frame = now
            app.processEvents()  # the frame: everything that is stale is painted
            frames.append(1000 * (time.thread_time() - worked))
            worked = time.thread_time()
        else:
            time.sleep(0.0003)
    app.processEvents()
    send(QEvent.Type.MouseButtonRelease, place(count), left)
    app.processEvents()
    points = len(canvas.current_drawing().strokes[0].points)
    for name, values in (
        ("handler", handlers),
        ("work a frame", frames),
        ("event to ink", delays),
    ):
        median, late = np.percentile(values, [50, 99])
        print(
            f"{name:>14}  median {median:7.3f} ms   99 % {late:7.3f} ms   most {max(values):7.3f} ms"
        )
    fraction = np.mean(np.array(delays) <= FRAME_MS + 1.0)
    print(f"{'within a frame':>14}  {fraction:.2%} of {len(delays)} events; {points} points drawn")
    if hasattr(os, "getloadavg"):
        print(f"{'load':>14}  {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
