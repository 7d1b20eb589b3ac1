"""A run's events as TensorBoard's event files: `tensorboard --logdir` on the folder of runs shows all."""

from __future__ import annotations

import contextlib
import importlib.util
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.base.errors import InputError
from trainer.base.events import (
    BatchProgress,
    EpochFinished,
    Event,
    Note,
    RunFinished,
    RunStarted,
)
from trainer.base.installation import how_to_install
from trainer.base.messages import Message
from trainer.runs.records import settings_of

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter

_FLUSH_SECONDS = 5


def check_tensorboard() -> None:
    """Raises InputError, with what to install, where event files cannot be written. Does not load torch."""
    if importlib.util.find_spec("tensorboard") is None:
        raise InputError(
            "tensorboard.not-installed",
            "TensorBoard's event files need the package tensorboard, which is not installed. {how} (or "
            "leave out --tensorboard)",
            how=how_to_install("tensorboard"),
        )


def mirrored(events: Iterable[Event], folder: Path | None = None) -> Iterator[Event]:
    """The same events, each written to TensorBoard's event files on its way.

    folder: where these go; by default the run's own. Losses, accuracies, learning rate and images per
    second are scalars over the run's steps; settings and notes are texts. Where the files cannot be written
    any more, a Note says so and the run goes on. Raises InputError at once, see check_tensorboard, and for a
    package that is installed and cannot be imported.
    """
    check_tensorboard()
    try:
        import torch.utils.tensorboard  # noqa: F401
    except Exception as error:  # whatever an installation that is broken raises
        raise InputError(
            "tensorboard.broken",
            "the installed TensorBoard cannot be imported ({reason}). Install it again with `pip install "
            "--force-reinstall tensorboard`, or leave out --tensorboard.",
            reason=str(error).strip().partition("\n")[0] or type(error).__name__,
        ) from error
    return _mirrored(events, folder)


def _mirrored(events: Iterable[Event], folder: Path | None) -> Iterator[Event]:
    mirror = _Mirror(folder)
    try:
        for event in events:
            problem = mirror.take(event)
            yield event
            if problem is not None:
                yield Note(message=problem)
    finally:
        mirror.close()
        close = getattr(events, "close", None)  # a generator's: a run that is left is to end now
        if callable(close):
            close()


class _Mirror:
    """Writes until it cannot. The writer is made with the first step: what a run that is resumed there
    has behind it is then hidden, because it is done again.
    """

    def __init__(self, folder: Path | None) -> None:
        self._chosen = folder
        self._folder: Path | None = None  # since the run has begun
        self._writer: SummaryWriter | None = None
        self._texts: list[tuple[str, str]] = []
        self._step = 0

    def take(self, event: Event) -> Message | None:
        """Writes what the event says; why that was the last, where it was."""
        try:
            if isinstance(event, RunStarted) and event.run:
                self._folder = self._chosen or Path(event.run)
                self._texts.append(("settings", _table(settings_of(Path(event.run)))))
                facts = {name: value for name, value in vars(event).items() if name != "run"}
                self._texts.append(("run", _table(facts)))
            elif self._folder is not None:
                self._write(event, self._folder)
        except OSError as error:
            self._folder = None
            self.close()
            return Message.of(
                "tensorboard.not-written",
                "TensorBoard's event files end here: no more can be written ({reason}).",
                reason=error.strerror or str(error),
            )
        return None

    def close(self) -> None:
        with contextlib.suppress(OSError):  # a full disk: the run's own files are what counts
            if self._folder is not None and self._texts:
                self._write_texts(self._opened(self._folder))
            if self._writer is not None:
                self._writer.close()
        self._writer = None

    def _write(self, event: Event, folder: Path) -> None:
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
                self._texts.append(("notes", event.text))
                return
            case _:
                return
        writer = self._opened(folder)
        self._write_texts(writer)
        for tag, value in values.items():
            writer.add_scalar(tag, value, self._step)

    def _opened(self, folder: Path) -> SummaryWriter:
        if self._writer is None:
            from torch.utils.tensorboard import SummaryWriter

            folder.mkdir(parents=True, exist_ok=True)
            self._writer = SummaryWriter(
                str(folder), purge_step=self._step, flush_secs=_FLUSH_SECONDS
            )
        return self._writer

    def _write_texts(self, writer: SummaryWriter) -> None:
        for tag, text in self._texts:
            writer.add_text(tag, text, self._step)
        self._texts.clear()


def _table(rows: dict[str, Any]) -> str:
    """A table in TensorBoard's Markdown."""
    lines = [f"| {name} | {str(value).replace('|', '&#124;')} |" for name, value in rows.items()]
    return "\n".join(["| | |", "|-|-|", *lines])
