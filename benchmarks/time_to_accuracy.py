"""Seconds until a network reads 99.0, 99.2 and 99.5 % of MNIST's test part: our runs against the standard
PyTorch MNIST example's recipe, written afresh.

Both sides compute on one core, which they are pinned to, in processes of their own that take turns. Ours
is one whole run of fixed length by a recipe chosen on validation pictures: the clock runs from calling
`train` to the event of its end, reading the data, building kernels, validating and writing the weights
included; the test part is read once, afterwards. Where a run does not get there, its time is none.
The example is trained epoch by epoch; every quarter of an epoch its clock stops, the test part is read,
and the first reading that gets there counts, which favours it. Of neither side counts importing torch
and what else a run imports, nor choosing precision and layout, which is remembered.

The example takes many minutes a seed: what is finished is kept in --results, and the program goes on from
there.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import os
import statistics
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.networks import Results
from benchmarks.report import Report, Spread, parser, say
from benchmarks.surroundings import mnist_folder, run_json_command, surroundings
from trainer.base.paths import cache_folder

RATIO_GOAL = 60.0
LAST_GOAL = 30.0  # CPU-seconds
_AWAITED = 0.992  # of the test part: for more the example's end is not waited for
_LONGEST_RUN = 4 * 3600.0  # seconds
_CLOCKS = {"cpu": "processor", "wall": "wall"}
_UNITS = {"cpu": "CPU-s", "wall": "s"}


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """A run of ours: TrainConfig's settings."""

    network: str
    epochs: int
    limit: int
    batch_size: int = 256
    learning_rate: float = 0.01
    optimizer: str = "adamw-fast"
    weight_decay: float = 1e-3
    augmentation: str = "none"
    label_smoothing: float = 0.05
    averaging: float = 0.0
    validation: int = 5000

    def settings(self, seed: int, *, quick: bool) -> dict[str, Any]:
        """Of TrainConfig. quick: a run of a second, to see that all of it works."""
        settings = asdict(self) | {"seed": seed, "device": "cpu", "threads": 1}
        if quick:
            settings |= {"epochs": 1, "limit": 1000, "validation": 500}
        return settings

    def __str__(self) -> str:
        times = f"{self.epochs} × " if self.epochs > 1 else ""
        return (
            f"{self.network}, {times}{self.limit or 60_000 - self.validation:,} pictures, "
            f"batch {self.batch_size}, {self.optimizer} {self.learning_rate:g}, {self.augmentation}"
        )


#: By the accuracy that is wanted. Networks, rates and augmentation were chosen by validation pictures alone;
#: the lengths were changed more than once after the test part had been read (docs/performance.md).
RECIPES: dict[float, Recipe] = {
    0.990: Recipe(network="sprint-2", epochs=1, limit=44_000),
    0.992: Recipe(network="sprint-2", epochs=2, limit=45_000, augmentation="shift=1"),
    0.995: Recipe(network="sprint-2", epochs=5, limit=0, augmentation="shift=1"),
}


@dataclass(frozen=True, kw_only=True)
class Example:
    """The other side's run, of at most so many epochs. The recipe is the issue's; rates of dropout, the
    number of epochs and ReLU's places are those of the example that is published."""

    epochs: int = 14
    batch_size: int = 64
    learning_rate: float = 1.0
    decay: float = 0.7  # of the rate, an epoch
    readings: int = 4  # of the test part, an epoch
    enough: float = _AWAITED  # of the test part: then it ends
    limit: int = 0  # training pictures; 0: all
    test_limit: int = 0  # test pictures; 0: all

    def settings(self, seed: int, *, quick: bool) -> dict[str, Any]:
        """quick: a few steps, to see that all of it works."""
        settings = {"side": "example", **asdict(self), "seed": seed}
        if quick:
            settings |= {"epochs": 1, "limit": 1280, "readings": 2, "test_limit": 1000}
        return settings


@dataclass
class _Clock:
    """Seconds on the wall and of the processor, except in pauses."""

    wall: float = 0.0
    cpu: float = 0.0

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        self.wall += time.perf_counter() - wall
        self.cpu += time.process_time() - cpu


