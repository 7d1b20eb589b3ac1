"""What a training run tells while it goes on: frozen dataclasses of plain numbers and texts.

The command line turns them into a progress bar, a worker of the window into a signal, a test into a list;
between processes they travel as one JSON object a line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from trainer.base.codec import Codec
from trainer.base.messages import Message


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """Of a network on a set of images. loss: mean cross-entropy; accuracy: 0…1."""

    loss: float
    accuracy: float
    count: int


@dataclass(frozen=True, kw_only=True)
class Downloading:
    """Bytes of a file fetched so far; total is 0 where the server does not say."""

    file: str
    received: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Note:
    """A line of information: a setting that was chosen or changed during the run."""

    message: Message

    @property
    def text(self) -> str:
        """The English sentence."""
        return str(self.message)


@dataclass(frozen=True, kw_only=True)
class RunStarted:
    """begun: ISO 8601, local time with its zone; "" in logs of version 0.1."""

    run: str  # the run's folder
    network: str
    parameters: int
    training_pictures: int
    validation_pictures: int
    epochs: int
    steps: int  # in the whole run
    device: str
    precision: str
    threads: int
    begun: str = ""


@dataclass(frozen=True, kw_only=True)
class BatchProgress:
    """After step `step` of all; loss and accuracy over the batches since the last such event."""

    step: int
    epoch: float  # 1.5: half of the second epoch is done
    loss: float
    accuracy: float
    learning_rate: float
    images_per_second: float
    seconds: float
    seconds_left: float
    memory: int = 0  # bytes: of the device where it counts them, else of the process; 0: not known


@dataclass(frozen=True, kw_only=True)
class RunPaused:
    """The run waits after `step`, also after each of the steps that are taken one at a time."""

    step: int
    epoch: float


@dataclass(frozen=True, kw_only=True)
class RunContinued:
    """A run that was paused goes on."""

    step: int


@dataclass(frozen=True, kw_only=True)
class EpochFinished:
    """is_best: whether it is better than all epochs before it, by `selection_metrics`.

    balanced: the validation metrics with the same weight for every source of a mixture, or MNIST's thousands
    would outvote all others; None where there is one source.
    """

    epoch: int
    step: int
    training: Metrics
    validation: Metrics
    is_best: bool
    seconds: float
    balanced: Metrics | None = None

    @property
    def selection_metrics(self) -> Metrics:
        """The metrics that the best epoch is selected by: the highest accuracy, then the smallest loss."""
        return self.balanced or self.validation


@dataclass(frozen=True, kw_only=True)
class RunFinished:
    """The end of a run that has a result. reason: "completed", "stopped" or "patience".

    weights: path of the best epoch's weights. validation: their metrics; compared: those of the network to
    compare with, on the same images, where one was named. fixed and broken: how many validation images only
    the new network reads correctly, and only the other one.
    """

    reason: str
    run: str
    weights: str
    best_epoch: int
    epochs: int
    validation: Metrics
    seconds: float
    compared: Metrics | None = None
    fixed: int = 0
    broken: int = 0


@dataclass(frozen=True, kw_only=True)
class RunStoppedEarly:
    """Stopped before the first step: there are no weights."""

    run: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class RunCancelled:
    """The run was to be discarded: its folder is gone, but for what the program did not write (`left`)."""

    run: str  # "" where there was no folder yet
    left: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RunFailed:
    """The exception that ended a run, as it travels between processes. wrong_input: nothing had begun."""

    message: Message
    wrong_input: bool


Event = (
    Downloading
    | Note
    | RunStarted
    | BatchProgress
    | RunPaused
    | RunContinued
    | EpochFinished
    | RunFinished
    | RunStoppedEarly
    | RunCancelled
    | RunFailed
)


def _upgrade(kind: str, fields: dict[str, Any]) -> None:
    """Until version 0.1 a note was an English sentence."""
    if kind == "Note" and isinstance(text := fields.pop("text", None), str):
        fields["message"] = {
            "code": "",
            "text": text.replace("{", "{{").replace("}", "}}"),
            "parameters": {},
        }


_CODEC: Codec[Event] = Codec(
    Event,
    tag="event",
    what="an event of a training run",
    ignore_unknown=True,
    upgrade=_upgrade,
)


def event_to_json(event: Event) -> str:
    """One line of JSON: the event's kind under "event", and its fields."""
    return _CODEC.encode(event)


def event_from_json(line: str | bytes) -> Event:
    """The event of such a line. Raises RunError where it is none.

    The metrics of other versions of the program are read, too: fields that are not known are ignored.
    """
    return _CODEC.decode(line)
