"""torchvision's published ImageNet weights: downloaded, verified, loaded into our networks."""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.base.errors import ConfigError, DataError
from trainer.base.events import Downloading
from trainer.base.messages import Message
from trainer.datasets.download import download
from trainer.networks import NETWORKS, find_network

if TYPE_CHECKING:
    from torch import Tensor, nn

# torchvision writes the beginning of the file's SHA-256 sum into its name.
_SUM_IN_NAME = re.compile(r"-([0-9a-f]{8,64})\.\w+$")


def imagenet_weights(name: str, folder: Path) -> Iterator[Downloading]:
    """Fetches the published weights of the network `name` into the data folder where they are not there.

    Raises ConfigError for a network that has none, DataError saying what to do where there is no
    connection, and RunError where the folder cannot be written. 45 MB for resnet18, 528 MB for vgg16.
    """
    url, path, digest = _published(name, folder)
    if path.is_file():
        return
    try:
        yield from download([url], path, sha256=digest)
    except DataError as error:
        raise DataError(
            "imagenet.not-downloaded",
            "ImageNet weights for {name} are not in {folder} and could not be downloaded ({reason}). "
            "Connect to the internet and try again, or fetch {url} elsewhere and put it there.",
            name=name,
            folder=str(path.parent),
            reason=error,
            url=url,
        ) from error


def is_imagenet_there(name: str, folder: Path) -> bool:
    """Whether the published weights were downloaded. Raises ConfigError for a network that has none."""
    return _published(name, folder)[1].is_file()


def load_imagenet(network: nn.Module, name: str, folder: Path) -> None:
    """Puts the published weights into a network that `build_network(name)` made; its head stays as it is.

    Raises ConfigError for a network that has none, DataError where the file is absent, is not the one
    that was published, or does not fit; the network is then as it was.
    """
    import torch

    from trainer.networks.transfer import PUBLISHED_NAMES

    _, path, digest = _published(name, folder)
    published = _read(path, digest)
    pairs: list[tuple[Tensor, Tensor]] = []
    for key, own in network.state_dict().items():
        place, _, rest = key.partition(".")
        prefix = PUBLISHED_NAMES[name].get(int(place))
        if prefix is None:
            continue  # the head
        theirs = published.get(f"{prefix}.{rest}")
        if theirs is None and rest.endswith("num_batches_tracked"):
            continue  # a count that older files do not have, and nothing here reads
        if isinstance(theirs, torch.Tensor) and name == "vgg16" and key == "33.weight":
            theirs = _folded(theirs)
        if not isinstance(theirs, torch.Tensor) or theirs.shape != own.shape:
            raise _foreign(
                path,
                Message.of(
                    "imagenet.no-weight", "it has no fitting {name}", name=f"{prefix}.{rest}"
                ),
            )
        pairs.append((own, theirs))
    with torch.no_grad():
        for own, theirs in pairs:
            own.copy_(theirs)


def _folded(weight: Tensor) -> Tensor:
    """(4096, 512·7·7) → (4096, 512): what the layer does where all 49 places of a map are the same."""
    return weight.reshape(len(weight), -1, 49).sum(2) if weight.shape[-1] % 49 == 0 else weight


def _published(name: str, folder: Path) -> tuple[str, Path, str]:
    """URL, path on this machine, and the first digits of the SHA-256 checksum. Raises ConfigError."""
    if not find_network(name).pretrained:
        able = ", ".join(entry.name for entry in NETWORKS.values() if entry.pretrained)
        raise ConfigError(
            "imagenet.none-published",
            "there are no ImageNet weights for {name!r}, only for: {names}",
            name=name,
            names=able,
        )
    from torchvision.models import get_model_weights

    url: str = get_model_weights(name).IMAGENET1K_V1.url
    file = url.rpartition("/")[2]
    found = _SUM_IN_NAME.search(file)
    if found is None:
        raise DataError(
            "imagenet.no-checksum",
            "{url} has no checksum in its name: this version of torchvision is not supported",
            url=url,
        )
    return url, folder / "ImageNet" / file, found[1]


def _read(path: Path, digest: str) -> Mapping[str, Any]:
    """The tensors in the file, mapped into memory where its form allows. Raises DataError.

    torch.load is an unpickler, with weights_only one that makes nothing but tensors; it reads only the file
    with the checksum that torchvision announces.
    """
    import torch

    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if not found.startswith(digest):
            raise _foreign(path, Message.of("imagenet.other-sum", "its SHA-256 checksum differs"))
        whole = torch.load(
            path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path)
        )
    except DataError:
        raise
    except FileNotFoundError as error:
        raise DataError(
            "imagenet.absent",
            "{path} is not there: fetch it first, or train without it",
            path=str(path),
        ) from error
    except Exception as error:  # whatever a file of another kind does to it
        raise _foreign(path, Message.verbatim(str(error))) from error
    if not isinstance(whole, Mapping):
        raise _foreign(path, Message.of("imagenet.no-names", "it holds no names of weights"))
    return whole


def _foreign(path: Path, why: Message) -> DataError:
    return DataError(
        "imagenet.foreign-file",
        "{path} is not the file that torchvision publishes ({reason}): remove it and try again, or train "
        "without it",
        path=str(path),
        reason=why,
    )