def here(settings: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """One run of ours, timed as a whole, and how its best weights read the test part afterwards."""
    from trainer import datasets
    from trainer.base.events import RunFinished, RunStarted
    from trainer.evaluation.evaluation import evaluate_split
    from trainer.models.recognizer import Recognizer
    from trainer.runs.config import TrainConfig
    from trainer.training.train import train

    config, clock = TrainConfig(**settings), _Clock()
    result: dict[str, Any] = {}
    with clock.running():
        for event in train(config, data_folder=folder):
            if isinstance(event, RunStarted):
                result |= {"way": event.precision, "parameters": event.parameters}
            elif isinstance(event, RunFinished):
                result |= {"validation": event.validation.accuracy}
                weights = Path(event.weights)
                break  # the report comes after
    test = evaluate_split(
        Recognizer(weights, device="cpu"), datasets.load_test(config.dataset, folder)
    )
    return {**result, "test": test.accuracy, "wall": clock.wall, "cpu": clock.cpu}


def example(settings: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """The example's run: [epochs, seconds on the wall, CPU-seconds, test accuracy] at every reading."""
    import torch
    import torch.nn.functional as F
    from torch import nn
    from torch.utils.data import DataLoader, Subset
    from torchvision.datasets import MNIST
    from torchvision.transforms import Compose, Normalize, ToTensor

    from trainer.networks import MNIST_MEAN, MNIST_STD

    torch.set_num_threads(1)
    torch.manual_seed(settings["seed"])
    transform = Compose([ToTensor(), Normalize((MNIST_MEAN,), (MNIST_STD,))])

    def part(train: bool, limit: int) -> Any:
        whole = MNIST(folder, train=train, transform=transform)
        return Subset(whole, range(limit)) if limit else whole

    loader = DataLoader(
        part(True, settings["limit"]), batch_size=settings["batch_size"], shuffle=True
    )
    tests = DataLoader(part(False, settings["test_limit"]), batch_size=1000)
    network = nn.Sequential(
        nn.Conv2d(1, 32, 3),
        nn.ReLU(),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Dropout(0.25),
        nn.Flatten(),
        nn.Linear(64 * 12 * 12, 128),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(128, 10),
    )
    optimizer = torch.optim.Adadelta(network.parameters(), lr=settings["learning_rate"])
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, step_size=1, gamma=settings["decay"])

    def accuracy() -> float:
        network.eval()
        with torch.inference_mode():
            right = sum(int((network(x).argmax(1) == y).sum()) for x, y in tests)
        network.train()
        return right / len(tests.dataset)  # type: ignore[arg-type]

    clock, readings = _Clock(), []
    ends = [
        round(len(loader) * (i + 1) / settings["readings"]) for i in range(settings["readings"])
    ]
    for epoch in range(settings["epochs"]):
        batches, done = iter(loader), 0
        for end in ends:
            with clock.running():
                for _ in range(done, end):
                    images, targets = next(batches)
                    optimizer.zero_grad()
                    F.cross_entropy(network(images), targets).backward()  # type: ignore[no-untyped-call]
                    optimizer.step()
            done = end
            readings.append([epoch + end / len(loader), clock.wall, clock.cpu, accuracy()])
            say(f"  {readings[-1][0]:.2f} epochs, {clock.cpu:.0f} CPU-s: {readings[-1][3]:.2%}")
            if readings[-1][3] >= settings["enough"]:
                return {"readings": readings}
        schedule.step()
    return {"readings": readings}


def first_reaching(readings: Sequence[Sequence[float]], wanted: float) -> Sequence[float] | None:
    """The first reading with that accuracy; None where there is none."""
    return next((reading for reading in readings if reading[3] >= wanted), None)


def example_seconds(run: Mapping[str, Any], wanted: float, clock: str) -> tuple[float, bool]:
    """Its seconds until `wanted`, and whether it got there; if not, all that it took: at least so many."""
    found = first_reaching(run["readings"], wanted)
    seconds = (found or run["readings"][-1])[{"wall": 1, "cpu": 2}[clock]]
    return float(seconds), found is not None


def summary(
    ours: Mapping[float, Sequence[Mapping[str, Any]]],
    theirs: Sequence[Mapping[str, Any]],
    **conditions: Any,
) -> Report:
    """ours: by the accuracy wanted, a run for each seed; theirs: a run for each seed."""
    report = Report("time_to_accuracy", **conditions)
    for wanted, runs in ours.items():
        reached = [run for run in runs if run["test"] >= wanted]
        report.add(f"here, runs that reach {wanted:.1%}", len(reached), f"of {len(runs)}")
        for part in ("validation", "test"):
            read = Spread.of([100 * run[part] for run in runs])
            report.add(f"here, {part} accuracy of the runs to {wanted:.1%}", read, "%")
        for clock, unit in _UNITS.items():
            taken = Spread.of([run[clock] for run in runs])
            report.add(f"here, seconds of the runs to {wanted:.1%}, {_CLOCKS[clock]}", taken, unit)
    for wanted, runs in ours.items():
        for clock, unit in _UNITS.items():
            # A run that does not get there takes forever.
            mine = statistics.median(
                run[clock] if run["test"] >= wanted else math.inf for run in runs
            )
            if wanted == max(ours) and clock == "cpu":
                report.aim(f"here to {wanted:.1%}, {_CLOCKS[clock]}", mine, LAST_GOAL, unit)
            if wanted > _AWAITED or not theirs:
                continue
            found = [example_seconds(run, wanted, clock) for run in theirs]
            there = sum(reached for _, reached in found)
            spread = Spread.of([seconds for seconds, _ in found])
            what = f"example to {wanted:.1%}, {_CLOCKS[clock]}"
            if there < len(found):
                what += f" ({len(found) - there} of {len(found)} did not get there: at least)"
            report.add(what, spread, unit)
            ratio = f"example / here to {wanted:.1%}, {_CLOCKS[clock]}"
            report.aim(ratio, spread.median / mine, RATIO_GOAL, "×", at_least=True)
    return report


def _pin(core: int) -> bool:
    """Keeps this process, and what it starts, on one core, before torch counts them; False where the
    system has no way to."""
    if sys.platform != "linux":
        return False
    os.sched_setaffinity(0, {core})
    return True


def _last_core() -> int:
    """The one that a system's own work is least often on."""
    return max(os.sched_getaffinity(0)) if sys.platform == "linux" else 0


def _pieces(seeds: int, examples: int, *, quick: bool) -> list[dict[str, Any]]:
    """What is to be measured, in the order of the turns: so many runs of ours, and of the example."""
    return [
        piece
        for seed in range(seeds)
        for piece in (
            *(
                {"side": "here", "wanted": wanted, **recipe.settings(seed, quick=quick)}
                for wanted, recipe in RECIPES.items()
            ),
            *([Example().settings(seed, quick=quick)] if seed < examples else []),
        )
    ]


def _measure(piece: Mapping[str, Any], folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    """One piece, in a process of its own. Raises RuntimeError, subprocess.TimeoutExpired."""
    command = [sys.executable, "-m", "benchmarks.time_to_accuracy"]
    command += ["--folder", str(folder), "--one", json.dumps(piece)]
    result: dict[str, Any] = json.loads(
        run_json_command(command, environment, timeout=_LONGEST_RUN)
    )
    return result


def _one(piece: dict[str, Any], folder: Path) -> dict[str, Any]:
    pinned = _pin(_last_core())
    side = piece.pop("side")
    if side == "example":
        result = example(piece, folder)
    else:
        piece.pop("wanted")
        result = here(piece, folder)
    import torch

    return {**result, "torch": torch.__version__, "pinned": pinned}


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--seeds", type=int, help="runs of each; default 5, with --quick 1")
    options.add_argument(
        "--examples", type=int, help="runs of the example; default as many, 0: none"
    )
    options.add_argument(
        "--results", type=Path, help="file of what is finished (in the cache folder)"
    )
    options.add_argument("--again", action="store_true", help="also what is finished")
    options.add_argument("--one", help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        print(json.dumps(_one(json.loads(chosen.one), chosen.folder)))
        return

    results = Results(chosen.results or cache_folder() / "benchmarks-time-to-accuracy.json")
    seeds = chosen.seeds or (1 if chosen.quick else 5)
    examples = seeds if chosen.examples is None else chosen.examples
    pieces = _pieces(seeds, examples, quick=chosen.quick)
    with surroundings("offscreen") as environment:
        folder, data = mnist_folder(environment)
        chosen_ways: set[tuple[str, int]] = set()
        for piece in pieces:
            if results.find(piece) and not chosen.again:
                continue
            name = f"{piece['side']}, seed {piece['seed']}"
            if piece["side"] == "here":
                name = f"here to {piece['wanted']:.1%}, seed {piece['seed']}"
                # Which precision and layout are fastest is found out once for a machine: before.
                way = piece["network"], piece["batch_size"]
                if way not in chosen_ways:
                    _measure({**piece, "epochs": 1, "limit": 1000}, folder, environment)
                    chosen_ways.add(way)
            run = _measure(piece, folder, environment)
            results.keep({**run, "settings": piece, "data": data})
            if piece["side"] == "here":
                say(f"{name}: test {run['test']:.2%} in {run['cpu']:.1f} CPU-s ({run['way']})")
            else:
                epochs, _, cpu, test = run["readings"][-1]
                say(f"{name}: test {test:.2%} after {epochs:.2f} epochs and {cpu:.0f} CPU-s")
    finished = [found for piece in pieces if (found := results.find(piece))]
    ours = {
        wanted: [run for run in finished if run["settings"].get("wanted") == wanted]
        for wanted in RECIPES
    }
    theirs = [run for run in finished if run["settings"]["side"] == "example"]
    recipes = {f"{wanted:.1%} by": str(recipe) for wanted, recipe in RECIPES.items()}
    ways = sorted({run["way"] for runs in ours.values() for run in runs})
    pinned = "one core" if all(run["pinned"] for run in finished) else "one thread, not pinned"
    conditions = {"torch": finished[0]["torch"], "on": pinned, "data": data}
    summary(ours, theirs, **conditions, here="; ".join(ways), **recipes).print_and_exit(
        as_json=chosen.json
    )


if __name__ == "__main__":
    main()
