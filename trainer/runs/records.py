"""Training runs on the disk: listed, found, read and deleted without torch.

A run's folder (trainer.runs.run_folder) holds config.json, metrics.jsonl (its events, one JSON object per
line), weights and, at the end, a report. A killed run leaves a torn last line; a resumed run appends to the
same file.
"""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import os
import re
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
from trainer.base.paths import expanded
from trainer.runs.config import TrainConfig
from trainer.runs.lock import is_held, is_locked
from trainer.runs.names import CONFIG, LOCK, METRICS, STAMP, is_own_file

LAST = "last"

_EVENT = b'{"event": "'
_PROGRESS = b'{"event": "BatchProgress"'
_FIRST_LINE = 100_000  # bytes
_STAMP = re.compile(r"\d{4}-\d{2}-\d{2}_\d{6}")

State = Literal["finished", "stopped", "running", "broken off"]


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run as its folder describes it.

    settings: the content of config.json, whatever version wrote it; empty where it cannot be read. epochs:
    those that ended, in order, each once. state: "finished" (all epochs, or patience), "stopped" (by a
    person), "running" or "broken off" (killed, or ended by an error).
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
        """The epoch whose weights are stored as the best."""
        return next((epoch for epoch in reversed(self.epochs) if epoch.is_best), None)

    @property
    def seconds(self) -> float:
        """The run's time, as far as it is logged."""
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

    @property
    def network(self) -> str | None:
        """The architecture that was trained; until version 0.1 config.json may name another with --start."""
        if self.started is not None:
            return self.started.network
        network = self.settings.get("network")
        return network if isinstance(network, str) else None

    def metrics(self) -> dict[str, Any]:
        """The columns of a list of runs: plain numbers and texts, None where not known."""
        best = self.best
        planned = self.started.epochs if self.started else self.settings.get("epochs")
        return {
            "state": self.state,
            "network": self.network,
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
            **self.metrics(),
        }


def run_folders(runs: Path) -> list[Path]:
    """The folders of all runs, by when they began."""
    return _folders(runs)


def list_runs(runs: Path) -> list[Run]:
    """All runs in the folder, by when they began; none where there is no folder."""
    return [read_run(folder) for folder in _folders(runs)]


def read_run(folder: Path) -> Run:
    """Raises InputError where the folder is not a run's. Unreadable lines are skipped."""
    if not _is_run(folder):
        raise InputError(
            "runs.not-a-run",
            "{path} is not the folder of a training run: it has no {file}",
            path=str(folder),
            file=CONFIG,
        )
    started: RunStarted | None = None
    end: RunFinished | RunStoppedEarly | None = None
    epochs: dict[int, EpochFinished] = {}
    for event in read_events(folder, progress=False):
        match event:
            case RunStarted():  # logged again where a run was resumed: it did not end before
                started, end = event, None
            case EpochFinished():  # an epoch that was trained again after a kill counts once, the last time
                epochs = {n: e for n, e in epochs.items() if n < event.epoch} | {event.epoch: event}
            case RunFinished() | RunStoppedEarly():
                end = event
    return Run(
        folder=folder,
        begun=_begun(folder),
        settings=settings_of(folder),
        started=started,
        epochs=tuple(epochs.values()),
        end=end,
        state=_state(folder, end),
    )


def run_config(run: Run) -> TrainConfig:
    """The settings of a run, those of another version that are no more left out.

    Raises InputError where they cannot be read, ConfigError where they cannot be used any more.
    """
    names = {field.name for field in dataclasses.fields(TrainConfig)}
    known = {key: value for key, value in run.settings.items() if key in names}
    if not known:
        raise InputError(
            "runs.no-settings", "the settings of the run {name} cannot be read", name=run.name
        )
    return TrainConfig.from_json(known)


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


def read_events_after(folder: Path, offset: int) -> tuple[list[Event], int]:
    """The events of a run that goes on which stand behind this byte of its file, and the byte behind them.

    A last line that is not finished is left for the next time.
    """
    try:
        with (folder / METRICS).open("rb") as lines:
            lines.seek(offset)
            new = lines.read()
    except OSError:
        return [], offset
    whole = new[: new.rfind(b"\n") + 1]
    events = [event for line in whole.splitlines() if (event := _event(line)) is not None]
    return events, offset + len(whole)


def find_run(name: str, runs: Path) -> Path:
    """The folder of the run that is meant: its name, the beginning of it, `last`, or a path.

    Raises InputError, with the names to choose from, where there is none or more than one.
    """
    if not name.strip():
        raise InputError("runs.empty-name", "no run was named: `runs list` shows their names")
    folders = _folders(runs)
    exact = next((folder for folder in folders if folder.name == name), None)
    if exact is not None:
        return exact
    if name == LAST:
        if not folders:
            raise InputError(
                "runs.none",
                "there are no runs in {path} yet: `handwrite-trainer train` makes one",
                path=str(runs),
            )
        return folders[-1]
    begins = [folder for folder in folders if name and folder.name.startswith(name)]
    if len(begins) == 1:
        return begins[0]
    if begins:
        raise InputError(
            "runs.ambiguous",
            "{name} may be any of {names}: type more of the name",
            name=name,
            names=_names(begins),
        )
    path = Path(os.path.abspath(expanded(name)))  # noqa: PTH100  resolve() would follow links
    if name and _is_run(path):
        return path
    if not name:
        raise InputError("runs.no-name", "no run was named: name one, or `last`")
    if not folders:
        raise InputError(
            "runs.unknown-of-none",
            "there is no run {name}, neither in {path} nor as a path. There are no runs yet.",
            name=name,
            path=str(runs),
        )
    raise InputError(
        "runs.unknown",
        "there is no run {name}, neither in {path} nor as a path. There are {names}.",
        name=name,
        path=str(runs),
        names=_names(folders),
    )


