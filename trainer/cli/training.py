"""handwrite-trainer train: the flags are TrainConfig's fields."""

from __future__ import annotations

import inspect
import signal
import threading
from collections.abc import Callable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from trainer.cli.display import Display
from trainer.config import TrainConfig, settings
from trainer.dataset_spec import absolute_spec, is_spec
from trainer.errors import InputError, RunError
from trainer.events import RunFinished
from trainer.paths import data_folder, expanded, written_whole
from trainer.tensorboard import check_tensorboard, mirrored


def _flags_from_config(command: Callable[..., None]) -> Callable[..., None]:
    """Gives the command one flag for every field of TrainConfig, with its gloss, bounds and default."""
    hints = get_type_hints(TrainConfig)
    shown = settings()
    parameters = []
    for field in fields(TrainConfig):
        setting = shown[field.name]
        more = (
            *setting.choices,
            *(("strokes:FILE, folder:DIR, npz:FILE, A+2*B",) if setting.open else ()),
        )
        choices = f" ({', '.join(more)})" if more else ""
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
            metavar="FOLDER|DATA",
            help="Folder that holds the data set (default: HANDWRITE_DATA, else the cache folder, where "
            "it is downloaded), or what to learn from, as with --dataset.",
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
    tensorboard: Annotated[
        bool,
        typer.Option(
            "--tensorboard", help="Also write TensorBoard's event files, into the run's folder."
        ),
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object an event, for machines.")
    ] = False,
    **chosen: Any,
) -> None:
    """Train a network. Ctrl+C stops early and keeps the best weights so far."""
    from trainer.weights import find_weights

    # Wrong input is told before a second is spent on loading torch, let alone hours on training.
    if data is not None and is_spec(data):
        chosen["dataset"], folder = data, data_folder()
    else:
        folder = data_folder(data)
    chosen["dataset"] = absolute_spec(chosen["dataset"])
    config = TrainConfig(**chosen)
    old = find_weights(compare_with) if compare_with else None
    if output is not None:
        output = expanded(output)
        if output.is_dir():
            raise InputError(f"--output {output}: a folder; name a file in it")
    if tensorboard:
        check_tensorboard()

    from trainer.training import train as run_training

    stopped = threading.Event()
    finished: RunFinished | None = None
    with Display(as_json=json) as display, _interrupt_sets(stopped):
        events = run_training(
            config, data_folder=folder, compare_with=old, should_stop=stopped.is_set
        )
        for event in mirrored(events) if tensorboard else events:
            display.show(event)
            if isinstance(event, RunFinished):
                finished = event
    if finished is None:
        raise RunError("stopped before anything was learned: there is nothing to keep")
    if output is not None:
        content = Path(finished.weights).read_bytes()
        with written_whole(output) as temporary:
            temporary.write_bytes(content)


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
