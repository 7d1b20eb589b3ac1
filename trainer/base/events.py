"""What a training run tells while it goes on: frozen dataclasses of plain numbers and texts.

The command line turns them into a progress bar, a worker of the window into a signal, a test into a list;
between processes they travel as one JSON object a line.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import Any

from trainer.base.errors import RunError


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """How well a network does on a set of pictures. loss: mean cross-entropy; accuracy: 0…1."""

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
    """Something worth a line: what was chosen, what was changed on the way."""

    text: str


@dataclass(frozen=True, kw_only=True)
class RunStarted:
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


@dataclass(frozen=True, kw_only=True)
class EpochFinished:
    """is_best: whether it is better than all before it, by `judged_by`.

    balanced: the validation figures with the same say for every source of a mixture, or MNIST's thousands
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
        """What it is compared with other epochs by: accuracy first, and loss where that is the same."""
        return self.balanced or self.validation


@dataclass(frozen=True, kw_only=True)
class RunFinished:
    """The end of a run that has a result. reason: "completed", "stopped" or "patience".

    weights: path of the best weights (EpochFinished). validation: their figures; compared: those of
    the network that was in use before, on the same pictures, where one was named. fixed and broken: how
    many validation pictures only the new network reads rightly, and only the old.
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
    """Stopped before the first epoch ended: there is nothing to keep."""

    run: str
    seconds: float


@dataclass(frozen=True, kw_only=True)
class RunFailed:
    """Only between processes: what the run's exception said. wrong_input: nothing had begun."""

    message: str
    wrong_input: bool


Event = (
    Downloading
    | Note
    | RunStarted
    | BatchProgress
    | EpochFinished
    | RunFinished
    | RunStoppedEarly
    | RunFailed
)

_KINDS: dict[str, type[Any]] = {kind.__name__: kind for kind in Event.__args__}


def event_to_json(event: Event) -> str:
    """One line of JSON: the event's fields and its kind under "event"."""
    return json.dumps({"event": type(event).__name__, **dataclasses.asdict(event)})


def event_from_json(line: str | bytes) -> Event:
    """The event of such a line. Raises RunError where it is none."""
    try:
        fields: dict[str, Any] = json.loads(line)
        kind = _KINDS[fields.pop("event")]
        for name, value in fields.items():
            if isinstance(value, dict):
                fields[name] = Metrics(**value)
        event: Event = kind(**fields)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RunError(f"not an event of a training run: {line!r:.200}") from error
    return event
