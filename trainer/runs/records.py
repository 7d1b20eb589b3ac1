"""Training runs on the disk: one folder each, read without torch, whatever ended them.

A run's folder holds config.json, metrics.jsonl (its events, one JSON object a line), its weights and, at
the end, its report. A killed run leaves a torn last line, a resumed one writes on in the same file.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from trainer.base.errors import InputError, RunError
from trainer.base.events import (
    BatchProgress,
    EpochFinished,
    Event,
    RunFinished,
    RunStarted,
    RunStoppedEarly,
    event_from_json,
)
from trainer.base.locking import FileLock
from trainer.base.paths import expanded
from trainer.runs.config import TrainConfig

CONFIG = "config.json"
METRICS = "metrics.jsonl"
LAST = "last"

_LOCK = ".lock"
_LOCK_PATIENCE = 1.0  # seconds; whoever asks whether a run is held holds it for an instant
# A run without a lock, by an earlier version, is taken for one that goes on for so long after its last line.
_QUIET = 600.0  # seconds
_EVENT = b'{"event": "'
_PROGRESS = b'{"event": "BatchProgress"'

State = Literal["finished", "stopped", "running", "broken off"]


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a run's folder tells.

    settings: config.json as it is, whatever version wrote it; empty where it cannot be read. epochs: those
    that ended, in order, each once. state: "finished" (all epochs, or patience), "stopped" (by a person),
    "running" (being written now) or "broken off" (killed, or ended by an error).
    """

    folder: Path
    begun: dt.datetime  # local time, with its zone
    settings: dict[str, Any]
    started: RunStarted | None
    epochs: tuple[EpochFinished, ...]
    end: RunFinished | RunStoppedEarly | None
    state: State

    @property
    def name(self) -> str:
        return self.folder.name

    @property
    def best(self) -> EpochFinished | None:
        """The epoch whose weights were kept."""
        return next((epoch for epoch in reversed(self.epochs) if epoch.is_best), None)

    @property
    def seconds(self) -> float:
        """Time it took as far as it was written down."""
        if self.end is not None:
            return self.end.seconds
        return self.epochs[-1].seconds if self.epochs else 0.0

    def changed_settings(self) -> dict[str, tuple[Any, Any]]:
        """Settings that are not the defaults: name → (this run's, the default, None for an unknown name)."""
        defaults = {f.name: f.default for f in dataclasses.fields(TrainConfig)}
        return {
            name: (value, defaults.get(name))
            for name, value in self.settings.items()
            if name not in defaults or value != defaults[name]
        }

    def figures(self) -> dict[str, Any]:
        """What is said of it in a list: plain numbers and texts, None where not known."""
        best = self.best
        planned = self.started.epochs if self.started else self.settings.get("epochs")
        return {
            "state": self.state,
            "network": self.settings.get("network"),
            "dataset": self.settings.get("dataset"),
            "validation_accuracy": best.validation.accuracy if best else None,
            "validation_loss": best.validation.loss if best else None,
            "training_accuracy": best.training.accuracy if best else None,
            "best_epoch": best.epoch if best else None,
            "epochs": self.epochs[-1].epoch if self.epochs else 0,
            "epochs_planned": planned,
            "seconds": self.seconds,
            "parameters": self.started.parameters if self.started else None,
            "training_pictures": self.started.training_pictures if self.started else None,
            "device": self.started.device if self.started else None,
            "precision": self.started.precision if self.started else None,
            "threads": self.started.threads if self.started else None,
        }

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "path": str(self.folder),
            "begun": self.begun.isoformat(timespec="seconds"),
            **self.figures(),
        }


def list_runs(runs: Path) -> list[Run]:
    """All runs in the folder, the one that was begun last at the end; none where there is no folder."""
    return [read_run(folder) for folder in _folders(runs)]


def read_run(folder: Path) -> Run:
    """Raises InputError where the folder is no run's. Lines that cannot be read are passed over."""
    if not _is_run(folder):
        raise InputError(f"{folder} is not the folder of a training run: it has no {CONFIG}")
    started: RunStarted | None = None
    end: RunFinished | RunStoppedEarly | None = None
    epochs: dict[int, EpochFinished] = {}
    for event in read_events(folder, progress=False):
        match event:
            case RunStarted():  # once more where a run was resumed: what ended it is of no account then
                started, end = event, None
            case EpochFinished():  # an epoch that was done again after a kill counts once, as it was last
                epochs = {n: e for n, e in epochs.items() if n < event.epoch} | {event.epoch: event}
            case RunFinished() | RunStoppedEarly():
                end = event
    return Run(
        folder=folder,
        begun=dt.datetime.fromtimestamp(_begun(folder)).astimezone(),
        settings=_settings(folder),
        started=started,
        epochs=tuple(epochs.values()),
        end=end,
        state=_state(folder, end),
    )


def read_events(folder: Path, *, progress: bool = True) -> Iterator[Event]:
    """The events of a run in the order of its file; `progress` False leaves out the many BatchProgress.

    A line that was torn by a kill is passed over, also where a resumed run wrote on behind it.
    """
    try:
        with (folder / METRICS).open("rb") as lines:
            for line in lines:
                if not progress and line.startswith(_PROGRESS):
                    continue
                event = _event(line)
                if event is not None and (progress or not isinstance(event, BatchProgress)):
                    yield event
    except OSError:
        return


