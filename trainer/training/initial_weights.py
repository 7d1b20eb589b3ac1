"""The network that a run starts from, and which of its layers are trained."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import nn

from trainer.base.errors import ConfigError, DataError
from trainer.base.events import Downloading, Note
from trainer.base.labels import CAPITALS, NO_LABEL, SMALL_LETTERS
from trainer.base.messages import Message
from trainer.datasets.spec import LETTER_NEGATIVES, NEGATIVES, parse_spec
from trainer.execution.execution import as_tensor, to_network
from trainer.models.weights import find_weights, load_hashed, network_name, read_card
from trainer.models.weights_card import WeightsCard
from trainer.networks import build_network, find_network
from trainer.networks.imagenet import imagenet_weights, is_imagenet_there, load_imagenet
from trainer.networks.sprint import WhiteningConv
from trainer.runs.config import TrainConfig

_WHITENED = 400  # pictures that a whitening first layer is computed from, evenly spread over all


@dataclass(frozen=True, kw_only=True)
class InitialNetwork:
    """A network before training: the name and arguments of its architecture, and its parent, if any.

    mean, std: the normalisation of its inputs. parent_hash: SHA-256 of the parent's file.
    notes: what a person should know of how it begins.
    """

    network: nn.Module
    architecture: str
    arguments: dict[str, object]
    mean: float
    std: float
    parent: WeightsCard | None = None
    parent_name: str = ""
    parent_hash: str = ""
    notes: tuple[Message, ...] = ()

    @property
    def description(self) -> str:
        """Architecture and arguments."""
        return f"{self.architecture} {self.arguments or ''}".strip()


def fetch_initial_weights(config: TrainConfig, folder: Path) -> Iterator[Downloading | Note]:
    """Downloads the published weights that a run would start from; a Note where they cannot be had: the only
    one, `initial_network` says no more of weights that are not there. Raises DataError where the run requires
    them."""
    if not _wants_imagenet(config):
        return
    try:
        yield from imagenet_weights(config.network, folder)
    except DataError as error:
        if config.imagenet == "required":
            raise
        yield Note(
            message=Message.of(
                "training.imagenet-not-downloaded",
                "{reason} Training starts from random weights.",
                reason=error.message,
            )
        )


def with_negatives(config: TrainConfig) -> tuple[TrainConfig, Message | None]:
    """The settings with drawings to reject among the data, where the network to start from rejects and the
    data have none: without them it forgets to within an epoch. The message says so.

    Raises WeightsError for weights that cannot be used.
    """
    card = read_card(find_weights(config.start)) if config.start else None
    if card is None or card.threshold is None:
        return config, None
    terms = parse_spec(config.dataset)
    if any(
        term.name in (NEGATIVES, LETTER_NEGATIVES) or term.selection in ("others", "symbols")
        for term in terms
    ):
        return config, None
    letters = set(card.labels) & {*CAPITALS, *SMALL_LETTERS}
    negatives = LETTER_NEGATIVES if letters else NEGATIVES
    return dataclasses.replace(config, dataset=f"{config.dataset}+{negatives}"), Message.of(
        "training.negatives-added",
        "{name} rejects drawings that are none of its labels: it goes on learning that from {negatives}, "
        "drawn by the program.",
        name=find_weights(config.start).name,
        negatives=negatives,
    )


def initial_network(config: TrainConfig, labels: tuple[str, ...], folder: Path) -> InitialNetwork:
    """The network that a run starts from.

    labels: those of the data, NO_LABEL last where there are drawings without one. folder: of the data and of
    downloaded weights. Raises WeightsError for weights that cannot be used, ConfigError where they are
    another network's.
    """
    if config.start:
        return _from_weights(config, labels)
    arguments: dict[str, object] = {} if config.dropout < 0 else {"dropout": config.dropout}
    network = build_network(config.network, classes=len(labels), **arguments)
    entry = find_network(config.network)
    notes: tuple[Message, ...] = ()
    if _wants_imagenet(config):
        notes = _load_imagenet(
            network, config.network, folder, required=config.imagenet == "required"
        )
    return InitialNetwork(
        network=network,
        architecture=config.network,
        arguments=arguments,
        mean=entry.mean,
        std=entry.std,
        notes=notes,
    )


def _load_imagenet(
    network: nn.Module, name: str, folder: Path, *, required: bool
) -> tuple[Message, ...]:
    """Loads the published weights where they are there. Returns what to say of it. Raises DataError where
    they are required and cannot be used."""
    if not required and not is_imagenet_there(name, folder):
        return ()
    try:
        load_imagenet(network, name, folder)
    except DataError as error:
        if required:
            raise
        return (
            Message.of(
                "training.no-imagenet-weights",
                "{reason}. Training starts from random weights.",
                reason=error.message,
            ),
        )
    return (
        Message.of(
            "training.imagenet-weights",
            "Begins with the weights that torchvision publishes for ImageNet.",
        ),
    )


def _wants_imagenet(config: TrainConfig) -> bool:
    return find_network(config.network).pretrained and config.imagenet != "no" and not config.start


def _from_weights(config: TrainConfig, labels: tuple[str, ...]) -> InitialNetwork:
    path = find_weights(config.start)
    old, card, parent_hash = load_hashed(path)
    arguments = dict(card.arguments)
    if config.dropout >= 0:
        arguments["dropout"] = config.dropout
    notes = []
    # A network that can refuse keeps that output, also where the data have nothing to refuse.
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
                count=sum(label != NO_LABEL for label in labels),
            )
        )
    network.load_state_dict(state, strict=card.outputs == outputs)
    return InitialNetwork(
        network=network,
        architecture=card.architecture,
        arguments=arguments,
        mean=card.mean,
        std=card.std,
        parent=card,
        parent_name=network_name(path),
        parent_hash=parent_hash,
        notes=tuple(notes),
    )


def whiten_first_layer(initial: InitialNetwork, pictures: NDArray[np.uint8]) -> None:
    """Takes the filters of a first layer that is not learned from training pictures (N, 28, 28); does nothing
    to a network that has none, or that was trained before."""
    first = next(initial.network.children(), None)
    if isinstance(first, WhiteningConv) and initial.parent is None:
        some = as_tensor(pictures[:: math.ceil(len(pictures) / _WHITENED)])
        first.whiten(to_network(some, initial.mean, initial.std))


def layers_of(network: nn.Module) -> list[int]:
    """Positions of the trainable layers: the children that have parameters. The last is the head."""
    return [
        i for i, child in enumerate(network.children()) if any(True for _ in child.parameters())
    ]


def full_layers(network: nn.Module) -> int:
    """How many fully connected layers the network ends with; at least 1, whatever its head is."""
    children = list(network.children())
    kinds = [isinstance(children[i], nn.Linear) for i in reversed(layers_of(network))]
    return max(1, kinds.index(False) if False in kinds else len(kinds))


def frozen_children(network: nn.Module, layers: int) -> int:
    """How many of the first children are frozen when only the last `layers` layers are trained; 0: none.

    Raises ConfigError where the network has fewer layers.
    """
    learning = layers_of(network)
    if layers in (0, len(learning)):  # nothing before the first layer has weights to freeze
        return 0
    if layers > len(learning):
        raise ConfigError(
            "training.too-many-layers",
            "--layers {layers}: this network has {count} layers that can be trained",
            layers=layers,
            count=len(learning),
        )
    return learning[-layers]


def tail(network: nn.Module, first: int) -> nn.Module:
    """The network from child `first` on; the same modules."""
    if not first:
        return network
    assert isinstance(network, nn.Sequential)
    return network[first:]


def freeze_first(network: nn.Module, children: int) -> nn.Module:
    """Freezes the first children, weights and batch statistics. Returns the rest, which learns."""
    trainable = tail(network, children)
    if children:
        network.requires_grad_(False)
        network.eval()  # batch normalisation of a frozen part keeps its statistics
        trainable.requires_grad_(True)
        trainable.train()
    return trainable
