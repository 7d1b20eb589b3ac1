"""Modes: which of a network's labels count, as pure functions of its probabilities. Imports no torch.

    digits     10, 0 … 9
    letters    26, A … Z: the probabilities of both cases add up
    balanced   47, EMNIST's merge: small letters that look like the capital count as it
    all        62, digits, capitals and small letters

A label that is none of the 62 signs, such as a writer's own, stays in every mode. The sets of labels are
those of EMNIST (Cohen, Afshar, Tapson, van Schaik 2017).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from trainer.base.errors import ConfigError
from trainer.base.labels import CAPITALS, CHARACTERS, DIGITS, SMALL_LETTERS, look_alikes

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    from trainer.base.lazy import np

#: Small letters that EMNIST's `balanced` keeps apart from their capitals.
BALANCED_SMALL = tuple("abdefghnqrt")

#: In the mode `letters` neither case is the more probable one; in what people write, and so in what networks
#: learn from, small letters are about twice as frequent. A bare stroke is an I as soon as an l.
CAPITAL_WEIGHT = 2.0

#: From this probability of the mode's labels on, an image counts as showing one of them: a 9 that may be a g
#: is a 9 among digits.
ENOUGH = 0.2

_TINY = 1e-12

#: The labels of each mode, in their order.
MODES: dict[str, tuple[str, ...]] = {
    "digits": DIGITS,
    "letters": CAPITALS,
    "balanced": (*DIGITS, *CAPITALS, *BALANCED_SMALL),
    "all": CHARACTERS,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Restricted:
    """N answers within a mode. labels[k] belongs to column k of probabilities, float64 (N, K), whose rows
    add up to 1. is_known: float64 (N,), the probability that the image shows any of the labels; None for a
    network that rejects nothing."""

    labels: tuple[str, ...]
    probabilities: NDArray[np.float64]
    is_known: NDArray[np.float64] | None


def check_mode(name: str) -> str:
    """The name itself. Raises ConfigError listing the modes where it is none."""
    if name not in MODES:
        raise ConfigError(
            "modes.unknown",
            "there is no mode {name!r}; choose one of: {names}",
            name=name,
            names=", ".join(MODES),
        )
    return name


def in_mode(label: str, mode: str) -> str | None:
    """The label of the mode that stands for this one: "A" for "a" in `letters`. None: it has none there.

    mode: a name in MODES, or "", in which every label stands for itself.
    """
    if not mode or label not in CHARACTERS or label in MODES[mode]:
        return label
    capital = label.upper()
    return capital if label in SMALL_LETTERS and capital in MODES[mode] else None


def labels_in_mode(labels: Iterable[str], mode: str) -> tuple[str, ...]:
    """What a network with these labels can answer in the mode: the mode's labels, in its order, then those
    that are none of the 62 signs. Raises ConfigError for an unknown mode, and where none of the labels is
    in it.
    """
    labels = tuple(labels)
    if not mode:
        return labels
    found = {in_mode(label, check_mode(mode)) for label in labels}
    others = tuple(label for label in labels if label not in CHARACTERS)
    within = (*(label for label in MODES[mode] if label in found), *others)
    if not within:
        raise ConfigError(
            "modes.no-labels",
            "the network reads none of what the mode {mode} allows: it reads {labels}. Choose another "
            "network with --weights, or another mode.",
            mode=mode,
            labels=" ".join(labels),
        )
    return within


def restrict(
    mode: str,
    labels: tuple[str, ...],
    probabilities: NDArray[np.floating],
    is_known: NDArray[np.floating] | None = None,
) -> Restricted:
    """A network's answers within a mode.

    labels, probabilities (N, L) and is_known (N,) as a Recognizer gives them. The probabilities of labels
    that the mode holds to be the same add up (a capital's counts CAPITAL_WEIGHT times in `letters`), and each
    row is divided by its sum: what is outside of the mode does not count. An image that shows something
    outside of it is not known, unless a label in it looks the same: an O is a 0 among digits. Raises
    ConfigError for an unknown mode, and where none of the labels is in it.
    """
    wide: NDArray[np.float64] = np.asarray(probabilities, np.float64)
    known = None if is_known is None else np.asarray(is_known, np.float64)
    if not mode:
        return Restricted(labels=labels, probabilities=wide, is_known=known)
    within, sums, counted = _tables(mode, labels)
    inside = wide @ sums
    total = inside.sum(1, keepdims=True)
    even = np.full_like(inside, 1 / len(within))
    shared = np.where(total > _TINY, inside / np.maximum(total, _TINY), even)
    if known is not None:
        known = known * (wide @ counted / ENOUGH).clip(0, 1)
    return Restricted(labels=within, probabilities=shared, is_known=known)


def same_picture(
    label: str, labels: tuple[str, ...], probabilities: NDArray[np.floating]
) -> tuple[tuple[str, float], ...]:
    """The label and those that no picture tells apart from it, with their probabilities, the largest first.

    labels, probabilities (L,): a network's, before `restrict`. "a" is also told beside "A".
    """
    alike = {*look_alikes(label), label, label.swapcase()}
    found = [
        (other, float(p)) for other, p in zip(labels, probabilities, strict=True) if other in alike
    ]
    return tuple(sorted(found, key=lambda pair: -pair[1]))


@lru_cache(maxsize=32)
def _tables(
    mode: str, labels: tuple[str, ...]
) -> tuple[tuple[str, ...], NDArray[np.float64], NDArray[np.float64]]:
    """The mode's labels; (L, K), how much a label counts as one of them; (L,), 1 where it counts as known."""
    within = labels_in_mode(labels, mode)
    sums = np.zeros((len(labels), len(within)))
    counted = np.zeros(len(labels))
    for row, label in enumerate(labels):
        stands_for = in_mode(label, mode)
        if stands_for is not None:
            weight = CAPITAL_WEIGHT if mode == "letters" and label in CAPITALS else 1.0
            sums[row, within.index(stands_for)] = weight
            counted[row] = 1
        elif any(in_mode(other, mode) in within for other in look_alikes(label)):
            counted[row] = 1
    return within, sums, counted
