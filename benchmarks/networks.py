"""Every network of the table, trained by its recipe with several seeds and read on the test part: makes
docs/networks.md. Each run is a process of its own; what is finished is kept in --results, so that the
program can be broken off at any time and goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.report import parser, processor, say
from benchmarks.surroundings import ROOT, mnist_folder, run_json_command, surroundings
from trainer.base.files import atomic_write
from trainer.base.paths import cache_folder
from trainer.networks import NETWORKS, NetworkEntry

DOCUMENT = ROOT / "docs" / "networks.md"
_READINGS = 300  # of one picture; their median is told
_LONGEST_RUN = 6 * 3600.0  # seconds


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """How a network is trained for the table: TrainConfig's settings, and with how many seeds.

    shortened: why the run is shorter, or the seeds fewer, than the others'; told in the table.
    """

    epochs: int
    learning_rate: float
    batch_size: int = 256
    augmentation: str = "shift"
    averaging: float = 0.0
    limit: int = 0
    seeds: int = 3
    shortened: str = ""

    def settings(self, network: str, seed: int, *, quick: bool) -> dict[str, Any]:
        """Of TrainConfig. quick: a run of a second, to see that all of it works."""
        settings = asdict(self) | {"network": network, "seed": seed, "device": "cpu"}
        del settings["seeds"], settings["shortened"]
        if quick:
            settings |= {"epochs": 1, "limit": 1000, "validation": 500, "batch_size": 50}
        return settings

    def __str__(self) -> str:
        parts = [f"{self.epochs} epoch{'s' if self.epochs > 1 else ''}"]
        parts += [f"of {self.limit:,} pictures"] if self.limit else []
        parts += [f"batch {self.batch_size}", f"rate {self.learning_rate:g}", self.augmentation]
        parts += [f"averaged {self.averaging:g}"] if self.averaging else []
        return ", ".join(parts)


# As many epochs as make the whole table an hour's work on two cores; rates are those of trainer.networks, by
# validation pictures. What would need longer says so.
_LARGE = "one seed and few pictures: large"
_SLOW = "few pictures: slow"
_SCRIBE = Recipe(
    epochs=1,
    learning_rate=4e-3,
    augmentation="strong",
    averaging=0.995,
    shortened="few epochs: what ships learns for longer, from more (weights/scribe.md)",
)
RECIPES: dict[str, Recipe] = {
    "lenet5": Recipe(epochs=10, learning_rate=4e-3),
    "cnn": Recipe(epochs=8, learning_rate=2e-3),
    "cnn-dropout": Recipe(epochs=6, learning_rate=2e-3),
    "cnn-valid": Recipe(epochs=10, learning_rate=4e-3),
    "vgg-small": Recipe(epochs=2, learning_rate=5e-4, limit=15_000, shortened=_SLOW),
    "alexnet-small": Recipe(epochs=2, learning_rate=5e-4, limit=20_000, shortened=_SLOW),
    "vgg16": Recipe(epochs=2, learning_rate=1e-4, limit=4_000, seeds=1, shortened=_LARGE),
    "resnet18": Recipe(epochs=1, learning_rate=1e-3, limit=10_000, seeds=1, shortened=_LARGE),
    "dsdcnn": Recipe(epochs=3, learning_rate=6e-3, shortened="few epochs: slow"),
    "sprint": Recipe(epochs=8, learning_rate=1e-2),
    "sprint-2": Recipe(epochs=8, learning_rate=1e-2),
    "sprint-deep": Recipe(epochs=8, learning_rate=1e-2),
    "scribe-tiny": Recipe(epochs=4, learning_rate=6e-3),
    "scribe": _SCRIBE,
    "scribe-2": _SCRIBE,
}


def train_and_read(settings: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """One run, its best weights read on the test part, and how long one picture takes them."""
    import numpy as np
    import torch

    from trainer import datasets
    from trainer.base.events import Note, RunFinished, RunStarted
    from trainer.evaluation.evaluation import evaluate_split
    from trainer.models.recognizer import Recognizer
    from trainer.runs.config import TrainConfig
    from trainer.training.train import train

    result: dict[str, Any] = {"settings": dict(settings), "notes": []}
    config = TrainConfig(**settings)
    for event in train(config, data_folder=folder):
        if isinstance(event, Note):
            result["notes"].append(event.text)
        elif isinstance(event, RunStarted):
            result |= {"precision": event.precision, "threads": event.threads}
            result["pictures"] = event.training_pictures
        elif isinstance(event, RunFinished):
            result |= {"seconds": event.seconds, "validation": event.validation.accuracy}
            weights = Path(event.weights)
    recognizer = Recognizer(weights, device="cpu")
    part = datasets.load_test(config.dataset, folder)
    read = evaluate_split(recognizer, part)
    picture = np.ascontiguousarray(part.pictures[:1])
    times = []
    for _ in range(_READINGS + 20):
        begun = time.perf_counter()
        recognizer.probabilities(picture)
        times.append(time.perf_counter() - begun)
    return result | {
        "test": read.accuracy,
        "test_count": read.count,
        "latency_ms": 1000 * statistics.median(times[20:]),
        "torch": torch.__version__,
    }


class Results:
    """The finished runs, in a file that is written anew after each of them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.runs: list[dict[str, Any]] = []
        if path.is_file():
            self.runs = json.loads(path.read_text(encoding="utf-8"))["runs"]

    def find(self, settings: Mapping[str, Any]) -> dict[str, Any] | None:
        """The run with just these settings: another recipe is another run."""
        return next((run for run in self.runs if run["settings"] == settings), None)

    def keep(self, run: dict[str, Any]) -> None:
        self.runs = [old for old in self.runs if old["settings"] != run["settings"]] + [run]
        with atomic_write(self.path) as temporary:
            temporary.write_text(json.dumps({"runs": self.runs}, indent=1) + "\n", encoding="utf-8")


