"""Weights files: safetensors, with the network's card (trainer.models.weights_card) in the header.

Nothing is ever unpickled. A list of networks is read from the headers alone, without torch.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from trainer.base.errors import ConfigError, WeightsError
from trainer.base.files import atomic_write
from trainer.base.labels import CAPITALS
from trainer.base.messages import Message
from trainer.base.paths import expanded, models_folder, shipped_weights_folder
from trainer.models.label_modes import MODES
from trainer.models.weights_card import WeightsCard
from trainer.networks import build_network, find_network
from trainer.picture.preprocess import PREPROCESSING

if TYPE_CHECKING:
    from torch import nn

SUFFIX = ".safetensors"
_KEY = "handwrite"
# A header is some kilobytes; safetensors itself allows 100 MB, which a list must not read.
_HEADER_LIMIT = 4_000_000
_FILE_LIMIT = 2_000_000_000
_NAME_LIMIT = 100
_FORBIDDEN = '/\\:*?"<>|'  # by one system or another


@dataclass(frozen=True, kw_only=True)
class StoredWeights:
    """A weights file in the list of networks. error: why it cannot be used; None where it can."""

    name: str
    path: Path
    card: WeightsCard | None
    error: Message | None
    shipped: bool
    bytes: int


def read_card(path: Path) -> WeightsCard:
    """A weights file's card, from its header alone. Raises WeightsError."""
    with _opened(path) as file:
        return _read_header(path, file)[0]


def save_weights(path: Path, network: nn.Module, card: WeightsCard) -> None:
    """Writes the network's state with its card, whole or not at all. Raises RunError on a full disk."""
    from safetensors.torch import save

    state = {
        name: tensor.detach().cpu().contiguous() for name, tensor in network.state_dict().items()
    }
    # Not save_file: a full disk is an error of the library's own there, no OSError.
    content = save(state, metadata={_KEY: json.dumps(card.to_json())})
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)


def load_weights(path: Path) -> tuple[nn.Module, WeightsCard]:
    """The network in evaluation mode on the CPU, and its card; see load_hashed."""
    network, card, _ = load_hashed(path)
    return network, card


def load_hashed(path: Path) -> tuple[nn.Module, WeightsCard, str]:
    """The network in evaluation mode on the CPU, its card, and the SHA-256 of the very file that was read.

    Raises WeightsError, nothing else. A file is data, never code: names, shapes and types are held against
    the network that the card names before any of it is loaded, and values must be finite.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load

    with _opened(path) as file:
        card, tensors = _read_header(path, file)
        try:
            with torch.device("meta"):
                network = build_network(
                    card.architecture, **card.arguments, classes=len(card.outputs)
                )
        except Exception as error:  # whatever arguments from a foreign file do to a builder
            raise _refusal(
                path,
                Message.of(
                    "weights.not-built", "its network cannot be built: {reason}", reason=str(error)
                ),
            ) from error
        _hold_against(path, network, tensors)
        try:
            # Not load_file: it maps the file into memory, and who writes to it then writes to the
            # network, or ends the process.
            file.seek(0)
            content = file.read(_FILE_LIMIT + 1)
            state = load(content)
            network.load_state_dict(state, assign=True)
        except (SafetensorError, OSError, ValueError, KeyError, RuntimeError) as error:
            raise _refusal(
                path, Message.of("weights.damaged", "it is damaged ({reason})", reason=str(error))
            ) from error
    for name, tensor in state.items():
        if tensor.is_floating_point() and not bool(tensor.isfinite().all()):
            raise _refusal(
                path,
                Message.of(
                    "weights.not-finite", "{name} holds values that are not finite", name=name
                ),
            )
    return network.requires_grad_(False).eval(), card, hashlib.sha256(content).hexdigest()


def stored_weights() -> Iterator[StoredWeights]:
    """Every network that ships, then every one the user kept, by name, from the headers alone."""
    for folder, shipped in ((shipped_weights_folder(), True), (models_folder(), False)):
        for path in sorted(folder.glob(f"*{SUFFIX}"), key=lambda path: path.stem):
            if path.name.startswith("."):  # what other systems leave beside a file
                continue
            if (entry := described(path, shipped=shipped)) is not None:
                yield entry


def described(path: Path, *, shipped: bool = False) -> StoredWeights | None:
    """A weights file as an entry of that list; None where there is no such file (any more)."""
    card, problem = None, None
    try:
        card = read_card(path)
    except WeightsError as error:
        problem = error.message
    try:
        size = path.stat().st_size
    except (OSError, ValueError):
        return None
    return StoredWeights(
        name=network_name(path), path=path, card=card, error=problem, shipped=shipped, bytes=size
    )


def network_name(path: Path) -> str:
    """What a network is called: its file's name, and in a run's folder the run's."""
    run = path.parent
    if path.stem in ("best", "last") and (run / "config.json").is_file():
        return run.name if path.stem == "best" else f"{run.name} {path.stem}"
    return path.stem


