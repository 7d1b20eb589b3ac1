"""Training in a process beside this one, and its supervision: the window trains through this.

The process is niced, survives nothing that it should not take along, and ends by itself when its
supervisor is gone, because its standard input ends then.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path

from trainer.config import TrainConfig
from trainer.errors import HandwriteError, InputError, RunError
from trainer.events import (
    Event,
    RunFailed,
    RunFinished,
    RunStoppedEarly,
    event_from_json,
    event_to_json,
)

_NICE = 19
_STOP = b"stop\n"
# Everything else on the machine goes first: on Windows by a flag, elsewhere the process is niced. And no
# black window pops up there.
_CREATION_FLAGS: int = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0) | getattr(
    subprocess, "CREATE_NO_WINDOW", 0
)


class TrainingProcess:
    """A training run in a process of its own. `events` is iterated by one thread; `stop` and `kill` may
    be called from any.
    """

    def __init__(
        self, config: TrainConfig, *, data_folder: Path, compare_with: Path | None = None
    ) -> None:
        job = {
            "config": config.to_json(),
            "data_folder": str(data_folder),
            "compare_with": None if compare_with is None else str(compare_with),
        }
        self._process = subprocess.Popen(
            [sys.executable, "-m", "trainer.launch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            creationflags=_CREATION_FLAGS,
        )
        self._lock = threading.Lock()
        self._errors: list[bytes] = []
        self._listener = threading.Thread(
            target=self._keep_errors, name="training errors", daemon=True
        )
        self._listener.start()
        self._write(json.dumps(job).encode() + b"\n")

    @property
    def pid(self) -> int:
        return self._process.pid

    def events(self) -> Iterator[Event]:
        """What the run tells, until its end. Raises InputError or RunError as the run itself would, and
        RunError where the process died.
        """
        assert self._process.stdout is not None
        ended = False
        try:
            for line in self._process.stdout:
                event = event_from_json(line)
                if isinstance(event, RunFailed):
                    ended = True
                    raise (InputError if event.wrong_input else RunError)(event.message)
                ended = ended or isinstance(event, RunFinished | RunStoppedEarly)
                yield event
            if not ended:
                raise RunError(self._epitaph())
        finally:
            self.close()

    def stop(self) -> None:
        """Asks the run to finish with its best weights so far."""
        self._write(_STOP)

    def kill(self) -> None:
        """Ends the process at once. Weights already written stay whole."""
        self._process.kill()

    def close(self) -> None:
        """Ends the process if it still runs and frees its pipes; it gets a moment to write its best."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock, contextlib.suppress(OSError):
            self._process.stdin.close()
        # Nobody reads any more: a process that waits for a reader would not get to its end.
        self._process.stdout.close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def _write(self, line: bytes) -> None:
        # A process that has ended says so through its events; a broken pipe adds nothing.
        with self._lock, contextlib.suppress(OSError, ValueError):
            assert self._process.stdin is not None
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def _keep_errors(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._errors.append(line)
            del self._errors[:-40]

    def _epitaph(self) -> str:
        code = self._process.wait()
        self._listener.join(timeout=1)
        if code < 0:
            try:
                how = f"was ended by {signal.Signals(-code).name}"
            except ValueError:
                how = f"was ended by signal {-code}"
            if code == -9:
                how += " (often: the machine ran out of memory)"
        else:
            how = f"ended with exit code {code}"
        last = b"".join(self._errors).decode(errors="replace").strip().rpartition("\n")[2]
        return (
            f"The training process {how}. Nothing that was in use has changed, and the best weights of "
            f"the epochs before are in the run's folder.{' It said: ' + last if last else ''}"
        )


def main() -> None:
    """The process's side: the job on the first line of standard input, then perhaps "stop"."""
    output = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a shared terminal is the supervisor's
    if sys.platform != "win32":
        os.nice(_NICE)
    stopped = threading.Event()
    job = json.loads(sys.stdin.buffer.readline())

    def listen() -> None:
        sys.stdin.buffer.readline()  # "stop", or the end of input: the supervisor is gone
        stopped.set()

    def tell(event: Event) -> None:
        # A supervisor that is gone does not keep the run from writing its best weights.
        with contextlib.suppress(OSError):
            output.write(event_to_json(event) + "\n")

    threading.Thread(target=listen, name="stop listener", daemon=True).start()
    try:
        from trainer.training import train

        compare_with = job["compare_with"]
        for event in train(
            TrainConfig.from_json(job["config"]),
            data_folder=Path(job["data_folder"]),
            compare_with=None if compare_with is None else Path(compare_with),
            should_stop=stopped.is_set,
        ):
            tell(event)
    except HandwriteError as error:
        tell(RunFailed(message=str(error), wrong_input=isinstance(error, InputError)))
    except Exception as error:  # a mistake of ours: told, and its traceback is on standard error
        traceback.print_exc()
        message = f"Training failed in a way that nobody foresaw ({type(error).__name__}: {error})."
        tell(RunFailed(message=message, wrong_input=False))
    # The listener may sit in a read of standard input, which the interpreter would wait for at its end.
    with contextlib.suppress(OSError):
        output.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
