"""How long the pen waits: from its lifting to the painted answer, in the real window with real mouse
events, while nothing else goes on, while a network is trained at full speed, while one is personalized, and
while nothing else goes on with a thousand kept drawings that each reading is compared with; and for lines of
six digits (--lines: these alone).
"""

from __future__ import annotations

import gc
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from benchmarks.personalizations import DRAWINGS, Personalizations
from benchmarks.report import Report, Spread, parser, percentile, say
from benchmarks.surroundings import enter, mnist_folder, platform_of, surroundings
from benchmarks.window import Answers, Hand, Heartbeat, Player, Script, densely
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme, choose_style
from handwrite_app.window.main_window import MainWindow
from handwrite_app.workers.job import TrainingWorker
from tests.drawings import STYLES
from trainer.base.events import BatchProgress, Event, RunStarted
from trainer.drawings import open_store
from trainer.models.weights import find_weights
from trainer.runs.config import TrainConfig
from trainer.synthetic.synthetic_digits import synthetic_digits

#: Of a line of so many digits, after the last one's pen-up.
LINE_LENGTH = 6
LINE_GOAL_MS = 50.0
ANSWER_GOAL_MS = {"idle": 16.0, "training": 33.0, "personalization": 33.0, "many kept": 16.0}
KEPT = 1_000
#: Of a personalization of 30 drawings, with nothing beside it.
PERSONALIZATION_GOAL_S = 8.0
GAP_GOAL_MS = 16.0
INK_GOAL_MS = 0.5
HEARTBEAT_MS = 4
#: A mouse that reports 250 times a second, and the way between two reports where a digit is 280 high.
MOVE_MS = 4.0
MOVE_STEP = 4.0


@dataclass(kw_only=True)
class Drawn:
    """What drawing took, in seconds: from pen-up to painted answer, between two heartbeats, and in the
    canvas for one move."""

    answers: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    moves: list[float] = field(default_factory=list)

    def extend(self, other: Drawn) -> None:
        self.answers += other.answers
        self.gaps += other.gaps
        self.moves += other.moves


@dataclass(kw_only=True)
class Trained:
    """Drawing beside a training run, and the run's images/s in every slice without and with it."""

    drawn: Drawn = field(default_factory=Drawn)
    alone: list[float] = field(default_factory=list)
    drawing: list[float] = field(default_factory=list)


@contextmanager
def opened_window() -> Iterator[MainWindow]:
    """The real window with its network loaded, as `handwrite_app.application` opens it. Ends the
    application: there can be one in a process."""
    choose_style()
    app = QApplication(["handwrite-app"])
    theme = Theme("light")
    theme.apply(app)
    window = MainWindow(theme, Settings())
    loaded = QEventLoop()
    window.recognition.loaded.connect(loaded.quit)
    window.show()
    gc.freeze()
    window.features.completed.connect(gc.freeze)
    loaded.exec()
    try:
        yield window
    finally:
        window.training.close()  # or closing the window would ask whether it may be ended
        window.close()


def draw(window: MainWindow, pen_ups: int, *, seed: int = 0) -> Drawn:
    """Digits in several hands until the pen was lifted so often."""
    hand, heartbeat, drawn = Hand(window), Heartbeat(HEARTBEAT_MS), Drawn()
    player = Player(_digits(window, hand, pen_ups, drawn.answers, random.Random(seed)))
    with Answers(window, player.resume):
        heartbeat.start()
        player.play()
        heartbeat.stop()
    drawn.gaps, drawn.moves = heartbeat.gaps, hand.times
    return drawn


def _digits(
    window: MainWindow, hand: Hand, pen_ups: int, answers: list[float], chance: random.Random
) -> Script:
    while True:
        window.actions_["Clear"].trigger()
        yield chance.uniform(20, 60)
        for stroke in chance.choice(STYLES[chance.choice("0123456789")]):
            yield from _timed_stroke(hand, densely(stroke, MOVE_STEP), answers)
            if len(answers) >= pen_ups:
                return
            yield chance.uniform(20, 60)


@dataclass(kw_only=True)
class Lines:
    """Seconds from pen-up to painted answer: of the last stroke of each line, and of every stroke."""

    last: list[float] = field(default_factory=list)
    every: list[float] = field(default_factory=list)


