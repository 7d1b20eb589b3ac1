"""Checkpoint files: all that training needs to go on bit for bit.

One safetensors file: tensors by name, and a JSON document of plain facts in its header. Like weights it is
data, never code, and it is written atomically.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from trainer.base.errors import InputError
from trainer.base.files import atomic_write
from trainer.base.messages import Message

_KEY = "handwrite-checkpoint"
_FORMAT = 1


@dataclass(frozen=True, kw_only=True, eq=False)
class Checkpoint:
    """tensors: on the CPU, by dotted names. facts: what JSON can hold."""

    tensors: dict[str, Tensor]
    facts: dict[str, Any]

    def part(self, name: str) -> dict[str, Tensor]:
        """The tensors under `name.`, by the rest of their names."""
        start = f"{name}."
        return {k.removeprefix(start): v for k, v in self.tensors.items() if k.startswith(start)}


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Raises RunError on a full disk; the checkpoint before then stays."""
    from safetensors.torch import save

    tensors = {name: t.detach().cpu().contiguous() for name, t in checkpoint.tensors.items()}
    facts = json.dumps({"format": _FORMAT, **checkpoint.facts})
    content = save(tensors, metadata={_KEY: facts})
    with atomic_write(path) as temporary:
        temporary.write_bytes(content)


def read_checkpoint(path: Path) -> Checkpoint:
    """Raises InputError where there is none, or one that cannot be used."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            facts = json.loads((file.metadata() or {})[_KEY])
            # Copies: the file is replaced while the run goes on.
            tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
    except FileNotFoundError:
        raise InputError(
            "resume.no-checkpoint", "{path} holds no checkpoint", path=str(path.parent)
        ) from None
    except (OSError, SafetensorError, KeyError, ValueError, RuntimeError, RecursionError) as error:
        raise InputError(
            "resume.damaged",
            "{path} cannot be resumed from: it is damaged ({reason})",
            path=str(path),
            reason=str(error),
        ) from error
    if not isinstance(facts, dict):
        raise InputError(
            "resume.damaged",
            "{path} cannot be resumed from: it is damaged ({reason})",
            path=str(path),
            reason=Message.of("resume.no-object", "its header is no JSON object"),
        )
    if facts.pop("format", None) != _FORMAT:
        raise InputError(
            "resume.other-version",
            "{path} was written by another version of this program",
            path=str(path),
        )
    for name, tensor in tensors.items():
        if tensor.is_floating_point() and not bool(tensor.isfinite().all()):
            raise InputError(
                "resume.not-finite",
                "{path} cannot be resumed from: {name} holds values that are not finite. Start a new run "
                "from the best weights with --start {best}",
                path=str(path),
                name=name,
                best=str(path.with_name(f"best{path.suffix}")),
            )
    return Checkpoint(tensors=tensors, facts=facts)


def optimizer_tensors(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """An optimizer's state of each parameter, by `number.name`."""
    state: Mapping[int, Mapping[str, Any]] = optimizer.state_dict()["state"]
    return {
        f"{number}.{name}": torch.as_tensor(value)
        for number, remembered in state.items()
        for name, value in remembered.items()
        if value is not None
    }


def restore_optimizer(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """Raises ValueError, KeyError or IndexError where they are another optimizer's."""
    document = optimizer.state_dict()
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    state: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        number, _, name = key.partition(".")
        parameter = parameters[int(number)]
        if tensor.shape == parameter.shape:
            # In the parameter's own memory layout: fused kernels walk both as they lie there.
            tensor = torch.empty_like(parameter, dtype=tensor.dtype).copy_(tensor)
        state.setdefault(int(number), {})[name] = tensor
    document["state"] = state
    optimizer.load_state_dict(document)
