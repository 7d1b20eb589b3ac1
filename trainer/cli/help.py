"""Help as people read it: plain text wrapped to the terminal, no types behind arguments, no markup eaten."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperOption

# Stands for a hyphen while lines are wrapped: names like cnn-valid are not torn apart.
_HYPHEN = "\ue000"

#: For every Typer of the program.
HELP: dict[str, Any] = {"rich_markup_mode": None}


class Command(TyperCommand):
    """A command whose help is not broken within names, with `PATH...` for a list and `[NAME]` for an optional
    argument in its usage."""

    def __init__(self, *arguments: Any, **rest: Any) -> None:
        super().__init__(*arguments, **rest)
        for parameter in self.params:
            if isinstance(parameter, TyperArgument):
                _plain(parameter)
            if isinstance(parameter, TyperArgument | TyperOption) and parameter.help:
                parameter.help = parameter.help.replace("-", _HYPHEN)

    def get_help(self, ctx: Any) -> str:
        return super().get_help(ctx).replace(_HYPHEN, "-")


def _plain(argument: TyperArgument) -> None:
    name = argument.metavar or argument.name.upper()
    shown = name if argument.required else f"[{name}]"
    if argument.nargs != 1:
        shown += "..."
    for method, text in (
        ("_usage_display_name", shown),
        ("_rich_display_name", shown),
        ("display_type_rich", ""),
    ):
        setattr(argument, method, _constant(text))


def _constant(text: str) -> Any:
    return lambda *_, **__: text


def new_group(name: str, help: str, **rest: Any) -> typer.Typer:
    """A group of commands with the program's habits of help."""
    return typer.Typer(name=name, help=help, **HELP, **rest)
