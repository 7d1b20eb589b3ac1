"""handwrite-trainer devices."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from trainer.cli.output import print_json, result_console


def devices(
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object per device.")] = False,
) -> None:
    """List what can compute here, with the reason where something is absent."""
    from trainer.execution.devices import device_states

    states = device_states()
    if json:
        for state in states:
            print_json(
                {"name": state.name, "available": state.available, "detail": str(state.detail)}
            )
        return
    table = Table("device", "", "", box=None, pad_edge=False)
    for state in states:
        table.add_row(state.name, "yes" if state.available else "no", str(state.detail))
    result_console().print(table)