def find_weights(name_or_path: str | Path | None = None, mode: str = "") -> Path:
    """The file meant: a path, or a network's name; without one, the best that ships for the mode.

    mode: of trainer.models.label_modes; without one, digits. Raises WeightsError listing the choices.
    """
    entries = list(stored_weights())
    if name_or_path is None:
        usable = [entry for entry in entries if entry.shipped and _reads(entry.card, mode)]
        if not usable:
            raise WeightsError(
                "weights.none-shipped",
                "no network came with this installation; name one with --weights",
            )
        return max(usable, key=lambda entry: _validation_accuracy(entry.card)).path
    # A kept network wins over a shipped one of the same name: it is the newer.
    for entry in reversed(entries):
        if entry.name == str(name_or_path):
            return entry.path
    path = expanded(name_or_path)
    if os.path.isfile(path):  # noqa: PTH113  unlike Path.is_file, False for a name of any length
        return path
    if path.suffix.lower() == SUFFIX:
        raise WeightsError("weights.no-file", "there is no weights file {path}", path=path)
    names = ", ".join(dict.fromkeys(entry.name for entry in entries)) or "none"
    raise WeightsError(
        "weights.unknown-name",
        "there is no network named '{name}'; there are: {names}. A path to a .safetensors file does as "
        "well.",
        name=str(name_or_path),
        names=names,
    )


def _reads(card: WeightsCard | None, mode: str) -> bool:
    """Whether a network that ships is one for the mode: those for digits read nothing else."""
    if card is None:
        return False
    if mode in ("", "digits"):
        return not set(card.labels) & set(CAPITALS)
    return set(MODES[mode]) <= set(card.labels)


def keep_weights(source: Path, name: str) -> Path:
    """Copies a weights file into the user's networks under this name; its path there.

    A network that is there already is never overwritten: the name gets a number. Raises WeightsError for
    an unusable file or name, RunError where the folder cannot be written.
    """
    with _opened(source) as file:
        _read_header(source, file)
        file.seek(0)
        content = file.read()
    name = checked_network_name(name)
    # Some file systems do not tell upper from lower case.
    taken = {entry.name.casefold() for entry in stored_weights()}
    names = itertools.chain([name], (f"{name} {i}" for i in itertools.count(2)))
    unique = next(candidate for candidate in names if candidate.casefold() not in taken)
    path = models_folder() / f"{unique}{SUFFIX}"
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)
    return path


def checked_network_name(name: str) -> str:
    """As `keep_weights` would have it. Raises WeightsError where it cannot be a network's name."""
    name = name.strip().removesuffix(SUFFIX).strip()
    if not _is_usable_name(name):
        raise WeightsError(
            "weights.bad-name",
            "'{name}' cannot be the name of a network: use letters, digits, spaces and dashes, {most} at "
            "most",
            name=name[:_NAME_LIMIT],
            most=_NAME_LIMIT,
        )
    return name


def name_for_writer(base: str, writer: str) -> str:
    """The name of a network that is personalized to this writer; one that keep_weights accepts."""
    name = "".join(
        c if c.isprintable() and c not in _FORBIDDEN else " " for c in f"{base} {writer}"
    )
    name = " ".join(name.split()).lstrip(".~ ")[:_NAME_LIMIT].rstrip(". ")
    return name if _is_usable_name(name) else "personalized"


def _is_usable_name(name: str) -> bool:
    """Whether every system takes it for a file's name."""
    return (
        0 < len(name) <= _NAME_LIMIT
        and name.isprintable()
        and not name.startswith((".", "~"))
        and not name.endswith(".")
        and not any(c in _FORBIDDEN for c in name)
        and name.partition(".")[0].upper() not in _DEVICE_NAMES
    )


