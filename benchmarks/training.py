"""Images/s of the network `cnn` as it is trained here, against the usual tutorial's loop with the same
network: slices of some seconds in processes of their own, taken in turns, with the default number of
threads and with one each.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.report import Report, Spread, parser, say
from benchmarks.surroundings import mnist_folder, run_json_command, surroundings

RATIO_GOAL = 5.0
RATIO_GOAL_FLOAT32 = 2.5  # where the processor has no bfloat16 arithmetic
SIDES = ("here", "tutorial")


def here(folder: Path, *, threads: int, warm_s: float, seconds: float) -> tuple[float, str]:
    """Images/s of our loop in its default configuration, and how it computes. Validation does not
    count, nor do the first seconds."""
    from trainer.base.events import BatchProgress, RunStarted
    from trainer.runs.config import TrainConfig
    from trainer.training.train import train

    config = TrainConfig(network="cnn", epochs=1000, threads=threads)
    images, spent, step, way = 0.0, 0.0, 0, ""
    begun: float | None = None
    for event in train(config, data_folder=folder):
        if isinstance(event, RunStarted):
            way = f"{event.precision}, {event.threads} threads"
        if not isinstance(event, BatchProgress):
            continue
        now = time.perf_counter()
        begun = begun or now
        if now - begun >= warm_s:
            seen = (event.step - step) * config.batch_size
            images += seen
            spent += seen / event.images_per_second
            if spent >= seconds:
                break
        step = event.step
    return images / spent, way


def tutorial(folder: Path, *, threads: int, warm_s: float, seconds: float) -> tuple[float, str]:
    """Images/s of the loop that the tutorials print."""
    import torch
    import torch.nn.functional as F
    from torch import nn
    from torch.utils.data import DataLoader
    from torchvision.datasets import MNIST
    from torchvision.transforms import ToTensor

    if threads:
        torch.set_num_threads(threads)
    loader = DataLoader(
        MNIST(folder, train=True, transform=ToTensor()), batch_size=64, shuffle=True
    )
    model = nn.Sequential(  # as it is printed, ReLU before pooling
        nn.Conv2d(1, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(64 * 7 * 7, 128),
        nn.ReLU(),
        nn.Linear(128, 10),
    )
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)

    def steps() -> Iterator[int]:
        model.train()
        while True:
            for pictures, targets in loader:
                optimizer.zero_grad()
                loss = F.cross_entropy(model(pictures), targets)
                loss.backward()  # type: ignore[no-untyped-call]
                optimizer.step()
                yield len(targets)

    images, begun, warm_until = 0, 0.0, time.perf_counter() + warm_s
    for count in steps():
        now = time.perf_counter()
        if not begun:
            if now >= warm_until:
                begun = now
            continue
        images += count
        if now - begun >= seconds:
            break
    return images / (now - begun), f"float32, channels first, {torch.get_num_threads()} threads"


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--repeats", type=int, help="slices of each; default 5, with --quick 1")
    options.add_argument("--seconds", type=float, help="of a slice; default 10, with --quick 2")
    options.add_argument("--side", choices=SIDES, help=argparse.SUPPRESS)
    options.add_argument("--threads", type=int, default=0, help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    seconds = chosen.seconds or (2.0 if chosen.quick else 10.0)
    if chosen.side:
        side = {"here": here, "tutorial": tutorial}[chosen.side]
        rate, way = side(
            chosen.folder, threads=chosen.threads, warm_s=min(2.0, seconds), seconds=seconds
        )
        print(json.dumps([rate, way]))
        return

    repeats = chosen.repeats or (1 if chosen.quick else 5)
    rates: dict[tuple[str, int], list[float]] = {}
    ways: dict[str, str] = {}
    with surroundings("offscreen") as environment:
        folder, data = mnist_folder(environment)
        for repeat in range(repeats):
            for threads in (0, 1):
                for side_name in SIDES:
                    command = [sys.executable, "-m", "benchmarks.training"]
                    command += ["--side", side_name, "--threads", str(threads)]
                    command += ["--seconds", str(seconds), "--folder", str(folder)]
                    line = run_json_command(command, environment, timeout=60 + 20 * seconds)
                    rate, way = json.loads(line)
                    rates.setdefault((side_name, threads), []).append(rate)
                    ways[f"{side_name}, {_threads(threads)}"] = way
                    say(
                        f"{repeat + 1}/{repeats} {side_name}, {_threads(threads)}: "
                        f"{rate:,.0f} images/s ({way})"
                    )
    report = Report("training", data=data, **ways)
    is_float32 = ways[f"here, {_threads(1)}"].startswith("float32")
    for threads in (0, 1):
        ours, theirs = (Spread.of(rates[side_name, threads]) for side_name in SIDES)
        report.add(f"here, {_threads(threads)}", ours, "images/s")
        report.add(f"tutorial, {_threads(threads)}", theirs, "images/s")
        report.aim(
            f"here / tutorial, {_threads(threads)}",
            ours.median / theirs.median,
            RATIO_GOAL_FLOAT32 if is_float32 else RATIO_GOAL,
            "×",
            at_least=True,
        )
    report.print_and_exit(as_json=chosen.json)


def _threads(number: int) -> str:
    return "one thread" if number == 1 else "default threads"


if __name__ == "__main__":
    main()
