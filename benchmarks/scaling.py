"""Seconds for an epoch and memory against the number of pictures: 15,000 to 240,000, MNIST's over and over.

Every size is trained for one epoch, on one thread, in a process of its own; a line is fitted to each of the
two. Memory is the largest that the process ever held, less what it holds for hardly any pictures: kernels,
libraries and batches do not grow with the data.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.report import Report, Spread, parser, say
from benchmarks.surroundings import mnist_folder, run_json_command, surroundings

SIZES = (15_000, 30_000, 60_000, 120_000, 240_000)
QUICK_SIZES = (1_000, 2_000, 4_000)
MEMORY_GOAL = 2.5  # times the pixels
STRAIGHT_GOAL = 0.99  # R²
_FEW = 512  # pictures, of a process without data
_VALIDATION = 500
_PIXELS = 28 * 28  # bytes of a picture


@dataclass(frozen=True, kw_only=True)
class Line:
    """The straight line that fits best (least squares), and the share of all spread that it explains."""

    slope: float
    start: float
    r_squared: float

    @classmethod
    def fitted(cls, x: Sequence[float], y: Sequence[float]) -> Line:
        """Raises statistics.StatisticsError for fewer than two points, or where all x or y are alike."""
        slope, start = statistics.linear_regression(x, y)
        return cls(slope=slope, start=start, r_squared=statistics.correlation(x, y) ** 2)


def repeated(folder: Path, place: Path, count: int) -> None:
    """Writes MNIST's training pictures and labels to `place`, again and again until there are `count`."""
    import numpy as np

    from trainer import datasets

    part = datasets.load_training("mnist", folder, validation=_VALIDATION).training
    places = np.arange(count) % len(part)
    place.mkdir(parents=True, exist_ok=True)
    for name, values in (("images", part.pictures), ("labels", part.targets.astype(np.uint8))):
        shape = (count, *values.shape[1:])
        head = bytes((0, 0, 8, len(shape))) + np.array(shape, ">i4").tobytes()
        with (place / name).open("wb") as file:
            file.write(head)
            for some in np.array_split(places, -(-count // 10_000)):
                file.write(values[some].tobytes())


def epoch(place: Path, count: int) -> dict[str, float]:
    """Seconds for an epoch of `count` pictures, and the most memory that this process ever held, in bytes.

    The run is the product's own; only which files are MNIST's is not asked, as it knows of no more than
    60,000 pictures.
    """
    import numpy as np
    import torch

    from trainer.base.events import BatchProgress
    from trainer.base.paths import runs_folder
    from trainer.datasets import DIGITS, Split, TrainingData
    from trainer.datasets.idx import read_idx
    from trainer.execution.distributed import Group
    from trainer.runs.config import TrainConfig
    from trainer.runs.run_folder import RunFolder
    from trainer.training.loop import training_loop
    from trainer.training.recorder import Recorder
    from trainer.training.setup import prepare

    pictures = read_idx(place / "images")
    targets = read_idx(place / "labels").astype(np.int64)
    part = Split(pictures=pictures, targets=targets, labels=DIGITS)
    data = TrainingData(training=part[:count], validation=part[:_VALIDATION])
    config = TrainConfig(network="cnn", epochs=1, threads=1, device="cpu")
    training = prepare(config, data, torch.device("cpu"), Group(), place)
    recorder = Recorder(RunFolder.new(runs_folder(), config), writes=True)
    begun = ended = training.clock.seconds
    for event in training_loop(training, recorder, lambda: False):
        if isinstance(event, BatchProgress):
            ended = event.seconds
    return {"seconds": ended - begun, "bytes": peak_bytes()}


def peak_bytes() -> int:
    """The most memory that this process ever held. Raises OSError where the system does not tell."""
    status = Path("/proc/self/status")  # getrusage's tells that of who started the process, too
    if status.is_file():
        for line in status.read_text(encoding="utf-8").splitlines():
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    if sys.platform == "darwin":
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    raise OSError("this system does not tell how much memory a process held: use Linux or macOS")


def summary(
    seconds: Mapping[int, Sequence[float]],
    held: Mapping[int, Sequence[float]],
    few: Sequence[float],
    **conditions: Any,
) -> Report:
    """seconds, held (bytes): by the number of pictures, repeats of each; few: bytes held for hardly any."""
    report = Report("scaling", **conditions)
    sizes = sorted(seconds)
    base = statistics.median(few)
    grown = {size: statistics.median(held[size]) - base for size in sizes}
    ratios = {size: grown[size] / (_PIXELS * (size - _FEW)) for size in sizes}
    for size in sizes:
        report.add(f"{size:,} pictures, an epoch", Spread.of(seconds[size]), "s")
    for size in sizes:
        report.add(f"{size:,} pictures, memory", grown[size] / 1e6, "MB")
        report.add(f"{size:,} pictures, memory / pixels", ratios[size], "×")
    report.add("memory of a process with hardly any", base / 1e6, "MB")
    time_line = Line.fitted(sizes, [statistics.median(seconds[size]) for size in sizes])
    memory_line = Line.fitted([_PIXELS * size for size in sizes], [grown[size] for size in sizes])
    report.add("a picture more", 1e6 * time_line.slope, "µs")
    report.add("a pixel more", memory_line.slope, "bytes")
    report.aim("R² of seconds", time_line.r_squared, STRAIGHT_GOAL, "", at_least=True)
    report.aim("R² of memory", memory_line.r_squared, STRAIGHT_GOAL, "", at_least=True)
    report.aim("memory / pixels, by the line", memory_line.slope, MEMORY_GOAL, "×")
    report.aim(f"memory / pixels, {sizes[-1]:,} pictures", ratios[sizes[-1]], MEMORY_GOAL, "×")
    return report


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--repeats", type=int, help="epochs of each size; default 3, --quick 1")
    options.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.one:
        print(json.dumps(epoch(chosen.folder, chosen.one)))
        return

    sizes = QUICK_SIZES if chosen.quick else SIZES
    repeats = chosen.repeats or (1 if chosen.quick else 3)
    found: dict[int, list[dict[str, float]]] = {}
    with surroundings("offscreen") as environment:
        folder, data = mnist_folder(environment)
        places = {size: Path(environment["HANDWRITE_HOME"]) / str(size) for size in (_FEW, *sizes)}
        for size, place in places.items():
            repeated(folder, place, size)
        for repeat in range(repeats):
            for size, place in places.items():  # the smallest first: it finds the fastest way
                command = [sys.executable, "-m", "benchmarks.scaling"]
                command += ["--one", str(size), "--folder", str(place)]
                line = run_json_command(command, environment, timeout=60 + size / 100)
                if repeat == 0 and size == _FEW:  # with what was measured to find it
                    line = run_json_command(command, environment, timeout=60)
                one = json.loads(line)
                found.setdefault(size, []).append(one)
                say(
                    f"{repeat + 1}/{repeats} {size:,} pictures: {one['seconds']:.2f} s, "
                    f"{one['bytes'] / 1e6:.0f} MB"
                )
    summary(
        {size: [one["seconds"] for one in found[size]] for size in sizes},
        {size: [one["bytes"] for one in found[size]] for size in sizes},
        [one["bytes"] for one in found[_FEW]],
        network="cnn",
        threads=1,
        data=data,
    ).print_and_exit(as_json=chosen.json)


if __name__ == "__main__":
    main()
