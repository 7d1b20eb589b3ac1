"""What came of benchmarks.robustness, as a document with tables and as a plot."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.disturbances import Disturbance
from benchmarks.panels import Line, Panel, Row, small_multiples

CLOSE = 0.02  # of accuracy: less than that below the undisturbed one counts as no harm


@dataclass(frozen=True, kw_only=True)
class Reading:
    """A network's answers to the pictures of one strength.

    right: for how many its nearest guess is right. answered: how many it does not refuse, and
    rightly_answered: for how many of those the guess is right. unchanged: how many have the guess that they
    have undisturbed. What shows nothing is not answered, and its guess is wrong.
    """

    right: int
    answered: int
    rightly_answered: int
    unchanged: int


@dataclass(frozen=True, kw_only=True)
class Dose:
    """What comes of one strength. readings: by network.

    same_pictures: how many pictures are to the last bit what they are undisturbed. farthest_pixel: by how
    much of 255 a pixel of the others differs at most.
    """

    same_pictures: int
    farthest_pixel: int
    readings: Mapping[str, Reading]


@dataclass(frozen=True, kw_only=True)
class Measured:
    """doses: one for each of the disturbance's strengths."""

    disturbance: Disturbance[Any]
    doses: tuple[Dose, ...]

    def readings(self, name: str) -> list[Reading]:
        return [dose.readings[name] for dose in self.doses]

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.disturbance.name,
            "title": self.disturbance.title,
            "unit": self.disturbance.unit.strip(),
            "doses": [
                {"strength": strength, **asdict(dose)}
                for strength, dose in zip(self.disturbance.strengths, self.doses, strict=True)
            ],
        }


@dataclass(frozen=True, kw_only=True)
class Result:
    """All of a source. count: of its subjects. undisturbed: by network."""

    title: str
    about: str
    count: int
    undisturbed: Mapping[str, Reading]
    measured: tuple[Measured, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "count": self.count,
            "undisturbed": {name: asdict(reading) for name, reading in self.undisturbed.items()},
            "disturbances": [one.to_json() for one in self.measured],
        }


@dataclass(frozen=True, kw_only=True)
class Network:
    """refuses: whether it can tell that something is none of its labels."""

    about: str
    refuses: bool


# --- the plot


def plot(results: Sequence[Result], networks: Mapping[str, Network]) -> str:
    """The SVG: a panel a disturbance, a line a network, and one in dashes for what it answers."""
    names = list(networks)
    refusing = any(network.refuses for network in networks.values())
    rows = [
        Row(
            heading=f"{result.title} ({result.count:,})",
            panels=tuple(_panel(one, result.count, networks) for one in result.measured),
        )
        for result in results
    ]
    return small_multiples(
        rows,
        names,
        broken="share answered" if refusing else "",
        label=f"Accuracy against the strength of a disturbance: {', '.join(names)}",
    )


def _panel(one: Measured, count: int, networks: Mapping[str, Network]) -> Panel:
    disturbance = one.disturbance
    lines = []
    for number, (name, network) in enumerate(networks.items()):
        readings = one.readings(name)
        lines.append(_line(disturbance, number, [r.right / count for r in readings]))
        if network.refuses:
            shares = [reading.answered / count for reading in readings]
            lines.append(_line(disturbance, number, shares, broken=True))
    return Panel(
        title=disturbance.title,
        ticks=tuple((place(disturbance, t), disturbance.text(t)) for t in disturbance.ticks),
        lines=tuple(lines),
        mark=None if disturbance.none is None else place(disturbance, disturbance.none),
    )


def _line(
    disturbance: Disturbance[Any], number: int, shares: Sequence[float], *, broken: bool = False
) -> Line:
    places = [place(disturbance, strength) for strength in disturbance.strengths]
    return Line(
        number=number,
        points=tuple(sorted(zip(places, shares, strict=True))),
        broken=broken,
    )


def place(disturbance: Disturbance[Any], strength: float) -> float:
    """Where in a panel the strength lies, 0…1 from left to right."""
    strengths = disturbance.strengths
    if disturbance.axis == "even":
        part = strengths.index(strength) / (len(strengths) - 1)
    else:
        low, high, at = strengths[0], strengths[-1], strength
        if disturbance.axis == "log":
            low, high, at = math.log(low), math.log(high), math.log(at)
        part = (at - low) / (high - low)
    return 1 - part if disturbance.falling else part


# --- the document


