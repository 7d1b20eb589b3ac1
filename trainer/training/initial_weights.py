"""Training a network further: where it begins, and which of its layers learn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from trainer.base.errors import ConfigError, DataError
from trainer.base.events import Downloading, Note
from trainer.base.messages import Message
from trainer.execution.execution import Execution, outputs_of, to_network
from trainer.models.weights import find_weights, load_hashed
from trainer.models.weights_card import WeightsCard
from trainer.networks import build_network, find_network
from trainer.networks.imagenet import imagenet_weights, load_imagenet
from trainer.runs.config import TrainConfig

# What the outputs of a frozen part may take of the memory; beyond, they are computed at every step.
_FEATURES_LIMIT = 3_000_000_000  # bytes


@dataclass(frozen=True, kw_only=True)
class Beginning:
    """A network to train: its architecture's name and arguments, and what it is a child of."""

    network: nn.Module
    architecture: str
    arguments: dict[str, object]
    mean: float
    std: float
    parent: WeightsCard | None = None
    parent_name: str = ""
    parent_hash: str = ""


def fetch_beginning(config: TrainConfig, folder: Path) -> Iterator[Downloading | Note]:
    """Downloads the published weights that a run would begin with; a Note where they cannot be had."""
    if not _wants_imagenet(config):
        return
    try:
        yield from imagenet_weights(config.network, folder)
    except DataError as error:
        yield Note(
            message=Message.of(
                "training.imagenet-not-downloaded",
                "{reason}\nTraining starts without them.",
                reason=error.message,
            )
        )


def begin(
    config: TrainConfig, labels: tuple[str, ...], folder: Path
) -> tuple[Beginning, tuple[Message, ...]]:
    """The network that a run begins with, and what a person should know of it.

    labels: what the data hold, NO_LABEL as the last where there are drawings without one.
    Raises WeightsError for weights that cannot be used, ConfigError where they are another network's.
    """
    if config.start:
        return _continued(config, labels)
    arguments: dict[str, object] = {} if config.dropout < 0 else {"dropout": config.dropout}
    network = build_network(config.network, classes=len(labels), **arguments)
    entry = find_network(config.network)
    beginning = Beginning(
        network=network,
        architecture=config.network,
        arguments=arguments,
        mean=entry.mean,
        std=entry.std,
    )
    if not _wants_imagenet(config):
        return beginning, ()
    try:
        load_imagenet(network, config.network, folder)
    except DataError as error:
        return beginning, (
            Message.of(
                "training.no-imagenet-weights",
                "Without ImageNet weights: {reason}",
                reason=error.message,
            ),
        )
    return beginning, (
        Message.of(
            "training.imagenet-weights",
            "Begins with the weights that torchvision publishes for ImageNet.",
        ),
    )


def _wants_imagenet(config: TrainConfig) -> bool:
    return (
        find_network(config.network).pretrained and config.imagenet == "auto" and not config.start
    )


def _continued(
    config: TrainConfig, labels: tuple[str, ...]
) -> tuple[Beginning, tuple[Message, ...]]:
    path = find_weights(config.start)
    old, card, parent_hash = load_hashed(path)
    arguments = dict(card.arguments)
    if config.dropout >= 0:
        arguments["dropout"] = config.dropout
    notes = []
    # What it has learned to refuse it goes on refusing, where the data have no more of that.
    outputs = card.outputs if card.labels == labels else labels
    network = build_network(card.architecture, classes=len(outputs), **arguments)
    state = old.state_dict()
    if card.outputs != outputs:
        head = layers_of(network)[-1]
        state = {k: v for k, v in state.items() if k.partition(".")[0] != str(head)}
        notes.append(
            Message.of(
                "training.new-head",
                "{name} reads other labels: it gets a new head for {count} of them.",
                name=path.name,
                count=len(labels),
            )
        )
    network.load_state_dict(state, strict=card.outputs == outputs)
    beginning = Beginning(
        network=network,
        architecture=card.architecture,
        arguments=arguments,
        mean=card.mean,
        std=card.std,
        parent=card,
        parent_name=path.stem,
        parent_hash=parent_hash,
    )
    return beginning, tuple(notes)


def layers_of(network: nn.Module) -> list[int]:
    """Positions of the layers that can learn: the children that have parameters. The last is the head."""
    return [
        i for i, child in enumerate(network.children()) if any(True for _ in child.parameters())
    ]


def full_layers(network: nn.Module) -> int:
    """How many full layers the network ends with; 1 at least, whatever its head is."""
    children = list(network.children())
    kinds = [isinstance(children[i], nn.Linear) for i in reversed(layers_of(network))]
    return max(1, kinds.index(False) if False in kinds else len(kinds))


def frozen_children(network: nn.Module, layers: int) -> int:
    """How many of the first children stay as they are where the last `layers` layers learn; 0: all learn.

    Raises ConfigError where there are not so many.
    """
    learning = layers_of(network)
    if layers in (0, len(learning)):  # what stands before the first layer has nothing to freeze
        return 0
    if layers > len(learning):
        raise ConfigError(
            f"--layers {layers}: this network has {len(learning)} layers that can learn"
        )
    return learning[-layers]


def tail(network: nn.Module, first: int) -> nn.Module:
    """The network from a child on; the same modules."""
    if not first:
        return network
    assert isinstance(network, nn.Sequential)
    return network[first:]


def features_of(
    frozen: nn.Module, pictures: Tensor, *, mean: float, std: float, way: Execution
) -> Iterator[float | Tensor]:
    """Outputs of the frozen part for uint8 pictures (N, 28, 28), in the number format of `way`.

    Yields the share that is done, last the tensor (N, …). Empty of a tensor where it would be too large.
    """
    dtype = torch.bfloat16 if way.precision == "bfloat16" else torch.float32
    kept: Tensor | None = None
    for start in range(0, len(pictures), 500):
        batch = pictures[start : start + 500]
        out = outputs_of(frozen, batch, way=way, prepare=lambda p: to_network(p, mean, std))
        if kept is None:
            shape = (len(pictures), *out.shape[1:])
            if out[0].numel() * len(pictures) * dtype.itemsize > _FEATURES_LIMIT:
                return
            kept = torch.empty(shape, dtype=dtype, device=out.device)
        kept[start : start + len(out)] = out
        yield min(1.0, (start + len(batch)) / len(pictures))
    if kept is not None:
        yield kept
