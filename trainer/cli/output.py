"""How the commands print: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import sys
from typing import Any

from rich.console import Console
from rich.markup import escape


def result_console() -> Console:
    return Console(highlight=False)


def error_console() -> Console:
    return Console(stderr=True, highlight=False)


def complain(message: str) -> None:
    error_console().print(f"[bold red]error:[/] {escape(message)}", soft_wrap=True)


def print_json(document: dict[str, Any]) -> None:
    """One object on one line."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False) + "\n")


def percent(share: float) -> str:
    return f"{100 * share:.2f} %"
