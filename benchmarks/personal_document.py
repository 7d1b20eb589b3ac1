"""docs/personal.md: what `benchmarks.personal` measured, in tables."""

from __future__ import annotations

import statistics
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks import personal_memory, personal_signs
from benchmarks.personal_writers import FIRST_TUNED, MANY, SOME
from benchmarks.report import processor

_LEAST = 0.005  # of a writer's drawings: who loses more is worse off
_WIDTH = 105


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A way to personalize. per: drawings of every digit. changes: of FineTuneConfig. writers: at most so
    many of each site; None: all."""

    title: str
    per: int = 3
    changes: Mapping[str, Any] = field(default_factory=dict)
    writers: int | None = SOME


VARIANTS: dict[str, Variant] = {
    "3": Variant(title="3 drawings a digit", writers=None),
    "1": Variant(title="1 drawing a digit", per=1),
    "5": Variant(title="5 drawings a digit", per=5),
    "head": Variant(title="3, the last layer learns", changes={"layers": 1}),
    "full": Variant(
        title="3, all layers learn, 60 steps of 32",
        changes={"layers": 0, "steps": 60, "batch_size": 32},
        writers=2,
    ),
    "no-rehearsal": Variant(title="3, without rehearsal", changes={"rehearsal": 0}),
}


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """Of one base and variant. before, personalized, after: means over writers of the share misread by the
    base, by the personalized network, and by the one that is active after the gate; worse: writers who lose
    more than half a point by that. reference: mean change of others' share, 0 where the base stays."""

    writers: int
    before: float
    personalized: float
    after: float
    errors_before: int
    errors_after: int
    kept: float
    worse: int
    reference: float
    cpu_seconds: float

    @classmethod
    def of(cls, runs: Sequence[Mapping[str, Any]]) -> Metrics:
        """Raises ValueError where there are none."""
        if not runs:
            raise ValueError("nothing was measured")
        after = [run["after"] if run["kept"] else run["before"] for run in runs]
        counts = [run["count"] for run in runs]

        def mean(values: Iterable[float]) -> float:
            return statistics.fmean(v / n for v, n in zip(values, counts, strict=True))

        return cls(
            writers=len(runs),
            before=mean(run["before"] for run in runs),
            personalized=mean(run["after"] for run in runs),
            after=mean(after),
            errors_before=sum(run["before"] for run in runs),
            errors_after=sum(after),
            kept=statistics.mean(bool(run["kept"]) for run in runs),
            worse=sum(
                left - run["before"] > _LEAST * run["count"]
                for left, run in zip(after, runs, strict=True)
            ),
            reference=statistics.mean(
                run["reference_after"] - run["reference_before"] if run["kept"] else 0.0
                for run in runs
            ),
            cpu_seconds=statistics.median(run["cpu_seconds"] for run in runs),
        )


_ABOUT_BASES = {
    "scribe": "`scribe` is what the recipe `digits` trains, shortened as benchmarks.real_hands does it.",
    "cnn": "`cnn` is the tutorials' network, of MNIST alone.",
}


def _about_bases(measured: set[str]) -> str:
    return " ".join(about for base, about in _ABOUT_BASES.items() if base in measured)


def document(
    rows: Mapping[tuple[str, str, str], Metrics],
    *,
    torch: str,
    memory: Mapping[str, personal_memory.Row] | None = None,
    seconds: Mapping[int, float] | None = None,
    offered: Mapping[str, float] | None = None,
    signs: Mapping[str, Sequence[Sequence[int]]] | None = None,
) -> str:
    """docs/personal.md. rows: by base, variant and which writers ("all", "tuned" or "others"). memory: rows
    of the memory of strokes; seconds: what it adds to a reading, by the number of drawings kept. offered:
    fractions of writers whose fine-tuned network passes the gate beside the memory, by the drawings of each
    digit. signs: by writer, of benchmarks.personal_signs."""
    about = (
        f"For every writer of UNIPEN's digits with {MANY} drawings or more: a network that learned nothing "
        "of the writer's site is personalized from so many drawings of each digit and reads the rest. "
        "Misread is the mean over writers of the share misread: before, by the personalized network, and "
        "by the one that is active after the gate, which leaves the old one where the drawings held out, or "
        "others' pictures, do not speak for the new one. Worse off: writers of whose drawings more than "
        "half a point more is misread after the gate than before. Others': the mean change, in points, of "
        "the share of MNIST's test part that is read correctly, after the gate; neither training nor gate "
        "sees it. "
        f"Rows of {SOME} writers of each site are of the first ones by name; settings were chosen by these, "
        f"too. {_about_bases({base for base, *_ in rows})} CPU seconds are the median of a personalization "
        "with its cross-validation, one thread, without what is the same for every writer. "
        "Settings were chosen by all writers of `syn` and `ibm`, "
        f"every second one of `apb`, and the first {FIRST_TUNED} of `apb`, `app` and `apa`, which have a "
        "row of their own."
    )
    lines = [
        "# Personalization",
        "",
        "Made by `python -m benchmarks.personal`; not to be edited by hand.",
        "",
        f"Measured on: {processor()}; torch {torch}.",
        "",
        *textwrap.wrap(about, _WIDTH),
        "",
        "| network | drawings | writers | misread before | personalized | after the gate | change | errors "
        "| kept | worse off | others' | CPU seconds |",
        "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    which = {
        "all": "",
        "some": ", the writers of the rows below",
        "tuned": ", writers that settings were chosen by",
        "others": ", all others",
    }
    for (base, variant, some), row in rows.items():
        change = (row.after / row.before - 1) if row.before else 0.0
        lines.append(
            f"| `{base}` | {VARIANTS[variant].title}{which[some]} | {row.writers} | {row.before:.2%} "
            f"| {row.personalized:.2%} | {row.after:.2%} | {change:+.0%} "
            f"| {row.errors_before} → {row.errors_after} | {row.kept:.0%} | {row.worse} "
            f"| {100 * row.reference:+.3f} | {row.cpu_seconds:.1f} |"
        )
    if memory:
        lines += ["", "## Remembering strokes", "", *textwrap.wrap(_ABOUT_MEMORY, _WIDTH), ""]
        lines += personal_memory.table(memory)
    if offered:
        shares = ", ".join(
            f"{share:.0%} with {per} of each digit" for per, share in offered.items()
        )
        said = (
            f"Fine-tuning still passes the gate where both networks read with the memory: {shares}."
        )
        lines += ["", *textwrap.wrap(said, _WIDTH)]
    if signs:
        lines += ["", *textwrap.wrap(personal_signs.sentence(signs), _WIDTH)]
    if seconds:
        lines += ["", "What the memory adds to a reading, one thread:", ""]
        lines += ["| drawings kept | ms |", "|--:|--:|"]
        lines += [f"| {count:,} | {1000 * taken:.1f} |" for count, taken in seconds.items()]
    return "\n".join(lines) + "\n"


_ABOUT_MEMORY = (
    "The same writers and networks (`scribe`): nothing is trained; the drawings that were kept before are "
    "compared with each further one (trainer/personalize/memory/stroke_memory.py). Fine-tuning alone and "
    "both together are measured on the same further drawings, each after the gate: alone it judges the "
    "networks alone, both together it judges them with the memory beside them, as the window does. As it "
    "comes: every drawing of a writer is read in turn, and kept afterwards under its true label. The "
    "memory's constants were chosen on the same writers, read by a network that had learned nothing from "
    "UNIPEN."
)
