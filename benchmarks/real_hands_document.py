"""What benchmarks/real_hands makes of its runs: figures for each way to train, and docs/real-hands.md."""

from __future__ import annotations

import math
import statistics
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.report import processor

_WIDTH = 105

#: A finished run: {"settings", "seconds", "read": {fold: site}, …}, a site as real_hands.read_site gives it.
Run = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """A row's shares, 0…1. accuracy: of each fold that is read, the mean over seeds.

    All else is None until one seed at least has read all folds, and is of such seeds only. by_drawing: mean
    over sites weighted by drawings; spread: its standard deviation over seeds, None with one seed. by_fold:
    plain mean over folds. worst: the digit that is read worst, with its share. answered: digits that get an
    answer; refused: what is no digit and gets none. calibration_error: the sites' mean, as `by_drawing`.
    """

    seeds: int
    accuracy: dict[str, float]
    drawings: int = 0
    by_drawing: float | None = None
    spread: float | None = None
    by_fold: float | None = None
    worst: tuple[str, float] | None = None
    answered: float | None = None
    refused: float | None = None
    calibration_error: float | None = None

    @classmethod
    def of(cls, runs: Iterable[Run], folds: Sequence[str]) -> Metrics:
        """Of a row's finished runs; what they read beside these folds is left out."""
        by_seed: dict[int, dict[str, Any]] = {}
        for run in runs:
            by_seed.setdefault(run["settings"]["training"]["seed"], {}).update(run["read"])
        seeds = list(by_seed.values())
        accuracy = {
            fold: statistics.mean(found)
            for fold in folds
            if (found := [right_share([reads[fold]]) for reads in seeds if fold in reads])
        }
        whole = [[reads[fold] for fold in folds] for reads in seeds if set(folds) <= set(reads)]
        if not whole:
            return cls(seeds=0, accuracy=accuracy)
        means = [right_share(reads) for reads in whole]
        sites = [site for reads in whole for site in reads]
        drawings = sum(site["count"] for site in sites)
        errors = sum(site["calibration_error"] * site["count"] for site in sites)
        refuses = any(site["refused"] is not None for site in sites)
        signs = [site for site in sites if site["signs"]]
        return cls(
            seeds=len(whole),
            accuracy=accuracy,
            drawings=drawings // len(whole),
            by_drawing=statistics.mean(means),
            spread=statistics.stdev(means) if len(means) > 1 else None,
            by_fold=statistics.mean(right_share([site]) for site in sites),
            worst=_worst(sites),
            answered=1 - _share(sites, "refused", "count") if refuses else 1.0,
            refused=_share(signs, "signs_refused", "signs") if signs else None if refuses else 0.0,
            calibration_error=errors / drawings,
        )


def right_share(sites: Iterable[Mapping[str, Any]]) -> float:
    """Digits of these sites that are read rightly."""
    return _share(sites, "right", "count")


def _share(sites: Iterable[Mapping[str, Any]], part: str, whole: str) -> float:
    pairs = [(site[part], site[whole]) for site in sites]
    return float(sum(some for some, _ in pairs) / sum(every for _, every in pairs))


def _worst(sites: Iterable[Mapping[str, Any]]) -> tuple[str, float]:
    counts: dict[str, list[int]] = {}
    for site in sites:
        for label, (count, right) in site["classes"].items():
            sums = counts.setdefault(label, [0, 0])
            sums[0] += count
            sums[1] += right
    shares = {label: right / count for label, (count, right) in counts.items() if count}
    return min(shares.items(), key=lambda found: found[1])


def document(
    finished: Mapping[str, Sequence[Run]],
    titles: Mapping[str, str],
    folds: Sequence[str],
    *,
    length: str,
    shipped: str,
    quick: bool = False,
) -> str:
    """docs/real-hands.md: finished[row] are the runs of that row that there are, titles all rows in order.

    length, shipped: how long a run is, and that of the network that ships, in words. There is a row "recipe",
    which the others are held against.
    """
    rows = {row: Metrics.of(finished.get(row, ()), folds) for row in titles}
    warning = ["**A quick run, by no recipe: its figures mean nothing.**", ""]
    lines = [
        *_head(finished, folds, length, shipped),
        *(warning if quick else []),
        *_accuracies(rows, titles, folds),
        "",
        *_others(rows, titles),
        *_chance(rows["recipe"]),
    ]
    return "\n".join(lines) + "\n"


