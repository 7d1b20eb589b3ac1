"""kill -9 while drawings are stored, at random moments: is every drawing there that had been confirmed?

Processes store drawings and print the number of each when the store has confirmed it. They are killed, some
while they open the store, most while they write, sometimes two at once. Then the file is looked through,
and every printed number must be there with exactly the drawing that was given. What this does not show is
what happens when the power fails: for that, the store waits for the disk (trainer/drawings).
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

import numpy as np

from benchmarks.report import Report, parser, say
from benchmarks.surroundings import ROOT
from trainer.drawings import DrawingStore, Said, open_store
from trainer.drawings.recovery import soundness
from trainer.picture.strokes import Drawing, Stroke

KILLS = 50
_LONGEST = 1.0  # seconds from a process's first stored drawing to its end
_START = 1.5  # seconds in which a process that is killed at its start has been killed
_AT_START = 0.25  # share of kills that come then
_TOGETHER = 0.3  # share of rounds with two processes
_PATIENCE = 120.0  # seconds until a process has stored its first


#: The store's number of a drawing → (seed, index) of `made`.
Confirmed = dict[int, tuple[int, int]]


@dataclass(kw_only=True)
class Killed:
    """What was found after all kills.

    confirmed: drawings whose numbers were printed. missing: those of them that are not there, or not as they
    were given. unconfirmed: that are there although nobody was told. damaged: openings after which
    something was wrong with the file, with what. silent: processes killed before they confirmed any.
    """

    kills: int = 0
    confirmed: int = 0
    missing: set[int] = field(default_factory=set)
    unconfirmed: int = 0
    silent: int = 0
    damaged: list[str] = field(default_factory=list)


def made(seed: int, index: int) -> Drawing:
    """A drawing that says by its content which one it is."""
    chance = np.random.default_rng([seed, index])
    strokes = [
        Stroke.make(
            chance.normal(140, 60, (count, 2)),
            pressure=chance.random(count),
            times=np.arange(count) / 125,
            width=24,
        )
        for count in chance.integers(1, 120, chance.integers(1, 4))
    ]
    return Drawing(tuple(strokes))


def same(one: Drawing, other: Drawing) -> bool:
    """To the last bit."""
    return len(one.strokes) == len(other.strokes) and all(
        a.points.tobytes() == b.points.tobytes()
        and _bytes(a.pressure) == _bytes(b.pressure)
        and _bytes(a.times) == _bytes(b.times)
        and a.width == b.width
        for a, b in zip(one.strokes, other.strokes, strict=True)
    )


def storing(path: Path, seed: int, count: int | None = None) -> None:
    """What the killed processes do: store, print, and so on; `count` drawings, or until the end."""
    with open_store(path) as store:
        index = 0
        while count is None or index < count:
            label = str(index % 10)
            number = store.add(
                made(seed, index), label=label, said=Said(label="3", probability=0.5)
            )
            print(json.dumps([number, seed, index]), flush=True)
            index += 1


def kill_often(path: Path, kills: int, *, seed: int = 0, longest: float = _LONGEST) -> Killed:
    """So many kills of processes that store into the file at `path`."""
    chance = random.Random(seed)
    found = Killed()
    confirmed: Confirmed = {}
    while found.kills < kills:
        together = 2 if found.kills + 2 <= kills and chance.random() < _TOGETHER else 1
        children = [_Child(path, 1000 * seed + found.kills + i) for i in range(together)]
        try:
            if chance.random() < _AT_START:
                time.sleep(chance.uniform(0, _START))
            else:
                for child in children:
                    child.wait_for_first()
                time.sleep(chance.uniform(0, longest))
        finally:
            for child in children:
                child.kill()
        new: Confirmed = {}
        for child in children:
            told = child.confirmed()
            new |= told
            found.silent += not told
        confirmed |= new
        found.kills += together
        # In the end all of them are looked at once more.
        look(path, confirmed, confirmed if found.kills == kills else new, found)
        say(
            f"{found.kills} of {kills} killed: {len(confirmed)} confirmed, {len(found.missing)} missing"
        )
    return found


def look(path: Path, confirmed: Confirmed, opened: Confirmed, found: Killed) -> None:
    """Looks for all confirmed drawings, and into some of them."""
    with open_store(path) as store:
        found.damaged += store.notes
        fault = soundness(store._connection, thorough=True)  # nobody but a benchmark wants to know
        if fault:
            found.damaged.append(fault)
        there = set(store.ids())
        found.confirmed = len(confirmed)
        found.unconfirmed = len(there - confirmed.keys())
        found.missing |= confirmed.keys() - there
        for number, source in opened.items():
            if number in there and not _is_as_given(store, number, *source):
                found.missing.add(number)


def _is_as_given(store: DrawingStore, number: int, seed: int, index: int) -> bool:
    entry, drawing = store.get(number)
    return entry.label == str(index % 10) and same(drawing, made(seed, index))


class _Child:
    """A process that stores until it is killed."""

    def __init__(self, path: Path, seed: int) -> None:
        command = [sys.executable, "-m", "benchmarks.killed", "--child", str(path), str(seed)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE
        )
        assert self._process.stdout is not None
        self._lines: list[bytes] = []
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,))
        self._reader.start()

    def wait_for_first(self) -> None:
        """Raises RuntimeError where it ended, or stored nothing for too long."""
        deadline = time.monotonic() + _PATIENCE
        while not self._lines:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("a process that was to store drawings stores none")
            time.sleep(0.005)

    def kill(self) -> None:
        """Ends it with SIGKILL; all that it had printed is read then."""
        self._process.kill()
        self._process.wait()
        self._reader.join()

    def confirmed(self) -> Confirmed:
        """What it had printed. A line that the kill cut off confirmed nothing."""
        whole = [json.loads(line) for line in self._lines if line.endswith(b"\n")]
        return {number: (seed, index) for number, seed, index in whole}

    def _read(self, lines: IO[bytes]) -> None:
        with lines:
            for line in lines:
                self._lines.append(line)


def _bytes(array: np.ndarray | None) -> bytes | None:
    return None if array is None else array.tobytes()


def add(report: Report, found: Killed) -> None:
    """The figures and the goals for them."""
    report.add("processes killed", found.kills, "")
    report.add("killed before they confirmed any", found.silent, "")
    report.add("drawings confirmed", found.confirmed, "")
    report.add("drawings there that nobody was told of", found.unconfirmed, "")
    report.aim("confirmed drawings missing", len(found.missing), 0, "")
    report.aim("faults of the file", len(found.damaged), 0, "")
    for fault in found.damaged:
        say(fault)


def main(arguments: Sequence[str] | None = None) -> None:
    options = parser(__doc__)
    options.add_argument("--kills", type=int, help=f"default {KILLS}, with --quick 4")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--count", type=int, help="with --child: store so many and end")
    options.add_argument("--child", nargs=2, metavar=("FILE", "SEED"), help="one that is killed")
    chosen = options.parse_args(arguments)
    if chosen.child:
        storing(Path(chosen.child[0]), int(chosen.child[1]), chosen.count)
        return
    kills = chosen.kills or (4 if chosen.quick else KILLS)
    with TemporaryDirectory() as folder:
        report = Report("killed", seed=chosen.seed)
        found = kill_often(Path(folder) / "drawings.sqlite", kills, seed=chosen.seed)
    add(report, found)
    report.print_and_exit(as_json=chosen.json)


if __name__ == "__main__":
    main()
