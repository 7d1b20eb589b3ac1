"""A run's judge: reads the validation pictures, keeps the best weights, and says how it ended."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainer.base.errors import DataError, RunError
from trainer.base.events import EpochFinished, Metrics, Note, RunFinished
from trainer.base.labels import labels_alone
from trainer.base.messages import Message
from trainer.datasets import Split
from trainer.datasets.spec import title_of
from trainer.evaluation.report import make_report, write_report
from trainer.execution.execution import Execution, as_tensor, logits_of, metrics_of, outputs_of
from trainer.models.calibration import fit_temperature
from trainer.models.rejection import fit_threshold, split
from trainer.models.weights import load_weights, save_weights
from trainer.models.weights_card import WeightsCard
from trainer.runs.config import TrainConfig
from trainer.runs.run_folder import RunFolder
from trainer.training.initial_weights import Beginning, tail

#: A source of fewer validation pictures has less of a say in which epoch is best, as it says less.
_ENOUGH = 50


class Validator:
    """Validation pictures on the device, the best figures so far, and the weights that gave them."""

    def __init__(
        self,
        config: TrainConfig,
        part: Split,
        beginning: Beginning,
        way: Execution,
        *,
        training_pictures: int,
    ) -> None:
        self.config = config
        self.part = part
        self.beginning = beginning
        self.training_pictures = training_pictures
        self.labels = labels_alone(part.labels)
        self.pictures = as_tensor(part.pictures).to(way.device)
        targets = torch.from_numpy(part.targets)
        # What shows none of the labels is no matter of accuracy: the threshold is fitted on it.
        self.known = (targets < len(self.labels)).nonzero()[:, 0].to(way.device)
        if not len(self.known):
            raise DataError(
                f"none of the {len(targets)} validation pictures shows one of the labels "
                f"{', '.join(self.labels)}: give it more drawings that do"
            )
        self.targets = targets.to(way.device)[self.known]
        sources = torch.zeros(len(targets), dtype=torch.long)
        if part.sources is not None:
            sources = torch.from_numpy(part.sources)
        self.sources = sources[self.known.cpu()]
        self.best: EpochFinished | None = None
        self.temperature = 1.0
        self.threshold: float | None = None
        self.shares: dict[str, float] = {}
        # In float32: the figures are those of the network as the app and `evaluate` run it.
        self.way = Execution(device=way.device, precision="float32", layout=way.layout)
        self.features: Tensor | None = None
        self.first = 0

    def use_features(self, features: Tensor, first: int) -> None:
        """Takes a frozen part's outputs for its pictures: the network is run from child `first` on."""
        self.features, self.first = features, first

    def figures(self, network: nn.Module) -> tuple[Metrics, Metrics | None, Tensor]:
        """Figures on the validation pictures that have a label, the same balanced (as EpochFinished has it),
        and float32 outputs (N, …) for all."""
        if self.features is not None:
            outputs = outputs_of(tail(network, self.first), self.features, way=self.way)
        else:
            mean, std = self.beginning.mean, self.beginning.std
            outputs = logits_of(network, self.pictures, mean=mean, std=std, way=self.way)
        logits, _ = split(outputs[self.known], len(self.labels))
        found = metrics_of(logits, self.targets)
        return found, self._balanced(logits), outputs

    def _balanced(self, logits: Tensor) -> Metrics | None:
        counts = self.sources.bincount()
        if int((counts > 0).sum()) < 2:
            return None
        say = _say(self.sources, enough=_ENOUGH).to(logits)
        say /= say.sum()
        losses = F.cross_entropy(logits, self.targets, reduction="none")
        right = (logits.argmax(1) == self.targets).to(say.dtype)
        return Metrics(
            loss=float(say @ losses), accuracy=float(say @ right), count=len(self.targets)
        )

    def is_best(self, found: Metrics) -> bool:
        """found: what the epoch is judged by."""
        if self.best is None:
            return True
        best = self.best.selection_metrics
        return (found.accuracy, -found.loss) > (best.accuracy, -best.loss)

    def fit(self, outputs: Tensor) -> None:
        """Fits the temperature, and the threshold where it refuses, that a network with these outputs for the
        validation pictures is stored with. Every source of a mixture has the same say."""
        logits, is_digit = split(outputs.cpu(), len(self.labels))
        known = self.known.cpu()
        say = _say(self.sources, enough=1)
        self.temperature = fit_temperature(logits[known], self.targets.cpu(), say)
        if is_digit is None:
            return
        others = torch.ones(len(outputs), dtype=torch.bool)
        others[known] = False
        if not others.any():  # nothing to judge by: what its parent had stays
            parent = self.beginning.parent
            self.threshold = None if parent is None else parent.threshold
            if self.threshold is None:
                self.threshold = 0.5
            return
        self.threshold = fit_threshold(is_digit[known], self.sources)
        self.shares = {
            "answered": float((is_digit[known] >= self.threshold).float().mean()),
            "refused": float((is_digit[others] < self.threshold).float().mean()),
        }

    def save(self, path: Path, network: nn.Module, finished: EpochFinished) -> None:
        """Writes the network with its card. Raises RunError on a full disk."""
        save_weights(path, network, self._card(finished))

    def result(
        self,
        reason: str,
        folder: RunFolder,
        *,
        epochs: int,
        seconds: float,
        old: tuple[nn.Module, WeightsCard] | None,
    ) -> Iterator[Note | RunFinished]:
        """The end of the run, and then its report, which takes seconds that nobody should wait for: a Note
        comes last where it could not be written."""
        assert self.best is not None
        compared, fixed, broken = None, 0, 0
        new_logits, temperature = self._logits_of(load_weights(folder.best))
        before, before_temperature = None, 1.0
        if old:
            before, before_temperature = self._logits_of(old)
            new_right = new_logits.argmax(1) == self.targets
            old_right = before.argmax(1) == self.targets
            compared = metrics_of(before, self.targets)
            fixed = int((new_right & ~old_right).sum())
            broken = int((old_right & ~new_right).sum())
        finished = RunFinished(
            reason=reason,
            run=str(folder.path),
            weights=str(folder.best),
            best_epoch=self.best.epoch,
            epochs=epochs,
            validation=self.best.validation,
            seconds=seconds,
            compared=compared,
            fixed=fixed,
            broken=broken,
        )
        folder.log(finished)
        folder.write_log()  # the report shows the curves
        yield finished
        try:
            write_report(
                make_report(
                    new_logits,
                    self.targets,
                    self.pictures[self.known],
                    self.labels,
                    temperature=temperature,
                    title=f"{self._title}: {self.best.validation.count:,} validation pictures",
                    before=before,
                    before_temperature=before_temperature,
                ),
                folder.path,
            )
        except RunError as error:
            yield Note(
                message=Message.of(
                    "training.report-not-written",
                    "The report could not be written: {reason}",
                    reason=error.message,
                )
            )

    def _logits_of(self, loaded: tuple[nn.Module, WeightsCard]) -> tuple[Tensor, float]:
        network, card = loaded
        placed = self.way.place(network)
        known = self.pictures[self.known]
        outputs = logits_of(placed, known, mean=card.mean, std=card.std, way=self.way)
        return split(outputs, len(self.labels))[0], card.temperature

    @property
    def _title(self) -> str:
        return f"{self.beginning.architecture} · {title_of(self.config.dataset)}"

    def _card(self, finished: EpochFinished) -> WeightsCard:
        return WeightsCard(
            architecture=self.beginning.architecture,
            arguments=dict(self.beginning.arguments),
            labels=self.labels,
            threshold=self.threshold,
            mean=self.beginning.mean,
            std=self.beginning.std,
            temperature=self.temperature,
            title=self._title,
            data=f"{title_of(self.config.dataset)}, {self.training_pictures:,} training pictures",
            # The card travels with the network; where the user's files lie stays in the run's folder.
            recipe={
                **self.config.to_json(),
                "dataset": title_of(self.config.dataset),
                "start": self.beginning.parent_name,
            },
            metrics={
                "epoch": finished.epoch,
                "validation_accuracy": finished.validation.accuracy,
                "validation_loss": finished.validation.loss,
                "validation_pictures": finished.validation.count,
                **self.shares,
            },
            parent=self.beginning.parent_name,
            parent_hash=self.beginning.parent_hash,
            created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        )


def _say(sources: Tensor, *, enough: int) -> Tensor:
    """What each picture counts, float64 (N,): all sources of `enough` pictures or more the same together, and
    one of fewer less. sources: int64 (N,)."""
    counts = sources.bincount().clamp(min=1).double()
    return (counts.clamp(max=enough) / counts)[sources]
