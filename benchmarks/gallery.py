"""The gallery with 100,000 drawings: how soon it is there, how smoothly it scrolls, and what it takes."""

from __future__ import annotations

import datetime as dt
import os
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QEvent, QObject, QTimer

from benchmarks.latency import HEARTBEAT_MS, opened_window
from benchmarks.report import Report, Spread, parser, percentile, say
from benchmarks.soak import memory_of
from benchmarks.surroundings import enter, platform_of, surroundings
from benchmarks.window import Heartbeat, Player, Script
from handwrite_app.gallery.gallery_window import Gallery
from handwrite_app.window.main_window import MainWindow
from trainer.drawings import DrawingStore, Said, WeightsId, open_store
from trainer.drawings.entries import to_micros
from trainer.drawings.merging import Incoming, insert
from trainer.drawings.packing import pack
from trainer.synthetic.synthetic_digits import synthetic_digits

COUNT = 100_000
OPEN_GOAL_MS = 1000.0
JUMP_GOAL_MS = 150.0
GAP_GOAL_MS = 33.0  # 99 of 100: two frames of a usual screen
_DIFFERENT = 2000  # drawings; the rest are the same ones again
_WRONG = 0.1  # share that the network read wrongly
_FRAME_MS = 16.0
_WHEEL = 60  # pixels of a notch


@dataclass(kw_only=True)
class Seen:
    """What was measured, in seconds; memory in resident MB.

    opened: from the command to the painted first screen, the first of them with the store still closed.
    worked: the processor's time in this process for each of them, which other programs do not lengthen.
    jumps: from the scroll bar's move to a far place to all its pictures. gaps: of the event loop, while it
    opens, and while it scrolls.
    """

    filling: float = 0.0
    opened: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    jumps: list[float] = field(default_factory=list)
    opening_gaps: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    memory_before: float = 0.0
    memory: float = 0.0
    on_screen: int = 0


