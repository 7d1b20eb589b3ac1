"""handwrite-trainer train: the flags are TrainConfig's fields, the progress bar shows its events."""

from __future__ import annotations

import inspect
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from trainer.cli.output import error_console, percent, result_console
from trainer.config import DATASET_NAMES, TrainConfig, settings
from trainer.errors import RunError
from trainer.events import (
    BatchProgress,
    Downloading,
    EpochFinished,
    Event,
    Note,
    RunFinished,
    RunStarted,
    RunStoppedEarly,
    event_to_json,
)
from trainer.paths import data_folder, written_whole


def _flags_from_config(command: Callable[..., None]) -> Callable[..., None]:
    """Gives the command one flag for every field of TrainConfig, with its gloss, bounds and default."""
    hints = get_type_hints(TrainConfig)
    shown = settings()
    parameters = []
    for field in fields(TrainConfig):
        setting = shown[field.name]
        choices = f" ({', '.join(setting.choices)})" if setting.choices else ""
        option = typer.Option(
            "--" + field.name.replace("_", "-"),
            help=f"{setting.label}: {setting.gloss}{choices}",
            rich_help_panel="Advanced" if setting.advanced else "Training",
        )
        assert field.default is not MISSING
        parameters.append(
            inspect.Parameter(
                field.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=field.default,
                annotation=Annotated[hints[field.name], option],
            )
        )
    own = [
        p.replace(annotation=get_type_hints(command, include_extras=True)[p.name])
        for p in inspect.signature(command).parameters.values()
        if p.kind is not inspect.Parameter.VAR_KEYWORD
    ]
    command.__signature__ = inspect.Signature(own + parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in own + parameters}
    return command


@_flags_from_config
def train(
    *,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER|NAME",
            help="Folder that holds the data set (default: HANDWRITE_DATA, else the cache folder, where "
            "it is downloaded), or a data set's name.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Also write the best weights to this .safetensors file.")
    ] = None,
    compare_with: Annotated[
        str | None,
        typer.Option(
            metavar="NAME|FILE", help="Compare with these weights on the validation data."
        ),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object an event, for machines.")
    ] = False,
    **chosen: Any,
) -> None:
    """Train a network. Ctrl+C stops early and keeps the best weights so far."""
    folder = data_folder(data)
    if data in DATASET_NAMES and not folder.is_dir():
        chosen["dataset"], folder = data, data_folder()
    config = TrainConfig(**chosen)  # wrong input is told before a second is spent on loading torch

    from trainer.training import train as run_training
    from trainer.weights import find_weights

    old = find_weights(compare_with) if compare_with else None
    stopped = threading.Event()
    finished: RunFinished | None = None
    with _Display(json) as display, _interrupt_sets(stopped):
        for event in run_training(
            config, data_folder=folder, compare_with=old, should_stop=stopped.is_set
        ):
            display.show(event)
            if isinstance(event, RunFinished):
                finished = event
    if finished is None:
        raise RunError("stopped before anything was learned: there is nothing to keep")
    if output is not None:
        with written_whole(output) as temporary:
            temporary.write_bytes(Path(finished.weights).read_bytes())


class _Display:
    """Events as JSON lines on standard output, or as a progress bar and a line for every epoch."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._console = result_console()
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> _Display:
        return self

    def __exit__(self, *_: object) -> None:
        self._close_bar()

    def show(self, event: Event) -> None:
        if self._as_json:
            sys.stdout.write(event_to_json(event) + "\n")
            sys.stdout.flush()
            return
        match event:
            case Downloading():
                self._open_bar(f"downloading {event.file}", event.total, DownloadColumn())
                self._advance(event.received)
                if event.received == event.total:
                    self._close_bar()
            case Note():
                self._console.print(event.text)
            case RunStarted():
                self._console.print(
                    f"{event.network}, {event.parameters:,} parameters, on {event.device} "
                    f"({event.precision}, {event.threads} threads)\n"
                    f"{event.training_pictures:,} pictures to learn from, "
                    f"{event.validation_pictures:,} to judge by; run folder {event.run}",
                    soft_wrap=True,
                )
                self._open_bar(
                    "training",
                    event.steps,
                    TextColumn("{task.fields[figures]}"),
                    TextColumn("left"),
                    TimeRemainingColumn(),
                )
            case BatchProgress():
                self._advance(
                    event.step,
                    f"epoch {event.epoch:.1f}  loss {event.loss:.3f}  {event.images_per_second:,.0f} img/s",
                )
            case EpochFinished():
                self._console.print(
                    f"epoch {event.epoch:>3}  loss {event.training.loss:.4f}  "
                    f"validation loss {event.validation.loss:.4f}  "
                    f"accuracy {percent(event.validation.accuracy)}{'  best' if event.is_best else ''}"
                )
            case RunFinished():
                self._close_bar()
                self._console.print(self._summary(event), soft_wrap=True)
            case RunStoppedEarly():
                self._close_bar()

    @staticmethod
    def _summary(event: RunFinished) -> str:
        how = {
            "completed": "Done",
            "stopped": "Stopped",
            "patience": "No better for a while: ended",
        }
        text = (
            f"{how[event.reason]} after {event.seconds:.0f} s. Best epoch {event.best_epoch}: "
            f"{percent(event.validation.accuracy)} on {event.validation.count:,} validation pictures.\n"
            f"{event.weights}"
        )
        if event.compared:
            text += (
                f"\nBefore: {percent(event.compared.accuracy)}; {event.fixed} read rightly now that "
                f"were wrong, {event.broken} the other way."
            )
        return text

    def _open_bar(self, title: str, total: float, *columns: Any) -> None:
        if self._bar is None:
            bar = Progress(
                TextColumn("{task.description}"), BarColumn(), *columns, console=error_console()
            )
            self._bar = bar
            bar.start()
            self._task = bar.add_task(title, total=total or None, figures="")

    def _advance(self, done: float, figures: str = "") -> None:
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=done, figures=figures)

    def _close_bar(self) -> None:
        if self._bar is not None:
            self._bar.stop()
            self._bar = self._task = None


class _interrupt_sets:  # noqa: N801  reads as a phrase where it is used
    """While entered, Ctrl+C sets the flag; a second one interrupts as ever."""

    def __init__(self, flag: threading.Event) -> None:
        self._flag = flag
        self._before: Any = None

    def __enter__(self) -> None:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._on_interrupt)

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def _on_interrupt(self, *_: object) -> None:
        if self._flag.is_set():
            raise KeyboardInterrupt
        self._flag.set()
