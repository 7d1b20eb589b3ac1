"""How the commands print: results on standard output, everything else on standard error."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

from rich.console import Console
from rich.text import Text


def result_console() -> Console:
    # No markup: names of files and networks are printed, and brackets in them are brackets.
    return Console(highlight=False, markup=False, emoji=False)


def error_console() -> Console:
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def complain(message: str) -> None:
    error_console().print(Text.assemble(("error: ", "bold red"), message), soft_wrap=True)


def print_json(document: dict[str, Any]) -> None:
    """One object on one line, in ASCII: it can be printed and read wherever it goes."""
    print(json.dumps(document))


def shown(text: str) -> str:
    """Words of a foreign file: what a terminal would obey comes as an escape, as `\\x1b`."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def percent(fraction: float | None) -> str:
    """0.5 → 50.00 %; None (not known) → –."""
    return "–" if fraction is None else f"{100 * fraction:.2f} %"


def tolerate_characters() -> None:
    """What the terminal or a file's encoding cannot show is printed as an escape, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
