"""Previews for the training dialog, in a process of their own: the window has no torch.

Its requests are commands: "want" and a JSON object with "want" ("batch", "layers" or "rate"), "key", which
comes back with the answer, and "config". Of several that wait, only the newest of each kind is answered.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.base.errors import HandwriteError
from trainer.base.messages import Message
from trainer.processes.advice_messages import (
    Advice,
    AdviceRefused,
    BatchShown,
    LayersShown,
    RateMeasured,
    advice_from_json,
    advice_to_json,
)
from trainer.processes.commands import Commands
from trainer.processes.job_process import JobProcess, carry_out
from trainer.runs.config import TrainConfig

if TYPE_CHECKING:
    from trainer.datasets import TrainingData

_PICTURES = 12


class AdviceProcess(JobProcess[Advice]):
    """Answers until it is stopped or killed."""

    def __init__(self, *, data_folder: Path) -> None:
        super().__init__(
            "trainer.processes.advice_process",
            {"data_folder": str(data_folder)},
            name="advice",
            decode=advice_from_json,
            last=(),
            title=Message.of("job.advice", "preview"),
            left=Message.of("job.advice-left", "Training itself does not need it."),
        )

    def ask(self, want: str, key: str, config: TrainConfig) -> None:
        """want: "batch", "layers" or "rate"."""
        request = {"want": want, "key": key, "config": config.to_json()}
        self.tell(f"want {json.dumps(request)}")


class _Requests:
    """The newest request of each kind."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._changed = threading.Condition()
        self._waiting: dict[str, Mapping[str, Any]] = {}
        commands.subscribe("want", self._put)

    def _put(self, line: str) -> None:
        request = json.loads(line)
        with self._changed:
            self._waiting.pop(request["want"], None)
            self._waiting[request["want"]] = request
            self._changed.notify_all()

    def next(self) -> Mapping[str, Any] | None:
        """Waits for it; None where the process is to end."""
        with self._changed:
            while not self._waiting:
                if self._commands.should_stop():
                    return None
                self._changed.wait(timeout=0.2)
            return self._waiting.pop(next(iter(self._waiting)))


def _answers(job: Mapping[str, Any], commands: Commands) -> Iterator[Advice]:
    requests = _Requests(commands)
    adviser = _Adviser(Path(job["data_folder"]))
    while (request := requests.next()) is not None:
        want, key = request["want"], request["key"]
        try:
            yield adviser.answer(want, key, TrainConfig.from_json(request["config"]))
        except HandwriteError as error:
            yield AdviceRefused(key=key, want=want, reason=error.message)
        except (RuntimeError, MemoryError, OSError) as error:
            reason = Message.of("advice.failed", "No preview: {reason}", reason=str(error))
            yield AdviceRefused(key=key, want=want, reason=reason)


class _Adviser:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._data: tuple[object, TrainingData] | None = None

    def answer(self, want: str, key: str, config: TrainConfig) -> Advice:
        if want == "layers":
            from trainer.networks.layers import layers_of

            return LayersShown(key=key, layers=layers_of(config.network))
        from trainer.training.planning.advice import load_data, measure_rate, training_batch

        if want == "rate":
            training, validation = measure_rate(config)
            return RateMeasured(key=key, training=training, validation=validation)
        facts = (config.dataset, config.validation, config.limit, config.seed)
        if self._data is None or self._data[0] != facts:
            self._data = None  # not two of them in memory
            self._data = facts, load_data(config, self._folder)
        data = self._data[1]
        batch = training_batch(config, data, count=_PICTURES)
        return BatchShown(
            key=key,
            originals=batch.originals,
            changed=batch.changed,
            labels=batch.labels,
            training=len(data.training),
            validation=len(data.validation),
        )


if __name__ == "__main__":
    carry_out(_answers, encode=advice_to_json, name="Preview")
