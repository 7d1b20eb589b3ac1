"""handwrite-trainer break."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from trainer.base.errors import DataError, InputError
from trainer.base.paths import data_folder
from trainer.cli.data import chosen_data, other_labels
from trainer.cli.output import MOST_SEED, counted, percent, print_json, print_note, shown
from trainer.cli.weights import WEIGHTS_METAVAR, network_names, weights_file

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from trainer.probing.damage import Channel

_MOST = 2000  # pictures of a data set: a percent is sure enough by them


def break_(
    weights: Annotated[
        str | None,
        typer.Argument(
            metavar=WEIGHTS_METAVAR,
            help="The network: a name from `models`, a .safetensors file, or a run. Default: the best that "
            "ships.",
            autocompletion=network_names,
        ),
    ] = None,
    noise: Annotated[
        float,
        typer.Option(
            metavar="FRACTION",
            help="Random noise on the weights, as a fraction of the spread of each layer's own.",
        ),
    ] = 0.0,
    bits: Annotated[
        int, typer.Option(metavar="8|4|2|1", help="Keep so many bits of each weight.")
    ] = 32,
    off: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LAYER[:CHANNEL]",
            help="Switch off a layer, or one of its channels. May be given again.",
        ),
    ] = None,
    turn: Annotated[float, typer.Option(metavar="DEGREES", help="Turn the pictures.")] = 0.0,
    right: Annotated[
        int, typer.Option(metavar="PIXELS", help="Shift the pictures to the right.")
    ] = 0,
    down: Annotated[int, typer.Option(metavar="PIXELS", help="Shift the pictures down.")] = 0,
    seed: Annotated[int, typer.Option(metavar="N", min=0, max=MOST_SEED, help="Of the noise.")] = 0,
    data: Annotated[
        str | None,
        typer.Option(
            metavar="DATA",
            help="Data by name: 2,000 pictures of their test part. Default: the sixty pictures by which the "
            "network's run is watched.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Damage a copy of a network, and measure what it still reads. Nothing is stored.

    The JSON object is described in docs/formats.md.
    """
    from trainer.probing.damage import Damage

    layers, channels = _switched_off(off or [])
    damage = Damage(
        noise=noise,
        bits=bits,
        layers=layers,
        channels=channels,
        turn=turn,
        right=right,
        down=down,
        seed=seed,
    )
    path = weights_file(weights, "NAME")

    from trainer.probing.watching import Probe

    probe = Probe(path)
    pictures, targets = _pictures(data, path, probe.labels)
    before = _right(probe.read(pictures)[0], probe.labels, targets)
    after = _right(probe.read(pictures, damage)[0], probe.labels, targets)
    count = len(targets)
    if json:
        print_json(
            {
                "weights": str(path),
                "data": data,
                "count": count,
                "damage": dataclasses.asdict(damage),
                "accuracy": before / count,
                "damaged_accuracy": after / count,
                "layers": [dataclasses.asdict(layer) for layer in probe.layers],
            }
        )
        return
    print(
        f"{shown(path.stem)} on {counted(count, 'picture')}: {percent(before / count)} as it is, "
        f"{percent(after / count)} damaged"
    )
    if damage.is_none:
        names = ", ".join(f"{layer.name} ({layer.channels})" for layer in probe.layers)
        print_note(f"nothing is damaged: see --help. Layers (and their channels): {names}")


def _switched_off(given: list[str]) -> tuple[tuple[str, ...], tuple[Channel, ...]]:
    """Layers, and channels of layers."""
    from trainer.probing.damage import Channel

    layers, channels = [], []
    for text in given:
        layer, colon, number = text.partition(":")
        if not colon:
            layers.append(layer)
        elif number.isdecimal():
            channels.append(Channel(layer=layer, number=int(number)))
        else:
            raise InputError(
                "cli.off",
                "--off {text} is no layer and channel: write LAYER or LAYER:CHANNEL, as in 0:5",
                text=repr(text),
            )
    return tuple(layers), tuple(channels)


def _pictures(
    data: str | None, weights: Path, labels: tuple[str, ...]
) -> tuple[NDArray[np.uint8], list[str]]:
    """uint8 (N, 28, 28), and their labels. Raises DataError where there is none that the network knows."""
    from trainer.probing.walls import wall_for

    if data is None:
        wall = wall_for(weights, labels, data_folder())
        if wall is None:
            raise DataError(
                "break.no-wall",
                "this network has no pictures to be watched by: name labelled pictures with --data",
            )
        return wall.pictures, list(wall.targets)
    from trainer.datasets import load_test

    found = chosen_data(data)
    part = load_test(found.spec, found.folder)
    known = [i for i, target in enumerate(part.targets) if part.labels[target] in labels][:_MOST]
    if not known:
        raise other_labels(weights, labels, data, part.labels)
    return part.pictures[known], [part.labels[part.targets[i]] for i in known]


def _right(probabilities: NDArray[np.float32], labels: tuple[str, ...], targets: list[str]) -> int:
    """How many pictures are read as what they show."""
    return sum(
        labels[answer] == target
        for answer, target in zip(probabilities.argmax(1).tolist(), targets, strict=True)
    )
