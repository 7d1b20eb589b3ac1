"""What each ingredient of training brings: images/s of the network `cnn` on one thread, from the tutorials'
loop to ours, with one thing added in every row; and the share of the processor's own peak that our loop
reaches, with where the rest of the time goes.

Every row is measured in slices of some seconds, in processes of their own that take turns. The peak is that
of square matrix products, measured here in the same way. torch.compile is tried last, within a time limit.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.report import Report, Spread, parser, say
from benchmarks.surroundings import mnist_folder, run_json_command, surroundings

if TYPE_CHECKING:
    from torch import Tensor, nn

#: Whose share of the peak is told.
NETWORKS = ("cnn", "scribe")
_COMPILE_LIMIT = 420.0  # seconds
_PROFILED = 20  # steps


@dataclass(frozen=True, kw_only=True)
class Loop:
    """A training loop: the tutorials', and what has been changed about it.

    loader: torch's DataLoader makes every picture a tensor; else all of them are one tensor from the
    beginning. shift: pictures are moved by up to two pixels, one by one in the loader, else by the batch.
    """

    loader: bool = True
    shift: bool = False
    batch_size: int = 64
    channels_last: bool = False
    bfloat16: bool = False
    pool_first: bool = False
    blocked: bool = False
    fused: bool = False
    compiled: bool = False


def _rows() -> dict[str, Loop]:
    loop = Loop()
    rows = {
        "the tutorials' loop": loop,
        "  the same, every picture shifted (RandomAffine)": replace(loop, shift=True),
    }
    added: dict[str, dict[str, Any]] = {
        "+ whole set in memory": {"loader": False},
        "+ pictures shifted, by the batch": {"shift": True},
        "+ batch 256": {"batch_size": 256},
        "+ channels last": {"channels_last": True},
        "+ bfloat16": {"bfloat16": True},
        "+ pooling before ReLU": {"pool_first": True},
        "+ oneDNN's blocked layout": {"blocked": True},
        "+ fused optimizer": {"fused": True},
    }
    for name, change in added.items():
        loop = replace(loop, **change)
        rows[name] = loop
    rows[COMPILED] = replace(loop, blocked=False, compiled=True)
    return rows


COMPILED = "torch.compile in place of the blocked layout"
PRODUCT = "as `handwrite-trainer train` does it"
#: By name, in order. The indented row stands beside the one above it; the last one is tried.
ROWS = _rows()


def loop_rate(loop: Loop, folder: Path, *, warm_s: float, seconds: float) -> dict[str, float]:
    """Images/s of a loop on one thread; of a compiled one, too, how long its first step took."""
    import torch
    import torch.nn.functional as F

    from trainer.execution.execution import Execution
    from trainer.training.optimizers import plain_step

    torch.set_num_threads(1)
    torch.manual_seed(0)
    network = _network(loop)
    layout: Any = "channels last" if loop.channels_last else "channels first"
    way = Execution(
        device=torch.device("cpu"),
        precision="bfloat16" if loop.bfloat16 else "float32",
        layout="blocked" if loop.blocked else layout,
    )
    placed = way.place(network).train()
    optimizer = torch.optim.Adam(placed.parameters(), lr=1e-3, fused=loop.fused)
    correct = plain_step(optimizer) if loop.fused else optimizer.step
    learning: Any = torch.compile(placed) if loop.compiled else placed
    images, begun, first = 0, 0.0, 0.0
    start = time.perf_counter()
    for pictures, targets in _batches(loop, folder):
        optimizer.zero_grad()
        loss = F.cross_entropy(way.run(learning, pictures).float(), targets)
        loss.backward()  # type: ignore[no-untyped-call]
        correct()
        now = time.perf_counter()
        first = first or now - start
        if begun:
            images += len(targets)
            if now - begun >= seconds:
                break
        elif now - start - first >= warm_s:
            begun = now
    result = {"rate": images / (now - begun)}
    return {**result, "compile_s": first} if loop.compiled else result


def _network(loop: Loop) -> nn.Sequential:
    """`cnn`, as the tutorials print it or with pooling first."""
    from torch import nn

    from trainer.networks import build_network

    network = build_network("cnn")
    assert isinstance(network, nn.Sequential)
    if loop.pool_first:
        return network
    layers: list[nn.Module] = []
    for layer in network:
        # Not in place, as it is printed, and in front of the pooling that it follows here.
        relu = isinstance(layer, nn.ReLU)
        after_pool = bool(layers) and isinstance(layers[-1], nn.MaxPool2d)
        layers.insert(len(layers) - (relu and after_pool), nn.ReLU() if relu else layer)
    return nn.Sequential(*layers)


def _batches(loop: Loop, folder: Path) -> Iterator[tuple[Tensor, Tensor]]:
    """float32 (N, 1, 28, 28) in 0…1 and int64 (N,), without end."""
    import torch

    if loop.loader:
        from torch.utils.data import DataLoader
        from torchvision.datasets import MNIST
        from torchvision.transforms import Compose, RandomAffine, ToTensor

        moved = [RandomAffine(0, translate=(2 / 28, 2 / 28))] if loop.shift else []
        data = MNIST(folder, train=True, transform=Compose([*moved, ToTensor()]))
        loader = DataLoader(data, batch_size=loop.batch_size, shuffle=True)
        while True:
            yield from loader
    from trainer import datasets
    from trainer.datasets.augmentation.images import AUGMENTATIONS
    from trainer.execution.execution import as_tensor, to_network

    part = datasets.load_training("mnist", folder, validation=5000).training
    pictures, targets = as_tensor(part.pictures), torch.from_numpy(part.targets)
    augmentation = AUGMENTATIONS["shift"] if loop.shift else None
    while True:
        for places in torch.split(torch.randperm(len(pictures)), loop.batch_size):
            images = to_network(pictures[places], 0.0, 1.0)
            yield (augmentation(images) if augmentation else images), targets[places]


def product_rate(name: str, folder: Path, *, warm_s: float, seconds: float) -> dict[str, Any]:
    """Images/s of our own training on one thread, and how it computes. Validation does not count."""
    from trainer.base.events import BatchProgress, RunStarted

    images, spent, step, way, batch = 0.0, 0.0, 0, "", 0
    begun: float | None = None
    for event in _training(name, folder):
        if isinstance(event, RunStarted):
            way = event.precision
            batch = _config(name).batch_size
        if not isinstance(event, BatchProgress):
            continue
        now = time.perf_counter()
        begun = begun or now
        if now - begun >= warm_s:
            seen = (event.step - step) * batch
            images += seen
            spent += seen / event.images_per_second
            if spent >= seconds:
                break
        step = event.step
    return {"rate": images / spent, "way": way}


def _config(name: str) -> Any:
    from trainer.runs.config import TrainConfig

    return TrainConfig(network=name, epochs=1000, threads=1, device="cpu")


def _training(name: str, folder: Path) -> Iterator[Any]:
    from trainer.training.train import train

    return train(_config(name), data_folder=folder)


# --- the peak


def peak(*, seconds: float) -> dict[str, float]:
    """FLOP/s of one thread in square matrix products, the best of those that fit into the time."""
    import torch

    torch.set_num_threads(1)
    found: dict[str, float] = {}
    with torch.inference_mode():
        for dtype, sides in ((torch.float32, (512, 1024)), (torch.bfloat16, (1024, 2048))):
            best = 0.0
            for side in sides:
                left, right = (torch.rand(side, side).to(dtype) for _ in "ab")
                out = torch.empty_like(left)
                until = time.perf_counter() + seconds / 4
                while (start := time.perf_counter()) < until:
                    torch.mm(left, right, out=out)
                    best = max(best, 2 * side**3 / (time.perf_counter() - start))
            found[str(dtype).removeprefix("torch.")] = best
    return found


def step_flops(name: str) -> float:
    """Floating-point operations of a training step, forward and backward, for one picture; two for every
    multiplication with addition, in convolutions and products alone."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    from trainer.networks import build_network

    count = 2  # batch normalisation does not learn from one
    with torch.device("meta"):
        network = build_network(name).train()
        pictures = torch.empty(count, 1, 28, 28)
    with FlopCounterMode(display=False) as counter:
        network(pictures).sum().backward()
    return float(counter.get_total_flops()) / count


