"""Taps with several fingers: two take back, three bring back. Knows no Qt."""

from __future__ import annotations

from enum import Enum
from math import hypot

#: The second finger comes so soon after the first, all are up again so soon, and move so little (drawing
#: units).
TOGETHER_MS = 150.0
TAP_MS = 400.0
STILL = 8.0


class Tap(Enum):
    UNDO = 2
    REDO = 3


class TouchTaps:
    """Follows all fingers. `is_tapping` from the second finger on until all are up: they draw nothing."""

    def __init__(self) -> None:
        self._down: dict[int, tuple[float, float]] = {}
        self._began = 0.0
        self._most = 0
        self._moved = False
        self.is_tapping = False

    def press(self, finger: int, x: float, y: float, ms: float) -> bool:
        """Whether the finger before it was no stroke but the first of a tap: take its ink away."""
        if not self._down:
            self._began, self._most, self._moved = ms, 0, False
            self.is_tapping = False
        self._down[finger] = (x, y)
        self._most = max(self._most, len(self._down))
        begins = (
            len(self._down) == 2
            and not self.is_tapping
            and not self._moved
            and ms - self._began <= TOGETHER_MS
        )
        self.is_tapping = self.is_tapping or begins
        return begins

    def move(self, finger: int, x: float, y: float) -> None:
        if finger in self._down:
            left, top = self._down[finger]
            self._moved = self._moved or hypot(x - left, y - top) > STILL

    def release(self, finger: int, ms: float) -> Tap | None:
        """The tap, when the last finger is up."""
        self._down.pop(finger, None)
        if self._down or not self.is_tapping:
            return None
        self.is_tapping = False
        if self._moved or ms - self._began > TAP_MS or self._most not in (2, 3):
            return None
        return Tap(self._most)

    def cancel(self) -> None:
        self._down.clear()
        self.is_tapping = False
