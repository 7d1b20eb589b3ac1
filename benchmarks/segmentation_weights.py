"""Fits the weights of trainer/segmentation to composed numbers and prints them.

The numbers are of UNIPEN writers with whom no network is tested. Most rejection scores of the network that
ships are of writers that it was trained on; those of its validation writers count ten times.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.composed import KINDS, Composed, compose, is_letter, is_test, writers_of
from benchmarks.report import say
from trainer.base.paths import data_folder
from trainer.models.recognizer import Recognizer
from trainer.models.weights import find_weights
from trainer.segmentation.divide import GroupReader, Lattices, features
from trainer.segmentation.ink.pieces import StrokeInk
from trainer.segmentation.lattice import GROUP_FEATURES, MOST_PIECES, PAIR_FEATURES

_MOST = 24  # pieces of a number
_VALIDATION = 0.145  # writers below this number (and not below that of the test) are not trained on
_L2 = 1e-3


@dataclass(frozen=True, kw_only=True, eq=False)
class Batch:
    """B lattices padded to _MOST pieces.

    groups: (B, N, L, F). known: bool (B, N, L). pairs: (B, N + 1, L, L, P). right: bool (B, N, L), the groups
    of the right path. count: (B,) pieces. weight: (B,)."""

    groups: torch.Tensor
    known: torch.Tensor
    pairs: torch.Tensor
    right: torch.Tensor
    count: torch.Tensor
    weight: torch.Tensor


def lattices(numbers: Sequence[tuple[Composed, float]], reader: GroupReader) -> Batch:
    rows: dict[str, list[NDArray[np.generic]]] = defaultdict(list)
    lost = 0
    for number, weight in numbers:
        strokes = number.drawing.strokes
        inks = [StrokeInk.of(strokes)]
        whole = Lattices.of(inks[0], reader)
        if poor := whole.poor():
            inks.append(StrokeInk.of(strokes, cut=poor))
        added = 0
        for ink in inks:
            added += _add(rows, Lattices.of(ink, reader), number, weight)
        lost += not added
    say(
        f"{len(rows['count'])} lattices; of {lost} numbers the right way is not among the candidates"
    )
    return Batch(**{name: torch.from_numpy(np.stack(value)) for name, value in rows.items()})


def _add(
    rows: dict[str, list[NDArray[np.generic]]], found: Lattices, number: Composed, weight: float
) -> int:
    """Adds the lattices of a number that hold the right path; how many those are."""
    ink = found.ink
    assert isinstance(ink, StrokeInk)
    owner = [number.owner(f.stroke, (f.first + f.last) // 2) for f in ink.fragments]
    added = 0
    for some, seen in zip(found.found, found.seen, strict=True):
        spans = {(int(s), int(n)) for s, n in zip(some.starts, some.lengths, strict=True)}
        path = _right(some.order, owner, spans)
        if path is None or len(some.order) > _MOST:
            continue
        added += 1
        at = some.starts, some.lengths - 1
        groups = np.zeros((_MOST, MOST_PIECES, len(GROUP_FEATURES)), np.float32)
        groups[at] = features(some, seen)
        known = np.zeros((_MOST, MOST_PIECES), bool)
        known[at] = True
        pairs = np.zeros((_MOST + 1, MOST_PIECES, MOST_PIECES, len(PAIR_FEATURES)), np.float32)
        pairs[: len(some.order) + 1] = some.pairs
        right = np.zeros((_MOST, MOST_PIECES), bool)
        for start, length in path:
            right[start, length - 1] = True
        values = {"groups": groups, "known": known, "pairs": pairs, "right": right}
        for name, value in values.items():
            rows[name].append(value)
        rows["count"].append(np.array(len(some.order)))
        rows["weight"].append(np.array(weight, np.float32))
    return added


def _right(
    order: Sequence[int], owner: Sequence[int], known: set[tuple[int, int]]
) -> list[tuple[int, int]] | None:
    path: list[tuple[int, int]] = []
    done: set[int] = set()
    for place, piece in enumerate(order):
        if path and owner[piece] == owner[order[place - 1]]:
            path[-1] = (path[-1][0], path[-1][1] + 1)
        elif owner[piece] in done:
            return None
        else:
            path.append((place, 1))
            done.add(owner[piece])
    return path if all(group in known for group in path) else None


def loss_of(some: Batch, group_weights: torch.Tensor, pair_weights: torch.Tensor) -> torch.Tensor:
    """The mean of −log of the probability of the right path."""
    node = (some.groups @ group_weights).masked_fill(~some.known, -1e9)
    link = some.pairs @ pair_weights
    batch = len(node)
    nothing = torch.full((batch, MOST_PIECES), -1e9)
    ahead = [nothing] * (_MOST + 1)
    exact = [nothing] * (_MOST + 1)
    right = torch.where(some.right, node, torch.tensor(-1e9))
    for end in range(1, _MOST + 1):
        for name, scores in ((ahead, node), (exact, right)):
            columns = []
            for length in range(MOST_PIECES):
                start = end - length - 1
                if start < 0:
                    columns.append(nothing[:, 0])
                elif start == 0:
                    columns.append(scores[:, 0, length])
                else:
                    before = torch.logsumexp(name[start] + link[:, start, :, length], 1)
                    columns.append(scores[:, start, length] + before)
            name[end] = torch.stack(columns, 1).clamp_min(-1e9)
    rows = torch.arange(batch)
    total = torch.logsumexp(torch.stack(ahead)[some.count, rows], 1)
    score = torch.logsumexp(torch.stack(exact)[some.count, rows], 1)
    lost = total - score
    return (lost * some.weight).sum() / some.weight.sum()


def fit(some: Batch) -> tuple[torch.Tensor, torch.Tensor]:
    groups = torch.zeros(len(GROUP_FEATURES), requires_grad=True)
    pairs = torch.zeros(len(PAIR_FEATURES), requires_grad=True)
    optimizer = torch.optim.LBFGS([groups, pairs], max_iter=80, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = loss_of(some, groups, pairs) + _L2 * (groups.square().sum() + pairs.square().sum())
        loss.backward()
        return loss

    optimizer.step(closure)
    say(f"mean −log probability of the right way: {closure().item():.4f}")
    return groups.detach(), pairs.detach()


def numbers(count: int, seed: int, *, letters: bool = False) -> list[tuple[Composed, float]]:
    path = data_folder() / f"unipen/{'others' if letters else 'digits'}-dev.jsonl.gz"
    labels = is_letter if letters else str.isdecimal
    found: list[tuple[Composed, float]] = []
    apart = writers_of(path, share=lambda n: not is_test(n) and n < _VALIDATION, labels=labels)
    trained = writers_of(path, share=lambda n: n >= _VALIDATION, labels=labels)
    say(f"{len(apart)} validation writers, {len(trained)} others")
    for number, kind in enumerate(KINDS):
        for writers, weight, share in ((apart, 1.0, 0.6), (trained, 1.0, 0.4)):
            for composed in compose(
                writers, kind, round(share * count), length=(1, 5), seed=seed + number
            ):
                found.append((composed, weight))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300, help="numbers of each kind")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--letters", action="store_true", help="strings of letters")
    given = parser.parse_args()
    torch.set_num_threads(1)
    mode = "letters" if given.letters else ""
    network = Recognizer(find_weights(None, mode=mode), device="cpu")
    composed = numbers(given.count, given.seed, letters=given.letters)
    groups, pairs = fit(lattices(composed, GroupReader(network, mode=mode)))
    for name, names, values in (
        ("GROUPS", GROUP_FEATURES, groups),
        ("PAIRS", PAIR_FEATURES, pairs),
    ):
        print(f"{name} = np.array(\n    [")
        for feature, value in zip(names, values.tolist(), strict=True):
            print(f"        {value:.3f},  # {feature}")
        print("    ]\n)")


if __name__ == "__main__":
    main()
