"""Starts the app as ``python -m handwrite_app`` does and watches it from outside; one JSON line at its end.

Run by benchmarks.startup. What watches is imported after the recognition process has been started and the
app's modules have been imported, when the window is shown: nothing comes earlier or in another order than
without it.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from typing import Any

from handwrite_app.workers import recognition_process

_BEGUN = float(os.environ["HANDWRITE_BENCHMARK_BEGUN"])


def main() -> None:
    launch = recognition_process.RecognitionProcess.__init__

    def launch_and_watch(self: recognition_process.RecognitionProcess) -> None:
        launch(self)
        recognition_process.RecognitionProcess.__init__ = launch  # type: ignore[method-assign]
        _watch()

    recognition_process.RecognitionProcess.__init__ = launch_and_watch  # type: ignore[method-assign]
    sys.argv = ["handwrite-app"]
    from handwrite_app.__main__ import main as start

    start()


def _watch() -> None:
    from handwrite_app import application

    window_class: Any = application.MainWindow  # type: ignore[attr-defined]
    show = window_class.show

    def show_and_watch(window: Any) -> None:
        window_class.show = show
        show(window)
        _Watch(window)

    window_class.show = show_and_watch


class _Watch:
    def __init__(self, window: Any) -> None:
        from benchmarks.window import Answers, Hand, Heartbeat, Paints

        self.window = window
        self.window.watch = self  # lives as long as the window
        self.hand = Hand(window)
        self.heartbeat = Heartbeat(1)
        self.paints = Paints(window.canvas, self.on_first_paint)
        self.paints.await_next()
        self.answers = Answers(window, self.on_answer).__enter__()

    def on_first_paint(self) -> None:
        # The window would show an unexpected error and stay.
        try:
            self.draw_a_digit()
        except Exception:
            traceback.print_exc()
            os._exit(1)

    def draw_a_digit(self) -> None:
        self.first_paint = time.monotonic() - _BEGUN
        from benchmarks.window import Player
        from tests.drawings import DIGITS

        self.heartbeat.start()
        Player(self.events(DIGITS["3"])).play()
        if self.window.canvas.is_empty():
            raise RuntimeError("the canvas takes no events")

    def events(self, strokes: list[list[tuple[float, float]]]) -> Any:
        """Every event in a turn of the loop of its own, as it comes from a mouse."""
        for stroke in strokes:
            self.hand.press(stroke[0])
            for point in stroke[1:]:
                yield 0.0
                self.hand.move(point)
            self.hand.release(stroke[-1])
            yield 0.0

    def on_answer(self) -> None:
        first_answer = time.monotonic() - _BEGUN
        self.heartbeat.stop()
        self.answers.__exit__()
        figures = {
            "first_paint": self.first_paint,
            "first_answer": first_answer,
            "longest_gap": max(self.heartbeat.gaps),
            "answer": self.window.reading.answer.text(),
        }
        print(json.dumps(figures), flush=True)
        self.window.close()


if __name__ == "__main__":
    main()
