"""Trajectories know the movement, and nothing of place, size, speed and sampling."""

from __future__ import annotations

import numpy as np
import pytest

from tests.drawings import DIGITS
from trainer.personalize.memory.trajectory import (
    BAND,
    POINTS,
    Trajectory,
    squared_distances,
    trajectory,
    warped_distances,
)
from trainer.picture.strokes import Drawing, InkImage, Stroke


def _drawing(*strokes: list[tuple[float, float]]) -> Drawing:
    return Drawing(tuple(Stroke.make(stroke) for stroke in strokes))


def _of(drawing: Drawing) -> Trajectory:
    found = trajectory(drawing)
    assert found is not None
    return found


def _digit(label: str, *, scale: float = 1.0, at: float = 0.0) -> Drawing:
    return _drawing(*([(x * scale + at, y * scale + at) for x, y in s] for s in DIGITS[label]))


@pytest.mark.parametrize("label", sorted(DIGITS))
def test_place_and_size_do_not_matter(label: str) -> None:
    moved = _of(_digit(label, scale=0.13, at=40))
    assert np.allclose(_of(_digit(label)), moved, atol=2e-3)


def test_points_per_second_do_not_matter() -> None:
    few = _drawing([(0, 0), (30, 0), (30, 90)])
    many = _drawing([(x, 0) for x in range(31)] + [(30, y) for y in range(91)])
    assert np.allclose(_of(few), _of(many), atol=2e-3)


def test_direction_and_order_matter() -> None:
    down = _of(_drawing([(0, 0), (0, 90)]))
    up = _of(_drawing([(0, 90), (0, 0)]))
    assert squared_distances(down, up[None])[0] > 0.1


def test_what_has_no_movement_has_none() -> None:
    image = InkImage(ink=np.full((9, 9), 255, np.uint8), left=0, top=0, width=9, height=9)
    for drawing in (
        Drawing(),
        _drawing([(5, 5)]),
        _drawing([(5, 5), (5, 5)], [(5, 5)]),
        Drawing((), image),
        Drawing(_digit("3").strokes, image),
    ):
        assert trajectory(drawing) is None


def _table(one: Trajectory, other: Trajectory) -> float:
    """Dynamic time warping as textbooks have it, cell by cell."""
    cost = np.full((POINTS + 1, POINTS + 1), np.inf)
    cost[0, 0] = 0
    for i in range(1, POINTS + 1):
        for j in range(max(1, i - BAND), min(POINTS, i + BAND) + 1):
            step = float(((one[i - 1] - other[j - 1]) ** 2).sum())
            cost[i, j] = step + min(cost[i - 1, j], cost[i, j - 1], cost[i - 1, j - 1])
    return float(cost[POINTS, POINTS]) / POINTS


def test_warping_is_that_of_the_textbook() -> None:
    every = np.stack([_of(_digit(label)) for label in sorted(DIGITS)])
    for one in every:
        found = warped_distances(one, every)
        assert found == pytest.approx([_table(one, other) for other in every], abs=1e-6)
        assert (found <= squared_distances(one, every) + 1e-6).all()


def test_a_part_that_is_written_longer_costs_little() -> None:
    short = _of(_drawing([(0, 0), (60, 0), (60, 60)]))
    longer = _of(_drawing([(0, 0), (60, 0), (60, 75)]))
    assert (
        warped_distances(short, longer[None])[0] < 0.7 * squared_distances(short, longer[None])[0]
    )
