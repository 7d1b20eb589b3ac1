"""The option --mode of `recognize` and `evaluate`."""

from __future__ import annotations

import typer

MODE = typer.Option(
    "--mode",
    metavar="digits|letters|balanced|all",
    help="Restrict the answer: 10 digits, 26 letters whatever their case, EMNIST's 47, or all 62; by default "
    "to what the network reads.",
)


def chosen_mode(mode: str) -> str:
    """The mode, "" for none. Raises ConfigError listing the modes."""
    from trainer.models.label_modes import check_mode

    return check_mode(mode) if mode else ""