# What Windows opens instead of a file.
_DEVICE_NAMES = {"CON", "PRN", "AUX", "NUL"} | {
    f"{d}{i}" for d in ("COM", "LPT") for i in range(1, 10)
}


def _validation_accuracy(card: WeightsCard | None) -> float:
    value = card.metrics.get("validation_accuracy", 0.0) if card else 0.0
    return float(value) if isinstance(value, int | float) else 0.0


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file, open for reading. Raises WeightsError where there is none, or something else of its name."""
    # Opening a pipe would wait for somebody to write to it. os.path takes names that Path raises for.
    if os.path.exists(path) and not os.path.isfile(path):  # noqa: PTH110, PTH113
        raise _refusal(path, Message.of("weights.no-regular-file", "it is no file"))
    try:
        with path.open("rb") as file:
            yield file
    except (OSError, ValueError) as error:
        raise WeightsError(
            "weights.not-opened",
            "{path} cannot be opened: {reason}",
            path=path,
            reason=getattr(error, "strerror", None) or str(error),
        ) from error


def _read_header(path: Path, file: BinaryIO) -> tuple[WeightsCard, dict[str, Any]]:
    """The card, and what the header says of each tensor. Raises WeightsError, or OSError."""
    size = os.fstat(file.fileno()).st_size
    if size > _FILE_LIMIT:
        raise _refusal(path, Message.of("weights.too-large", "it is larger than 2 GB"))
    start = file.read(8)
    if len(start) < 8:
        raise _refusal(path, Message.of("weights.too-short", "it is too short to be one"))
    (length,) = struct.unpack("<Q", start)
    if length > min(size - 8, _HEADER_LIMIT):
        raise _refusal(
            path, Message.of("weights.truncated", "it is truncated or no safetensors file")
        )
    try:
        header = json.loads(file.read(length))
    except (ValueError, RecursionError) as error:
        raise _refusal(
            path, Message.of("weights.not-safetensors", "it is no safetensors file")
        ) from error
    try:
        document = json.loads(header.pop("__metadata__")[_KEY])
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise _refusal(
            path,
            Message.of(
                "weights.no-card",
                "it carries no description of its network; this program cannot know what it is",
            ),
        ) from error
    try:
        card = WeightsCard.from_json(document)
        find_network(card.architecture)
    except (WeightsError, ConfigError) as error:
        raise _refusal(path, error.message) from error
    if card.preprocessing != PREPROCESSING:
        raise _refusal(
            path,
            Message.of(
                "weights.preprocessing",
                "it was trained on images of preprocessing '{found}', this program makes '{wanted}'",
                found=card.preprocessing,
                wanted=PREPROCESSING,
            ),
        )
    return card, header


def _hold_against(path: Path, network: nn.Module, tensors: Mapping[str, Any]) -> None:
    """Raises WeightsError where the tensors that a header describes are not those of the network."""
    wanted = network.state_dict()
    if wanted.keys() != tensors.keys():
        odd = sorted(wanted.keys() ^ tensors.keys())
        names = ", ".join(odd[:3]) + (" …" if len(odd) > 3 else "")
        raise _refusal(
            path,
            Message.of(
                "weights.other-tensors",
                "its tensors are not those of its network ({names})",
                names=names,
            ),
        )
    for name, expected in wanted.items():
        found = tensors[name] if isinstance(tensors[name], dict) else {}
        shape, kind = list(expected.shape), "F32" if expected.is_floating_point() else "I64"
        if found.get("shape") != shape or found.get("dtype") != kind:
            raise _refusal(
                path,
                Message.of(
                    "weights.other-shape",
                    "{name} is {shape} {kind}, its network has {wanted_shape} {wanted_kind}",
                    name=name,
                    shape=str(found.get("shape")),
                    kind=str(found.get("dtype")),
                    wanted_shape=str(shape),
                    wanted_kind=kind,
                ),
            )


def _refusal(path: Path, reason: Message) -> WeightsError:
    return WeightsError(
        "weights.unusable",
        "{file} cannot be used as a network: {reason}",
        file=path.name,
        reason=reason,
    )
