"""Weights files: safetensors, with one JSON document in the header that says what the network is.

Nothing is ever unpickled. The header alone answers what a list of networks shows, without torch.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.errors import ConfigError, WeightsError
from trainer.networks import build_network, find_network
from trainer.paths import models_folder, shipped_weights_folder, written_whole
from trainer.picture import PREPROCESSING

if TYPE_CHECKING:
    from torch import Tensor, nn

SUFFIX = ".safetensors"
_KEY = "handwrite"
_FORMAT = 1
# A header is some kilobytes; safetensors itself allows 100 MB, which a list must not read.
_HEADER_LIMIT = 4_000_000
_FILE_LIMIT = 2_000_000_000
_ARGUMENT_LIMIT = 4096


@dataclass(frozen=True, kw_only=True)
class WeightsCard:
    """What a weights file says of itself.

    architecture and arguments name the builder in trainer.networks; labels[i] is what output i means;
    mean and std normalise the picture's 0…1; preprocessing is the version of the picture's recipe;
    metrics, data, recipe, parent and created tell where the network comes from.
    """

    architecture: str
    labels: tuple[str, ...]
    arguments: dict[str, Any] = field(default_factory=dict)
    mean: float = 0.0
    std: float = 1.0
    preprocessing: str = PREPROCESSING
    title: str = ""
    data: str = ""
    recipe: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    parent: str = ""
    created: str = ""

    @classmethod
    def from_json(cls, document: object) -> WeightsCard:
        """Raises WeightsError where a field is missing or of the wrong kind."""
        if not isinstance(document, Mapping):
            raise WeightsError("its description is not a JSON object")
        if document.get("format") != _FORMAT:
            raise WeightsError(
                f"its description has the format {document.get('format')!r}, this program reads {_FORMAT}"
            )
        known = {f.name for f in dataclasses.fields(cls)}
        values = {key: value for key, value in document.items() if key in known}
        labels = values.get("labels")
        if not (isinstance(labels, list) and labels and all(isinstance(x, str) for x in labels)):
            raise WeightsError("its description names no labels")
        if len(set(labels)) != len(labels):
            raise WeightsError("its description names a label twice")
        values["labels"] = tuple(labels)
        for name, kinds in _KINDS.items():
            if name in values and (
                not isinstance(values[name], kinds) or isinstance(values[name], bool)
            ):
                raise WeightsError(f"its description has an unusable {name!r}")
        if not values.get("architecture"):
            raise WeightsError("its description names no architecture")
        if not values.get("std", 1.0) > 0:
            raise WeightsError("its description has an unusable 'std'")
        # A foreign file may ask its builder for anything; these bounds keep it from asking for a planet.
        for name, value in values.get("arguments", {}).items():
            if not isinstance(value, int | float | str) or (
                not isinstance(value, str) and not abs(value) <= _ARGUMENT_LIMIT
            ):
                raise WeightsError(f"its network's argument {name!r} is out of bounds")
        return cls(**values)

    def to_json(self) -> dict[str, Any]:
        return {"format": _FORMAT, **dataclasses.asdict(self), "labels": list(self.labels)}


_KINDS: dict[str, type | tuple[type, ...]] = {
    "architecture": str,
    "arguments": dict,
    "mean": (int, float),
    "std": (int, float),
    "preprocessing": str,
    "title": str,
    "data": str,
    "recipe": dict,
    "metrics": dict,
    "parent": str,
    "created": str,
}


@dataclass(frozen=True, kw_only=True)
class StoredWeights:
    """A weights file in the list of networks; error says why it cannot be used, where it cannot."""

    name: str
    path: Path
    card: WeightsCard | None
    error: str | None
    shipped: bool
    bytes: int


def read_card(path: Path) -> WeightsCard:
    """What the file says of itself, from its header alone. Raises WeightsError saying what is wrong."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(8)
            if len(start) < 8:
                raise WeightsError(_refusal(path, "it is too short to be one"))
            (length,) = struct.unpack("<Q", start)
            if length > min(size - 8, _HEADER_LIMIT):
                raise WeightsError(_refusal(path, "it is truncated or no safetensors file"))
            header = json.loads(file.read(length))
        document = json.loads(header["__metadata__"][_KEY])
    except OSError as error:
        raise WeightsError(f"{path} cannot be opened: {error.strerror or error}") from error
    except (KeyError, TypeError) as error:
        raise WeightsError(
            _refusal(
                path,
                "it carries no description of its network; this program cannot know what it is",
            )
        ) from error
    except (ValueError, RecursionError) as error:
        raise WeightsError(_refusal(path, "it is no safetensors file")) from error
    try:
        card = WeightsCard.from_json(document)
        find_network(card.architecture)
    except (WeightsError, ConfigError) as error:
        raise WeightsError(_refusal(path, str(error))) from error
    if card.preprocessing != PREPROCESSING:
        raise WeightsError(
            _refusal(
                path,
                f"it was trained on pictures made the way {card.preprocessing!r}, "
                f"this program makes {PREPROCESSING!r}",
            )
        )
    return card