# --- where the time goes

#: Kinds of operation by what is in the name that torch gives it; the first that fits counts.
KINDS: dict[str, tuple[str, ...]] = {
    "convolution": ("conv",),
    "matrix product": ("mm", "linear", "matmul"),
    "pooling": ("pool",),
    "normalisation": ("norm",),
    "optimizer": ("adam", "foreach", "sgd"),
    "loss": ("softmax", "nll", "cross_entropy", "argmax"),
    "choosing and shifting pictures": ("index", "gather", "randperm", "rand", "unfold", "pad"),
    "layouts and number formats": (
        *("copy", "mkldnn", "dense", "to", "clone", "contiguous", "reshape", "transpose", "resize"),
    ),
    "ReLU, sums and the like": ("relu", "threshold", "add", "mul", "div", "sub", "sum", "mean"),
    "memory": ("empty", "zero", "fill", "ones", "alloc"),
}
_OTHER = "other operations"
_PYTHON = "Python between them"


def kind_of(operation: str) -> str:
    """The kind of one of torch's operations, by its name ("aten::max_pool2d")."""
    name = operation.rpartition("::")[2].lower()
    return next(
        (kind for kind, parts in KINDS.items() if any(part in name for part in parts)), _OTHER
    )


def shares(operations: Mapping[str, float], whole: float) -> dict[str, float]:
    """The share of each kind in the time `whole`, the largest first; the rest is Python's.

    operations: how long each took by itself, in the same unit.
    """
    sums: dict[str, float] = {}
    for name, taken in operations.items():
        kind = kind_of(name)
        sums[kind] = sums.get(kind, 0.0) + taken / whole
    sums[_PYTHON] = max(0.0, 1 - sum(sums.values()))
    return dict(sorted(sums.items(), key=lambda item: -item[1]))


