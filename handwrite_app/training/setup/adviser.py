"""What is shown beside the settings of a run that is to begin: a batch, the layers, and the time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from handwrite_app.workers.job import AdviceWorker
from handwrite_app.workers.lookup import LookupWorker
from trainer.base.errors import HandwriteError
from trainer.base.paths import data_folder, runs_folder

if TYPE_CHECKING:
    from trainer.processes.advice_messages import Advice
    from trainer.runs.config import TrainConfig
    from trainer.runs.estimate import Speed

#: Settings are looked at when they have stayed as they are for so long.
_QUIET_MS = 500


class Adviser(QObject):
    """Asks a process, when settings have come to rest, for what changed since it was asked last.

    Signals:
        batchShown(BatchShown). layersShown(LayersShown). refused(AdviceRefused). speedKnown(network, seconds
        per image, name of the run that it was measured in or "").
    """

    batchShown = Signal(object)
    layersShown = Signal(object)
    speedKnown = Signal(str, float, str)
    refused = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._config: TrainConfig | None = None
        self._asked: dict[str, str] = {}
        self._data = ""
        self._worker = AdviceWorker(self)
        self._worker.eventHappened.connect(self._on_advice)
        self._lookup = LookupWorker(self)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_QUIET_MS)
        self._timer.timeout.connect(self._ask)

    def consider(self, config: TrainConfig) -> None:
        """These are the settings now."""
        self._config = config
        self._timer.start()

    @property
    def data(self) -> str:
        """What the batch that was asked for last is of."""
        return self._data

    def ask_again(self, want: str) -> None:
        """As if it had never been asked for."""
        self._asked.pop(want, None)
        self._timer.start()

    def close(self) -> None:
        """Nothing is shown any more."""
        self._timer.stop()
        self._worker.close()
        self._lookup.close()

    def _ask(self) -> None:
        config = self._config
        if config is None:
            return
        from trainer.processes.advice_messages import AdviceRefused
        from trainer.runs.presets import names_own_drawings, write_own_drawings

        wanted = {
            "layers": config.network,
            "batch": f"{config.dataset} {config.augmentation} {config.validation} {config.limit} "
            f"{config.seed}",
            "rate": f"{config.network} {config.layers} {config.device} {config.batch_size}",
        }
        changed = [want for want, key in wanted.items() if self._asked.get(want) != key]
        self._asked, self._data = wanted, config.dataset
        if "rate" in changed:
            changed.remove("rate")
            from trainer.runs.estimate import past_speed

            self._lookup.ask(
                lambda: past_speed(runs_folder(), config),
                lambda speed: self._on_past_speed(speed, config),
            )
        if "batch" in changed and names_own_drawings(config.dataset):
            changed.remove("batch")
            self._lookup.ask(
                write_own_drawings,
                lambda _: self._want("batch", wanted["batch"], config),
                lambda error: self._on_advice(
                    AdviceRefused(key=wanted["batch"], want="batch", reason=error.message)
                ),
            )
        for want in changed:
            self._want(want, wanted[want], config)

    def _want(self, want: str, key: str, config: TrainConfig) -> None:
        if not self._worker.is_running:
            try:
                self._worker.start(data_folder=Path(data_folder()))
            except HandwriteError:
                return  # a run that cannot begin either says so
        self._worker.ask(want, key, config)

    def _on_past_speed(self, speed: Speed | None, config: TrainConfig) -> None:
        if speed is not None:
            self.speedKnown.emit(config.network, speed.seconds_per_image, speed.run)
        elif config.layers == 0:
            self._want("rate", config.network, config)

    def _on_advice(self, advice: Advice) -> None:
        from trainer.processes.advice_messages import (
            AdviceRefused,
            BatchShown,
            LayersShown,
            RateMeasured,
        )

        match advice:
            case BatchShown():
                if advice.key == self._asked.get("batch"):
                    self.batchShown.emit(advice)
            case LayersShown():
                if advice.key == self._asked.get("layers"):
                    self.layersShown.emit(advice)
            case RateMeasured():
                self.speedKnown.emit(advice.key, 1 / advice.training, "")
            case AdviceRefused():
                if advice.want != "batch" or advice.key == self._asked.get("batch"):
                    self.refused.emit(advice)
