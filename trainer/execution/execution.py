"""Running a network fast on this machine: threads, precision and memory layout, chosen by timing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

# libgomp's threads spin at barriers; when anything else uses the processor, two of them drop to a tenth of
# one thread's speed (docs/performance.md). torch reads this when it is imported.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")

import contextlib
import copy
import time
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from trainer.base.events import Metrics
from trainer.execution import mkldnn_layout

_EVALUATION_BATCH = 500
_NEAR = 2.0  # times the shortest step: candidates that take no longer are measured again


Layout = Literal["channels first", "channels last", "blocked"]


@dataclass(frozen=True, kw_only=True)
class Execution:
    """How a network is run: device, number format of its convolutions and products, and memory layout."""

    device: torch.device
    precision: str  # "float32" or "bfloat16"
    layout: Layout

    @property
    def _memory_format(self) -> torch.memory_format:
        return torch.channels_last if self.layout == "channels last" else torch.contiguous_format

    def place(self, network: nn.Module) -> nn.Module:
        return network.to(device=self.device, memory_format=self._memory_format)  # type: ignore[call-overload,no-any-return]

    def run(self, network: nn.Module, images_nchw: Tensor) -> Tensor:
        """The output of a placed network for float32 images on the device, or for a frozen part's outputs.

        Weights stay float32; with bfloat16 only the layers' arithmetic is in it.
        """
        low = self.precision == "bfloat16"
        autocast = torch.autocast(self.device.type, torch.bfloat16, enabled=low)
        with autocast if low else contextlib.nullcontext():
            if self.layout == "blocked" and images_nchw.ndim == 4 and mkldnn_layout.fits(network):
                dtype = torch.bfloat16 if low else torch.float32
                return mkldnn_layout.run(network, images_nchw, dtype)
            if images_nchw.ndim == 4:
                images_nchw = images_nchw.contiguous(memory_format=self._memory_format)
            output: Tensor = network(images_nchw)
            return output

    def __str__(self) -> str:
        return f"{self.precision}, {self.layout}"


def fixed_execution(device: torch.device, precision: str) -> Execution:
    """The execution in this precision without timing: the same on every machine."""
    layout: Layout = "channels first" if device.type == "mps" else "channels last"
    return Execution(device=device, precision=precision, layout=layout)


def choose_execution(
    network: nn.Module,
    device: torch.device,
    *,
    precision: str = "auto",
    batch_size: int = 128,
) -> Execution:
    """The fastest execution for training this network here, found by timing: the layout, and the number
    format where `precision` is "auto".

    bfloat16 with channels_last is 19 times faster than float32 in the default layout on processors with
    AMX and slower on those without: no table of machines would stay true. Takes a few seconds.
    """
    mps = device.type == "mps"
    layouts: list[Layout] = ["channels first", "channels last"]
    if device.type == "cpu" and mkldnn_layout.fits(network):
        layouts.append("blocked")
    candidates = [
        Execution(device=device, precision=p, layout=layout)
        for p in (("float32", "bfloat16") if precision == "auto" else (precision,))
        for layout in layouts
        if not (mps and p == "bfloat16" and precision == "auto")
    ]
    # Twice, as other work of the machine may have disturbed the first measurement of one of them.
    size = min(batch_size, 128)
    seconds = {execution: _step_seconds(network, execution, size) for execution in candidates}
    near = [
        execution for execution, taken in seconds.items() if taken < _NEAR * min(seconds.values())
    ]
    if len(near) > 1:
        seconds = {c: min(seconds[c], _step_seconds(network, c, size)) for c in near}
    return min(seconds, key=seconds.__getitem__)


def _step_seconds(network: nn.Module, execution: Execution, batch_size: int) -> float:
    """The shortest of a few training steps; infinite where the device cannot do it.

    On a processor it is one thread's CPU time, not wall time: a machine that is busy when a run begins must
    not decide how the whole run is computed.
    """
    on_cpu = execution.device.type == "cpu"
    clock = time.thread_time if on_cpu else time.perf_counter
    with _threads(1) if on_cpu else contextlib.nullcontext():
        try:
            return _shortest_step(network, execution, batch_size, clock)
        except RuntimeError:
            return float("inf")


def choose_threads(network: nn.Module, execution: Execution, batch_size: int) -> int:
    """The number of threads with which a training step is fastest here, found by timing: one, half, or all.

    Half, because more threads than performance cores do not help.
    """
    most = torch.get_num_threads()
    if execution.device.type != "cpu" or most == 1:
        return most
    candidates = sorted({1, max(1, most // 2), most})

    def seconds(threads: int) -> float:
        with _threads(threads):
            # A larger batch would only take longer, or more memory than there is.
            return _wall_seconds(network, execution, min(batch_size, 256))

    return min(reversed(candidates), key=seconds)


def _wall_seconds(network: nn.Module, execution: Execution, batch_size: int) -> float:
    """The shortest of a few training steps, in wall time."""
    return _shortest_step(network, execution, batch_size, time.perf_counter)


def _shortest_step(
    network: nn.Module, execution: Execution, batch_size: int, clock: Callable[[], float]
) -> float:
    """In this clock's seconds. Raises RuntimeError where the device cannot do it."""
    trial = execution.place(copy.deepcopy(network)).train()
    generator = torch.Generator().manual_seed(0)
    pictures = torch.rand(batch_size, 1, 28, 28, generator=generator).to(execution.device)
    targets = torch.zeros(batch_size, dtype=torch.long, device=execution.device)
    best = float("inf")
    # Enough repeats that one interruption does not decide, bounded for large networks.
    deadline = time.perf_counter() + 1.0
    with _kept_random_state():
        for repeat in range(6):
            start = clock()
            loss = F.cross_entropy(execution.run(trial, pictures).float(), targets)
            loss.backward()  # type: ignore[no-untyped-call]
            synchronize(execution.device)
            taken = clock() - start
            # The first builds kernels, which is little in a large network.
            if repeat or taken > 1.0:
                best = min(best, taken)
            if taken > 1.0 or (repeat >= 2 and time.perf_counter() > deadline):
                break
    return best


