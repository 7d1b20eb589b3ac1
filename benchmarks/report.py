"""What the benchmarks print: medians with their range, and goals with what came of them."""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Spread:
    """Median, smallest and largest of some measurements."""

    median: float
    least: float
    most: float
    count: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Self:
        """Raises ValueError where there are none."""
        if not values:
            raise ValueError("nothing was measured")
        return cls(
            median=statistics.median(values),
            least=min(values),
            most=max(values),
            count=len(values),
        )


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that the share (0…1) of all values does not exceed (the nearest rank)."""
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


@dataclass(frozen=True, kw_only=True)
class Goal:
    """What a figure should be: at most `limit`, or at least, where `at_least`."""

    what: str
    value: float
    limit: float
    unit: str
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        sign, digits = ("≥" if self.at_least else "≤"), _digits(self.limit)
        return (
            f"{self.what}: {self.value:.{digits}f} {self.unit} "
            f"(goal {sign} {self.limit:g} {self.unit}) {'met' if self.met else 'MISSED'}"
        )


class Report:
    """Figures under headings and the goals for them; printed as text, or as one JSON object."""

    def __init__(self, title: str, **conditions: Any) -> None:
        """conditions: what the figures depend on, told with them."""
        self.title = title
        self.conditions = {
            "python": platform.python_version(),
            "processor": processor(),
            **conditions,
        }
        self.figures: dict[str, dict[str, Any]] = {}
        self.goals: list[Goal] = []
        self._stolen_before = _stolen()

    def add(self, what: str, value: Spread | float, unit: str) -> None:
        """One line: a median with its range, or a number."""
        figure = asdict(value) if isinstance(value, Spread) else {"value": value}
        self.figures[what] = {**figure, "unit": unit}

    def aim(
        self, what: str, value: float, limit: float, unit: str, *, at_least: bool = False
    ) -> None:
        self.goals.append(Goal(what=what, value=value, limit=limit, unit=unit, at_least=at_least))

    @property
    def met(self) -> bool:
        """Whether every goal is."""
        return all(goal.met for goal in self.goals)

    def to_json(self) -> dict[str, Any]:
        return {
            "benchmark": self.title,
            "conditions": self.conditions,
            "figures": self.figures,
            "goals": [{**asdict(goal), "met": goal.met} for goal in self.goals],
            "met": self.met,
        }

    def __str__(self) -> str:
        about = " · ".join(f"{name} {value}" for name, value in self.conditions.items())
        lines = [self.title, f"  {about}"]
        width = max(map(len, self.figures), default=0)
        for what, figure in self.figures.items():
            unit = figure["unit"]
            if "median" in figure:
                digits = _digits(figure["median"])
                middle, low, high = (
                    f"{figure[name]:,.{digits}f}" for name in ("median", "least", "most")
                )
                text = f"{middle} {unit} ({low}–{high}, {figure['count']} times)"
            else:
                text = f"{figure['value']:,.{_digits(figure['value'])}f} {unit}"
            lines.append(f"  {what:<{width}}  {text}")
        lines += [f"  {goal}" for goal in self.goals]
        return "\n".join(lines)

    def print_and_exit(self, *, as_json: bool) -> None:
        """Ends the program: 0 where every goal is met, else 1."""
        stolen, total = (
            after - before for after, before in zip(_stolen(), self._stolen_before, strict=True)
        )
        if stolen:
            self.conditions["taken by the machine's other guests"] = f"{stolen / total:.1%}"
        print(json.dumps(self.to_json(), ensure_ascii=False) if as_json else self, flush=True)
        sys.exit(0 if self.met else 1)


def parser(description: str | None) -> argparse.ArgumentParser:
    """The options that every benchmark has."""
    result = argparse.ArgumentParser(description=description)
    result.add_argument("--json", action="store_true", help="one JSON object instead of text")
    result.add_argument(
        "--quick", action="store_true", help="few and short measurements: does it run?"
    )
    return result


def say(text: str) -> None:
    """How far it is, on standard error: standard output is for the report."""
    print(text, file=sys.stderr, flush=True)


def processor() -> str:
    """Name and number of cores."""
    name = platform.processor() or platform.machine()
    table = Path("/proc/cpuinfo")  # on Linux the others know no name
    if table.is_file():
        lines = table.read_text(encoding="utf-8").splitlines()
        names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
        name = names[0] if names else name
    return f"{name} × {os.cpu_count()}"


def _stolen() -> tuple[int, int]:
    """Of a virtual machine's processor time: what its host gave to others, and all of it, both in ticks.

    (0, 0) where the system does not tell. Some percent of it make a tail of tens of milliseconds in
    anything that waits for the processor.
    """
    table = Path("/proc/stat")
    if not table.is_file():
        return 0, 0
    ticks = [
        int(field) for field in table.read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    ]
    return ticks[7], sum(ticks[:8])


def _digits(value: float) -> int:
    """Three significant digits at least, no more than three decimals."""
    if value == 0 or not math.isfinite(value):
        return 0
    return min(3, max(0, 2 - math.floor(math.log10(abs(value)))))
