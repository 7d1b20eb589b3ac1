"""The command line in processes that have torch imported already: one process imports it, the others are its
copies. A tenth of a second each, where a fresh interpreter takes five.
"""

from __future__ import annotations

import multiprocessing
import os
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

if sys.platform != "win32":
    _CONTEXT = multiprocessing.get_context("forkserver")
    _CONTEXT.set_forkserver_preload(["trainer.cli", "trainer.training.train"])

PATIENCE = 120.0  # seconds


class Command:
    """`handwrite-trainer` with these arguments; what it prints goes into two files of the folder."""

    def __init__(
        self, arguments: Sequence[object], *, folder: Path, environment: Mapping[str, str]
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._out, self._err = folder / "out", folder / "err"
        self._process = _CONTEXT.Process(
            target=_run,
            args=([str(a) for a in arguments], dict(environment), self._out, self._err),
            daemon=True,  # ends with the tests, whatever fails
        )
        self._process.start()

    @property
    def out(self) -> list[str]:
        return self._out.read_text().splitlines() if self._out.exists() else []

    @property
    def err(self) -> str:
        return self._err.read_text()

    def send(self, signal: int) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, signal)

    def code(self, timeout: float = PATIENCE) -> int:
        """The exit code, minus the signal's number where one ended it, once it is there."""
        self._process.join(timeout)
        assert self._process.exitcode is not None, f"still there after {timeout} s: {self.err}"
        return self._process.exitcode


def group(
    size: int, arguments: Sequence[object], *, folder: Path, home: Path, data: Path
) -> list[Command]:
    """A training run in as many processes, as torchrun would start them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        "HANDWRITE_HOME": str(home),
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
        "WORLD_SIZE": str(size),
    }
    return [
        Command(
            ["train", "--data", data, *arguments],
            folder=folder / str(rank),
            environment={**environment, "RANK": str(rank), "LOCAL_RANK": str(rank)},
        )
        for rank in range(size)
    ]


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)


def _run(arguments: list[str], environment: dict[str, str], out: Path, err: Path) -> None:
    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
    os.environ.update(environment)
    import torch

    from trainer.cli import run

    torch.set_num_threads(1)
    sys.exit(run(arguments))
