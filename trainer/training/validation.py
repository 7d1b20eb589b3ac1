"""Validation: metrics on images that are kept out of training, the best weights so far, and their card."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from trainer import __version__
from trainer.base.errors import DataError
from trainer.base.events import EpochFinished, Metrics
from trainer.base.labels import labels_alone
from trainer.datasets import Split
from trainer.datasets.spec import title_of
from trainer.execution.execution import Execution, as_tensor, logits_of, metrics_of, outputs_of
from trainer.models.calibration import fit_temperature
from trainer.models.data_sources import DataSource
from trainer.models.rejection import fit_threshold, split
from trainer.models.weights import save_weights
from trainer.models.weights_card import WeightsCard
from trainer.runs.config import TrainConfig
from trainer.runs.wall import Wall, choose_wall
from trainer.training.initial_weights import InitialNetwork, tail

#: A source of fewer validation images weighs less in the choice of the best epoch: its accuracy is less sure.
_ENOUGH = 50


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """What is fitted on the validation images after an epoch, and stored with the weights.

    threshold: None for a network that cannot refuse. rates: the fractions of drawings that it answers and
    refuses, where there are drawings to refuse.
    """

    temperature: float = 1.0
    threshold: float | None = None
    rates: Mapping[str, float] = field(default_factory=dict)


class Validator:
    """The validation images on the device, and the best epoch so far."""

    def __init__(
        self,
        config: TrainConfig,
        images: Split,
        initial: InitialNetwork,
        execution: Execution,
        *,
        data_sources: tuple[DataSource, ...],
    ) -> None:
        """data_sources: of the training images, for the card. Raises DataError where no validation image
        has a label."""
        self.config = config
        self.initial = initial
        self.data_sources = data_sources
        self.labels = labels_alone(images.labels)
        self.images = as_tensor(images.pictures).to(execution.device)
        targets = torch.from_numpy(images.targets)
        # Images without a label do not count in accuracy: the threshold is fitted on them.
        self.labelled = (targets < len(self.labels)).nonzero()[:, 0].to(execution.device)
        if not len(self.labelled):
            raise DataError(
                "training.no-validation-labels",
                "none of the {count} validation pictures shows one of the labels {labels}: give it more "
                "drawings that do",
                count=len(targets),
                labels=", ".join(self.labels),
            )
        self.targets = targets.to(execution.device)[self.labelled]
        sources = torch.zeros(len(targets), dtype=torch.long)
        if images.sources is not None:
            sources = torch.from_numpy(images.sources)
        self.sources = sources[self.labelled.cpu()]
        self.best: EpochFinished | None = None
        self.calibration = Calibration()
        # In float32: metrics are those of the network as the app and `evaluate` run it.
        self.execution = Execution(
            device=execution.device, precision="float32", layout=execution.layout
        )
        self._features: Tensor | None = None
        self._frozen_children = 0

    def use_features(self, features: Tensor, frozen_children: int) -> None:
        """Takes a frozen part's outputs for the images: only the children after it are run from now on."""
        self._features, self._frozen_children = features, frozen_children

    def validate(self, network: nn.Module) -> tuple[Metrics, Metrics | None, Tensor]:
        """Metrics on the images that have a label, the same balanced by source (see EpochFinished), and
        float32 outputs (N, …) for all images."""
        if self._features is not None:
            rest = tail(network, self._frozen_children)
            outputs = outputs_of(rest, self._features, execution=self.execution)
        else:
            mean, std = self.initial.mean, self.initial.std
            outputs = logits_of(network, self.images, mean=mean, std=std, execution=self.execution)
        logits, _ = split(outputs[self.labelled], len(self.labels))
        return metrics_of(logits, self.targets), self._balanced(logits), outputs

    def _balanced(self, logits: Tensor) -> Metrics | None:
        counts = self.sources.bincount()
        if int((counts > 0).sum()) < 2:
            return None
        weights = _source_weights(self.sources, enough=_ENOUGH).to(logits)
        weights /= weights.sum()
        losses = F.cross_entropy(logits, self.targets, reduction="none")
        correct = (logits.argmax(1) == self.targets).to(weights.dtype)
        return Metrics(
            loss=float(weights @ losses),
            accuracy=float(weights @ correct),
            count=len(self.targets),
        )

    def is_best(self, metrics: Metrics) -> bool:
        """metrics: the epoch's selection metrics."""
        if self.best is None:
            return True
        best = self.best.selection_metrics
        return (metrics.accuracy, -metrics.loss) > (best.accuracy, -best.loss)

    def is_chance(self, metrics: Metrics) -> bool:
        """Whether the accuracy is no better than that of always answering the most frequent label, by more
        than two standard errors."""
        count = len(self.targets)
        chance = int(self.targets.bincount().max()) / count
        return metrics.accuracy <= chance + 2 * math.sqrt(chance * (1 - chance) / count)

    def calibrate(self, outputs: Tensor) -> None:
        """Fits the temperature, and the threshold of a network that can refuse, to its outputs (N, …) for the
        validation images. Every source of a mixture has the same weight."""
        logits, is_digit = split(outputs.cpu(), len(self.labels))
        labelled = self.labelled.cpu()
        weights = _source_weights(self.sources, enough=1)
        temperature = fit_temperature(logits[labelled], self.targets.cpu(), weights)
        threshold, rates = None, {}
        if is_digit is not None:
            unlabelled = torch.ones(len(outputs), dtype=torch.bool)
            unlabelled[labelled] = False
            if unlabelled.any():
                threshold = fit_threshold(is_digit[labelled], self.sources)
                rates = {
                    "answered": float((is_digit[labelled] >= threshold).float().mean()),
                    "refused": float((is_digit[unlabelled] < threshold).float().mean()),
                }
            else:  # there is nothing to fit it on: the parent's stays
                parent = self.initial.parent
                threshold = None if parent is None else parent.threshold
                threshold = 0.5 if threshold is None else threshold
        self.calibration = Calibration(temperature=temperature, threshold=threshold, rates=rates)

    def save(self, path: Path, network: nn.Module, finished: EpochFinished) -> None:
        """Writes the network with its card. Raises RunError on a full disk."""
        metrics = {
            "epoch": finished.epoch,
            "validation_accuracy": finished.validation.accuracy,
            "validation_loss": finished.validation.loss,
            "validation_pictures": finished.validation.count,
            **self.calibration.rates,
        }
        self.save_state(path, network, metrics)

    def save_state(self, path: Path, network: nn.Module, metrics: Mapping[str, Any]) -> None:
        """Writes the network as it is now. Raises RunError on a full disk."""
        save_weights(path, network, self.card(metrics))

    @property
    def every_target(self) -> NDArray[np.int64]:
        """int64 (N,): the label's position of every image, −1 where it shows none."""
        targets = np.full(len(self.images), -1, np.int64)
        targets[self.labelled.cpu().numpy()] = self.targets.cpu().numpy()
        return targets

    @property
    def wall(self) -> Wall:
        """The validation pictures by which the run is watched."""
        return choose_wall(
            self.images[self.labelled].cpu().numpy(), self.targets.cpu().numpy(), self.labels
        )

    def card(self, metrics: Mapping[str, Any]) -> WeightsCard:
        """The card of the network with this run's calibration and these metrics."""
        return WeightsCard(
            architecture=self.initial.architecture,
            arguments=dict(self.initial.arguments),
            labels=self.labels,
            threshold=self.calibration.threshold,
            mean=self.initial.mean,
            std=self.initial.std,
            temperature=self.calibration.temperature,
            title=self.title,
            sources=self.data_sources,
            training_images=sum(source.count or 0 for source in self.data_sources),
            program=f"handwrite {__version__}",
            # A card travels with its network: paths on this machine stay in the run's folder.
            recipe={
                **self.config.to_json(),
                "dataset": title_of(self.config.dataset),
                "start": self.initial.parent_name,
            },
            metrics=dict(metrics),
            parent=self.initial.parent_name,
            parent_hash=self.initial.parent_hash,
            created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        )

    @property
    def title(self) -> str:
        return f"{self.initial.architecture} · {title_of(self.config.dataset)}"


def _source_weights(sources: Tensor, *, enough: int) -> Tensor:
    """The weight of each image, float64 (N,): all sources of `enough` images or more weigh the same together,
    one of fewer weighs less. sources: int64 (N,)."""
    counts = sources.bincount().clamp(min=1).double()
    return (counts.clamp(max=enough) / counts)[sources]
