"""A network from a file, with or without damage, and its answers to some images: a probe."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from trainer.base.errors import RunError
from trainer.execution.execution import as_tensor, to_network
from trainer.models.rejection import split
from trainer.models.weights import load_weights
from trainer.probing.damage import NONE, Damage
from trainer.probing.feature_maps import ChannelMaps, feature_maps
from trainer.probing.layer import DamageableLayer
from trainer.probing.perturbation import damaged, layers_of, moved

_BATCH = 500


class Probe:
    """A network on the processor, read from a file once; damage is done to copies of it.

    Raises WeightsError where the file is no network, or is gone.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._network, self.card = load_weights(path)
        self._damage = NONE
        self._made: nn.Module = self._network

    @property
    def labels(self) -> tuple[str, ...]:
        return self.card.labels

    @property
    def layers(self) -> tuple[DamageableLayer, ...]:
        return tuple(
            DamageableLayer(
                name=name,
                kind=type(layer).__name__,
                channels=layer.weight.shape[0],
                weights=layer.weight.numel(),
            )
            for name, layer in layers_of(self._network).items()
        )

    def read(
        self, pictures: NDArray[np.uint8], damage: Damage = NONE
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Probabilities, float32 (N, labels), of uint8 pictures (N, 28, 28), and whether each is rejected.

        Raises InputError for damage to a layer that the network does not have, RunError where its answers are
        no numbers any more.
        """
        network = self._with(damage)
        with torch.no_grad():
            outputs = torch.cat(
                [
                    network(self._inputs(pictures[start : start + _BATCH], damage)).float()
                    for start in range(0, len(pictures), _BATCH)
                ]
            )
        logits, is_digit = split(outputs, len(self.labels))
        if not bool(logits.isfinite().all()):
            raise RunError(
                "probe.not-finite", "with so much damage its answers are no numbers any more"
            )
        found: NDArray[np.float32] = (logits / self.card.temperature).softmax(1).numpy()
        if is_digit is None:
            return found, np.zeros(len(found), np.bool_)
        return found, (is_digit < (self.card.threshold or 0.0)).numpy()

    def feature_maps(self, picture: NDArray[np.uint8], damage: Damage = NONE) -> list[ChannelMaps]:
        """Of a uint8 picture (28, 28)."""
        return feature_maps(self._with(damage), self._inputs(picture[None], damage))

    def _with(self, damage: Damage) -> nn.Module:
        if damage != self._damage:
            self._made = damaged(self._network, damage) if damage.changes_network else self._network
            self._damage = damage
        return self._made

    def _inputs(self, pictures: NDArray[np.uint8], damage: Damage) -> torch.Tensor:
        images = moved(as_tensor(pictures), damage)
        return to_network(images, self.card.mean, self.card.std)
