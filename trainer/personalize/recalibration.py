"""Temperature and rejection threshold of a fine-tuned network, derived from its parent's.

The parent's were fitted on more data than is at hand here: they are changed by as much as the two networks'
outputs on the same images differ.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from trainer.models.calibration import fit_temperature
from trainer.models.rejection import split
from trainer.models.weights_card import TEMPERATURES
from trainer.personalize.finetuner import WriterData


def temperature_of(data: WriterData, held_out: Tensor, candidate: nn.Module) -> float:
    """The parent's temperature times the ratio of those that would be fitted for the two networks here.

    held_out: (count, outputs), logits of every drawing by a network that was trained without it.
    """
    finetuner = data.finetuner
    reference = finetuner.rehearsal.reference

    def labels_of(writer: Tensor, others: Tensor) -> Tensor:
        return split(torch.cat([writer[known], others]), len(finetuner.card.labels))[0]

    known = data.targets < len(finetuner.card.labels)
    targets = torch.cat([data.targets[known], reference.targets])
    old = labels_of(data.originals.parent, reference.parent)
    new = labels_of(held_out, finetuner.outputs(candidate, reference))
    # The writer weighs as much as all others together: this is the handwriting that will be read.
    count = int(known.sum())
    weights = torch.full((len(targets),), 1 / len(reference))
    weights[:count] = 1 / max(1, count)
    fitted = [fit_temperature(labels, targets, weights) for labels in (old, new)]
    low, high = TEMPERATURES
    if min(fitted) < 1.01 * low or max(fitted) > 0.99 * high:
        # Everything is read correctly, and the loss falls with certainty for ever: keep the certainty.
        fitted = [float((x.amax(1) - x.mean(1)).median()) for x in (old, new)]
    return min(high, max(low, finetuner.card.temperature * fitted[1] / max(fitted[0], 1e-6)))


def threshold_of(data: WriterData, candidate: nn.Module) -> float | None:
    """The threshold at which it rejects as many reference digits as its parent does at its own; None for a
    network that rejects nothing."""
    finetuner = data.finetuner
    reference, count = finetuner.rehearsal.reference, len(finetuner.card.labels)
    old = split(reference.parent, count)[1]
    new = split(finetuner.outputs(candidate, reference), count)[1]
    if old is None or new is None or finetuner.card.threshold is None:
        return None
    rejected = int((old < finetuner.card.threshold).sum())
    probabilities: list[float] = new.double().sort().values.clamp(0, 1).tolist()
    # The parent's where it does: between two images' probabilities there may be much room.
    lowest = math.nextafter(probabilities[rejected - 1], 1) if rejected else 0.0
    highest = probabilities[rejected] if rejected < len(probabilities) else 1.0
    return min(max(finetuner.card.threshold, lowest), highest)
