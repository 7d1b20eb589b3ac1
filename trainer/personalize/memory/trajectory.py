"""A drawing's trajectory: how the pen moved, whatever the place, the size and the speed.

Strokes know in which order and direction a person writes; the 28×28 input does not. Trajectories are compared
by dynamic time warping, as a part of a digit may be written longer or shorter from one time to the next.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from trainer.picture.strokes import Drawing

#: Points of a trajectory, at equal distances along the pen's way.
POINTS = 24

#: Weight of the direction of movement against the position, in units of the drawing's longer side.
DIRECTION = 0.2

#: By how many points two trajectories may run apart while they are compared (the Sakoe-Chiba band).
BAND = 4

Trajectory = NDArray[np.float32]


def trajectory(drawing: Drawing) -> Trajectory | None:
    """float32 (POINTS, 4): x and y in -0.5…0.5 of the longer side of the drawing's box, and the unit
    direction of movement times DIRECTION.

    The strokes are joined in the order in which they were drawn; the way through the air counts as a straight
    line. None where there is no movement (a dot, nothing drawn), or an opened image, which has no strokes of
    the person's own.
    """
    if drawing.image is not None or not drawing.strokes:
        return None
    path = np.concatenate([stroke.points for stroke in drawing.strokes]).astype(np.float64)
    low, high = path.min(0), path.max(0)
    size = float((high - low).max())
    if not size > 0:
        return None
    path = (path - (low + high) / 2) / size
    steps = np.hypot(*np.diff(path, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    at = np.linspace(0, along[-1], POINTS)
    places = np.stack([np.interp(at, along, path[:, axis]) for axis in (0, 1)], axis=1)
    direction = np.gradient(places, axis=0)
    direction /= np.maximum(np.hypot(direction[:, 0], direction[:, 1])[:, None], 1e-9)
    return np.concatenate([places, DIRECTION * direction], axis=1).astype(np.float32)


def squared_distances(one: Trajectory, others: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32 (N,): mean squared difference of corresponding points to trajectories (N, POINTS, 4). Fast, and
    never less than ``warped_distances``."""
    differences = others.reshape(len(others), -1) - one.reshape(-1)
    squared: NDArray[np.float32] = np.einsum("ij,ij->i", differences, differences)
    return squared / np.float32(POINTS)


def warped_distances(some: NDArray[np.float32], others: NDArray[np.float32]) -> NDArray[np.float32]:
    """float32 (N,): squared distance to trajectories (N, POINTS, 4) along the best alignment within BAND.
    some: one trajectory, or one for each of the others, (N, POINTS, 4).

    The sum over the alignment, divided by POINTS (H. Sakoe, S. Chiba, "Dynamic programming algorithm
    optimization for spoken word recognition", IEEE Trans. ASSP 26, 1978). Goes through the table by
    anti-diagonals, whose cells do not depend on each other.
    """
    count = len(others)
    infinite = np.float32(np.inf)
    # last[:, i]: cost of the best alignment of i points of one with k - i of the other, for diagonal k
    before_last = np.full((count, POINTS + 1), infinite, np.float32)
    before_last[:, 0] = 0
    last = np.full((count, POINTS + 1), infinite, np.float32)
    for k in range(2, 2 * POINTS + 1):
        current = np.full((count, POINTS + 1), infinite, np.float32)
        low = max(1, k - POINTS, (k - BAND + 1) // 2)
        high = min(POINTS, k - 1, (k + BAND) // 2)
        if low <= high:
            mine = np.arange(low, high + 1)
            difference = others[:, k - mine - 1] - some[..., mine - 1, :]
            cost = np.einsum("ijk,ijk->ij", difference, difference)
            best = np.minimum(last[:, low - 1 : high], last[:, low : high + 1])
            np.minimum(best, before_last[:, low - 1 : high], out=best)
            current[:, low : high + 1] = cost + best
        before_last, last = last, current
    return last[:, POINTS] / np.float32(POINTS)
