"""Keeps a demo alive: starts the app, and again where it was killed. Standard library only."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from threading import Event
from types import FrameType

#: Set in the process that the supervisor has started.
CHILD_VARIABLE = "HANDWRITE_DEMO_CHILD"
#: One that ends sooner after its start counts as a failed start; after so many in a row it is given up.
_LEAST_SECONDS = 10.0
_MOST_FAILURES = 5


def supervise(
    command: Sequence[str],
    *,
    pause: float = 1.0,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Runs the command until it ends by itself (exit code 0), or fails at its start again and again.

    SIGTERM and SIGINT go on to it, and end this as well. Returns the last exit code.
    """
    failures = code = 0
    ended = Event()
    process: subprocess.Popen[bytes] | None = None

    def on_signal(number: int, _frame: FrameType | None) -> None:
        ended.set()
        if process is not None and process.poll() is None:
            process.send_signal(number)

    before = {one: signal.signal(one, on_signal) for one in (signal.SIGTERM, signal.SIGINT)}
    try:
        while not ended.is_set():
            started = clock()
            process = subprocess.Popen(command, env={**os.environ, CHILD_VARIABLE: "1"})
            if ended.is_set():  # just before it could be told
                process.terminate()
            code = process.wait()
            if code == 0:
                break
            failures = failures + 1 if clock() - started < _LEAST_SECONDS else 0
            if failures >= _MOST_FAILURES:
                print(f"error: the demo ended {failures} times at its start", file=sys.stderr)
                break
            ended.wait(pause)
        return code
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
