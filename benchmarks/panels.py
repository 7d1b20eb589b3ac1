"""Small multiples as one SVG: little plots of one scale in rows, readable on light pages and on dark ones."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Line:
    """points: (place 0…1, value 0…1), from left to right. number: which of the names in the key it is.

    broken: drawn thin, in dashes and without marks.
    """

    number: int
    points: tuple[Point, ...]
    broken: bool = False


@dataclass(frozen=True, kw_only=True)
class Panel:
    """ticks: (place 0…1, text). mark: the place of an upright line, None for none."""

    title: str
    ticks: tuple[tuple[float, str], ...]
    lines: tuple[Line, ...]
    mark: float | None = None


@dataclass(frozen=True, kw_only=True)
class Row:
    """Panels under a heading; those that do not fit beside each other go below."""

    heading: str
    panels: tuple[Panel, ...]


FLOOR = 0.5  # the least value that a panel shows

_COLUMNS = 4
_LEFT, _EDGE = 44.0, 16.0
_WIDE, _HIGH = 188.0, 104.0  # of a plot
_BESIDE, _ABOVE, _BELOW = 26.0, 24.0, 30.0
_HEADING = 34.0
_KEY = 26.0
_WIDTH = _LEFT + _COLUMNS * _WIDE + (_COLUMNS - 1) * _BESIDE + _EDGE

# Ground, text, muted text, rules, and the names' colours; the first ones are the window's own.
_LIGHT = ("#f8f8f6", "#1c1f23", "#575c63", "#d6d6d2")
_DARK = ("#1f2125", "#e9e9e6", "#a6aab0", "#3b3f44")
_LIGHT_LINES = ("#2a56c6", "#b3261e", "#1b7566", "#7a3fa0", "#8a5a00", "#575c63")
_DARK_LINES = ("#8fb3ff", "#ff8f86", "#69c4b0", "#cf9ff0", "#e0b45c", "#a6aab0")

_BROKEN = 'stroke-width="1.25" stroke-dasharray="4 3"'

#: More than these cannot be told apart.
MOST_NAMES = len(_LIGHT_LINES)


def small_multiples(rows: Sequence[Row], names: Sequence[str], *, broken: str, label: str) -> str:
    """The drawing. names: what the numbers of lines mean; broken: what those in dashes do, "" without
    any. label: what it shows, for who cannot see it. Raises ValueError for more than MOST_NAMES names."""
    if len(names) > MOST_NAMES:
        raise ValueError(f"{len(names)} names; {MOST_NAMES} lines can be told apart in a panel")
    y = _EDGE + _KEY
    parts = [_key(names, broken)]
    for row in rows:
        y += _HEADING
        parts.append(
            f'<text class="text" x="{_EDGE:g}" y="{y - 12:g}" font-size="14" font-weight="600">'
            f"{escape(row.heading)}</text>"
        )
        for first in range(0, len(row.panels), _COLUMNS):
            for column, panel in enumerate(row.panels[first : first + _COLUMNS]):
                x = _LEFT + column * (_WIDE + _BESIDE)
                parts.append(_panel(panel, x, y + _ABOVE, values=column == 0))
            y += _ABOVE + _HIGH + _BELOW
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH:g} {y:g}" width="{_WIDTH:g}" '
        f'height="{y:g}" role="img" aria-label="{escape(label)}" '
        f'font-family="system-ui, Segoe UI, Noto Sans, sans-serif" font-size="11">\n'
        f"<style>{_style(_LIGHT, _LIGHT_LINES)}\n"
        f"@media (prefers-color-scheme: dark) {{{_style(_DARK, _DARK_LINES)}}}</style>\n"
        f'<rect class="ground" width="{_WIDTH:g}" height="{y:g}" rx="6"/>\n'
        + "\n".join(parts)
        + "\n</svg>\n"
    )


def _style(colours: Sequence[str], lines: Sequence[str]) -> str:
    ground, text, muted, rule = colours
    rules = [
        f".ground {{fill: {ground}}}",
        f".text {{fill: {text}}}",
        f".muted {{fill: {muted}}}",
        f".rule {{stroke: {rule}; fill: none}}",
        f".mark {{stroke: {muted}; fill: none}}",
    ]
    for number, colour in enumerate(lines):
        rules.append(f".line{number} {{stroke: {colour}; fill: none}}")
        rules.append(f".dot{number} {{fill: {colour}}}")
    return "\n".join(rules)


def _key(names: Sequence[str], broken: str) -> str:
    parts, x, y = [], _EDGE, _EDGE + 12
    for number, name in enumerate(names):
        parts.append(_stroke(f"M{x:g} {y:g}h26", number))
        parts.append(_dot(number, (x + 13, y)))
        parts.append(_text(x + 33, y + 4, name, "text", size=12))
        x += 33 + 7.2 * len(name) + 24
    if broken:
        parts.append(f'<path class="mark" d="M{x:g} {y:g}h26" {_BROKEN}/>')
        parts.append(_text(x + 33, y + 4, broken, "muted", size=12))
    return "".join(parts)


def _panel(panel: Panel, left: float, top: float, *, values: bool) -> str:
    def at(point: Point) -> Point:
        up = (point[1] - FLOOR) / (1 - FLOOR)
        return left + point[0] * _WIDE, top + (1 - up) * _HIGH

    parts = [_text(left, top - 9, panel.title, "text", size=12)]
    for step in range(6):
        value = FLOOR + (1 - FLOOR) * step / 5
        y = at((0, value))[1]
        parts.append(f'<path class="rule" d="M{left:g} {y:.1f}h{_WIDE:g}"/>')
        if values:
            parts.append(_text(left - 7, y + 4, f"{100 * value:.0f} %", "muted", anchor="end"))
    if panel.mark is not None:
        x = at((panel.mark, 1))[0]
        parts.append(f'<path class="mark" d="M{x:.1f} {top:g}v{_HIGH:g}" stroke-dasharray="1 3"/>')
    for place, text in panel.ticks:
        x = at((place, FLOOR))[0]
        parts.append(f'<path class="rule" d="M{x:.1f} {top + _HIGH:g}v4"/>')
        # Those at the ends would run into the next panel's.
        anchor = "start" if place < 0.02 else "end" if place > 0.98 else "middle"
        x += {"start": -6, "end": 6, "middle": 0}[anchor]
        parts.append(_text(x, top + _HIGH + 16, text, "muted", anchor=anchor))
    # The first name's is the last, and so on top.
    for line in sorted(panel.lines, key=lambda line: (not line.broken, -line.number)):
        path = "".join(
            "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in map(at, piece))
            for piece in above_floor(line.points)
        )
        if path:
            parts.append(_stroke(path, line.number, broken=line.broken))
        if not line.broken:
            parts += [_dot(line.number, at(p)) for p in line.points if p[1] >= FLOOR]
    return "".join(parts)


def above_floor(points: Sequence[Point]) -> list[list[Point]]:
    """The pieces of a line that lie above FLOOR, each cut where it crosses it."""
    pieces: list[list[Point]] = []
    piece: list[Point] = []
    for before, point in itertools.pairwise([(0.0, -math.inf), *points]):
        if (before[1] >= FLOOR) != (point[1] >= FLOOR) and math.isfinite(before[1]):
            part = (FLOOR - before[1]) / (point[1] - before[1])
            piece.append((before[0] + part * (point[0] - before[0]), FLOOR))
        if point[1] >= FLOOR:
            piece.append(point)
        elif piece:
            pieces.append(piece)
            piece = []
    return [*pieces, piece] if piece else pieces


def _stroke(path: str, number: int, *, broken: bool = False) -> str:
    how = _BROKEN if broken else 'stroke-width="1.75"'
    return f'<path class="line{number}" d="{path}" {how} stroke-linejoin="round"/>'


def _dot(number: int, at: Point) -> str:
    """A mark whose form tells the names apart as its colour does."""
    x, y = at
    forms = (
        f"M{x - 2.4:.1f} {y:.1f}a2.4 2.4 0 1 0 4.8 0a2.4 2.4 0 1 0 -4.8 0z",
        f"M{x - 2.2:.1f} {y - 2.2:.1f}h4.4v4.4h-4.4z",
        f"M{x:.1f} {y - 3.2:.1f}l3.2 3.2l-3.2 3.2l-3.2 -3.2z",
        f"M{x:.1f} {y - 3:.1f}l3 5.2h-6z",
    )
    return f'<path class="dot{number}" d="{forms[number % len(forms)]}"/>'


def _text(
    x: float, y: float, text: str, kind: str, *, anchor: str = "start", size: float = 11
) -> str:
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}">'
        f"{escape(text)}</text>"
    )