def draw_lines(window: MainWindow, count: int, *, seed: int = 0) -> Lines:
    """Lines of LINE_LENGTH digits in several hands, on wide paper."""
    drawn = Lines()
    was_wide = window.canvas.is_wide
    window.canvas.set_wide(True)
    player = Player(_lines(window, count, drawn, random.Random(seed)))
    with Answers(window, player.resume):
        player.play()
    window.actions_["Clear"].trigger()
    window.canvas.set_wide(was_wide)
    return drawn


def _lines(window: MainWindow, count: int, drawn: Lines, chance: random.Random) -> Script:
    hand = Hand(window)
    for _ in range(count):
        window.actions_["Clear"].trigger()
        window.canvas.set_wide(True)
        yield chance.uniform(20, 60)
        for place in range(LINE_LENGTH):
            left, size = 12 + 88 * place + chance.uniform(-4, 4), chance.uniform(0.38, 0.46)
            top = 90 + chance.uniform(-4, 4)
            for stroke in chance.choice(STYLES[chance.choice("0123456789")]):
                points = [(left + (x - 70) * size, top + (y - 40) * size) for x, y in stroke]
                yield from _timed_stroke(hand, densely(points, MOVE_STEP), drawn.every)
                yield chance.uniform(20, 60)
        drawn.last.append(drawn.every[-1])


def _timed_stroke(hand: Hand, points: list[tuple[float, float]], answers: list[float]) -> Script:
    hand.press(points[0])
    for point in points[1:]:
        yield MOVE_MS
        hand.move(point)
    yield MOVE_MS
    lifted = time.perf_counter()
    hand.release(points[-1])
    yield None  # until the answer is painted
    answers.append(time.perf_counter() - lifted)


def add_lines(report: Report, drawn: Lines) -> None:
    """The figures of lines and their goal."""
    last, every = ([1000 * seconds for seconds in part] for part in (drawn.last, drawn.every))
    name = f"a line of {LINE_LENGTH}"
    report.add(f"{name}: last pen-up to painted answer", Spread.of(last), "ms")
    report.add(f"{name}: every pen-up", Spread.of(every), "ms")
    report.add(f"{name}: every pen-up, p99", percentile(every, 0.99), "ms")
    report.aim(f"{name}: answer p99", percentile(last, 0.99), LINE_GOAL_MS, "ms")


class Speed:
    """Images/s of a training run, from its events. Validation between epochs does not count."""

    def __init__(self, batch_size: int) -> None:
        self.reports = 0
        self._batch_size = batch_size
        self._step = 0
        self._images = 0.0
        self._seconds = 0.0

    def on_event(self, event: Event) -> None:
        if isinstance(event, RunStarted):
            self._step = 0
        elif isinstance(event, BatchProgress):
            images = (event.step - self._step) * self._batch_size
            self._step = event.step
            self._images += images
            self._seconds += images / event.images_per_second
            self.reports += 1

    def take(self) -> float:
        """Images/s since this was last called; 0 where there was none."""
        rate = self._images / self._seconds if self._seconds else 0.0
        self._images = self._seconds = 0.0
        return rate


