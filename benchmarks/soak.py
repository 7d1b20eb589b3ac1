"""A long session in the real window, by a script: strokes, undo, eraser, clear, opened pictures, other themes
and sizes. Fails where memory, objects or references to None grow, or the window dies.

6.12 of PySide6 on Python 3.11 lost a reference to None with every painted line and died within a minute; the
short sessions of other tests had all passed.
"""

from __future__ import annotations

import gc
import os
import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QApplication

from benchmarks.latency import opened_window
from benchmarks.report import Report, parser, say
from benchmarks.surroundings import enter, platform_of, surroundings
from benchmarks.window import Hand, Player, Point, Script, densely
from handwrite_app.ui.theme import MODES
from handwrite_app.window.main_window import MainWindow
from tests.drawings import STYLES
from trainer.picture.strokes import Drawing

#: How much may have come from the end of the warm-up to the end of the session, however long that is.
MEMORY_GOAL_MB = 24.0
OBJECTS_GOAL = 20
#: Lost references to None end the interpreter (Python < 3.12; from then on None is immortal). That some are
#: never given back, as by PySide6 6.11.3 for every event that Python makes and sends, does no harm.
NONE_GOAL = 200
_MOVE_MS = 1.0


@dataclass(frozen=True, kw_only=True)
class State:
    """What there is at a moment when the paper is empty and its history forgotten.

    memory, service_memory: resident MB of the window's process and of the recognition's, 0 where the
    system does not tell. none: references to None.
    """

    memory: float
    service_memory: float
    none: int
    objects: int
    widgets: int


@dataclass(kw_only=True)
class Soaked:
    """States at the start, after the warm-up and at the end, and how much was done."""

    states: list[State]
    gestures: int = 0
    readings: int = 0


def soak(
    window: MainWindow, seconds: float, *, warm_s: float | None = None, seed: int = 0
) -> Soaked:
    """Draws for so long, of which the first part (a fifth, a minute at most) is the warm-up."""
    warm_s = min(60.0, seconds / 5) if warm_s is None else warm_s
    soaked = Soaked(states=[])

    def count(_reading: object) -> None:
        soaked.readings += 1

    window.recognition.readingReady.connect(count)
    with TemporaryDirectory() as folder:
        script = _session(window, soaked, warm_s, seconds, _pictures(Path(folder)), seed)
        Player(script).play()
    window.recognition.readingReady.disconnect(count)
    return soaked


def _session(
    window: MainWindow,
    soaked: Soaked,
    warm_s: float,
    seconds: float,
    pictures: list[Path],
    seed: int,
) -> Script:
    chance = random.Random(seed)
    yield from _tidy(window)
    soaked.states.append(_state(window))
    begun = told = time.monotonic()
    # What is loaded on first use is not growth: everything is done once before the warm state is taken.
    first = [kind for kind in _KINDS for _ in pictures]
    while (passed := time.monotonic() - begun) < seconds or first:
        kind = first.pop() if first else chance.choices(list(_KINDS), list(_KINDS.values()))[0]
        yield from _gesture(window, kind, chance, pictures)
        soaked.gestures += 1
        if len(soaked.states) == 1 and passed >= warm_s and not first:
            yield from _tidy(window)
            soaked.states.append(_state(window))
        if time.monotonic() - told > 30:
            told = time.monotonic()
            say(f"{passed:.0f} s: {soaked.gestures} gestures, {memory_of(os.getpid()):.1f} MB")
    yield from _tidy(window)
    soaked.states.append(_state(window))


#: What is done, and how often of a hundred times.
_KINDS = {
    "digit": 60,
    "erase": 8,
    "Undo": 8,
    "Redo": 4,
    "Thinner": 2,
    "Thicker": 2,
    "Clear": 8,
    "picture": 3,
    "theme": 2,
    "size": 3,
}


def _gesture(
    window: MainWindow, kind: str, chance: random.Random, pictures: list[Path]
) -> Iterator[float]:
    hand = Hand(window)
    match kind:
        case "digit":
            for stroke in chance.choice(STYLES[chance.choice("0123456789")]):
                yield from _drag(hand, stroke)
        case "erase":
            ends: list[Point] = [(chance.uniform(0, 280), chance.uniform(0, 280)) for _ in "ab"]
            yield from _drag(hand, ends, Qt.MouseButton.RightButton)
        case "picture":
            pictures.append(pictures.pop(0))
            window.open_file(pictures[0])
        case "theme":
            _choose_theme(window, chance.choice(MODES))
        case "size":
            window.resize(chance.randrange(800, 1500), chance.randrange(600, 950))
        case _:
            window.actions_[kind].trigger()
    yield chance.uniform(1, 30)


