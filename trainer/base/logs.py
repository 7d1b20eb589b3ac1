"""The log: one rotating file for each program in the platform's log folder, and standard error on request.

Modules log with ``logging.getLogger(__name__)``; a program's main calls `set_up` once. A line names the
program, its process, the thread (a worker's thread has the name of its job) and the module.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
from itertools import pairwise
from pathlib import Path

import platformdirs

from trainer.base.paths import expanded

FILE_BYTES = 1_000_000
OLD_FILES = 3
#: A record is cut to so many characters: an error may carry a whole document.
RECORD_CHARACTERS = 20_000

_OURS = ("handwrite_app", "trainer")

_log = logging.getLogger(__name__)
_handlers: list[logging.Handler] = []


def log_folder() -> Path:
    """The folder of the log files: HANDWRITE_LOG, else ``logs`` in HANDWRITE_HOME, else the platform's."""
    if chosen := os.environ.get("HANDWRITE_LOG"):
        return expanded(chosen)
    if home := os.environ.get("HANDWRITE_HOME"):
        return expanded(home) / "logs"
    return platformdirs.user_log_path("handwrite", appauthor=False)


def log_file(program: str) -> Path:
    """The newest file of a program; older ones have .1, .2 … behind their name."""
    return log_folder() / f"{program}.log"


def set_up(program: str, *, verbose: bool = False) -> None:
    """Writes this process's log to `log_file`, from INFO on, and other packages' from WARNING on.

    verbose: everything from DEBUG on, to standard error as well. A second call replaces the first. The file
    and its folder are made with the first record; where they cannot be, the program runs without them.
    """
    close()
    form = _Formatter(
        f"%(asctime)s {program}[%(process)d] %(threadName)s %(levelname)s %(name)s: %(message)s"
    )
    _add(_RotatingFile(log_file(program)), form)
    if verbose and sys.stderr is not None:  # it is None in a Windows program without a console
        _add(logging.StreamHandler(sys.stderr), form)
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.DEBUG if verbose else logging.INFO)


def close() -> None:
    """Undoes `set_up` and closes the file. Any number of times."""
    for handler in _handlers:
        logging.getLogger().removeHandler(handler)
        handler.close()
    _handlers.clear()
    for name in _OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)


def log_unhandled() -> None:
    """Logs exceptions that leave a thread, and those that Python can raise nowhere (in __del__, say)."""
    threading.excepthook = _on_thread_error
    sys.unraisablehook = _on_unraisable


def _on_thread_error(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is None or issubclass(arguments.exc_type, SystemExit):
        return
    name = arguments.thread.name if arguments.thread else "?"
    _log.error("thread %r ended with an error", name, exc_info=arguments.exc_value)


def _on_unraisable(unraisable: sys.UnraisableHookArgs) -> None:
    what = unraisable.err_msg or "Exception ignored in"
    _log.error("%s: %r", what, unraisable.object, exc_info=unraisable.exc_value)


def _add(handler: logging.Handler, form: logging.Formatter) -> None:
    handler.setFormatter(form)
    _handlers.append(handler)
    logging.getLogger().addHandler(handler)


class _Formatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return text if len(text) <= RECORD_CHARACTERS else f"{text[:RECORD_CHARACTERS]}…"


class _RotatingFile(logging.FileHandler):
    """The file is made with the first record, as most starts write none before the first paint.

    logging.handlers has the like, but imports sockets and queues for it.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8", delay=True)
        self._path = path
        self._failed = False

    def emit(self, record: logging.LogRecord) -> None:
        if self._failed:
            return
        try:
            if self.stream is None:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self.stream = self._open()
            if self.stream.tell() > FILE_BYTES:
                self.stream.close()
                self._rotate()
                self.stream = self._open()
        except (OSError, ValueError):  # the program works without a log
            self._failed = True
            return
        super().emit(record)

    def _rotate(self) -> None:
        names = [self._path, *(Path(f"{self._path}.{n}") for n in range(1, OLD_FILES + 1))]
        # Another process may have it open, which only Windows minds: it goes on growing then.
        with contextlib.suppress(OSError):
            for older, newer in pairwise(reversed(names)):
                if newer.exists():
                    newer.replace(older)

    def handleError(self, record: logging.LogRecord) -> None:
        """A full disk, say: standard error is for other things."""
