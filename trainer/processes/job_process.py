"""A job in a process beside this one, and its supervision: training and personalization.

The process is niced, survives nothing that it should not take along, and ends by itself when its
supervisor is gone, because its standard input ends then. It reads the job, one JSON object, from the first
line of its input, then commands (trainer.processes.commands); it writes events, a JSON object a line.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from trainer.base import logs
from trainer.base.errors import HandwriteError, InputError, RunError
from trainer.base.events import RunFailed
from trainer.base.messages import Message
from trainer.processes.commands import STOP, Commands

E = TypeVar("E")

#: Seconds for the process to end after its result: it may be writing a report, niced, on a busy machine.
LINGER_SECONDS = 60.0
#: Seconds for it to end once its input has ended, and once it was terminated.
END_SECONDS = 5.0

_log = logging.getLogger(__name__)

#: Environment variable with the niceness of job processes, 0 to 19.
NICENESS = "HANDWRITE_NICE"
_NICE = 19
_LINE_BYTES = 10_000
# Everything else on the machine goes first: on Windows by a flag, elsewhere the process is niced. And no
# black window pops up there.
_CREATION_FLAGS: int = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0) | getattr(
    subprocess, "CREATE_NO_WINDOW", 0
)


class JobProcess(Generic[E]):
    """A job in a process of its own. `events` is iterated by one thread; `stop` and `kill` may be called
    from any.
    """

    def __init__(
        self,
        program: str,
        job: Mapping[str, Any],
        *,
        name: str,
        decode: Callable[[bytes], E | RunFailed],
        last: tuple[type[Any], ...],
        title: Message,
        left: Message,
    ) -> None:
        """program: the module that is run, whose main calls `carry_out`. name: of threads and in the log.
        decode: the event of a line. last: the kinds of event with which a job ends. title: what people call
        the process. left: a sentence about what there is after the process has died.
        """
        self._title = title
        self._name, self._decode, self._last, self._left = name, decode, last, left
        self._process = subprocess.Popen(
            [sys.executable, "-m", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            creationflags=_CREATION_FLAGS,
        )
        self.has_result = False
        """Whether `events` has yielded the last event: the job is over, though the process may not be."""
        self._lock = threading.Lock()
        self._errors: list[bytes] = []
        self._listener = threading.Thread(
            target=self._keep_errors, name=f"{name} errors", daemon=True
        )
        self._listener.start()
        self._write(json.dumps(job).encode() + b"\n")

    @property
    def pid(self) -> int:
        return self._process.pid

    def events(self) -> Iterator[E]:
        """The job's events until the process has ended, which may take LINGER_SECONDS after the last one, and
        notes may come then. Raises InputError or RunError as the job itself would, and RunError where the
        process died without a result.
        """
        assert self._process.stdout is not None
        linger: threading.Timer | None = None
        try:
            for line in self._process.stdout:
                event = self._decode(line)
                if isinstance(event, RunFailed):
                    raise (InputError if event.wrong_input else RunError)(event.message)
                if isinstance(event, self._last) and linger is None:
                    self.has_result = True
                    linger = threading.Timer(LINGER_SECONDS, self._end)
                    linger.daemon = True
                    linger.start()
                yield event
            if not self.has_result:
                raise self._epitaph()
        finally:
            if linger is not None:
                linger.cancel()
            self.close()
            if linger is not None:
                linger.join()

    def stop(self) -> None:
        """Asks the job to come to its end."""
        self.tell(STOP)

    def tell(self, command: str) -> None:
        """Sends a command (trainer.processes.commands): one line."""
        self._write(command.encode() + b"\n")

    def kill(self) -> None:
        """Ends the process at once. What it has written stays whole."""
        self._process.kill()

    def close(self) -> None:
        """Ends the process if it still runs and frees its pipes; it gets a moment to write its best."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock, contextlib.suppress(OSError):
            self._process.stdin.close()
        # A process that waits for its events to be read would not end.
        self._process.stdout.close()
        if not self._has_ended(within=END_SECONDS):
            self._end()
        self._listener.join()
        if self._process.stderr is not None:
            self._process.stderr.close()

    def _end(self) -> None:
        """Ends a process that does not end by itself."""
        _log.warning("the %s process %s does not end: it is terminated", self._name, self.pid)
        self._process.terminate()
        if not self._has_ended(within=END_SECONDS):
            self._process.kill()
            self._process.wait()

    def _has_ended(self, *, within: float) -> bool:
        try:
            self._process.wait(timeout=within)
        except subprocess.TimeoutExpired:
            return False
        return True

    def _write(self, line: bytes) -> None:
        # A process that has ended says so through its events; a broken pipe adds nothing.
        with self._lock, contextlib.suppress(OSError, ValueError):
            assert self._process.stdin is not None
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def _keep_errors(self) -> None:
        stderr = self._process.stderr
        assert stderr is not None
        for line in iter(lambda: stderr.readline(_LINE_BYTES), b""):
            self._errors.append(line)
            del self._errors[:-40]

    def _epitaph(self) -> RunError:
        if not self._has_ended(within=END_SECONDS):  # its output has ended, but it has not
            self._end()
        code = self._process.wait()
        self._listener.join(timeout=1)
        said = b"".join(self._errors).decode(errors="replace").strip().rpartition("\n")[2]
        if said:
            return RunError(
                "job.died-saying",
                "The {title} process {how}. {left} It said: {said}",
                title=self._title,
                how=_how(code),
                left=self._left,
                said=said,
            )
        return RunError(
            "job.died",
            "The {title} process {how}. {left}",
            title=self._title,
            how=_how(code),
            left=self._left,
        )


