"""What a supervisor asks of a job process: lines on its standard input, in words.

stop: come to the end, with what there is. pause, continue, step: of training; step takes one and pauses.
cancel: end and leave nothing. Others go to those that subscribe to them.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable

STOP, PAUSE, CONTINUE, STEP, CANCEL = "stop", "pause", "continue", "step", "cancel"

_log = logging.getLogger(__name__)
_MOST_EARLY = 100  # lines that wait for a subscriber: older ones are forgotten


class Commands:
    """One thread obeys, another one asks. It is the Pace of a training run (trainer.training.pace)."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._stopped = self._paused = self._cancelled = False
        self._steps = 0  # that may be taken during the pause
        self._subscribers: dict[str, Callable[[str], None]] = {}
        # Lines that came before their subscriber.
        self._early: deque[tuple[str, str]] = deque(maxlen=_MOST_EARLY)

    def subscribe(self, word: str, called: Callable[[str], None]) -> None:
        """Has lines that begin with this word given to `called`, without it, also those that came before; in
        the thread that obeys, or in this one. What `called` raises is logged."""
        with self._changed:
            self._subscribers[word] = called
            early = [rest for first, rest in self._early if first == word]
            others = [line for line in self._early if line[0] != word]
            self._early = deque(others, maxlen=_MOST_EARLY)
        for rest in early:
            _tell(called, word, rest)

    def obey(self, line: str | bytes) -> None:
        text = line if isinstance(line, str) else line.decode(errors="replace")
        word, _, rest = text.strip().partition(" ")
        with self._changed:
            subscriber = self._subscribers.get(word)
            match word:
                case _ if subscriber is not None:
                    pass
                case "stop":
                    self._stopped, self._paused = True, False
                case "pause":
                    self._paused = not self._stopped
                    self._steps = 0
                case "continue":
                    self._paused, self._steps = False, 0
                case "step":
                    self._paused = not self._stopped
                    self._steps += 1
                case "cancel":
                    self._cancelled, self._paused = True, False
                case _:
                    self._early.append((word, rest))
            self._changed.notify_all()
        if subscriber is not None:
            _tell(subscriber, word, rest)

    def should_stop(self) -> bool:
        return self._stopped or self._cancelled

    @property
    def is_cancelled(self) -> bool:
        """Whether nothing is to be left of the job."""
        return self._cancelled

    @property
    def is_paused(self) -> bool:
        return self._paused

    def wait(self) -> None:
        """Returns when a step may be taken; it is taken off those that are allowed during a pause."""
        with self._changed:
            self._changed.wait_for(lambda: not self._paused or self._steps > 0)
            if self._paused:
                self._steps -= 1


def _tell(called: Callable[[str], None], word: str, rest: str) -> None:
    try:
        called(rest)
    except Exception:  # the thread that listens lives on, for a "stop" that comes later
        _log.exception("%s was not carried out", word)
