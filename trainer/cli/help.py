"""Help as people read it: plain text wrapped to the terminal, no types behind arguments, no markup eaten."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperArgument, TyperCommand, TyperOption

from trainer.base.errors import InputError

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

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Raises InputError for a number that is none, in the words of the settings of a training."""
        try:
            rest: list[str] = super().parse_args(ctx, args)
        except Exception as error:
            if (better := _wrong_number(error)) is None:
                raise
            raise better from error
        return rest

    def get_help(self, ctx: Any) -> str:
        return super().get_help(ctx).replace(_HYPHEN, "-")


def _wrong_number(error: Exception) -> InputError | None:
    """None for another error, also of a version of typer that does not say what it found."""
    option, errors = getattr(error, "param", None), getattr(error.__cause__, "errors", None)
    if option is None or errors is None:
        return None
    first = errors()[0]
    bounds = first.get("ctx", {})
    wanted = {
        "int_parsing": "a whole number",
        "int_from_float": "a whole number",
        "float_parsing": "a number",
        "greater_than_equal": f"at least {bounds.get('ge')}",
        "less_than_equal": f"at most {bounds.get('le')}",
    }.get(first["type"])
    if wanted is None:
        return None
    return InputError(
        "cli.no-number",
        "{option} must be {wanted}, not {found}",
        option=option.opts[0],
        wanted=wanted,
        found=repr(first["input"]),
    )


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
