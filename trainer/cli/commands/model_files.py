"""handwrite-trainer models keep, show, rename and delete: networks as files."""

from __future__ import annotations

from typing import Annotated

import typer

from trainer.cli.commands.models import models
from trainer.cli.help import Command
from trainer.cli.output import print_json, shown
from trainer.cli.weights import WEIGHTS_METAVAR, network_names, run_names, weights_file

_OWN = typer.Argument(
    metavar="NAME", help="One of your own networks.", autocompletion=network_names
)
_JSON = typer.Option("--json", help="Print one JSON object.")


@models.command("keep", cls=Command)
def keep_command(
    context: typer.Context,
    source: Annotated[
        str,
        typer.Argument(
            metavar="RUN|FILE",
            help="A run (or `last`), whose best weights are kept, or a .safetensors file.",
            autocompletion=run_names,
        ),
    ],
    name: Annotated[
        str | None,
        typer.Argument(metavar="NAME", help="Default: the name of the run or file."),
    ] = None,
    json: Annotated[bool, _JSON] = False,
) -> None:
    """Keep the best weights of a run as a network of your own. An existing network is never replaced."""
    from trainer.models.weights import keep_weights, network_name

    path = weights_file(source, "RUN")
    kept = keep_weights(path, network_name(path) if name is None else name)
    if json or context.obj:
        print_json({"name": kept.stem, "weights": str(kept)})
        return
    print(f"Kept: {shown(kept.stem)} ({shown(str(kept))})")
    if name is not None and kept.stem != name:
        print(f"There was a network {shown(name)} already.")


@models.command("show", cls=Command)
def show_command(
    context: typer.Context,
    network: Annotated[
        str,
        typer.Argument(metavar=WEIGHTS_METAVAR, help="The network.", autocompletion=network_names),
    ],
    json: Annotated[bool, _JSON] = False,
) -> None:
    """Show a network's card: architecture, labels, data, metrics, settings of its training."""
    from trainer.models.weights import read_card

    path = weights_file(network, "NAME")
    card = read_card(path).to_json()
    if json or context.obj:
        print_json(
            {"name": path.stem, "path": str(path), "bytes": path.stat().st_size, "card": card}
        )
        return
    print(f"{shown(path.stem)} ({shown(str(path))}, {path.stat().st_size / 1e6:.2f} MB)")
    for key, value in card.items():
        if value in ("", None, {}, []):
            continue
        if isinstance(value, dict):
            print(f"{key}:")
            for name, one in value.items():
                print(f"  {shown(str(name))}: {shown(str(one))}")
        elif isinstance(value, list):
            print(f"{key}: {' '.join(shown(str(one)) for one in value)}")
        else:
            print(f"{key}: {shown(str(value))}")


@models.command("rename", cls=Command)
def rename_command(
    context: typer.Context,
    network: Annotated[str, _OWN],
    name: Annotated[str, typer.Argument(metavar="NEW_NAME", help="What it is to be called.")],
    json: Annotated[bool, _JSON] = False,
) -> None:
    """Rename one of your own networks. The active one stays active."""
    from trainer.models.stored import own_network, rename_network

    path = rename_network(own_network(network), name)
    if json or context.obj:
        print_json({"name": path.stem, "weights": str(path)})
    else:
        print(f"{shown(network)} is {shown(path.stem)} now ({shown(str(path))})")


@models.command("delete", cls=Command)
def delete_command(
    context: typer.Context,
    network: Annotated[str, _OWN],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    json: Annotated[bool, _JSON] = False,
) -> None:
    """Delete one of your own networks, but not the active one. Asks first."""
    from trainer.models.stored import delete_network, own_network

    path = own_network(network)
    if not yes and not typer.confirm(f"Delete the network {shown(path.stem)}?", err=True):
        raise typer.Exit(1)
    delete_network(path)
    if json or context.obj:
        print_json({"deleted": path.stem, "path": str(path)})
    else:
        print(f"deleted {shown(str(path))}")