def fill(store: DrawingStore, count: int) -> None:
    """Drawings that the program makes, by two writers, with what a network said; in one transaction."""
    chance = random.Random(0)
    drawings = [(label, pack(d)) for label, d in synthetic_digits(min(count, _DIFFERENT))]
    writers = [store.default_writer.id, store.add_writer("Another").id]
    begun = to_micros(dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    network = WeightsId(name="scribe")
    with store._write() as connection:  # `add` would wait for the disk 100,000 times
        for i in range(count):
            label, packed = drawings[i % len(drawings)]
            said = chance.choice("0123456789") if chance.random() < _WRONG else label
            incoming = Incoming(
                packed=packed,
                label=label,
                said=Said(label=said, probability=chance.uniform(0.5, 1)),
                weights=network,
                device="mouse",
                created=begun + 1_000_000 * i,
            )
            insert(connection, incoming, writers[chance.random() < 0.3])


class _Pictures(QObject):
    """Calls back when every drawing in sight has its picture and that is on the screen."""

    def __init__(self, gallery: Gallery, then: Callable[[], None]) -> None:
        super().__init__(gallery)
        self._gallery = gallery
        self._then = then
        self._waits = False
        gallery.view.viewport().installEventFilter(self)

    def await_all(self) -> None:
        self._waits = True
        self._gallery.view.viewport().update()

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if self._waits and event.type() == QEvent.Type.Paint and self._are_there():
            self._waits = False
            QTimer.singleShot(0, self._then)  # after it was painted and flushed
        return False

    def _are_there(self) -> bool:
        view, cells = self._gallery.view, self._gallery.cells
        seen = view.in_sight()
        return bool(seen) and all(cells.get(int(view.list.ids[row])) for row, _ in seen)


def look(window: MainWindow, *, openings: int, steps: int, jumps: int) -> Seen:
    """Opens the gallery so often, then scrolls: by the wheel, along the whole bar, and to far places."""
    seen = Seen(memory_before=memory_of(os.getpid()))
    player: Player
    heartbeat = Heartbeat(HEARTBEAT_MS)

    def opened() -> Gallery:
        window.drawings.open()
        gallery = window.drawings.gallery
        assert gallery is not None
        return gallery

    def script() -> Script:
        heartbeat.start()
        for number in range(openings):
            begun, worked = time.perf_counter(), time.process_time()
            gallery = opened()
            pictures = _Pictures(gallery, player.resume)
            pictures.await_all()
            yield None
            seen.opened.append(time.perf_counter() - begun)
            seen.worked.append(time.process_time() - worked)
            yield 300.0
            if number < openings - 1:
                window.drawings.close()
                yield 100.0
        seen.opening_gaps, heartbeat.gaps = heartbeat.gaps, []
        seen.on_screen = len(gallery.view.in_sight())
        yield from _scroll(gallery, pictures, seen, steps, jumps)

    player = Player(script())
    player.play()
    heartbeat.stop()
    seen.gaps = heartbeat.gaps
    seen.memory = memory_of(os.getpid())
    return seen


def _scroll(gallery: Gallery, pictures: _Pictures, seen: Seen, steps: int, jumps: int) -> Script:
    bar = gallery.view.verticalScrollBar()
    for _ in range(steps):  # the wheel
        bar.setValue(bar.value() + _WHEEL)
        yield _FRAME_MS
    for step in range(steps + 1):  # the bar, dragged from one end to the other
        bar.setValue(round(bar.maximum() * step / steps))
        yield _FRAME_MS
    chance = random.Random(1)
    for _ in range(jumps):
        begun = time.perf_counter()
        bar.setValue(chance.randrange(bar.maximum()))
        pictures.await_all()
        yield None
        seen.jumps.append(time.perf_counter() - begun)
        yield chance.uniform(50, 150)


def add(report: Report, seen: Seen) -> None:
    """The figures and the goals for them."""
    report.add("filling the store", seen.filling, "s")
    report.add("drawings on the first screen", seen.on_screen, "")
    first, *later = _ms(seen.opened)
    report.add("opened for the first time", first, "ms")
    if later:
        report.add("opened again", Spread.of(later), "ms")
    report.add("processor's time for an opening", Spread.of(_ms(seen.worked)), "ms")
    jumps, gaps = _ms(seen.jumps), _ms(seen.gaps)
    report.add("pictures of a far place", Spread.of(jumps), "ms")
    report.add("longest gap while it opens", max(_ms(seen.opening_gaps)), "ms")
    report.add("longest gap while it scrolls", max(gaps), "ms")
    report.add("memory before", seen.memory_before, "MB")
    report.add("memory after", seen.memory, "MB")
    report.aim("the first screen is painted", max(_ms(seen.opened)), OPEN_GOAL_MS, "ms")
    report.aim("99 of 100 gaps while it scrolls", percentile(gaps, 0.99), GAP_GOAL_MS, "ms")
    report.aim("half of the far places", percentile(jumps, 0.5), JUMP_GOAL_MS, "ms")


def _ms(seconds: Sequence[float]) -> list[float]:
    return [1000 * value for value in seconds]


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--drawings", type=int, help=f"default {COUNT:,}, with --quick 2,000")
    options.add_argument("--platform", help="Qt's: offscreen, xcb, … (default: a display or Xvfb)")
    chosen = options.parse_args()
    count = chosen.drawings or (2000 if chosen.quick else COUNT)
    with surroundings(chosen.platform) as environment:
        enter(environment)
        report = Report("gallery", platform=platform_of(environment), drawings=count)
        begun = time.perf_counter()
        with open_store(daily=False) as store:
            fill(store, count)
        filling = time.perf_counter() - begun
        say(f"{count:,} drawings in {filling:.1f} s")
        with opened_window() as window:
            few = chosen.quick
            seen = look(
                window,
                openings=2 if few else 6,
                steps=30 if few else 300,
                jumps=3 if few else 30,
            )
    seen.filling = filling
    add(report, seen)
    report.print_and_exit(as_json=chosen.json)


if __name__ == "__main__":
    main()