def _choose_theme(window: MainWindow, mode: str) -> None:
    entries = window.actions_.menus["theme"].actions()
    next(entry for entry in entries if entry.data() == mode).trigger()


def _drag(
    hand: Hand, points: list[Point], button: Qt.MouseButton = Qt.MouseButton.LeftButton
) -> Iterator[float]:
    way = densely(points, 5.0)
    hand.press(way[0], button)
    for point in way[1:]:
        yield _MOVE_MS
        hand.move(point, button)
    hand.release(way[-1], button)


def _tidy(window: MainWindow) -> Iterator[float]:
    """Brings the window to where any two states can be compared."""
    _choose_theme(window, "light")
    window.resize(1120, 720)
    window.canvas.set_pen_width(24)
    window.canvas.set_drawing(Drawing(), undoable=False)
    yield 500.0  # what is under way comes to its end, and what is deleted later is
    gc.collect()


def _state(window: MainWindow) -> State:
    service = window.recognition._process  # nobody but a benchmark wants to know
    return State(
        memory=memory_of(os.getpid()),
        service_memory=memory_of(service.pid) if service else 0.0,
        none=sys.getrefcount(None),
        objects=len(window.findChildren(QObject)),
        widgets=len(QApplication.allWidgets()),
    )


def memory_of(process: int) -> float:
    """Resident megabytes; 0 where there is no /proc."""
    table = Path(f"/proc/{process}/statm")
    if not table.is_file():
        return 0.0
    return int(table.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def _pictures(folder: Path) -> list[Path]:
    """Photographs, so to say, of a digit, in three sizes."""
    result = []
    for side in (60, 400, 1500):
        image = QImage(side, side, QImage.Format.Format_RGB32)
        image.fill(QColor("#eeeae0"))
        with QPainter(image) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor("#203060"), side / 12))
            painter.drawEllipse(side // 3, side // 5, side // 3, 3 * side // 5)
        result.append(folder / f"{side}.png")
        image.save(str(result[-1]))
    return result


def add(report: Report, soaked: Soaked) -> None:
    """The figures and the goals for them."""
    for when, state in zip(("at the start", "warm", "at the end"), soaked.states, strict=True):
        report.add(f"memory {when}", state.memory, "MB")
        report.add(f"recognition's memory {when}", state.service_memory, "MB")
        report.add(f"references to None {when}", state.none, "")
        report.add(f"objects {when}", state.objects, "")
        report.add(f"widgets {when}", state.widgets, "")
    report.add("gestures", soaked.gestures, "")
    report.add("readings", soaked.readings, "")
    _, warm, end = soaked.states
    report.aim("memory grown by", end.memory - warm.memory, MEMORY_GOAL_MB, "MB")
    report.aim(
        "recognition's memory grown by",
        end.service_memory - warm.service_memory,
        MEMORY_GOAL_MB,
        "MB",
    )
    report.aim("references to None lost", warm.none - end.none, NONE_GOAL, "")
    report.aim("objects grown by", end.objects - warm.objects, OBJECTS_GOAL, "")
    report.aim("widgets grown by", end.widgets - warm.widgets, OBJECTS_GOAL, "")
    report.aim("readings", soaked.readings, soaked.gestures / 4, "", at_least=True)


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--seconds", type=float, help="default 600, with --quick 20")
    options.add_argument("--platform", help="Qt's: offscreen, xcb, … (default: a display or Xvfb)")
    chosen = options.parse_args()
    seconds = chosen.seconds or (20.0 if chosen.quick else 600.0)
    with surroundings(chosen.platform) as environment:
        enter(environment)
        report = Report("soak", platform=platform_of(environment), seconds=seconds)
        with opened_window() as window:
            soaked = soak(window, seconds)
    add(report, soaked)
    report.print_and_exit(as_json=chosen.json)


if __name__ == "__main__":
    main()
