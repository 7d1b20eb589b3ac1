"""The network in training and what updates its weights; one optimizer step, and the sums over steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from trainer.execution.distributed import Group
from trainer.execution.execution import Execution, synchronize
from trainer.runs.config import SOFTMAX_TWICE, TrainConfig
from trainer.training.initial_weights import freeze_first
from trainer.training.optimizers import Average, l1_norm, make_optimizer, plain_step, set_rate
from trainer.training.training_set import TrainingSet


@dataclass(kw_only=True, eq=False)
class Learner:
    """network: placed on the device; its first `frozen_children` children keep their weights, the rest of it
    is `trainable` (the same modules). average: of the weights over the steps, if configured.
    """

    network: nn.Module
    frozen_children: int
    execution: Execution
    config: TrainConfig
    peak_learning_rate: float
    trainable: nn.Module = field(init=False)

    def __post_init__(self) -> None:
        self.trainable = freeze_first(self.network, self.frozen_children)
        self.reset_optimizer()

    def reset_optimizer(self) -> None:
        """A new optimizer, and a new average, without any history."""
        self.optimizer = make_optimizer(self.trainable, self.config, self.peak_learning_rate)
        self._step = plain_step(self.optimizer)
        decay = self.config.averaging
        self.average = Average(self.network, decay) if decay else None

    @property
    def evaluated(self) -> nn.Module:
        """The network that is validated and stored."""
        return self.average.network if self.average else self.network

    @property
    def frozen(self) -> nn.Module:
        """The part of the network whose weights do not change, where there is one."""
        assert isinstance(self.network, nn.Sequential)
        return self.network[: self.frozen_children]

    def inputs(self, images: TrainingSet, indices: Tensor) -> Tensor:
        """The inputs of the trainable part for int64 (n,) indices: augmented images, or the outputs of the
        frozen part for them."""
        if images.features is not None:
            return images.features[indices].float()
        inputs = images.augmented(indices)
        if self.frozen_children:
            with torch.no_grad():
                return self.execution.run(self.frozen, inputs).float()
        return inputs

    def update(self, learning_rate: float) -> None:
        """Changes the weights by their gradients."""
        set_rate(self.optimizer, learning_rate)
        self._step()
        if self.average:
            self.average.update(self.network)


def train_step(
    learner: Learner,
    images: TrainingSet,
    batch: Tensor,
    *,
    learning_rate: float,
    group: Group,
    stop: bool = False,
) -> Tensor:
    """One optimizer step. batch: int64 (n,) indices, of which every process of the group takes its part.

    Returns float (3,), summed over the processes: loss, number of correct answers, and how many want to stop.
    """
    config = learner.config
    mine = group.part(batch).to(learner.execution.device)
    targets = images.targets[mine]
    logits = learner.execution.run(learner.trainable, learner.inputs(images, mine)).float()
    if config.loss == SOFTMAX_TWICE:  # cross_entropy applies softmax itself
        logits = logits.softmax(1)
    losses = F.cross_entropy(
        logits, targets, label_smoothing=config.label_smoothing, reduction="sum"
    )
    loss = losses / len(batch)
    if config.l1:
        loss = loss + config.l1 * l1_norm(learner.trainable) / group.size
    learner.optimizer.zero_grad(set_to_none=True)
    loss.backward()  # type: ignore[no-untyped-call]
    correct = (logits.detach().argmax(1) == targets).sum()
    sums = torch.stack(
        [losses.detach(), correct.float(), torch.full_like(losses, float(stop)).detach()]
    )
    sums = group.sum_gradients(learner.trainable, sums)
    learner.update(learning_rate)
    return sums


@dataclass(frozen=True, kw_only=True)
class StepSums:
    """Sums over the images of some steps. stops: how many processes want to stop."""

    loss: float
    correct: float
    stops: float
    images: int
    seconds: float


class RunningMetrics:
    """Loss and accuracy summed over training steps.

    The sums stay on the device: reading them makes a GPU wait, so that is done at reports only. In float64
    they do not depend on when they are read. MPS has none, and only a group of processes, which MPS cannot
    join, needs exact agreement.
    """

    def __init__(self, device: torch.device, now: Callable[[], float]) -> None:
        """now: the run's clock, in seconds."""
        dtype = torch.float32 if device.type == "mps" else torch.float64
        self._sums = torch.zeros(3, dtype=dtype, device=device)
        self._now = now
        self.images, self._since = 0, now()

    @property
    def age(self) -> float:
        """Seconds since the sums were zero."""
        return self._now() - self._since

    def add(self, sums: Tensor, images: int) -> None:
        """sums: float (3,) of a step on so many images (learner.train_step)."""
        self._sums += sums
        self.images += images

    def read(self) -> StepSums:
        synchronize(self._sums.device)
        seconds = self.age
        loss, correct, stops = self._sums.tolist()
        return StepSums(
            loss=loss, correct=correct, stops=stops, images=self.images, seconds=max(seconds, 1e-9)
        )

    def clear(self) -> None:
        self._sums.zero_()
        self.images, self._since = 0, self._now()
