"""handwrite-trainer models: list networks, show which was made from which, choose the active one."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from trainer.base.errors import InputError
from trainer.cli.help import Command, new_group
from trainer.cli.output import percent, print_json, result_console, shown
from trainer.cli.weights import WEIGHTS_METAVAR, network_names, weights_file

if TYPE_CHECKING:
    from trainer.models.lineage import Member
    from trainer.models.weights import StoredWeights

# Columns of a terminal; in a narrower one a sentence would be a pillar of single words.
_WIDE = 120

models = new_group(
    "models",
    "List the architectures that can be trained, and the trained networks there are.",
    invoke_without_command=True,
)


@models.callback()
def list_command(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object per entry.")] = False,
) -> None:
    """List the architectures that can be trained, and the trained networks there are.

    The active one, with which the app reads, is marked. Other commands use it only where their help says so.
    """
    context.obj = json  # `models --json tree` is meant as well
    if context.invoked_subcommand is not None:
        return
    from trainer.models.weights import stored_weights

    stored = list(stored_weights())
    used = _used()
    if json:
        _print_list_as_json(stored, used)
        return
    console = result_console()
    _print_architectures(console)
    console.print()
    _print_stored(console, stored, used)


@models.command("tree", cls=Command)
def tree_command(
    context: typer.Context,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object per network.")
    ] = False,
) -> None:
    """Show which network was made from which, and which writer each was personalized to.

    The JSON objects are described in docs/formats.md.
    """
    from trainer.models.lineage import forest

    used = _used()
    family = forest(*([used] if used else []))
    if json or context.obj:
        for member in family:
            print_json(_as_json(member, active_model=_is_used(member.weights, used)))
        return
    console = result_console()
    if not family.roots:
        print("There are no networks yet: `handwrite-trainer train` makes one.")
    for root in family.roots:
        branches: dict[Member, Tree] = {}
        for member in _below(root):
            words = _words(member, active_model=_is_used(member.weights, used))
            parent = branches.get(member.parent) if member.parent else None
            branches[member] = parent.add(words) if parent else Tree(words)
        console.print(branches[root])


@models.command("use", cls=Command)
def use_command(
    context: typer.Context,
    network: Annotated[
        str,
        typer.Argument(
            metavar=WEIGHTS_METAVAR,
            help="A network's name, a .safetensors file, or a run (or `last`).",
            autocompletion=network_names,
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Use this network in the app from its next start."""
    from trainer.models.active_model import activate

    path = weights_file(network, "NAME")
    activate(path)
    _say_used(path, json=json or context.obj)


@models.command("rollback", cls=Command)
def rollback_command(
    context: typer.Context,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Go back to the network that the active one was made from, else to the one used before it."""
    from trainer.models.active_model import rollback

    _say_used(rollback(), json=json or context.obj)


def _used() -> Path | None:
    """The network in use, which is the best that ships where none was chosen."""
    from trainer.models.active_model import active_model
    from trainer.models.weights import find_weights

    try:
        return active_model() or find_weights()
    except InputError:  # none came with this installation
        return None


def _say_used(path: Path, *, json: bool) -> None:
    from trainer.models.weights import network_name

    if json:
        print_json({"name": network_name(path), "weights": str(path)})
    else:
        print(f"In use: {shown(network_name(path))} ({shown(str(path))})")


def _is_used(weights: StoredWeights | None, used: Path | None) -> bool:
    from trainer.models.lineage import is_same_file

    return weights is not None and used is not None and is_same_file(weights.path, used)


def _print_list_as_json(stored: list[StoredWeights], used: Path | None) -> None:
    from trainer.networks import NETWORKS

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
                "in_use": _is_used(weights, used),
                "error": None if weights.error is None else str(weights.error),
                "card": None if weights.card is None else weights.card.to_json(),
            }
        )


def _print_architectures(console: Console) -> None:
    from trainer.networks import NETWORKS

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


def _print_stored(console: Console, stored: list[StoredWeights], used: Path | None) -> None:
    table = Table(
        "trained", "architecture", "data", "validation", "size", "", box=None, pad_edge=False
    )
    for weights in stored:
        size = f"{weights.bytes / 1e6:.2f} MB"
        origin = "ships with the app" if weights.shipped else "yours"
        if _is_used(weights, used):
            origin += ", in use"
        if weights.card is None:
            reason = shown(str(weights.error or ""))
            table.add_row(shown(weights.name), "unusable", reason, "", size, origin)
            continue
        accuracy = weights.card.metrics.get("validation_accuracy")
        table.add_row(
            shown(weights.name),
            weights.card.architecture,
            shown(weights.card.data),
            percent(accuracy) if isinstance(accuracy, int | float) else "",
            size,
            origin,
        )
    console.print(table)
    if used is not None and not any(_is_used(weights, used) for weights in stored):
        console.print(f"In use: {used}", soft_wrap=True)


def _below(root: Member) -> list[Member]:
    """It and all that descend from it, each before its children."""
    found = [root]
    for member in found:  # which grows meanwhile
        found.extend(member.children)
    return found


def _words(member: Member, *, active_model: bool) -> Text:
    """One line of the tree."""
    from trainer.models.lineage import created, personalization_of

    name = Text(shown(member.name), style="bold")
    if member.weights is None:
        return Text.assemble((shown(member.name), "dim"), ("  not here any more", "dim"))
    card = member.weights.card
    if card is None:
        return Text.assemble(name, (f"  unusable: {shown(str(member.weights.error or ''))}", "dim"))
    facts = []
    if learned := personalization_of(card):
        facts.append(
            f"personalized to {shown(learned.writer)}"
            if learned.writer
            else "personalized to one writer"
        )
        if learned.drawings is not None:
            facts.append(f"{learned.drawings:,} drawing{'s' if learned.drawings != 1 else ''}")
        for what, shares in (
            ("this writer", learned.writer_accuracy),
            ("other writers", learned.retention),
        ):
            if shares:
                facts.append(f"{what} {percent(shares[0])} → {percent(shares[1])}")
    elif member.weights.shipped:
        facts.append("ships with the app")
    if (moment := created(card)) is not None:
        facts.append(f"{moment:%Y-%m-%d}")
    words = Text.assemble(name, "  ", ", ".join(facts))
    return words.append("  ← in use", style="bold") if active_model else words


def _as_json(member: Member, *, active_model: bool) -> dict[str, Any]:
    from trainer.models.lineage import personalization_of

    weights = member.weights
    card = weights.card if weights else None
    learned = personalization_of(card) if card else None
    parent = member.parent

    def pair(shares: tuple[float, float] | None) -> dict[str, float] | None:
        return None if shares is None else {"before": shares[0], "after": shares[1]}

    return {
        "name": member.name,
        "path": str(weights.path) if weights else None,
        "parent": parent.name if parent else None,
        "parent_path": str(parent.weights.path) if parent and parent.weights else None,
        "writer": learned.writer or None if learned else None,
        "drawings": learned.drawings if learned else None,
        "hand": pair(learned.writer_accuracy) if learned else None,
        "others": pair(learned.retention) if learned else None,
        "created": card.created or None if card else None,
        "shipped": weights.shipped if weights else False,
        "in_use": active_model,
        "error": str(weights.error) if weights and weights.error else None,
    }
