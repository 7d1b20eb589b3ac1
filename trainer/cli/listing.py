"""handwrite-trainer models and devices."""

from __future__ import annotations

import dataclasses
from typing import Annotated

import typer
from rich.table import Table

from trainer.cli.output import percent, print_json, result_console

# Columns of a terminal; in a narrower one a sentence would be a pillar of single words.
_WIDE = 120


def models(
    json: Annotated[bool, typer.Option("--json", help="One JSON object an entry.")] = False,
) -> None:
    """List the architectures that can be trained, and the trained networks there are."""
    from trainer.networks import NETWORKS
    from trainer.weights import stored_weights

    stored = list(stored_weights())
    if json:
        for entry in NETWORKS.values():
            print_json(
                {
                    "kind": "architecture",
                    **dataclasses.asdict(entry),
                    "megabytes": round(entry.megabytes, 3),
                }
            )
        for weights in stored:
            print_json(
                {
                    "kind": "weights",
                    "name": weights.name,
                    "path": str(weights.path),
                    "bytes": weights.bytes,
                    "shipped": weights.shipped,
                    "error": weights.error,
                    "card": None if weights.card is None else weights.card.to_json(),
                }
            )
        return
    console = result_console()
    table = Table(box=None, pad_edge=False)
    table.add_column("architecture", no_wrap=True)
    for figure in ("parameters", "size", "FLOPs", "sees"):
        table.add_column(figure, justify="right", no_wrap=True)
    wide = console.width >= _WIDE
    if wide:
        table.add_column("what")
    table.add_column("after")
    for entry in NETWORKS.values():
        table.add_row(
            entry.name,
            f"{entry.parameters:,}",
            f"{entry.megabytes:.2f} MB",
            f"{entry.flops / 1e6:,.1f} M",
            f"{entry.receptive_field} px" if entry.receptive_field else "",
            *([entry.summary] if wide else []),
            entry.after,
        )
    console.print(table)
    console.print(
        "Size as float32. FLOPs for one picture, two for each multiplication with addition. "
        "Sees: pixels a side that one place of the last map looks at."
    )
    console.print()
    table = Table(
        "trained", "architecture", "data", "validation", "size", "", box=None, pad_edge=False
    )
    for weights in stored:
        size = f"{weights.bytes / 1e6:.2f} MB"
        origin = "ships with the app" if weights.shipped else "yours"
        if weights.card is None:
            table.add_row(weights.name, "unusable", weights.error or "", "", size, origin)
            continue
        accuracy = weights.card.metrics.get("validation_accuracy")
        table.add_row(
            weights.name,
            weights.card.architecture,
            weights.card.data,
            percent(accuracy) if isinstance(accuracy, int | float) else "",
            size,
            origin,
        )
    console.print(table)


def devices(
    json: Annotated[bool, typer.Option("--json", help="One JSON object a device.")] = False,
) -> None:
    """List what can compute here, with the reason where something is absent."""
    from trainer.devices import device_states

    states = device_states()
    if json:
        for state in states:
            print_json(dataclasses.asdict(state))
        return
    table = Table("device", "", "", box=None, pad_edge=False)
    for state in states:
        table.add_row(state.name, "yes" if state.available else "no", state.detail)
    result_console().print(table)
