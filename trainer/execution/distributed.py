"""Data-parallel training: several processes, started by torchrun, each with a part of every batch."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from trainer.base.errors import ConfigError, RunError

# A process that does not answer for so long counts as dead.
_PATIENCE = dt.timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True)
class Group:
    """The processes of a run, and this one's rank among them. A single one without torchrun."""

    rank: int = 0
    size: int = 1
    local_rank: int = 0

    @classmethod
    def from_environment(cls) -> Group:
        """From torchrun's RANK, WORLD_SIZE and LOCAL_RANK."""
        size = int(os.environ.get("WORLD_SIZE", "1"))
        if size <= 1:
            return cls()
        return cls(
            rank=int(os.environ["RANK"]),
            size=size,
            local_rank=int(os.environ.get("LOCAL_RANK", "0")),
        )

    @property
    def leads(self) -> bool:
        """Whether this process writes the run's files, yields its events and decides."""
        return self.rank == 0

    def device(self, chosen: torch.device) -> torch.device:
        """This process's own GPU, where a GPU was chosen. Raises ConfigError where there are too few."""
        if self.size == 1 or chosen.type == "cpu":
            return chosen
        if (
            chosen.type != "cuda"
        ):  # gloo, which connects them, sums up in the processor's memory only
            return torch.device("cpu")
        if self.local_rank >= torch.cuda.device_count():
            raise ConfigError(
                "training.too-few-gpus",
                "there are {count} GPUs here: start no more processes than that, or take --device cpu",
                count=torch.cuda.device_count(),
            )
        return torch.device("cuda", self.local_rank)

    @contextlib.contextmanager
    def joined(self, device: torch.device) -> Iterator[None]:
        """Connects the processes for the block. Raises RunError where the others cannot be reached."""
        if self.size == 1:
            yield
            return
        if device.type == "cuda":
            torch.cuda.set_device(device)
        try:
            torch.distributed.init_process_group(
                "nccl" if device.type == "cuda" else "gloo", timeout=_PATIENCE
            )
        except (RuntimeError, ValueError) as error:
            raise RunError(
                "training.processes-unreachable",
                "the other processes of this run cannot be reached: {reason}",
                reason=str(error),
            ) from error
        try:
            yield
        finally:
            torch.distributed.destroy_process_group()

    def part(self, batch: Tensor) -> Tensor:
        """This process's part of a batch; the parts of all processes make up the batch."""
        return batch[self.rank :: self.size]

    def sum_gradients(self, network: nn.Module, extra: Tensor) -> Tensor:
        """All-reduce: sums the gradients of all processes. Returns the sum of `extra` (float, 1-D)."""
        if self.size == 1:
            return extra
        with_gradients = [p for p in network.parameters() if p.requires_grad]
        parts = [
            torch.zeros_like(p).flatten() if p.grad is None else p.grad.flatten()
            for p in with_gradients
        ]
        # One message a step: many small ones cost more than the arithmetic.
        flat = torch.cat([*parts, extra.to(parts[0].dtype)])
        self._all_reduce(flat)
        place = 0
        for p in with_gradients:
            # In the parameter's own memory layout: fused optimizers walk both as they lie there.
            p.grad = torch.empty_like(p).copy_(flat[place : place + p.numel()].view_as(p))
            place += p.numel()
        return flat[-len(extra) :].to(extra.dtype)

    def same_buffers(self, network: nn.Module) -> None:
        """Broadcasts the leader's batch normalisation statistics."""
        if self.size > 1:
            for buffer in network.buffers():
                torch.distributed.broadcast(buffer, src=0)

    def from_leader(self, values: Sequence[Any]) -> list[Any]:
        """Broadcasts the leader's plain values. Raises RunError where another process has ended."""
        received = list(values)
        if self.size > 1:
            try:
                torch.distributed.broadcast_object_list(received, src=0)
            except RuntimeError as error:
                raise _dead(error) from error
        return received

    def _all_reduce(self, tensor: Tensor) -> None:
        try:
            torch.distributed.all_reduce(tensor)
        except RuntimeError as error:
            raise _dead(error) from error


def _dead(error: RuntimeError) -> RunError:
    first_line = str(error).strip().partition("\n")[0]
    return RunError(
        "training.process-ended",
        "another process of this run has ended, and so does this one ({reason})",
        reason=first_line,
    )