def find_run(name: str, runs: Path) -> Path:
    """The folder of the run that is meant: its name, the beginning of it, `last`, or a path.

    Raises InputError, with the names to choose from, where there is none or more than one.
    """
    folders = _folders(runs)
    exact = next((folder for folder in folders if folder.name == name), None)
    if exact is not None:
        return exact
    if name == LAST:
        if not folders:
            raise InputError(
                f"there are no runs in {runs} yet: `handwrite-trainer train` makes one"
            )
        return folders[-1]
    begins = [folder for folder in folders if name and folder.name.startswith(name)]
    if len(begins) == 1:
        return begins[0]
    if begins:
        raise InputError(f"{name} may be any of {_names(begins)}: type more of the name")
    path = Path(os.path.abspath(expanded(name)))  # noqa: PTH100  resolve() would follow links
    if name and _is_run(path):
        return path
    raise InputError(
        f"there is no run {name}, neither in {runs} nor as a path. "
        + (f"There are {_names(folders)}." if folders else "There are no runs yet.")
    )


def check_deletable(folder: Path, runs: Path) -> None:
    """Raises InputError where the folder is not a run's own in `runs`, or is being written."""
    inside = folder.parent.resolve() == runs.resolve()
    if folder.is_symlink() or not inside:
        raise InputError(
            f"{folder} is not in {runs} itself: only runs there are deleted. Delete it by hand if you "
            "mean it."
        )
    if read_run(folder).state == "running":
        raise InputError(
            f"{folder.name} is being written: stop it first"
            + (
                ""
                if (folder / _LOCK).exists()
                else ", or wait ten minutes if nothing runs any more"
            )
        )


def delete_run(folder: Path, runs: Path) -> None:
    """Deletes a run's folder with all that is in it; links in it are removed, not what they lead to.

    Raises InputError where it may not be deleted (see check_deletable), RunError where it cannot.
    """
    check_deletable(folder, runs)
    try:
        shutil.rmtree(folder)
    except OSError as error:
        raise RunError(
            f"{folder} could not be deleted ({error.strerror or error}); part of it may be left"
        ) from error


def differing_settings(runs: Sequence[Run]) -> dict[str, tuple[Any, ...]]:
    """Settings by name, one value a run, in which the runs differ; None where a run does not have one."""
    names = dict.fromkeys(name for run in runs for name in run.settings)
    values = {name: tuple(run.settings.get(name) for run in runs) for name in names}
    return {name: row for name, row in values.items() if any(v != row[0] for v in row)}


@contextlib.contextmanager
def held(folder: Path) -> Iterator[FileLock]:
    """Holds the run folder's exclusive lock. The OS releases it if the process dies.

    Yields the lock, which is not effective on a file system without locks. Raises RunError where another
    process holds it.
    """
    with FileLock(folder / _LOCK) as lock:
        if not lock.acquire(_LOCK_PATIENCE):
            raise RunError(f"{folder} is being written by another process: wait for its end")
        yield lock


def is_held(folder: Path) -> bool:
    """Whether a process writes the run now. Where no lock can tell: whether its last line is minutes old."""
    taken = _is_locked(folder)
    return time.time() - _last_written(folder) < _QUIET if taken is None else taken


def _is_locked(folder: Path) -> bool | None:
    """Whether a process holds the run's lock; None where there is no lock, or none that keeps others out."""
    if not (folder / _LOCK).exists():
        return None
    try:
        with FileLock(folder / _LOCK) as lock:
            is_free = lock.acquire()
            return not is_free if lock.is_effective else None
    except OSError:
        return None


def _state(folder: Path, end: RunFinished | RunStoppedEarly | None) -> State:
    if _is_locked(folder):
        return "running"
    match end:
        case RunFinished(reason="stopped") | RunStoppedEarly():
            return "stopped"
        case RunFinished():
            return "finished"
        case None:
            return "running" if is_held(folder) else "broken off"


def _event(line: bytes) -> Event | None:
    with contextlib.suppress(RunError):
        return event_from_json(line)
    # The first line of a resumed run stands right behind the torn last one of the killed.
    place = line.rfind(_EVENT)
    if place > 0:
        with contextlib.suppress(RunError):
            return event_from_json(line[place:])
    return None


def _settings(folder: Path) -> dict[str, Any]:
    try:
        document = json.loads((folder / CONFIG).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _folders(runs: Path) -> list[Path]:
    """Folders of runs, by when they were begun."""
    try:
        found = [Path(entry.path) for entry in os.scandir(runs)]
    except OSError:
        return []
    return sorted((f for f in found if _is_run(f)), key=lambda f: (_begun(f), f.name))


def _is_run(folder: Path) -> bool:
    return (folder / CONFIG).is_file() or (folder / METRICS).is_file()


def _begun(folder: Path) -> float:
    """Seconds since 1970: a run's settings are the first that it writes, and are not written again."""
    for file in (CONFIG, METRICS):
        with contextlib.suppress(OSError):
            return (folder / file).stat().st_mtime
    return 0.0


def _last_written(folder: Path) -> float:
    times = [0.0]
    for file in (METRICS, CONFIG):
        with contextlib.suppress(OSError):
            times.append((folder / file).stat().st_mtime)
    return max(times)


def _names(folders: Sequence[Path], most: int = 8) -> str:
    names = [folder.name for folder in folders]
    return ", ".join(names[-most:]) + (f" and {len(names) - most} more" if names[most:] else "")
