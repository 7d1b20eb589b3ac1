"""All ways to divide a line's pieces into characters, and the best one.

A way is a path: groups of neighbouring pieces, one after the other. Its score is a sum over groups and over
pairs of neighbouring groups, linear in what is measured of them (a semi-Markov conditional random field,
Sarawagi and Cohen, NIPS 2004), with weights that were fitted so that exp(score) over the sum of all paths'
is the probability that this path is right (benchmarks.segmentation_weights). So no way is favoured for
having few characters or many, and every character has a probability.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.segmentation.ink.pieces import Ink

#: Pieces of a group, at most.
MOST_PIECES = 6
#: Of a group's width, in heights of the line.
_WIDEST = 2.0
#: Of the gap within a group, across and between its nearest points, in heights of the line.
_GAP = 0.5
_DISTANCE = 0.6
#: The same of pieces above each other, as a dot and its i are.
_DISTANCE_ABOVE = 1.1
_BESIDE = 0.15  # heights that it may lie to one side

Floats = NDArray[np.float64]

#: What is measured of a group, and of two neighbouring ones, in the order of the weights.
GROUP_FEATURES = (
    "one",
    "log is_digit",
    "log not is_digit",
    "log best",
    "log not best",
    "strokes",
    "gap within",
    "distance within",
    "too wide",
    "too low",
    "flat",
    "too high",
    "cut before",
    "out of order",
)
PAIR_FEATURES = ("overlap", "gap", "distance", "size differs", "stacked")


@dataclass(frozen=True, kw_only=True, eq=False)
class Candidates:
    """Groups of an order of pieces. order: (N,) pieces. starts, lengths: int (G,), places in the order.

    shape: float64 (G, len(GROUP_FEATURES)), with 0 for what the network says. pairs: float64 (N + 1,
    MOST_PIECES, MOST_PIECES, len(PAIR_FEATURES)) of a group that ends before a place with so many pieces
    (less 1) and one that begins there.
    """

    order: tuple[int, ...]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]
    shape: Floats
    pairs: Floats

    def pieces(self, group: int) -> tuple[int, ...]:
        first = int(self.starts[group])
        return self.order[first : first + int(self.lengths[group])]


def candidates(ink: Ink, order: Sequence[int]) -> Candidates:
    """The groups of pieces that may be characters by their places alone."""
    order = tuple(order)
    count, height = len(order), ink.height
    boxes, samples = ink.boxes[list(order)], ink.samples[list(order)]
    joined = np.array(
        [ink.joined[p] and i > 0 and order[i - 1] == p - 1 for i, p in enumerate(order)]
    )
    apart = _distances(samples)
    starts, lengths, rows = [], [], []
    left, top, right, bottom = boxes.T
    spans = np.full((count, MOST_PIECES, 4), np.nan)
    for first in range(count):
        for length in range(1, min(MOST_PIECES, count - first) + 1):
            inside = slice(first, first + length)
            x0, x1 = float(left[inside].min()), float(right[inside].max())
            y0, y1 = float(top[inside].min()), float(bottom[inside].max())
            spans[first, length - 1] = x0, y0, x1, y1
            wide, high = x1 - x0, y1 - y0
            gap, distance = 0.0, 0.0
            if length > 1:
                if wide > _WIDEST * height:
                    continue
                gap = largest_gap(left[inside], right[inside]) / height
                distance = _spanning(apart, first, length) / height
                if gap > _GAP or distance > (_DISTANCE if gap > _BESIDE else _DISTANCE_ABOVE):
                    continue
            strokes = length - int(joined[first + 1 : first + length].sum())
            ordered = order[inside]
            starts.append(first)
            lengths.append(length)
            rows.append(
                (
                    1.0,
                    0.0,
                    0.0,
                    0.0,
                    0.0,
                    strokes - 1.0,
                    gap,
                    distance,
                    max(0.0, wide / height - 0.8),
                    max(0.0, 0.6 - high / height),
                    max(0.0, float(np.log((wide + 1e-9) / (high + 0.1 * height)))),
                    max(0.0, high / height - 1.3),
                    float(joined[first]),
                    float(any(b - a != 1 for a, b in itertools.pairwise(ordered))),
                )
            )
    return Candidates(
        order=order,
        starts=np.array(starts, np.int64),
        lengths=np.array(lengths, np.int64),
        shape=np.array(rows),
        pairs=_pairs(spans, apart, joined, height),
    )


def with_answers(
    shape: Floats, best: NDArray[np.float32], is_digit: NDArray[np.float32] | None
) -> Floats:
    """The features of G groups with what the network says: the probability of each one's best label, and
    that it is any; NaN in `best` where there is nothing to read."""
    features = shape.copy()
    seen = np.isfinite(best)
    p = np.where(seen, best, 0.1).astype(np.float64)
    d = np.full(len(p), 0.9) if is_digit is None else is_digit.astype(np.float64)
    d = np.where(seen, d, 1e-4)
    for column, value, least in ((1, d, 1e-5), (2, 1 - d, 1e-4), (3, p, 1e-2), (4, 1 - p, 1e-3)):
        features[:, column] = np.log(np.maximum(value, least))
    return features


@dataclass(frozen=True, kw_only=True, eq=False)
class Path:
    """The best way through a lattice. groups: numbers of candidates. score: its own. total: log of the sum of
    exp(score) of all. certain: of each group, the probability that it is one of the right path."""

    groups: tuple[int, ...]
    score: float
    total: float
    certain: tuple[float, ...]

    @property
    def probability(self) -> float:
        return float(np.exp(min(0.0, self.score - self.total)))


def best_path(found: Candidates, groups: Floats, pairs: Floats) -> Path:
    """groups: float64 (G,) scores. pairs: those of `Candidates.pairs`, (N + 1, MOST, MOST)."""
    count = len(found.order)
    number = np.full((count, MOST_PIECES), -1, np.int64)
    number[found.starts, found.lengths - 1] = np.arange(len(found.starts))
    node = np.where(number >= 0, groups[number], -np.inf)
    ahead = np.full((count + 1, MOST_PIECES), -np.inf)  # ends before a place, with so many pieces
    best = np.full((count + 1, MOST_PIECES), -np.inf)
    came = np.zeros((count + 1, MOST_PIECES), np.int64)
    for end in range(1, count + 1):
        for length in range(1, min(MOST_PIECES, end) + 1):
            start = end - length
            own = node[start, length - 1]
            if own == -np.inf:
                continue
            if start == 0:
                ahead[end, length - 1] = best[end, length - 1] = own
                continue
            links = pairs[start, :, length - 1]
            ahead[end, length - 1] = own + _log_sum(ahead[start] + links)
            options = best[start] + links
            came[end, length - 1] = choice = int(options.argmax())
            best[end, length - 1] = own + options[choice]
    behind = np.full((count + 1, MOST_PIECES), -np.inf)  # sum of what follows such a group
    behind[count] = 0.0
    for end in range(count - 1, 0, -1):
        follow = np.array(
            [
                node[end, n] + behind[min(end + n + 1, count), n]
                if end + n + 1 <= count
                else -np.inf
                for n in range(MOST_PIECES)
            ]
        )
        for length in range(MOST_PIECES):
            if ahead[end, length] > -np.inf:
                behind[end, length] = _log_sum(pairs[end, length] + follow)
    total = _log_sum(ahead[count])
    chosen, certain = [], []
    end, length = count, int(best[count].argmax())
    score = float(best[count, length])
    while end > 0:
        start = end - length - 1
        chosen.append(int(number[start, length]))
        sum_through = ahead[end, length] + behind[end, length] - total
        certain.append(float(np.exp(min(0.0, sum_through))))
        end, length = start, int(came[end, length])
    return Path(
        groups=tuple(reversed(chosen)),
        score=score,
        total=total,
        certain=tuple(reversed(certain)),
    )


def _log_sum(values: Floats) -> float:
    most = float(values.max())
    return most if most == -np.inf else most + float(np.log(np.exp(values - most).sum()))


def _distances(samples: Floats) -> Floats:
    """Between the nearest points of pieces, float64 (N, MOST_PIECES): [i, k] of i and i + k + 1."""
    count = len(samples)
    found = np.full((count, MOST_PIECES), np.inf)
    for k in range(1, min(MOST_PIECES, count - 1) + 1):
        found[: count - k, k - 1] = near(samples[:-k], samples[k:])
    return found


def near(one: Floats, other: Floats) -> Floats:
    """Between the nearest points of each of N pairs, float64 (N,). one, other: (N, SAMPLES, 2). Of the other
    the middles between points count, too."""
    middles = (other[:, 1:] + other[:, :-1]) / 2
    dense = np.concatenate([other, middles], axis=1)
    apart = one[:, :, None] - dense[:, None]
    return np.asarray(np.sqrt(np.square(apart).sum(axis=3).reshape(len(one), -1).min(axis=1)))


def largest_gap(left: Floats, right: Floats) -> float:
    """Between pieces beside one another, that no other piece bridges."""
    if len(left) < 2:
        return 0.0
    order = np.argsort(left)
    reached = np.maximum.accumulate(right[order])
    return max(0.0, float((left[order][1:] - reached[:-1]).max()))


def _spanning(apart: Floats, first: int, length: int) -> float:
    """The longest step of the shortest way to connect pieces (Prim)."""
    reached, longest = {first}, 0.0
    rest = set(range(first + 1, first + length))
    while rest:
        step, piece = min((apart[min(a, b), abs(a - b) - 1], b) for a in reached for b in rest)
        longest = max(longest, float(step))
        reached.add(piece)
        rest.remove(piece)
    return longest


def _pairs(spans: Floats, apart: Floats, joined: NDArray[np.bool_], height: float) -> Floats:
    count = len(spans)
    pairs = np.zeros((count + 1, MOST_PIECES, MOST_PIECES, len(PAIR_FEATURES)))
    near = _nearest_across(apart)
    for before, after in itertools.product(range(MOST_PIECES), repeat=2):
        places = np.arange(before + 1, count - after)
        if not len(places):
            continue
        ax0, ay0, ax1, ay1 = spans[places - before - 1, before].T
        bx0, by0, bx1, by1 = spans[places, after].T
        gap = np.maximum(ax0, bx0) - np.minimum(ax1, bx1)
        narrow = np.maximum(np.minimum(ax1 - ax0, bx1 - bx0), 0.15 * height)
        low = np.maximum(np.minimum(ay1 - ay0, by1 - by0), 0.15 * height)
        beside = (np.minimum(ay1, by1) - np.maximum(ay0, by0)) / low
        sizes = (ay1 - ay0 + 0.1 * height) / (by1 - by0 + 0.1 * height)
        distance = np.minimum(0.4, near[places, before, after] / height)
        rows = pairs[places, before, after]
        rows[:, 0] = np.minimum(1.0, np.maximum(0.0, -gap) / narrow)
        rows[:, 1] = np.minimum(1.0, np.maximum(0.0, gap) / height)
        rows[:, 2] = np.where(joined[places], 0.0, distance)
        rows[:, 3] = np.abs(np.log(sizes))
        rows[:, 4] = np.minimum(1.0, np.maximum(0.0, 1 - beside)) * rows[:, 0]
        pairs[places, before, after] = rows
    return pairs


def _nearest_across(apart: Floats) -> Floats:
    """float64 (N, MOST_PIECES, MOST_PIECES): [place, i, j] is the least distance of the i + 1 pieces before a
    place from the j + 1 that begin there, as far as `_distances` tells it; inf where it does not."""
    count = len(apart)
    found = np.full((count, MOST_PIECES, MOST_PIECES), np.inf)
    for i, j in itertools.product(range(MOST_PIECES), repeat=2):
        if i + j < MOST_PIECES and i + 1 < count:
            found[i + 1 :, i, j] = apart[: count - i - 1, i + j]
    found = np.minimum.accumulate(found, axis=1)
    return np.asarray(np.minimum.accumulate(found, axis=2))
