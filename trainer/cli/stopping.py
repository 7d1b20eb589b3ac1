"""Stopping a training run from outside: Ctrl+C, termination signals, and a standard output that was closed.

All of them ask the run to stop, which keeps its best weights. The exit code is then 128 + the signal's
number, as shells count: 130 Ctrl+C (SIGINT), 143 SIGTERM, 129 SIGHUP, 141 closed output (SIGPIPE). With 0,
what follows in `train … && evaluate …` would begin where a person wanted to end.
"""

from __future__ import annotations

import signal
import threading
from typing import Any, Self

INTERRUPTED = 128 + signal.SIGINT
CLOSED_OUTPUT = 128 + 13  # SIGPIPE, which Windows does not have


class StopRequest:
    """While entered, SIGINT, SIGTERM and SIGHUP set a flag; a second one of them interrupts at once."""

    def __init__(self) -> None:
        self._flag = threading.Event()
        self._before: dict[int, Any] = {}
        self._exit_code = 0

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for name in ("SIGINT", "SIGTERM", "SIGHUP"):
                number = getattr(signal, name, None)
                # A parent that ignores SIGHUP (nohup) means it.
                if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
                    self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def is_set(self) -> bool:
        return self._flag.is_set()

    @property
    def exit_code(self) -> int:
        """128 + the number of the signal that came first; 0 where none has come."""
        return self._exit_code

    def output_closed(self) -> None:
        """Nobody reads what the run prints: it stops, too."""
        if not self._flag.is_set():
            self._exit_code = CLOSED_OUTPUT
            self._flag.set()

    def _on_signal(self, number: int, _: object) -> None:
        if self._flag.is_set():
            raise KeyboardInterrupt
        self._exit_code = 128 + number
        self._flag.set()
