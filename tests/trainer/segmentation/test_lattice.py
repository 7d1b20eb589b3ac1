"""The lattice's dynamic programme against all paths, one by one."""

from __future__ import annotations

import itertools

import numpy as np

from tests.lines import written
from trainer.segmentation.ink.cuts import cuts_of
from trainer.segmentation.ink.pieces import StrokeInk
from trainer.segmentation.lattice import MOST_PIECES, best_path, candidates
from trainer.segmentation.text import edit_distance, edits


def test_the_best_path_and_all_probabilities() -> None:
    ink = StrokeInk.of(written("4754", step=170).strokes)
    found = candidates(ink, range(len(ink.boxes)))
    random = np.random.default_rng(1)
    groups = random.normal(size=len(found.starts))
    pairs = random.normal(size=(len(ink.boxes) + 1, MOST_PIECES, MOST_PIECES))
    number = {
        (int(s), int(n)): g
        for g, (s, n) in enumerate(zip(found.starts, found.lengths, strict=True))
    }
    scores: dict[tuple[int, ...], float] = {}
    count = len(ink.boxes)
    for cuts in itertools.chain.from_iterable(
        itertools.combinations(range(1, count), n) for n in range(count)
    ):
        edges = [0, *cuts, count]
        spans = [(a, b - a) for a, b in itertools.pairwise(edges)]
        if any(span not in number for span in spans):
            continue
        score = sum(groups[number[span]] for span in spans)
        score += sum(pairs[b[0], a[1] - 1, b[1] - 1] for a, b in itertools.pairwise(spans))
        scores[tuple(number[span] for span in spans)] = float(score)
    path = best_path(found, groups, pairs)
    assert len(scores) > 4
    assert path.groups == max(scores, key=scores.__getitem__)
    total = float(np.logaddexp.reduce(list(scores.values())))
    assert np.isclose(path.total, total)
    for group, certain in zip(path.groups, path.certain, strict=True):
        with_it = [score for groups_, score in scores.items() if group in groups_]
        assert np.isclose(certain, np.exp(np.logaddexp.reduce(with_it) - total))


def test_cuts_lie_where_the_pen_crossed_once() -> None:
    one = np.array([(0, 0), (20, 5), (35, 30), (20, 60), (5, 90), (45, 95)], np.float32)
    other = one + np.float32((60, 0))
    way = np.concatenate([one, other])
    dense = np.concatenate([np.linspace(a, b, 6)[:-1] for a, b in itertools.pairwise(way)]).astype(
        np.float32
    )
    cuts = cuts_of(dense, 95.0)
    assert any(42 <= dense[i, 0] <= 62 for i in cuts)
    assert cuts_of(one, 95.0) == [] or max(cuts_of(one, 95.0)) < len(one)


def test_edit_distance() -> None:
    assert edit_distance("kitten", "sitting") == 3
    assert edit_distance("", "12") == 2
    assert edit_distance("12", "12") == 0


def test_edits_say_what_happened() -> None:
    assert edits("2026", "2026").count == 0
    assert edits("2026", "226").missing == ("0",)
    assert edits("47", "417").extra == ("1",)
    assert edits("2026", "2O27").replaced == (("0", "O"), ("6", "7"))
    assert edits("", "7").count == edits("7", "").count == 1