def document(
    finished: Mapping[str, Sequence[Mapping[str, Any]]], *, data: str, quick: bool = False
) -> str:
    """docs/networks.md: finished[name] are the runs of that network, fewer than its seeds or none."""
    warning = ["**A quick run, not by the recipes: its accuracies and seconds mean nothing.**", ""]
    lines = [
        *_head(finished, data),
        *(warning if quick else []),
        *_table(finished),
        "",
        *_beside_cnn(),
        "",
        *_recipes(finished),
    ]
    return "\n".join(lines) + "\n"


def _head(finished: Mapping[str, Sequence[Mapping[str, Any]]], data: str) -> list[str]:
    runs = [run for several in finished.values() for run in several]
    conditions = [processor(), data]
    for what in ("torch", "threads"):
        values = sorted({str(run[what]) for run in runs})
        conditions += [f"{what} {', '.join(values)}"] if values else []
    return [
        "# Networks",
        "",
        "Made by `python -m benchmarks.networks`; not to be edited by hand.",
        "",
        f"Measured on: {'; '.join(conditions)}.",
        "",
        "Accuracy is on the test part, mean ± standard deviation over seeds; the weights are those of the",
        "epoch with the best validation accuracy, and recipes were chosen by validation pictures too.",
        "Seconds are those of a run on the wall, validation included, and of what else the machine did",
        "meanwhile; latency is that of one picture, the median of 300; of both, the median over seeds. Size",
        "is that of the parameters as float32. FLOPs are for one picture, two for each multiplication with",
        "addition. A dash is not measured yet.",
        "",
    ]


