"""Readings of a network and a stroke memory together, for the window's process and the command line."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trainer.base.errors import HandwriteError
from trainer.drawings import open_store
from trainer.models.label_modes import Restricted, restrict
from trainer.personalize.memory.store import WriterMemory
from trainer.personalize.memory.stroke_memory import Match, StrokeMemory
from trainer.picture.strokes import Drawing

_log = logging.getLogger(__name__)

_TICK_NS = 50_000_000  # more than the resolution of a file's times
_TRY_AGAIN = 1.0  # seconds until a store that could not be read is opened again


@dataclass(frozen=True, kw_only=True, eq=False)
class MemoryReading:
    """labels: the network's, then the writer's own. probabilities: float64 (K,), adding up to 1. refused: the
    drawing shows none of them. match: the kept drawing that decided: without the memory the answer had been
    another one, or none; None where the network decided. is_known: how probable it is that the drawing shows
    one of the labels; None where neither network nor memory can tell. characters: labels and probabilities
    before a mode restricted them.
    """

    labels: tuple[str, ...]
    probabilities: NDArray[np.float64]
    refused: bool
    match: Match | None
    is_known: float | None
    characters: tuple[tuple[str, ...], NDArray[np.float64]]

    @property
    def label(self) -> str:
        """The most probable label, whether refused or not."""
        return self.labels[int(self.probabilities.argmax())]


def read_with_memory(
    memory: StrokeMemory,
    drawing: Drawing,
    picture: NDArray[np.uint8],
    *,
    labels: tuple[str, ...],
    probabilities: NDArray[np.floating],
    is_digit: float | None,
    threshold: float,
    mode: str = "",
) -> MemoryReading:
    """picture: the drawing's 28×28 input. probabilities, is_digit, threshold: a Recognizer's answer to it.

    mode: of trainer.models.label_modes, "" for all labels; the memory speaks before it restricts them, so
    that a kept "a" counts for the letter A.
    """
    combined = memory.combine(
        drawing, picture, labels=labels, probabilities=probabilities, is_digit=is_digit
    )
    alone = restrict(mode, labels, probabilities[None], _row(is_digit))
    together = restrict(
        mode, combined.labels, combined.probabilities[None], _row(combined.is_known)
    )
    answer = together.labels[int(together.probabilities[0].argmax())]
    refused = _refused(together, threshold)
    answer_alone = alone.labels[int(alone.probabilities[0].argmax())]
    decided = not refused and (_refused(alone, threshold) or answer != answer_alone)
    return MemoryReading(
        labels=together.labels,
        probabilities=together.probabilities[0],
        refused=refused,
        match=combined.match if decided else None,
        is_known=None if together.is_known is None else float(together.is_known[0]),
        characters=(combined.labels, combined.probabilities),
    )


def _row(is_known: float | None) -> NDArray[np.float64] | None:
    return None if is_known is None else np.array([is_known])


def _refused(found: Restricted, threshold: float) -> bool:
    return found.is_known is not None and bool(found.is_known[0] < threshold)


class StoreMemory:
    """The memory of one writer of a store that other processes write to: up to date at each use.

    The store is open only while something has changed, so that restoring it never has to wait. One that
    cannot be read is as good as one without changes, and is tried again from time to time. Nothing is
    raised: reading goes on without the memory.
    """

    def __init__(
        self, drawings: Path, writer: str, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """drawings: the store's file; it need not be there yet. writer: "" for the store's first."""
        self.drawings, self.writer = drawings, writer
        self._clock = clock
        self._seen: _State | None = None
        self._is_sound = (
            False  # it was looked through once; damage since then raises where it is read
        )
        self._not_before = -math.inf
        self._of = WriterMemory(writer=writer)

    @property
    def memory(self) -> StrokeMemory:
        """The memory as the store is now."""
        if self._clock() >= self._not_before:
            try:
                self._refresh()
            except (HandwriteError, OSError) as error:
                _log.warning("the memory of strokes is not up to date: %s", error)
                self._not_before = self._clock() + _TRY_AGAIN
        return self._of.memory

    def _refresh(self) -> None:
        state = _state(self.drawings)
        if state is not None and state == self._seen:
            return
        if state is None:
            self._of.memory.clear()
        else:
            with open_store(
                self.drawings, read_only=True, look_through=not self._is_sound
            ) as store:
                self._of.refresh(store)
            self._is_sound = True
        # Of before it was read, so that what was written meanwhile is seen next time; and not at all where it
        # is so new that another change could have the same time.
        self._seen = None if _is_fresh(state) else state


_State = tuple[tuple[int, int, int, int] | None, ...]


def _is_fresh(state: _State | None) -> bool:
    newest = max((one[2] for one in state or () if one is not None), default=0)
    return time.time_ns() - newest < _TICK_NS


def _state(drawings: Path) -> _State | None:
    """Another value whenever the store was changed; None where there is none. Quicker than opening it."""
    found: list[tuple[int, int, int, int] | None] = []
    for path in (drawings, drawings.with_name(f"{drawings.name}-wal")):
        try:
            state = path.stat()
        except FileNotFoundError:
            found.append(None)
        else:
            found.append((state.st_dev, state.st_ino, state.st_mtime_ns, state.st_size))
    return None if found[0] is None else tuple(found)