def _head(
    finished: Mapping[str, Sequence[Run]], folds: Sequence[str], length: str, shipped: str
) -> list[str]:
    runs = [run for several in finished.values() for run in several]
    conditions = [processor()]
    for what in ("torch", "threads", "precision"):
        values = sorted({str(run[what]) for run in runs})
        conditions += [f"{what} {' or '.join(values)}"] if values else []
    seconds = [run["seconds"] for run in runs if run["settings"]["fold"]]
    if seconds:
        conditions.append(f"{statistics.median(seconds):.0f} s to train (median)")
    shortened = (
        f"A run is {length}; that of the network that ships is {shipped}. So rows are to be compared "
        "with each other, not with it. A limit is shared by a row's sources: where one is left out, "
        "there is more of the others. "
    )
    return [
        "# Real hands",
        "",
        "Made by `python -m benchmarks.real_hands`; not to be edited by hand.",
        "",
        *_paragraph(f"Measured on: {'; '.join(conditions)}."),
        "",
        *_paragraph(
            "Accuracy on digits of sites of which nothing was learned. UNIPEN's nine sites (Guyon, "
            "Schomaker, Plamondon, Liberman, Janet, ICPR 1994) have tablets and people of their own: for "
            "each column one is left out, the three smallest together, a network learns from the rest, "
            "and reads it. What learns nothing of UNIPEN is trained once and reads all."
        ),
        "",
        *_paragraph(
            f"{shortened if length != shipped else ''}`strong` changes pictures only, but strokes are "
            "drawn anew all the same, in other widths, slants and turns. The tutorials' CNN has 3 epochs "
            "of MNIST, Adam 0.001, batches of 64, nothing augmented."
        ),
        "",
        *_paragraph(
            f"Means are over these columns ({len(folds)}): weighted by drawings, ± standard deviation where "
            "there are several seeds, and plain. A dash is not measured yet."
        ),
        "",
    ]


def _accuracies(
    rows: Mapping[str, Metrics], titles: Mapping[str, str], folds: Sequence[str]
) -> list[str]:
    whole = rows["recipe"].by_drawing
    heads = ["trained by", *folds, "mean by drawings", "against the recipe", "plain mean"]
    lines = [f"| {' | '.join(heads)} |", f"|---|{'--:|' * (len(heads) - 1)}"]
    for row, found in rows.items():
        mean, less = _percent(found.by_drawing), "—"
        if found.spread is not None:
            mean += f" ± {100 * found.spread:.2f}"
        if row == "recipe":
            less = ""
        elif whole is not None and found.by_drawing is not None:
            less = f"{100 * (found.by_drawing - whole):+.2f}"
        cells = [_percent(found.accuracy.get(fold)) for fold in folds]
        cells += [mean, less, _percent(found.by_fold)]
        lines.append(f"| {titles[row]} | {' | '.join(cells)} |")
    return lines


def _others(rows: Mapping[str, Metrics], titles: Mapping[str, str]) -> list[str]:
    lines = [
        *_paragraph(
            "Of the same sites together: the digit that is read worst; digits that get an answer (in "
            "accuracies one that is refused counts by its nearest guess); letters and signs that are "
            "refused, without those that look like a digit, at most some thousands of a site; the expected "
            "calibration error (15 bins), the mean of the sites' own by drawings."
        ),
        "",
        "| trained by | worst digit | answered | others refused | calibration error | seeds |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for row, found in rows.items():
        worst = "—" if found.worst is None else f"{found.worst[0]}: {_percent(found.worst[1])}"
        shares = [found.answered, found.refused, found.calibration_error]
        cells = [worst, *map(_percent, shares), str(found.seeds or "—")]
        lines.append(f"| {titles[row]} | {' | '.join(cells)} |")
    return lines


def _chance(recipe: Metrics) -> list[str]:
    """How far the means are to be trusted."""
    if recipe.by_drawing is None:
        return []
    error = math.sqrt(recipe.by_drawing * (1 - recipe.by_drawing) / recipe.drawings)
    return [
        "",
        *_paragraph(
            f"Chance: were each of the {recipe.drawings:,} drawings by somebody else, the recipe's mean "
            f"had a standard error of {100 * error:.2f} points. They are by far fewer people, which makes "
            "it more. Rows read the same drawings, which makes it less between them, but another seed "
            "changes them, too. Differences of that size say nothing."
        ),
    ]


def _paragraph(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, break_on_hyphens=False)


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:.2f} %"
