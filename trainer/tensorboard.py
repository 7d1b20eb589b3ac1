"""A run's events as TensorBoard's event files: `tensorboard --logdir` on the folder of runs shows all."""

from __future__ import annotations

import contextlib
import importlib.util
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.errors import InputError
from trainer.events import (
    BatchProgress,
    EpochFinished,
    Event,
    Note,
    RunFinished,
    RunStarted,
)
from trainer.runs import CONFIG

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

_FLUSH_SECONDS = 5


def check_tensorboard() -> None:
    """Raises InputError, with what to install, where event files cannot be written. Does not load torch."""
    if importlib.util.find_spec("tensorboard") is None:
        raise InputError(
            "TensorBoard's event files need the package tensorboard, which is not installed. Install it "
            "with `pip install tensorboard` (or `handwrite[tensorboard]`), or leave out --tensorboard."
        )


def mirrored(events: Iterable[Event], folder: Path | None = None) -> Iterator[Event]:
    """The same events, each written to TensorBoard's event files on its way.

    folder: where these go; by default the run's own. Losses, accuracies, learning rate and images per
    second are scalars over the run's steps; settings and notes are texts. Where the files cannot be written
    any more, a Note says so and the run goes on. Raises InputError at once, see check_tensorboard.
    """
    check_tensorboard()
    return _mirrored(events, folder)


def _mirrored(events: Iterable[Event], folder: Path | None) -> Iterator[Event]:
    mirror = _Mirror(folder)
    try:
        for event in events:
            problem = mirror.take(event)
            yield event
            if problem:
                yield Note(text=problem)
    finally:
        mirror.close()
        close = getattr(events, "close", None)  # a generator's: a run that is left is to end now
        if callable(close):
            close()


class _Mirror:
    """Writes until it cannot; the writer is made when a run has begun."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._writer: SummaryWriter | None = None
        self._step = 0

    def take(self, event: Event) -> str:
        """Writes what the event says; why that was the last, where it was."""
        try:
            if isinstance(event, RunStarted) and event.run:
                self._begin(event)
            elif self._writer is not None:
                self._write(self._writer, event)
        except OSError as error:
            self.close()
            return f"TensorBoard's event files end here: no more can be written ({error.strerror or error})"
        return ""

    def close(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            with contextlib.suppress(OSError):  # a full disk: the run's own files are what counts
                writer.close()

    def _begin(self, event: RunStarted) -> None:
        from torch.utils.tensorboard import SummaryWriter

        self.close()
        folder = self._folder or Path(event.run)
        folder.mkdir(parents=True, exist_ok=True)
        self._writer = SummaryWriter(str(folder), flush_secs=_FLUSH_SECONDS)
        self._text("settings", _table(_settings(Path(event.run))))
        self._text("run", _table({k: v for k, v in vars(event).items() if k != "run"}))

    def _write(self, writer: SummaryWriter, event: Event) -> None:
        match event:
            case BatchProgress():
                self._step = event.step
                values = {
                    "batch/loss": event.loss,
                    "batch/accuracy": event.accuracy,
                    "batch/learning rate": event.learning_rate,
                    "batch/images per second": event.images_per_second,
                }
            case EpochFinished():
                self._step = event.step
                values = {
                    "loss/training": event.training.loss,
                    "loss/validation": event.validation.loss,
                    "accuracy/training": event.training.accuracy,
                    "accuracy/validation": event.validation.accuracy,
                }
            case RunFinished():
                values = {"best/validation accuracy": event.validation.accuracy}
            case Note():
                self._text("notes", event.text)
                return
            case _:
                return
        for tag, value in values.items():
            writer.add_scalar(tag, value, self._step)

    def _text(self, tag: str, text: str) -> None:
        if self._writer is not None:
            self._writer.add_text(tag, text, self._step)


def _settings(run: Path) -> dict[str, Any]:
    try:
        document = json.loads((run / CONFIG).read_bytes())
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}


def _table(rows: dict[str, Any]) -> str:
    """A table in TensorBoard's Markdown."""
    lines = [f"| {name} | {str(value).replace('|', '&#124;')} |" for name, value in rows.items()]
    return "\n".join(["| | |", "|-|-|", *lines])
