"""kill -9 at any moment of a personalization: everything is as before, and the new file is whole or absent.

Jobs run as the window runs them, in processes of their own (trainer.processes.personalize_process). They are
killed while they load, while they compute, while they validate, and in the moment in which the new network's
file is written. Then the window's side is killed: the job has to end by itself, and its folder must not stay.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.killed import same
from benchmarks.report import Report, parser, say
from benchmarks.surroundings import ROOT, enter, mnist_folder, surroundings
from trainer.base.errors import HandwriteError, RunError
from trainer.base.paths import drawings_file, models_folder, user_folder
from trainer.base.temp_folders import Scratch, scratch_folder
from trainer.drawings import Entry, open_store
from trainer.drawings.recovery import soundness
from trainer.models.active_model import activate, active_model, active_model_file
from trainer.personalize.events import PersonalizationFinished, PersonalizationProgress
from trainer.personalize.job import PersonalizationJob
from trainer.picture.strokes import Drawing
from trainer.processes.personalize_process import PersonalizationProcess
from trainer.synthetic.synthetic_digits import synthetic_digits

KILLS = 50
#: When a personalization is killed, in turn.
PHASES = ("loading", "steps", "judging", "writing")

_DRAWINGS = 30
_NAME = "personalized.safetensors"
_WRITING = 0.001  # seconds that the kill waits at most after the file was begun
_PATIENCE = 60.0  # seconds until a personalization has ended whose window is gone


@dataclass(frozen=True, kw_only=True)
class Ground:
    """What personalizations are given from, and how it was before them."""

    network: Path
    content: bytes
    remembered: bytes
    drawings: tuple[tuple[Entry, Drawing], ...]
    data_folder: Path
    files: frozenset[str]

    def job(self, folder: Path) -> PersonalizationJob:
        return _job(self.network, folder, self.data_folder)


@dataclass(kw_only=True)
class Killed:
    """What was found after all kills.

    kills: by the job's phase. late: jobs that were over before the kill. halves, whole: new files that
    were broken off, and that were there. windows: killed windows. longest: seconds until the job of a
    killed window had ended. faults: whatever was not as it should be.
    """

    kills: Counter[str] = field(default_factory=Counter)
    late: int = 0
    halves: int = 0
    whole: int = 0
    windows: int = 0
    longest: float = 0.0
    faults: list[str] = field(default_factory=list)


def prepared(data_folder: Path) -> Ground:
    """A small network that is in use, and a hand's drawings; in the user's folder of this process."""
    from trainer.models.weights import save_weights
    from trainer.models.weights_card import WeightsCard
    from trainer.networks import build_network

    network = models_folder() / "base.safetensors"
    card = WeightsCard(architecture="lenet5", labels=tuple("0123456789"), mean=0.13, std=0.31)
    save_weights(network, build_network("lenet5", classes=10), card)
    activate(network)
    with open_store(daily=False) as store:
        for label, drawing in synthetic_digits(_DRAWINGS, 3):
            store.add(drawing, label=label)
        drawings = tuple((entry, store.drawing(entry.id)) for entry in store.entries())
    return Ground(
        network=network,
        content=network.read_bytes(),
        remembered=active_model_file().read_bytes(),
        drawings=drawings,
        data_folder=data_folder,
        files=_files(),
    )


def kill_often(ground: Ground, kills: int, *, seed: int = 0) -> Killed:
    """So many kills of personalizations, after one that is left alone: the others take as long."""
    chance = random.Random(seed)
    found = Killed()
    loading, judging = _whole_personalization(ground, found)
    while found.kills.total() < kills and not found.faults:
        phase = PHASES[found.kills.total() % len(PHASES)]
        with Scratch() as scratch:
            personalization = PersonalizationProcess(ground.job(scratch.path))
            if phase == "loading":
                _kill_after(personalization, chance.uniform(0, loading))
            share = chance.random() if phase == "steps" else 1.0
            try:
                for event in personalization.events():
                    if (
                        not isinstance(event, PersonalizationProgress)
                        or event.fraction < share - 1e-9
                    ):
                        continue
                    if phase == "steps":
                        personalization.kill()
                    elif phase == "judging":
                        _kill_after(personalization, chance.uniform(0, judging))
                    elif phase == "writing":
                        seconds = chance.choice((0.0, chance.uniform(0, _WRITING)))
                        _kill_when_written(personalization, scratch.path, seconds)
            except RunError:
                found.kills[phase] += 1
                say(f"{found.kills.total()} of {kills} killed ({phase})")
            else:
                found.late += 1
            _look(ground, scratch.path, found)
    return found


def kill_windows(ground: Ground, kills: int, found: Killed, *, seed: int = 0) -> None:
    """Kills the window's side of jobs: they end, and the next one removes what they leave."""
    chance = random.Random(seed)
    while found.windows < kills and not found.faults:
        command = [sys.executable, "-m", "benchmarks.killed_personalization", "--window"]
        window = subprocess.Popen(
            [*command, str(ground.data_folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        try:
            assert window.stdout is not None
            personalization = int(window.stdout.readline())
            # Some at once, some while it computes.
            for _ in range(chance.choice((0, 1, 2, 40))):
                window.stdout.readline()
        finally:
            window.kill()
            window.communicate()
        begun = time.monotonic()
        while _is_running(personalization):
            if time.monotonic() - begun > _PATIENCE:
                found.faults.append("a personalization goes on without its window")
                return
            time.sleep(0.05)
        found.longest = max(found.longest, time.monotonic() - begun)
        found.windows += 1
        left = [path for path in scratch_folder().iterdir() if path.is_dir()]
        for folder in left:
            _look(ground, folder, found)
        with Scratch() as scratch:
            if [path for path in scratch_folder().iterdir() if path.is_dir()] != [scratch.path]:
                found.faults.append("what a killed window left is still there")
        say(f"{found.windows} of {kills} windows killed")


def _whole_personalization(ground: Ground, found: Killed) -> tuple[float, float]:
    """Seconds from the start to the first step, and from the last to the end."""
    with Scratch() as scratch:
        begun = time.monotonic()
        first = last = 0.0
        ended = False
        for event in PersonalizationProcess(ground.job(scratch.path)).events():
            if isinstance(event, PersonalizationProgress):
                last = time.monotonic()
                first = first or last
            ended = ended or isinstance(event, PersonalizationFinished)
        over = time.monotonic()
        if not ended or not (scratch.path / _NAME).is_file():
            found.faults.append("a personalization that was left alone brought nothing")
        _look(ground, scratch.path, found)
        found.whole = 0
    say(f"A personalization takes {over - begun:.1f} s")
    return first - begun, over - last


def _look(ground: Ground, folder: Path, found: Killed) -> None:
    """Whether everything is as it was, and what there is of the new network."""
    from trainer.models.weights import load_weights

    faults = found.faults
    if ground.network.read_bytes() != ground.content:
        faults.append("the network in use was changed")
    if active_model_file().read_bytes() != ground.remembered or active_model() != ground.network:
        faults.append("another network is in use")
    if odd := _files() ^ ground.files:
        faults.append(f"not as before: {', '.join(sorted(odd))}")
    try:
        load_weights(ground.network)
        with open_store(daily=False) as store:
            faults += store.notes
            fault = soundness(store._connection, thorough=True)  # as benchmarks.killed does
            faults += [fault] if fault else []
            kept = tuple((entry, store.drawing(entry.id)) for entry in store.entries())
        if len(kept) != len(ground.drawings) or not all(
            one[0] == other[0] and same(one[1], other[1])
            for one, other in zip(kept, ground.drawings, strict=True)
        ):
            faults.append("the drawings are not those that were there")
        for path in folder.iterdir():
            if path.name == _NAME:
                _, card = load_weights(path)
                if card.parent != ground.network.stem:
                    faults.append(f"{path.name} is another network")
                found.whole += 1
            elif path.match(f".{_NAME}.*.part"):
                found.halves += 1
            elif path.name != "in use":
                faults.append(f"nobody knows what {path.name} is")
    except HandwriteError as error:
        faults.append(str(error))


def _job(network: Path, folder: Path, data_folder: Path) -> PersonalizationJob:
    return PersonalizationJob(
        network=network,
        drawings=drawings_file(),
        writer="",
        target=folder / _NAME,
        data_folder=data_folder,
    )


def _files() -> frozenset[str]:
    """What lies in the user's folder, but for what SQLite keeps beside an open file."""
    folder = user_folder()
    return frozenset(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if not path.name.endswith(("-wal", "-shm"))
    )


def _kill_after(personalization: PersonalizationProcess, seconds: float) -> None:
    """Not waited for: what the personalization tells meanwhile is read."""
    timer = threading.Timer(seconds, personalization.kill)
    timer.daemon = True
    timer.start()


def _kill_when_written(
    personalization: PersonalizationProcess, folder: Path, seconds: float
) -> None:
    """So long after the new file was begun."""

    def watch() -> None:
        deadline = time.monotonic() + _PATIENCE
        with suppress(OSError):  # the folder is gone: the personalization was faster
            while not any(name.endswith(".part") or name == _NAME for name in os.listdir(folder)):  # noqa: PTH208
                if time.monotonic() > deadline:
                    return
        if seconds:
            time.sleep(seconds)
        personalization.kill()

    threading.Thread(target=watch, daemon=True).start()


def _is_running(process: int) -> bool:
    """One that nobody has waited for yet has ended all the same."""
    try:
        os.kill(process, 0)
    except OSError:
        return False
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:  # no Linux, or it has ended just now
        return not Path("/proc/self").exists()
    return state.rpartition(")")[2].split()[0] != "Z"


def window(data_folder: Path) -> None:
    """What the killed windows do: a job, its process's number, and a line for each of its events."""
    network = active_model()
    assert network is not None
    scratch = Scratch()
    personalization = PersonalizationProcess(_job(network, scratch.path, data_folder))
    print(personalization.pid, flush=True)
    for event in personalization.events():
        print(type(event).__name__, flush=True)
    time.sleep(_PATIENCE)  # the person has to decide now


def add(report: Report, found: Killed) -> None:
    """The figures and the goals for them."""
    for phase in PHASES:
        report.add(f"personalizations killed: {phase}", found.kills[phase], "")
    report.add("personalizations that were over before the kill", found.late, "")
    report.add("new files that were broken off", found.halves, "")
    report.add("new files that were there", found.whole, "")
    report.add("windows killed during a personalization", found.windows, "")
    report.add("longest until their personalization had ended", found.longest, "s")
    report.aim("faults", len(found.faults), 0, "")
    for fault in found.faults:
        say(fault)


def main(arguments: Sequence[str] | None = None) -> None:
    options = parser(__doc__)
    options.add_argument("--kills", type=int, help=f"default {KILLS}, with --quick 4")
    options.add_argument("--windows", type=int, help="default a fifth of the kills")
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--window", type=Path, metavar="FOLDER", help="one that is killed")
    chosen = options.parse_args(arguments)
    if chosen.window:
        window(chosen.window)
        return
    kills = chosen.kills or (4 if chosen.quick else KILLS)
    windows = max(1, kills // 5) if chosen.windows is None else chosen.windows
    with surroundings("offscreen") as environment:
        enter(environment)
        data_folder, data = mnist_folder(environment)
        report = Report("killed while personalizing", seed=chosen.seed, data=data)
        ground = prepared(data_folder)
        found = kill_often(ground, kills, seed=chosen.seed)
        kill_windows(ground, windows, found, seed=chosen.seed)
    add(report, found)
    report.print_and_exit(as_json=chosen.json)


if __name__ == "__main__":
    main()