def draw_while_training(
    window: MainWindow, config: TrainConfig, pen_ups: int, *, slices: int, rest_s: float
) -> Trained:
    """Rests of so many seconds and drawing, in turns, beside a run that begins as from the menu."""
    worker = window.training.findChild(TrainingWorker)
    assert isinstance(worker, TrainingWorker)
    speed, trained = Speed(config.batch_size), Trained()
    worker.eventHappened.connect(speed.on_event)
    worker.failed.connect(lambda error: say(str(error)))
    window.training.start(config)
    Player(_until_warm(speed, worker)).play()
    if not worker.is_running:
        raise RuntimeError("the training run ended before it was warm")
    for number in range(slices):
        speed.take()
        Player(_rest(1000 * rest_s)).play()
        trained.alone.append(speed.take())
        trained.drawn.extend(draw(window, -(-pen_ups // slices), seed=number))
        trained.drawing.append(speed.take())
        say(
            f"training {number + 1}/{slices}: {trained.alone[-1]:,.0f} images/s, "
            f"while drawing {trained.drawing[-1]:,.0f}"
        )
    if not window.training.is_running:
        raise RuntimeError("the training run ended before the drawing")
    worker.eventHappened.disconnect(speed.on_event)
    return trained


def _until_warm(speed: Speed, worker: TrainingWorker) -> Script:
    while speed.reports < 20 and worker.is_running:
        yield 50.0


def _rest(milliseconds: float) -> Script:
    yield milliseconds


def keep(count: int) -> None:
    """So many drawings by the default writer into the store; the recognition process sees that it changed."""
    with open_store(daily=False) as store:
        for label, drawing in synthetic_digits(count, 4):
            store.add(drawing, label=label)


def add(report: Report, name: str, drawn: Drawn) -> None:
    """The figures of drawing and their goals."""
    answers, gaps, moves = (
        [1000 * seconds for seconds in part] for part in (drawn.answers, drawn.gaps, drawn.moves)
    )
    report.add(f"{name}: pen-up to painted answer", Spread.of(answers), "ms")
    report.add(f"{name}: heartbeat of {HEARTBEAT_MS} ms", Spread.of(gaps), "ms")
    report.add(f"{name}: ink handler, a move", Spread.of(moves), "ms")
    report.add(f"{name}: ink handler, a move, p99", percentile(moves, 0.99), "ms")
    report.aim(f"{name}: answer p99", percentile(answers, 0.99), ANSWER_GOAL_MS[name], "ms")
    report.aim(f"{name}: heartbeat's gap p99", percentile(gaps, 0.99), GAP_GOAL_MS, "ms")
    report.aim(f"{name}: ink handler", Spread.of(moves).median, INK_GOAL_MS, "ms")


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--pen-ups", type=int, help="in each mode; default 400, with --quick 20")
    options.add_argument(
        "--threads", type=int, default=0, help="of the training run; 0: its own choice"
    )
    options.add_argument(
        "--lines", type=int, default=0, help="so many lines of six digits, and nothing else"
    )
    options.add_argument("--platform", help="Qt's: offscreen, xcb, … (default: a display or Xvfb)")
    chosen = options.parse_args()
    pen_ups = chosen.pen_ups or (20 if chosen.quick else 400)
    with surroundings(chosen.platform) as environment:
        folder, data = mnist_folder(environment)
        enter({**environment, "HANDWRITE_DATA": str(folder)})
        report = Report("latency", platform=platform_of(environment), data=data)
        with opened_window() as window:
            draw(window, 5)  # what is loaded on first use is loaded
            draw_lines(window, 2)
            if chosen.lines:
                add_lines(report, draw_lines(window, chosen.lines))
                report.print_and_exit(as_json=chosen.json)
            lines = draw_lines(window, 5 if chosen.quick else 100)
            say(f"lines: {len(lines.every)} answers")
            idle = draw(window, pen_ups)
            say(f"idle: {len(idle.answers)} answers")
            trained = draw_while_training(
                window,
                TrainConfig(network="cnn", epochs=1000, threads=chosen.threads),
                pen_ups,
                slices=2 if chosen.quick else 4,
                rest_s=2 if chosen.quick else 10,
            )
            window.training.close()
            personalizations = Personalizations(find_weights())
            alone_s = [personalizations.one() for _ in range(1 if chosen.quick else 4)]
            say(f"a personalization: {', '.join(f'{one:.1f}' for one in alone_s)} s")
            personalizations.begin()
            personalized = draw(window, pen_ups)
            personalizations.end()
            keep(KEPT)
            draw(window, 5)  # the memory is built
            remembered = draw(window, pen_ups)
    add(report, "idle", idle)
    add_lines(report, lines)
    add(report, "training", trained.drawn)
    add(report, "personalization", personalized)
    add(report, "many kept", remembered)
    report.add(f"a personalization of {DRAWINGS} drawings alone", Spread.of(alone_s), "s")
    if personalizations.seconds[len(alone_s) :]:
        report.add(
            "a personalization while drawing",
            Spread.of(personalizations.seconds[len(alone_s) :]),
            "s",
        )
    report.aim("a personalization alone", Spread.of(alone_s).median, PERSONALIZATION_GOAL_S, "s")
    alone, drawing = Spread.of(trained.alone), Spread.of(trained.drawing)
    report.add("training alone", alone, "images/s")
    report.add("training while drawing", drawing, "images/s")
    report.add("training while drawing / alone", drawing.median / alone.median, "×")
    report.print_and_exit(as_json=chosen.json)


if __name__ == "__main__":
    main()