def _table(finished: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    lines = [
        "| network | after | parameters | size | FLOPs | test accuracy | seconds to train | one picture |",
        "|---|---|--:|--:|--:|--:|--:|--:|",
    ]
    for entry in _rows():
        runs = finished.get(entry.name, ())
        lines.append(
            f"| `{entry.name}` | {entry.after} | {entry.parameters:,} | {entry.megabytes:.2f} MB "
            f"| {entry.flops / 1e6:,.1f} M | {_accuracy(runs)} "
            f"| {_median(runs, 'seconds', '.0f', 's')} | {_median(runs, 'latency_ms', '.2f', 'ms')} |"
        )
    return lines


def _rows() -> list[NetworkEntry]:
    return [NETWORKS[name] for name in RECIPES]


def _accuracy(runs: Sequence[Mapping[str, Any]]) -> str:
    values = [100 * run["test"] for run in runs]
    match len(values):
        case 0:
            return "—"
        case 1:
            return f"{values[0]:.2f} % (1 seed)"
        case count:
            mean, spread = statistics.mean(values), statistics.stdev(values)
            return f"{mean:.2f} ± {spread:.2f} % ({count} seeds)"


def _median(runs: Sequence[Mapping[str, Any]], what: str, digits: str, unit: str) -> str:
    if not runs:
        return "—"
    return f"{statistics.median(run[what] for run in runs):{digits}} {unit}"


def _beside_cnn() -> list[str]:
    ours, theirs = NETWORKS["dsdcnn"], NETWORKS["cnn"]
    return [
        f"One place of `dsdcnn`'s last map looks at {ours.receptive_field} × {ours.receptive_field} pixels, "
        f"all of the picture, and it has {ours.parameters:,} parameters;",
        f"`cnn`'s sees {theirs.receptive_field} × {theirs.receptive_field} with {theirs.parameters:,}, and "
        "leaves the rest to its full layers.",
    ]


def _recipes(finished: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    lines = [
        "## Recipes",
        "",
        "What is not named is the default of `handwrite-trainer train`.",
        "",
        "| network | trained with | validation accuracy | computed in | note |",
        "|---|---|--:|---|---|",
    ]
    for entry in _rows():
        recipe, runs = RECIPES[entry.name], finished.get(entry.name, ())
        ways = ", then ".join(sorted({run["precision"] for run in runs})) or "—"
        best = 100 * statistics.mean(run["validation"] for run in runs) if runs else None
        # Where ImageNet weights could not be had, as a run's notes tell.
        missing = any(
            "ImageNet" in text and "ithout" in text for run in runs for text in run["notes"]
        )
        notes = ["begins without ImageNet weights, which could not be had here"] * missing
        note = "; ".join(filter(None, [recipe.shortened, *notes]))
        validation = "—" if best is None else f"{best:.2f} %"
        lines.append(f"| `{entry.name}` | {recipe} | {validation} | {ways} | {note} |")
    return lines


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--only", action="append", choices=RECIPES, metavar="NAME")
    options.add_argument("--results", type=Path, help="file of finished runs (in the cache folder)")
    options.add_argument("--again", action="store_true", help="also runs that are finished")
    options.add_argument(
        "--output", type=Path, help=f"default {DOCUMENT.relative_to(ROOT)}, with --quick none"
    )
    options.add_argument("--one", help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        print(json.dumps(train_and_read(json.loads(chosen.one), chosen.folder)))
        return

    results = Results(chosen.results or cache_folder() / "benchmarks-networks.json")
    failed: list[str] = []
    output = chosen.output or (None if chosen.quick else DOCUMENT)
    with surroundings("offscreen") as environment:
        folder, data = mnist_folder(environment)
        wanted = [
            (name, recipe.settings(name, seed, quick=chosen.quick))
            for name, recipe in RECIPES.items()
            for seed in range(1 if chosen.quick else recipe.seeds)
        ]
        for name, settings in wanted:
            if chosen.only and name not in chosen.only:
                continue
            if results.find(settings) and not chosen.again:
                say(f"{name}, seed {settings['seed']}: finished before")
                continue
            command = [sys.executable, "-m", "benchmarks.networks", "--folder", str(folder)]
            command += ["--one", json.dumps(settings)]
            try:
                run = json.loads(run_json_command(command, environment, timeout=_LONGEST_RUN))
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                say(f"{name}, seed {settings['seed']}: {error}")
                failed.append(name)  # the others are still worth having
                continue
            results.keep(run | {"data": data})
            say(
                f"{name}, seed {settings['seed']}: test {run['test']:.2%}, validation "
                f"{run['validation']:.2%}, {run['seconds']:.0f} s"
            )
    found = [(name, results.find(settings)) for name, settings in wanted]
    finished = {name: [run for of, run in found if of == name and run] for name in RECIPES}
    text = document(finished, data=data, quick=chosen.quick)
    print(json.dumps(finished) if chosen.json else text)
    if output is not None:
        with atomic_write(output) as temporary:
            temporary.write_text(text, encoding="utf-8")
        say(f"written: {output}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
