"""The training images on the device: shuffled, drawn again and augmented for every epoch."""

from __future__ import annotations

from hashlib import blake2b

import numpy as np
import torch
from torch import Tensor

from trainer.datasets import TrainingData
from trainer.datasets.augmentation.images import augmentation_of
from trainer.datasets.augmentation.spec import StrokeAugmentation
from trainer.execution.execution import as_tensor
from trainer.runs.config import TrainConfig


class TrainingSet:
    """images: uint8 (N, 28, 28); targets: int64 (N,); both on the device.

    order: int64 indices of the epoch in progress, on the CPU; None between epochs. features: a frozen part's
    outputs (N, …), once they were computed: images are neither drawn again nor augmented then.
    shuffling and augmenting: the random generators. All processes of a group shuffle alike, and each (`rank`)
    augments differently.
    """

    def __init__(
        self,
        data: TrainingData,
        config: TrainConfig,
        *,
        device: torch.device,
        mean: float,
        std: float,
        rank: int,
    ) -> None:
        self._data = data
        self._seed = config.seed
        self._mean, self._std = mean, std
        self.images = as_tensor(data.training.pictures).to(device)
        #: By which a resumed run finds that its data changed.
        self.hash_of_labels = blake2b(
            data.training.targets.astype("<i8").tobytes(), digest_size=16
        ).hexdigest()
        self.targets = torch.from_numpy(data.training.targets).to(device)
        self.augmentation = augmentation_of(config.augmentation)
        self.shuffling = torch.Generator().manual_seed(config.seed)
        self.augmenting = torch.Generator(device=device).manual_seed(config.seed + rank)
        self.order: Tensor | None = None
        self.features: Tensor | None = None

    def __len__(self) -> int:
        return len(self.images)

    @property
    def images_per_epoch(self) -> float:
        """On average: epochs of a mixture with weights vary in length."""
        repeats = self._data.repeats
        return float(len(self)) if repeats is None else float(repeats.sum())

    def begin_epoch(self, epoch: int) -> Tensor:
        """Prepares the images of an epoch, also one that a checkpoint was written in. Returns its order."""
        if self.augmentation and self.features is None:
            self._draw_again(self.augmentation.strokes, epoch)
        if self.order is None:
            self.order = _new_order(self._data, self.shuffling)
        return self.order

    def end_epoch(self) -> None:
        self.order = None

    def augmented(self, indices: Tensor) -> Tensor:
        """float32 (n, 1, 28, 28) of int64 (n,) indices on the device: augmented and normalised."""
        images_nchw = self.images[indices].unsqueeze(1)
        # A process may get none of a last small batch.
        augmentation = self.augmentation if len(images_nchw) else None
        if (
            augmentation and augmentation.only_shifts
        ):  # while they are bytes: a quarter of the memory
            images_nchw, augmentation = augmentation(images_nchw, self.augmenting), None
        images_nchw = images_nchw.float().div_(255)
        if augmentation:
            images_nchw = augmentation(images_nchw, self.augmenting)
        return images_nchw.sub_(self._mean).div_(self._std)

    def _draw_again(self, strokes: StrokeAugmentation, epoch: int) -> None:
        """Draws the images whose strokes are known again, varied, from the epoch's own random numbers."""
        if self._data.redraw is None:
            return
        indices, images = self._data.redraw(np.random.default_rng((self._seed, epoch)), strokes)
        device = self.images.device
        self.images[torch.from_numpy(indices).to(device)] = as_tensor(images).to(device)


def _new_order(data: TrainingData, generator: torch.Generator) -> Tensor:
    """int64 indices of an epoch's images in random order, those of a weighted source more or less often."""
    count = len(data.training)
    if data.repeats is None:
        return torch.randperm(count, generator=generator)
    repeats = torch.from_numpy(data.repeats)
    times = (repeats + torch.rand(count, generator=generator)).floor().long()
    if not times.any():  # with very small weights an epoch still has one image
        times[0] = 1
    indices = torch.repeat_interleave(torch.arange(count), times)
    return indices[torch.randperm(len(indices), generator=generator)]
