"""The charts of a report: inline SVG in the page's colours, each with a text for screen readers."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import dropwhile

from markupsafe import Markup

from trainer.evaluation.metrics import ReliabilityBin

_WIDTH, _HEIGHT = 440.0, 260.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, 12.0, 12.0, 34.0
_POINTS = 240  # more than that a line of this width cannot show


@dataclass(frozen=True, kw_only=True)
class Curve:
    """A line over epochs. kind: "training" or "validation", which is how it looks."""

    name: str
    kind: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True, kw_only=True)
class _Axes:
    """From values to coordinates of the chart; y is logarithmic where `log`."""

    x: tuple[float, float]
    y: tuple[float, float]
    log: bool = False

    def at(self, x: float, y: float) -> tuple[float, float]:
        low, high = map(self._scaled, self.y)
        across = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (self._scaled(min(max(y, self.y[0]), self.y[1])) - low) / (high - low)
        return (
            _LEFT + across * (_WIDTH - _LEFT - _RIGHT),
            _HEIGHT - _BOTTOM - up * (_HEIGHT - _TOP - _BOTTOM),
        )

    def _scaled(self, y: float) -> float:
        return math.log10(y) if self.log else y


def loss_chart(curves: Sequence[Curve]) -> Markup:
    """Losses on a logarithmic scale; those that are not above zero are drawn at its lower end."""
    values = [y for curve in curves for _, y in curve.points if y > 0] or [1.0]
    low, high = min(values) * 0.9, max(values) * 1.1
    axes = _Axes(x=_epochs(curves), y=(low, high), log=True)
    ticks = _decades(low, high)
    return _chart(axes, curves, [(t, f"{t:g}") for t in ticks], "Loss by epoch")


def accuracy_chart(curves: Sequence[Curve]) -> Markup:
    """Accuracies 0…1 up to 100 %; the scale begins below the least after the first tenth of the run."""
    span = _epochs(curves)
    values = [y for c in curves for x, y in c.points if x >= span[1] / 10 or c.kind == "validation"]
    low = max(min([*values, 0.99]) - 0.002, 0.0)
    # A line that comes from below the scale begins where it enters it.
    curves = [
        dataclasses.replace(c, points=tuple(dropwhile(lambda p: p[1] < low, c.points)))
        for c in curves
    ]
    ticks = _ticks(low, 1.0)
    digits = 1 if len(ticks) > 1 and ticks[1] - ticks[0] < 0.0099 else 0
    axes = _Axes(x=span, y=(low, 1.0))
    return _chart(
        axes, curves, [(t, f"{100 * t:.{digits}f} %") for t in ticks], "Accuracy by epoch"
    )


def reliability_chart(bins: Sequence[ReliabilityBin]) -> Markup:
    """Accuracy over confidence by bins; on the diagonal they agree."""
    axes = _Axes(x=(0.0, 1.0), y=(0.0, 1.0))
    ticks = [(t / 5, f"{20 * t} %") for t in range(6)]
    parts = [_grid(axes, ticks), _bottom(axes, ticks)]
    most = max((row.count for row in bins), default=0) or 1
    for row in bins:
        if not row.count:
            continue
        x0, y0 = axes.at(row.low, row.accuracy)
        x1, base = axes.at(row.high, 0.0)
        said = axes.at(row.low, row.probability)[1]
        # Hardly any pictures, hardly any ink; the root keeps bins of a few from vanishing.
        strength = 0.25 + 0.75 * math.sqrt(row.count / most)
        title = (
            f"{100 * row.low:.0f}–{100 * row.high:.0f} %: {row.count:,} pictures, said "
            f"{100 * row.probability:.1f} %, right {100 * row.accuracy:.1f} %"
        )
        parts.append(
            f'<g><title>{title}</title><rect class="bar" x="{x0 + 1:.1f}" y="{y0:.1f}" '
            f'width="{x1 - x0 - 2:.1f}" height="{base - y0:.1f}" opacity="{strength:.2f}"/>'
            f'<line class="said" x1="{x0 + 1:.1f}" x2="{x1 - 1:.1f}" y1="{said:.1f}" y2="{said:.1f}"/>'
            "</g>"
        )
    (x0, y0), (x1, y1) = axes.at(0, 0), axes.at(1, 1)
    parts.append(f'<line class="ideal" x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}"/>')
    return _svg(parts, "Accuracy by the probability of the answer")


def _chart(
    axes: _Axes, curves: Sequence[Curve], ticks: Sequence[tuple[float, str]], label: str
) -> Markup:
    parts = [_grid(axes, ticks), _bottom(axes, [(t, f"{t:g}") for t in _whole(axes.x)])]
    for curve in curves:
        places = [axes.at(x, y) for x, y in _thinned(curve.points)]
        if len(places) > 1:
            line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
            parts.append(f'<polyline class="{curve.kind}" points="{line}"/>')
        if curve.kind == "validation":
            parts += [
                f'<circle class="{curve.kind}" cx="{x:.1f}" cy="{y:.1f}" r="2.5"/>'
                for x, y in (places if len(places) <= 40 else places[-1:])
            ]
    last = "; ".join(f"{c.name} ends at {c.points[-1][1]:.4g}" for c in curves if c.points)
    return _svg(parts, f"{label}: {last}")


def _svg(parts: Sequence[str], label: str) -> Markup:
    return Markup(  # parts are numbers, and texts that were escaped
        f'<svg viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" role="img" aria-label="{escape(label)}">'
        f"{''.join(parts)}</svg>"
    )


def _grid(axes: _Axes, ticks: Sequence[tuple[float, str]]) -> str:
    lines = []
    for value, text in ticks:
        y = axes.at(axes.x[0], value)[1]
        lines.append(
            f'<line class="grid" x1="{_LEFT:g}" x2="{_WIDTH - _RIGHT:g}" y1="{y:.1f}" y2="{y:.1f}"/>'
            f'<text x="{_LEFT - 6:g}" y="{y + 3.5:.1f}" text-anchor="end">{escape(text)}</text>'
        )
    return "".join(lines)


def _bottom(axes: _Axes, ticks: Sequence[tuple[float, str]]) -> str:
    return "".join(
        f'<text x="{axes.at(value, axes.y[0])[0]:.1f}" y="{_HEIGHT - _BOTTOM + 18:g}" '
        f'text-anchor="middle">{escape(text)}</text>'
        for value, text in ticks
    )


def _epochs(curves: Sequence[Curve]) -> tuple[float, float]:
    return 0.0, max((x for curve in curves for x, _ in curve.points), default=1.0) or 1.0


def _thinned(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """At most _POINTS points, each the mean of its neighbours."""
    each = math.ceil(len(points) / _POINTS)
    groups = [points[i : i + each] for i in range(0, len(points), max(each, 1))]
    return [(sum(x for x, _ in g) / len(g), sum(y for _, y in g) / len(g)) for g in groups]


def _ticks(low: float, high: float, most: int = 6) -> list[float]:
    """At most `most` round values from low to high."""
    span = high - low
    step = 10.0 ** math.floor(math.log10(span / most))
    step = next(step * n for n in (1, 2, 5, 10, 20) if span / (step * n) <= most - 1)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [n * step for n in range(first, last + 1)]


def _whole(span: tuple[float, float]) -> list[float]:
    """Ticks of the epoch axis: whole numbers, unless the run ended within its first epoch."""
    if span[1] < 1:
        return [0.0, span[1]]
    return sorted({float(round(t)) for t in _ticks(*span, most=9) if round(t) <= span[1]})


def _decades(low: float, high: float) -> list[float]:
    """Powers of ten from low to high, with multiples in between where they are few, and other round values
    where these are fewer than three: one tick is no scale."""
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for steps in ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9)):
        ticks = [n * 10.0**p for p in powers for n in steps if low <= n * 10.0**p <= high]
        if len(ticks) >= 3:
            return ticks
    return _ticks(low, high)