def save_weights(path: Path, network: nn.Module, card: WeightsCard) -> None:
    """Writes the network's state with its card, whole or not at all. Raises RunError on a full disk."""
    from safetensors.torch import save_file

    state = {
        name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()
    }
    with written_whole(path) as temporary:
        save_file(state, temporary, metadata={_KEY: json.dumps(card.to_json())})


def load_weights(path: Path) -> tuple[nn.Module, WeightsCard]:
    """The network in evaluation mode on the CPU, and its card. Raises WeightsError, nothing else.

    A file is data, never code: shapes and types are held against the network that the card names, and
    values must be finite.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    card = read_card(path)
    if path.stat().st_size > _FILE_LIMIT:
        raise WeightsError(_refusal(path, "it is larger than 2 GB"))
    try:
        state = load_file(path)
    except (SafetensorError, OSError, ValueError, KeyError) as error:
        raise WeightsError(_refusal(path, f"it is damaged ({error})")) from error
    try:
        with torch.device("meta"):
            network = build_network(card.architecture, **card.arguments, classes=len(card.labels))
    except Exception as error:  # whatever arguments from a foreign file do to a builder
        raise WeightsError(_refusal(path, f"its network cannot be built: {error}")) from error
    wanted = network.state_dict()
    _hold_against(path, wanted, state)
    network.load_state_dict(state, assign=True)
    return network.requires_grad_(False).eval(), card


def stored_weights() -> Iterator[StoredWeights]:
    """Every network that ships, then every one the user kept, by name, from the headers alone."""
    for folder, shipped in ((shipped_weights_folder(), True), (models_folder(), False)):
        for path in sorted(folder.glob(f"*{SUFFIX}")):
            card, problem = None, None
            try:
                card = read_card(path)
            except WeightsError as error:
                problem = str(error)
            try:
                size = path.stat().st_size
            except OSError:
                continue  # removed while we looked
            yield StoredWeights(
                name=path.stem, path=path, card=card, error=problem, shipped=shipped, bytes=size
            )


def find_weights(name_or_path: str | Path | None = None) -> Path:
    """The file meant: a path, or a network's name; without one, the best that ships.

    Raises WeightsError listing the choices.
    """
    entries = list(stored_weights())
    if name_or_path is None:
        usable = [entry for entry in entries if entry.shipped and entry.card is not None]
        if not usable:
            raise WeightsError("no network came with this installation; name one with --weights")
        return max(usable, key=lambda entry: _validation_accuracy(entry.card)).path
    path = Path(name_or_path).expanduser()
    if path.suffix == SUFFIX or path.is_file():
        if not path.is_file():
            raise WeightsError(f"there is no weights file {path}")
        return path
    # A kept network wins over a shipped one of the same name: it is the newer.
    for entry in reversed(entries):
        if entry.name == str(name_or_path):
            return entry.path
    names = ", ".join(dict.fromkeys(entry.name for entry in entries)) or "none"
    raise WeightsError(
        f"there is no network named {str(name_or_path)!r}; there are: {names}. "
        "A path to a .safetensors file does as well."
    )


def keep_weights(source: Path, name: str) -> Path:
    """Copies a weights file into the user's networks under this name; its path there.

    A network that is there already is never overwritten: the name gets a number. Raises WeightsError for
    an unusable file or name, RunError where the folder cannot be written.
    """
    read_card(source)
    name = name.strip().removesuffix(SUFFIX)
    if not name or name.startswith(".") or any(c in '/\\:*?"<>|' or ord(c) < 32 for c in name):
        raise WeightsError(
            f"{name!r} cannot be the name of a network: use letters, digits, spaces and dashes"
        )
    taken = {entry.name for entry in stored_weights()}
    names = itertools.chain([name], (f"{name} {i}" for i in itertools.count(2)))
    unique = next(candidate for candidate in names if candidate not in taken)
    path = models_folder() / f"{unique}{SUFFIX}"
    with written_whole(path) as temporary:
        temporary.write_bytes(source.read_bytes())
    return path


def _validation_accuracy(card: WeightsCard | None) -> float:
    value = card.metrics.get("validation_accuracy", 0.0) if card else 0.0
    return float(value) if isinstance(value, int | float) else 0.0


def _hold_against(path: Path, wanted: Mapping[str, Tensor], found: Mapping[str, Tensor]) -> None:
    if wanted.keys() != found.keys():
        odd = sorted(wanted.keys() ^ found.keys())
        raise WeightsError(
            _refusal(path, f"its tensors are not those of its network ({', '.join(odd[:3])} …)")
        )
    for name, tensor in found.items():
        expected = wanted[name]
        if tensor.shape != expected.shape or tensor.dtype != expected.dtype:
            raise WeightsError(
                _refusal(
                    path,
                    f"{name} is {tuple(tensor.shape)} {tensor.dtype}, its network wants "
                    f"{tuple(expected.shape)} {expected.dtype}",
                )
            )
        if tensor.is_floating_point() and not bool(tensor.isfinite().all()):
            raise WeightsError(_refusal(path, f"{name} holds values that are not finite"))


def _refusal(path: Path, why: str) -> str:
    return f"{path.name} cannot be used as a network: {why}"
