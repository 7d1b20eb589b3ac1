"""Networks by name: one explicit table that names each builder without importing it.

Every builder takes keyword arguments (``classes`` among them) and returns a torch module that maps
float32 pictures (N, 1, 28, 28), normalised as its weights' card says, to logits (N, classes).
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from trainer.errors import ConfigError

if TYPE_CHECKING:
    from torch import nn

#: Mean and standard deviation of MNIST's training pictures, as in the PyTorch examples.
MNIST_MEAN, MNIST_STD = 0.1307, 0.3081


@dataclass(frozen=True, kw_only=True)
class NetworkEntry:
    """A row of the table: where the builder is, and what a person should know of it."""

    name: str
    builder: str  # "module:function"
    summary: str
    after: str
    mean: float = MNIST_MEAN
    std: float = MNIST_STD


_TABLE = (
    NetworkEntry(
        name="scribe",
        builder="trainer.networks.scribe:scribe",
        summary="residual, 0.5 M parameters: the network that ships",
        after="this project",
    ),
    NetworkEntry(
        name="cnn",
        builder="trainer.networks.tutorial:cnn",
        summary="conv 32 – pool – conv 64 – pool – fc 128: the network of the tutorials",
        after="the common MNIST tutorials",
        mean=0.0,
        std=1.0,
    ),
    NetworkEntry(
        name="lenet5",
        builder="trainer.networks.tutorial:lenet5",
        summary="conv 6 – pool – conv 16 – pool – fc 120 – 84: where it began",
        after="LeCun, Bottou, Bengio, Haffner 1998",
    ),
)

NETWORKS: dict[str, NetworkEntry] = {entry.name: entry for entry in _TABLE}
if len(NETWORKS) != len(_TABLE):
    raise RuntimeError("two networks share a name")


def find_network(name: str) -> NetworkEntry:
    """The table's row of that name. Raises ConfigError listing the choices."""
    try:
        return NETWORKS[name]
    except KeyError:
        raise ConfigError(
            f"there is no network named {name!r}; choose one of: {', '.join(NETWORKS)}"
        ) from None


def build_network(name: str, **arguments: Any) -> nn.Module:
    """A freshly initialised network. Raises ConfigError for an unknown name or argument."""
    module, _, function = find_network(name).builder.partition(":")
    builder = getattr(importlib.import_module(module), function)
    try:
        network: nn.Module = builder(**arguments)
    except TypeError as error:
        raise ConfigError(f"the network {name!r} does not take these arguments: {error}") from error
    return network