def fastest_layout(network: nn.Module, device: torch.device) -> Execution:
    """The memory layout in which this network reads one image fastest here, in float32.

    It differs by processor and network (1.4 against 2.4 ms for `scribe` on the author's machine); finding out
    takes about ten readings. Always float32: the same drawing gets the same answer on every machine, up to
    rounding.
    """
    layouts: tuple[Layout, ...] = ("channels last", "channels first")
    candidates = [
        Execution(device=device, precision="float32", layout=layout) for layout in layouts
    ]
    return min(candidates, key=lambda execution: _reading_seconds(network, execution))


def fastest_batch(network: nn.Module, device: torch.device) -> Execution:
    """Number format and layout in which this network, or its first part, reads many images fastest.

    Found by timing small batches; on a processor in one thread's CPU time, as in `choose_execution`.
    """
    layouts: tuple[Layout, ...] = ("channels last", "channels first")
    formats = ("float32",) if device.type == "mps" else ("float32", "bfloat16")
    candidates = [Execution(device=device, precision=p, layout=x) for p in formats for x in layouts]
    clock = time.thread_time if device.type == "cpu" else time.perf_counter

    def seconds(execution: Execution) -> float:
        return _reading_seconds(copy.deepcopy(network), execution, count=64, repeats=3, clock=clock)

    with _threads(1) if device.type == "cpu" else contextlib.nullcontext():
        return min(candidates, key=seconds)


def _reading_seconds(
    network: nn.Module,
    execution: Execution,
    *,
    count: int = 1,
    repeats: int = 5,
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """Seconds of the shortest of a few readings of `count` images."""
    placed = execution.place(network)
    pictures = torch.zeros(count, 28, 28, dtype=torch.uint8)
    best = float("inf")
    for repeat in range(repeats + 1):
        start = clock()
        logits_of(placed, pictures, mean=0.0, std=1.0, execution=execution)
        synchronize(execution.device)
        if repeat:  # the first builds kernels
            best = min(best, clock() - start)
    return best


@contextlib.contextmanager
def _kept_random_state() -> Iterator[None]:
    state = torch.get_rng_state()
    try:
        yield
    finally:
        torch.set_rng_state(state)


@contextlib.contextmanager
def _threads(number: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(number)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def synchronize(device: torch.device) -> None:
    """Waits until the device has finished its work, so that a clock measures it."""
    if device.type == "cuda":
        torch.cuda.synchronize()
    elif device.type == "mps":
        torch.mps.synchronize()


def to_network(pictures: Tensor, mean: float, std: float) -> Tensor:
    """uint8 pictures (N, 28, 28) → float32 (N, 1, 28, 28), 0…1 normalised by mean and std."""
    return pictures.unsqueeze(1).float().div_(255).sub_(mean).div_(std)


def outputs_of(
    network: nn.Module,
    inputs: Tensor,
    *,
    execution: Execution,
    prepare: Callable[[Tensor], Tensor] = lambda inputs: inputs,
) -> Tensor:
    """float32 outputs (N, …) on the network's device for inputs (N, …), in batches; see `prepare`."""
    # By module: in a network with a frozen part only the rest is in training mode.
    training = [module for module in network.modules() if module.training]
    if training:
        network.eval()
    outputs = inferred(network, inputs, execution=execution, prepare=prepare)
    for module in training:
        module.training = True
    return outputs


def inferred(
    network: nn.Module,
    inputs: Tensor,
    *,
    execution: Execution,
    prepare: Callable[[Tensor], Tensor],
) -> Tensor:
    """As `outputs_of`, of a network that is in evaluation mode already: to look for that in every module
    takes a twentieth as long as to read one image."""
    with torch.inference_mode():
        parts = [
            execution.run(network, prepare(batch.to(execution.device))).float()
            for batch in torch.split(inputs, _EVALUATION_BATCH)
        ]
    return torch.cat(parts)


def logits_of(
    network: nn.Module, pictures: Tensor, *, mean: float, std: float, execution: Execution
) -> Tensor:
    """float32 logits (N, classes) on the network's device for uint8 images (N, 28, 28), in batches."""
    return outputs_of(
        network, pictures, execution=execution, prepare=lambda batch: to_network(batch, mean, std)
    )


def metrics_of(logits: Tensor, targets: Tensor) -> Metrics:
    """Mean cross-entropy and accuracy."""
    return Metrics(
        loss=float(F.cross_entropy(logits, targets)),
        accuracy=int((logits.argmax(1) == targets).sum()) / len(targets),
        count=len(targets),
    )


def as_tensor(pictures: NDArray[np.uint8] | Sequence[NDArray[np.uint8]]) -> Tensor:
    """uint8 (N, 28, 28) of an array that may be read-only; torch wants a writable one."""
    return torch.from_numpy(np.array(pictures, dtype=np.uint8))
