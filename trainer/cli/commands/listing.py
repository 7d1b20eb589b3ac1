"""handwrite-trainer devices and presets."""

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


def presets(
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object per preset.")] = False,
) -> None:
    """List what `train --preset NAME` can be, as in the app's dialog."""
    from trainer.runs.presets import PRESETS

    if json:
        for preset in PRESETS.values():
            print_json(
                {
                    "name": preset.name,
                    "title": preset.title,
                    "group": preset.group,
                    "about": preset.gloss,
                    "settings": dict(preset.settings),
                }
            )
        return
    table = Table("preset", "", "", box=None, pad_edge=False)
    for preset in PRESETS.values():
        table.add_row(preset.name, preset.title, preset.gloss)
    result_console().print(table)
