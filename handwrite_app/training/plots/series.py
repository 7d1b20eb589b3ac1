"""The numbers behind a plot of a run: thinned, smoothed, without outliers. No Qt here."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Points of a whole run that are kept; when there are twice as many, neighbours are averaged.
POINTS = 1000
#: The last values, each of them; what "last 1000" shows.
RECENT = 1000


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a plot shows its values. smoothing: 0…1, the weight of what was before; 0: none. last: how many of
    the last progress events are in sight; 0: the whole run."""

    log: bool = False
    smoothing: float = 0.6
    no_outliers: bool = False
    last: int = 0


class Series:
    """Values over epochs, one for each progress event of a run."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._xs: list[float] = []
        self._ys: list[float] = []
        self._stride = 1  # values that one kept point stands for
        self._waiting: list[float] = []
        self._recent: deque[tuple[float, float]] = deque(maxlen=RECENT)

    def __len__(self) -> int:
        return len(self._xs)

    def add(self, x: float, y: float) -> None:
        self._recent.append((x, y))
        self._waiting.append(y)
        if len(self._waiting) < self._stride:
            return
        self._xs.append(x)
        self._ys.append(sum(self._waiting) / len(self._waiting))
        self._waiting = []
        if len(self._xs) >= 2 * POINTS:
            self._stride *= 2
            self._xs = self._xs[1::2]
            self._ys = np.array(self._ys).reshape(-1, 2).mean(axis=1).tolist()

    def shown(self, last: int) -> tuple[Floats, Floats]:
        """x and y of the whole run, thinned, or of the last so many values."""
        if last:
            pairs = np.array(list(self._recent)[-last:], float).reshape(-1, 2)
            return pairs[:, 0], pairs[:, 1]
        return np.array(self._xs), np.array(self._ys)


def smoothed(ys: Floats, weight: float) -> Floats:
    """The exponential moving average without the pull of its start, as TensorBoard has it."""
    if not weight or not len(ys):
        return ys
    mean, norm = 0.0, 0.0
    out = np.empty_like(ys)
    for i, y in enumerate(ys.tolist()):
        mean = weight * mean + (1 - weight) * y
        norm = weight * norm + (1 - weight)
        out[i] = mean / norm
    return out


def sight(ys: Floats, *, no_outliers: bool, log: bool) -> tuple[float, float] | None:
    """The least and the greatest value that are to be seen; None where there are none. Without outliers: the
    middle 96 of 100 values, and a tenth more."""
    usable = ys[np.isfinite(ys) & ((ys > 0) | (not log))]
    if not len(usable):
        return None
    low, high = float(usable.min()), float(usable.max())
    if no_outliers and len(usable) > 20:
        inner = np.quantile(usable, [0.02, 0.98])
        room = 0.1 * float(inner[1] - inner[0])
        low, high = max(low, float(inner[0]) - room), min(high, float(inner[1]) + room)
    return low, high