def document(
    results: Sequence[Result],
    networks: Mapping[str, Network],
    *,
    conditions: Sequence[str],
    picture: str,
    quick: bool = False,
) -> str:
    """docs/robustness.md. picture: the plot's file, beside the document."""
    lines = [
        "# Robustness",
        "",
        "Made by `python -m benchmarks.robustness`; not to be edited by hand.",
        "",
        *(["**A quick run with few drawings: its figures mean little.**", ""] if quick else []),
        _paragraph(
            "How well drawings are read by how much they are disturbed. Whatever happens to a drawing or to "
            "a photograph, it then goes through the program's own recipe for pictures, as a user's does."
        ),
        "",
        f"![Accuracy against the strength of each disturbance]({picture})",
        "",
        _paragraph(
            "Accuracy is that of the nearest guess; a line that leaves its panel below comes to less than "
            "50 %. The dotted upright line is where nothing is disturbed. Where the program sees nothing "
            f"written there is no answer, and it counts as wrong.{_refusing(networks)}"
        ),
        "",
        "| network | |",
        "|---|---|",
        *(f"| `{name}` | {network.about} |" for name, network in networks.items()),
        "",
        _paragraph(
            f"Measured on: {'; '.join(conditions)}. {_sureness(results)} Every strength has the same "
            "drawings, so differences between strengths are surer than that."
        ),
        "",
        "## How far each may go",
        "",
        f"The strengths at which accuracy is less than {100 * CLOSE:.0f} points below the undisturbed one.",
        "",
    ]
    for result in results:
        lines += [*_summary(result, networks), ""]
    for result in results:
        lines += _figures(result, networks)
    return "\n".join(lines).rstrip() + "\n"


def _paragraph(text: str) -> str:
    return textwrap.fill(text, 112, break_on_hyphens=False, break_long_words=False)


def _sureness(results: Sequence[Result]) -> str:
    """By the normal approximation."""
    ways = [
        f"± {100 * 1.96 * math.sqrt(0.98 * 0.02 / count):.1f} points with {count:,} drawings"
        for count in sorted({result.count for result in results}, reverse=True)
    ]
    return f"A figure of 98 % is sure (to 95 %) to {', to '.join(ways)}."


def _refusing(networks: Mapping[str, Network]) -> str:
    names = [f"`{name}`" for name, network in networks.items() if network.refuses]
    if not names:
        return ""
    return (
        f" {' and '.join(names)} may refuse an answer: the share that is answered is the line in dashes. The "
        "nearest guess counts all the same, so that it can be held against a network that never refuses."
    )


def _summary(result: Result, networks: Mapping[str, Network]) -> Iterator[str]:
    yield f"### {result.title}"
    yield ""
    yield _paragraph(f"{result.about} {result.count:,} of them.")
    yield ""
    yield "| | " + " | ".join(f"`{name}`" for name in networks) + " |"
    yield "|---|" + "---|" * len(networks)
    cells = [f"{100 * result.undisturbed[name].right / result.count:.1f} %" for name in networks]
    yield f"| undisturbed | {' | '.join(cells)} |"
    for one in result.measured:
        cells = [
            harmless(one, result.undisturbed[name].right, result.count, name) for name in networks
        ]
        yield f"| {one.disturbance.title} | {' | '.join(cells)} |"


def harmless(one: Measured, undisturbed: int, count: int, name: str) -> str:
    """The runs of strengths at which the network is about as right as undisturbed, as a text."""
    disturbance = one.disturbance
    good = [(undisturbed - reading.right) / count < CLOSE for reading in one.readings(name)]
    if all(good):
        return f"all: {_run(disturbance, 0, len(good) - 1)}"
    runs, begin = [], None
    for place, fits in enumerate([*good, False]):
        if fits and begin is None:
            begin = place
        elif not fits and begin is not None:
            runs.append(_run(disturbance, begin, place - 1))
            begin = None
    return ", ".join(runs) or "none"


def _run(disturbance: Disturbance[Any], first: int, last: int) -> str:
    ends = [disturbance.text(disturbance.strengths[place]) for place in (first, last)]
    return ends[0] if first == last else " … ".join(ends)


def _figures(result: Result, networks: Mapping[str, Network]) -> Iterator[str]:
    yield f"## {result.title}: figures"
    yield ""
    yield "In per cent."
    yield ""
    for one in result.measured:
        disturbance = one.disturbance
        yield f"**{disturbance.title}**: {disturbance.about}."
        if disturbance.name == "size":
            yield ""
            yield _sameness(one, result.count, networks)
        yield ""
        yield "| | " + " | ".join(map(disturbance.text, disturbance.strengths)) + " |"
        yield "|---|" + "--:|" * len(disturbance.strengths)
        for name, network in networks.items():
            readings = one.readings(name)
            cells = [f"{100 * reading.right / result.count:.1f}" for reading in readings]
            yield f"| `{name}` | {' | '.join(cells)} |"
            if network.refuses:
                cells = [f"{100 * reading.answered / result.count:.1f}" for reading in readings]
                yield f"| answered | {' | '.join(cells)} |"
        yield ""


def _sameness(one: Measured, count: int, networks: Mapping[str, Network]) -> str:
    """That neither size nor place matters, in numbers."""
    strengths = one.disturbance.strengths
    doses = [d for s, d in zip(strengths, one.doses, strict=True) if s != one.disturbance.none]
    answers = [
        f"`{name}` {sum(dose.readings[name].unchanged for dose in doses):,}" for name in networks
    ]
    return _paragraph(
        f"Of {count * len(doses):,} pictures of drawings of another size at another place "
        f"{sum(dose.same_pictures for dose in doses):,} are the same to the last bit, and no pixel of the "
        f"others differs by more than {max(dose.farthest_pixel for dose in doses)} of 255. So many have the "
        f"same nearest guess: {', '.join(answers)}."
    )
