"""What the training room costs: the pen's wait and the window's heartbeat beside a run at full speed whose
panel is on show, the run's speed against the same training from the command line, and what plotting takes.
"""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
import time

from PySide6.QtWidgets import QApplication

from benchmarks.latency import (
    ANSWER_GOAL_MS,
    GAP_GOAL_MS,
    HEARTBEAT_MS,
    Speed,
    draw,
    draw_while_training,
    opened_window,
)
from benchmarks.report import Report, Spread, parser, percentile, say
from benchmarks.surroundings import enter, mnist_folder, platform_of, surroundings
from handwrite_app.training.panel import TrainingPanel
from handwrite_app.training.plots.curves import REDRAW_MS
from handwrite_app.watching.controller import Watching
from handwrite_app.window.main_window import MainWindow
from trainer.base.events import BatchProgress, event_from_json
from trainer.runs.config import TrainConfig

SPEED_GOAL = 0.85
PLOTTING_GOAL = 0.05
POINTS = 100_000
_EVENTS_PER_SECOND = 10.0  # trainer.training.loop reports as often
_PINS = 8
_WARM = 20  # progress events before a speed counts


def from_the_command_line(config: TrainConfig, *, seconds: float) -> float:
    """Images/s of the same training in a terminal."""
    given = dataclasses.asdict(config)
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in given.items() if value != ""]
    process = subprocess.Popen(
        [sys.executable, "-m", "trainer", "train", "--json", *flags],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    speed, begun = Speed(config.batch_size), 0.0
    try:
        for line in process.stdout:
            speed.on_event(event_from_json(line))
            if speed.reports == _WARM and not begun:
                speed.take()
                begun = time.monotonic()
            if begun and time.monotonic() - begun > seconds:
                return speed.take()
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    raise RuntimeError("the run from the command line ended before it was measured")


def plotting(panel: TrainingPanel) -> tuple[float, float]:
    """Seconds of the processor that an event and a redraw take when the curves have 100,000 points."""
    event = BatchProgress(
        step=1,
        epoch=0.0,
        loss=1.0,
        accuracy=0.5,
        learning_rate=1e-3,
        images_per_second=1.0,
        seconds=1.0,
        seconds_left=1.0,
    )
    panel.pages.show_page(panel.plots)  # what is not seen is not painted
    QApplication.processEvents()
    for i in range(POINTS):
        for curves in panel.plots.both:
            curves.add_batch(i / POINTS, 1.0 + 0.1 * (i % 7))
    begun = time.thread_time()
    for i in range(1000):
        panel.show_event(dataclasses.replace(event, step=i, epoch=i / 1000))
    an_event = (time.thread_time() - begun) / 1000
    begun = time.thread_time()
    count = 40
    for _ in range(count):
        for curves in panel.plots.both:
            curves._draw()
            curves.viewport().repaint()
    return an_event, (time.thread_time() - begun) / count


def measure(report: Report, window: MainWindow, *, pen_ups: int, quick: bool) -> None:
    config = TrainConfig(network="cnn", epochs=1000)
    draw(window, 5)  # what is loaded on first use is loaded
    watching = window.feature(Watching)
    number = 0
    while len(watching.pins) < _PINS:  # a drawing that is pinned already is not pinned again
        draw(window, 1, seed=number)
        watching.pin_paper()
        number += 1
    say(f"{len(watching.pins)} drawings pinned")
    window.training.runningChanged.connect(lambda on: watching.open() if on else None)
    alone: list[float] = []
    terminal: list[float] = []
    answers: list[float] = []
    gaps: list[float] = []
    slices = 1 if quick else 3
    for _ in range(slices):  # in turns: the machine is not the same for long
        terminal.append(from_the_command_line(config, seconds=3 if quick else 15))
        say(f"from the command line: {terminal[-1]:,.0f} images/s")
        trained = draw_while_training(
            window, config, -(-pen_ups // slices), slices=1, rest_s=3 if quick else 15
        )
        assert window.training.panel is not None
        assert window.training.panel.isVisible()
        alone += trained.alone
        answers += [1000 * seconds for seconds in trained.drawn.answers]
        gaps += [1000 * seconds for seconds in trained.drawn.gaps]
        window.training.cancel()
        while window.training.is_running:
            QApplication.processEvents()
            time.sleep(0.005)
    panel = window.training.panel
    assert panel is not None
    an_event, a_draw = plotting(panel)
    fraction = _EVENTS_PER_SECOND * an_event + a_draw * 1000 / REDRAW_MS
    report.add("pen-up to painted answer", Spread.of(answers), "ms")
    report.add(f"heartbeat of {HEARTBEAT_MS} ms", Spread.of(gaps), "ms")
    report.add("training in the window", Spread.of(alone), "images/s")
    report.add("training from the command line", Spread.of(terminal), "images/s")
    report.add("a redraw of both plots", 1000 * a_draw, "ms")
    report.add("load before (processes that want a core)", os.getloadavg()[1], "")
    report.aim("answer p99", percentile(answers, 0.99), ANSWER_GOAL_MS["training"], "ms")
    report.aim("heartbeat's gap p99", percentile(gaps, 0.99), GAP_GOAL_MS, "ms")
    ratio = Spread.of(alone).median / Spread.of(terminal).median
    report.aim("window's speed / command line's", ratio, SPEED_GOAL, "×", at_least=True)
    report.aim("plotting, of training time", fraction, PLOTTING_GOAL, "")


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--pen-ups", type=int, help="default 300, with --quick 20")
    options.add_argument("--platform", help="Qt's: offscreen, xcb, … (default: a display or Xvfb)")
    chosen = options.parse_args()
    with surroundings(chosen.platform) as environment:
        folder, data = mnist_folder(environment)
        enter({**environment, "HANDWRITE_DATA": str(folder)})
        report = Report("training_room", platform=platform_of(environment), data=data)
        with opened_window() as window:
            pen_ups = chosen.pen_ups or (20 if chosen.quick else 300)
            measure(report, window, pen_ups=pen_ups, quick=chosen.quick)
    report.print_and_exit(as_json=chosen.json)


if __name__ == "__main__":
    main()
