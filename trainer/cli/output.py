"""How the commands print: results on standard output, everything else on standard error."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

_UNFOLDED = 10_000  # columns

#: Of every option that takes one: what each generator of random numbers takes.
MOST_SEED = 2**31 - 1


def result_console() -> Console:
    """For results. Lines for a file or another program are never folded."""
    # No markup: names of files and networks are printed, and brackets in them are brackets.
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _UNFOLDED
    return Console(highlight=False, markup=False, emoji=False, width=width)


def error_console() -> Console:
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def complain(message: str) -> None:
    with contextlib.suppress(OSError):  # standard error may be closed
        text = Text.assemble(("error: ", "bold red"), shown_lines(message))
        error_console().print(text, soft_wrap=True)


def print_error(place: str, error: str) -> None:
    """A line of its own about one of several items, on standard error.

    place: the item's file, and which of the file. An error that begins with the file's name does not say it
    twice.
    """
    text = f"{place}: {error.removeprefix(f'{Path(place).name}: ')}"
    error_console().print(shown_lines(text), soft_wrap=True)


def print_note(note: object) -> None:
    """Something a person should know beside the results, on standard error."""
    with contextlib.suppress(OSError):
        text = Text.assemble(("note: ", "bold yellow"), shown_lines(str(note)))
        error_console().print(text, soft_wrap=True)


def counted(number: int, noun: str) -> str:
    """1 drawing, 2,000 drawings."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def print_json(document: dict[str, Any]) -> None:
    """One object on one line, in ASCII: it can be printed and read wherever it goes."""
    print(json.dumps(document))


def shown(text: str) -> str:
    """Words of a foreign file or a file's name: what a terminal would obey comes as an escape, `\\x1b`."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shown_lines(text: str) -> str:
    """The same of a text of several lines."""
    return "\n".join(map(shown, text.splitlines()))


def percent(fraction: float | None) -> str:
    """0.5 → 50.00 %; None (not known) → –."""
    return "–" if fraction is None else f"{100 * fraction:.2f} %"


def tolerate_characters() -> None:
    """What the terminal or a file's encoding cannot show is printed as an escape, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def open_closed_streams() -> None:
    """Standard streams that were closed (`>&-`) lead to the null device from here on.

    Python has None for them, which nothing can be printed to; and a file opened later would get their number.
    """
    for name in ("stdin", "stdout", "stderr"):
        if getattr(sys, name) is None:
            mode = "r" if name == "stdin" else "w"
            stream = Path(os.devnull).open(mode, encoding="utf-8")  # noqa: SIM115  for good
            setattr(sys, name, stream)


def silence_closed_streams() -> None:
    """Keeps the interpreter from complaining, at its end, of output that nobody takes any more."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with contextlib.suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