def check_deletable(folder: Path, runs: Path) -> None:
    """Raises InputError where the folder is not a run's own in `runs`, or the run is going on."""
    inside = folder.parent.resolve() == runs.resolve()
    if folder.is_symlink() or not inside:
        raise InputError(
            "runs.not-deletable",
            "{path} is not in {runs} itself: only runs there are deleted. Delete it by hand if you mean it.",
            path=str(folder),
            runs=str(runs),
        )
    if read_run(folder).state != "running":
        return
    if (folder / LOCK).exists():
        raise InputError("runs.running", "{name} is still running: stop it first", name=folder.name)
    raise InputError(
        "runs.perhaps-running",
        "{name} is still running: stop it first, or wait ten minutes if nothing runs any more",
        name=folder.name,
    )


def delete_run(folder: Path, runs: Path) -> tuple[str, ...]:
    """Deletes the files that the program wrote into a run's folder, and the folder if nothing else is in it.

    Returns the names of the entries that were left, because the program did not write them; links are among
    them. Raises InputError where the run may not be deleted (see check_deletable), RunError where it cannot.
    """
    check_deletable(folder, runs)
    return delete_own_files(folder)


def delete_own_files(folder: Path) -> tuple[str, ...]:
    """As `delete_run`, whatever is in the folder. What makes it a run goes last: a deletion that was
    interrupted can be done again."""
    try:
        for entry in sorted(folder.iterdir(), key=lambda entry: (entry.name == CONFIG, entry.name)):
            if is_own_file(entry):
                entry.unlink()
        left = tuple(sorted(entry.name for entry in folder.iterdir()))
        if not left:
            folder.rmdir()
    except OSError as error:
        raise RunError(
            "runs.not-deleted",
            "{path} could not be deleted ({reason}); part of it may be left",
            path=str(folder),
            reason=error.strerror or str(error),
        ) from error
    return left


def differing_settings(runs: Sequence[Run]) -> dict[str, tuple[Any, ...]]:
    """Settings by name, one value a run, in which the runs differ; None where a run does not have one."""
    names = dict.fromkeys(name for run in runs for name in run.settings)
    values = {name: tuple(run.settings.get(name) for run in runs) for name in names}
    return {name: row for name, row in values.items() if any(v != row[0] for v in row)}


def _state(folder: Path, end: RunFinished | RunStoppedEarly | None) -> State:
    if is_locked(folder):
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
    # The first line of a resumed run follows the torn last one of the killed run without a line break.
    place = line.rfind(_EVENT)
    if place > 0:
        with contextlib.suppress(RunError):
            return event_from_json(line[place:])
    return None


def curve_events(folder: Path) -> list[Event]:
    """The events of a run that its curves are made of. Raises as read_events does."""
    kinds = BatchProgress | EpochFinished | RunStarted
    return [event for event in read_events(folder) if isinstance(event, kinds)]


def settings_of(folder: Path) -> dict[str, Any]:
    """What stands in a run's file of settings; nothing where it cannot be read."""
    try:
        document = json.loads((folder / CONFIG).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return document if isinstance(document, dict) else {}


def _folders(runs: Path) -> list[Path]:
    """Folders of runs, by when they began."""
    try:
        found = [Path(entry.path) for entry in os.scandir(runs)]
    except OSError:
        return []
    return sorted((f for f in found if _is_run(f)), key=lambda f: (_begun(f), f.name))


def _is_run(folder: Path) -> bool:
    return (folder / CONFIG).is_file() or (folder / METRICS).is_file()


def _begun(folder: Path) -> dt.datetime:
    """When the run began: by its first event, else its name. Copying or editing files changes neither."""
    try:
        with (folder / METRICS).open("rb") as lines:
            first = _event(lines.readline(_FIRST_LINE))
        if isinstance(first, RunStarted) and first.begun:
            return dt.datetime.fromisoformat(first.begun).astimezone()
    except (OSError, ValueError):
        pass
    if found := _STAMP.match(folder.name):
        with contextlib.suppress(ValueError):
            return dt.datetime.strptime(found[0], STAMP).astimezone()
    for file in (CONFIG, METRICS):
        with contextlib.suppress(OSError):
            return dt.datetime.fromtimestamp((folder / file).stat().st_mtime).astimezone()
    return dt.datetime.fromtimestamp(0).astimezone()


def _names(folders: Sequence[Path], most: int = 8) -> str:
    names = [folder.name for folder in folders]
    return ", ".join(names[-most:]) + (f" and {len(names) - most} more" if names[most:] else "")
