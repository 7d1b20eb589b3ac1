"""How soon the window is there: first paint, first answer and the longest gap of its event loop, against a
plain ``import torch``, all in processes of their own, taken in turns.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass

from benchmarks.report import Report, Spread, parser, say
from benchmarks.surroundings import platform_of, run_json_command, surroundings

FIRST_PAINT_GOAL = 0.25  # × import torch
FIRST_ANSWER_GOAL = 0.8
GAP_GOAL_MS = 20.0
_TIMEOUT = 120.0


@dataclass(frozen=True, kw_only=True)
class Start:
    """One start of the app: seconds since the process was begun, and seconds between two heartbeats."""

    first_paint: float
    first_answer: float
    longest_gap: float
    answer: str


def start_app(environment: dict[str, str]) -> Start:
    """Starts the app, draws a digit as soon as it is painted, and ends it after its answer."""
    begun = time.monotonic()  # the same clock in every process of the machine
    line = run_json_command(
        [sys.executable, "-m", "benchmarks.startup_driver"],
        {**environment, "HANDWRITE_BENCHMARK_BEGUN": repr(begun)},
        timeout=_TIMEOUT,
    )
    return Start(**json.loads(line))


def import_torch(environment: dict[str, str]) -> float:
    """Seconds that a plain import of torch takes, with its interpreter."""
    begun = time.monotonic()
    subprocess.run(
        [sys.executable, "-c", "import torch"], env=environment, check=True, timeout=_TIMEOUT
    )
    return time.monotonic() - begun


def measure(environment: dict[str, str], repeats: int) -> tuple[list[float], list[Start]]:
    """Seconds of importing torch, and starts of the app, in turns; one of each before that, so that
    modules are compiled and files are in memory."""
    import_torch(environment)
    start_app(environment)
    imports, starts = [], []
    for repeat in range(repeats):
        imports.append(import_torch(environment))
        starts.append(start_app(environment))
        say(
            f"{repeat + 1}/{repeats}: import torch {imports[-1]:.3f} s, "
            f"first paint {starts[-1].first_paint:.3f} s, answer {starts[-1].first_answer:.3f} s, "
            f"longest gap {1000 * starts[-1].longest_gap:.1f} ms"
        )
    return imports, starts


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--repeats", type=int, help="default 11, with --quick 2")
    options.add_argument("--platform", help="Qt's: offscreen, xcb, … (default: a display or Xvfb)")
    chosen = options.parse_args()
    repeats = chosen.repeats or (2 if chosen.quick else 11)
    with surroundings(chosen.platform) as environment:
        imports, starts = measure(environment, repeats)
        report = Report("startup", platform=platform_of(environment))
    torch = Spread.of(imports)
    paint = Spread.of([start.first_paint for start in starts])
    answer = Spread.of([start.first_answer for start in starts])
    gap = Spread.of([1000 * start.longest_gap for start in starts])
    report.add("import torch", torch, "s")
    report.add("first paint", paint, "s")
    report.add("first answer", answer, "s")
    report.add("longest gap", gap, "ms")
    report.aim("first paint / import torch", paint.median / torch.median, FIRST_PAINT_GOAL, "×")
    report.aim("first answer / import torch", answer.median / torch.median, FIRST_ANSWER_GOAL, "×")
    report.aim("longest gap of the event loop", gap.median, GAP_GOAL_MS, "ms")
    report.print_and_exit(as_json=chosen.json)


if __name__ == "__main__":
    main()