def profile(name: str, folder: Path, *, warm_s: float) -> dict[str, Any]:
    """What our training of that network spends its time on: shares by kind, and images/s meanwhile."""
    from torch.profiler import ProfilerActivity
    from torch.profiler import profile as profiler

    from trainer.base.events import BatchProgress

    batch, begun, step = _config(name).batch_size, 0.0, 0
    with contextlib.ExitStack() as stack:
        for event in _training(name, folder):
            if not isinstance(event, BatchProgress):
                continue
            now = time.perf_counter()
            begun = begun or now
            if step:
                if event.step - step >= _PROFILED:
                    break
            elif now - begun >= warm_s:
                watched = stack.enter_context(profiler(activities=[ProfilerActivity.CPU]))
                step, start = event.step, time.perf_counter()
        taken = now - start
        done = (event.step - step) * batch
    operations = {
        average.key: average.self_cpu_time_total / 1e6 for average in watched.key_averages()
    }
    return {"shares": shares(operations, taken), "rate": done / taken}


# --- all of it


def _side(chosen: argparse.Namespace) -> Any:
    """What a child measures; it is printed as JSON."""
    seconds: float = chosen.seconds
    warm_s = min(2.0, seconds / 2)
    match chosen.side.partition(":"):
        case ("peak", _, _):
            return peak(seconds=seconds)
        case ("product", _, name):
            return product_rate(name, chosen.folder, warm_s=warm_s, seconds=seconds)
        case ("profile", _, name):
            return profile(name, chosen.folder, warm_s=warm_s)
        case (_, _, name):
            return loop_rate(ROWS[name], chosen.folder, warm_s=warm_s, seconds=seconds)


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--repeats", type=int, help="slices of each; default 5, with --quick 1")
    options.add_argument("--seconds", type=float, help="of a slice; default 4, with --quick 0.5")
    options.add_argument("--side", help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.side:
        print(json.dumps(_side(chosen)))
        return

    seconds = chosen.seconds or (0.5 if chosen.quick else 4.0)
    repeats = chosen.repeats or (1 if chosen.quick else 5)
    with surroundings("offscreen") as environment:
        folder, data = mnist_folder(environment)

        def measure(side: str, timeout: float = 120 + 10 * seconds) -> Any:
            command = [sys.executable, "-m", "benchmarks.ablation", "--side", side]
            command += ["--seconds", str(seconds), "--folder", str(folder)]
            return json.loads(run_json_command(command, environment, timeout=timeout))

        sides = {name: f"row:{name}" for name in ROWS if name != COMPILED}
        sides |= {f"`{name}` {PRODUCT}": f"product:{name}" for name in NETWORKS}
        rates: dict[str, list[float]] = {name: [] for name in sides}
        peaks: dict[str, list[float]] = {}
        ways: dict[str, str] = {}
        for repeat in range(repeats):
            for precision, flops in measure("peak").items():
                peaks.setdefault(precision, []).append(flops)
            for name, side in sides.items():
                found = measure(side)
                rates[name].append(found["rate"])
                if "way" in found:
                    ways[name] = found["way"]
                say(f"{repeat + 1}/{repeats} {name.strip()}: {found['rate']:,.0f} images/s")
        profiles = {name: measure(f"profile:{name}") for name in NETWORKS}
        compiled = _compiled(measure, repeats)
    _report(rates, compiled, peaks, ways, profiles, data).print_and_exit(as_json=chosen.json)


def _compiled(
    measure: Callable[..., dict[str, float]], repeats: int
) -> list[dict[str, float]] | str:
    """Slices of the compiled loop, or why there are none."""
    found = []
    for _ in range(repeats):
        try:
            found.append(measure(f"row:{COMPILED}", timeout=_COMPILE_LIMIT))
        except subprocess.TimeoutExpired:
            return f"not done after {_COMPILE_LIMIT:.0f} s"
        except RuntimeError as error:
            return str(error).strip().rpartition("\n")[2]
        say(f"{COMPILED}: {found[-1]['rate']:,.0f} images/s")
    return found


def _report(
    rates: Mapping[str, list[float]],
    compiled: list[dict[str, float]] | str,
    peaks: Mapping[str, list[float]],
    ways: Mapping[str, str],
    profiles: Mapping[str, Mapping[str, Any]],
    data: str,
) -> Report:
    conditions = {"threads": 1, "data": data}
    if isinstance(compiled, str):
        conditions["torch.compile"] = compiled
    report = Report("ablation", **conditions)
    for name, values in rates.items():
        report.add(name, Spread.of(values), "images/s")
    if not isinstance(compiled, str):
        report.add(COMPILED, Spread.of([found["rate"] for found in compiled]), "images/s")
        report.add("  its first step", Spread.of([found["compile_s"] for found in compiled]), "s")
    for precision, values in peaks.items():
        report.add(f"peak of {precision} products", Spread.of([v / 1e9 for v in values]), "GFLOP/s")
    for name in NETWORKS:
        label = f"`{name}` {PRODUCT}"
        precision = ways[label].partition(",")[0]
        highest = Spread.of(peaks[precision]).median
        rate, flops = Spread.of(rates[label]).median, step_flops(name)
        report.add(f"`{name}`: a training step", flops / 1e6, "MFLOP a picture")
        report.add(
            f"`{name}`: share of the {precision} peak ({ways[label]})",
            100 * rate * flops / highest,
            "%",
        )
        found = profiles[name]
        multiplying = sum(
            found["shares"].get(kind, 0.0) for kind in ("convolution", "matrix product")
        )
        if multiplying > 0:
            report.add(
                f"`{name}`: share of the peak while it multiplies",
                100 * found["rate"] * flops / highest / multiplying,
                "%",
            )
        for kind, share in found["shares"].items():
            if share >= 0.001:
                report.add(f"`{name}`: time on {kind}", 100 * share, "%")
    return report


if __name__ == "__main__":
    main()
