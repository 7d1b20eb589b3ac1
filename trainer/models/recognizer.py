"""A loaded network: images in, probabilities out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from trainer.base.errors import RunError
from trainer.execution.devices import choose_device
from trainer.execution.execution import as_tensor, fastest_layout, inferred, to_network
from trainer.execution.fusing import fused
from trainer.models.rejection import split
from trainer.models.weights import load_weights


@dataclass(frozen=True, kw_only=True, eq=False)
class Answers:
    """A network's answers to N images, with K labels.

    logits, probabilities: float32 (N, K), each row of the latter adding up to 1. is_digit: float32 (N,), the
    probability that the image shows any of the labels; None for a network that rejects nothing.
    """

    logits: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    is_digit: NDArray[np.float32] | None


class Recognizer:
    """A loaded network on a device.

    labels[i] is what column i of the probabilities means. Raises WeightsError, ConfigError or RunError on
    construction; the file at `path` is not held open.
    """

    def __init__(self, path: Path, *, device: str = "auto") -> None:
        chosen = choose_device(device)
        network, self.card = load_weights(path)
        self.path = path
        self.device = chosen
        # This also builds the kernels, so that the first drawing does not wait for it.
        try:
            network = fused(network)
            self._way = fastest_layout(network, chosen)
            self._network = self._way.place(network).eval()
        except RuntimeError as error:
            raise _failed(path, chosen, error) from error
        # A network without an answer is refused now, while another one is active.
        self.probabilities(np.zeros((1, 28, 28), np.uint8))

    @property
    def labels(self) -> tuple[str, ...]:
        return self.card.labels

    @property
    def threshold(self) -> float:
        """An image whose is_digit is less is rejected; 0 for a network that rejects nothing."""
        return self.card.threshold or 0.0

    def answers(self, pictures: NDArray[np.uint8] | Sequence[NDArray[np.uint8]]) -> Answers:
        """The answers to uint8 pictures (N, 28, 28).

        Raises RunError where the device gave out or the network's answers are not finite, as those of
        a foreign file may be.
        """
        logits, is_digit = split(self._outputs(pictures), len(self.labels))
        scaled = self._finite(logits / self.card.temperature)
        return Answers(
            logits=logits.numpy(),
            probabilities=scaled.softmax(1).numpy(),
            is_digit=None if is_digit is None else is_digit.numpy(),
        )

    def logits(self, pictures: NDArray[np.uint8] | Sequence[NDArray[np.uint8]]) -> torch.Tensor:
        """float32 (N, labels) on the CPU of uint8 pictures (N, 28, 28). Raises as `answers` does."""
        return split(self._outputs(pictures), len(self.labels))[0]

    def probabilities(
        self, pictures: NDArray[np.uint8] | Sequence[NDArray[np.uint8]]
    ) -> NDArray[np.float32]:
        """float32 (N, labels) of uint8 pictures (N, 28, 28). Raises as `answers` does."""
        return self.answers(pictures).probabilities

    def _outputs(self, pictures: NDArray[np.uint8] | Sequence[NDArray[np.uint8]]) -> torch.Tensor:
        try:
            outputs = inferred(
                self._network,
                as_tensor(pictures),
                execution=self._way,
                prepare=lambda batch: to_network(batch, self.card.mean, self.card.std),
            ).cpu()
        except RuntimeError as error:
            raise _failed(self.path, self.device, error) from error
        return self._finite(outputs)

    def _finite(self, logits: torch.Tensor) -> torch.Tensor:
        if not bool(logits.isfinite().all()):
            raise RunError(
                "recognizer.not-finite",
                "{file} answers with values that are not numbers",
                file=self.path.name,
            )
        return logits


def _failed(path: Path, device: torch.device, error: RuntimeError) -> RunError:
    return RunError(
        "recognizer.device-failed",
        "{file} failed on {device}: {reason}",
        file=path.name,
        device=device.type,
        reason=str(error),
    )