def _how(code: int) -> Message:
    """How a process ended."""
    if code >= 0:
        return Message.of("job.exit-code", "ended with exit code {code}", code=code)
    try:
        name = signal.Signals(-code).name
    except ValueError:
        return Message.of("job.unknown-signal", "was ended by signal {number}", number=-code)
    if name == "SIGKILL":
        return Message.of(
            "job.killed",
            "was ended by {signal} (often: the machine ran out of memory)",
            signal=name,
        )
    return Message.of("job.signal", "was ended by {signal}", signal=name)


def niceness() -> int:
    """What HANDWRITE_NICE says, where that is a number from 0 to 19; else 19: everything else goes first."""
    try:
        wanted = int(os.environ.get(NICENESS, _NICE))
    except ValueError:
        return _NICE
    return wanted if 0 <= wanted <= 19 else _NICE


def carry_out(
    work: Callable[[Mapping[str, Any], Commands], Iterator[E]],
    *,
    encode: Callable[[E | RunFailed], str],
    name: str,
) -> None:
    """The process's side: carries the job out and writes its events. It does not return.

    work: takes the job and what is asked of it, and yields events; it imports what the job needs. encode:
    an event as a line. name: of the log, and in the message of an unexpected error.
    """
    output = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", buffering=1)
    # A library's output must not be taken for an event.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a shared terminal is the supervisor's
    if sys.platform != "win32":
        os.nice(niceness())
    logs.set_up(name.lower())
    logs.log_unhandled()
    commands = Commands()
    job = json.loads(sys.stdin.buffer.readline())

    def listen() -> None:
        for line in sys.stdin.buffer:
            commands.obey(line)
        commands.obey(STOP)  # the end of input: the supervisor is gone

    def write(event: E | RunFailed) -> None:
        # Without a supervisor the job still writes its result.
        with contextlib.suppress(OSError):
            output.write(encode(event) + "\n")

    threading.Thread(target=listen, name="command listener", daemon=True).start()
    try:
        for event in work(job, commands):
            write(event)
    except HandwriteError as error:
        write(RunFailed(message=error.message, wrong_input=isinstance(error, InputError)))
    except Exception as error:  # a mistake of ours: reported, with its traceback on standard error
        traceback.print_exc()
        _log.exception("unexpected error")
        message = Message.of(
            "job.unexpected-error",
            "{name} failed with an unexpected error ({kind}: {reason}).",
            name=name,
            kind=type(error).__name__,
            reason=str(error),
        )
        write(RunFailed(message=message, wrong_input=False))
    # The listener may sit in a read of standard input, which the interpreter would wait for at its end.
    with contextlib.suppress(OSError):
        output.flush()
    os._exit(0)
