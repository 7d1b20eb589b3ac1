"""What a few drawings of one's own are worth: makes docs/personal.md.

For every writer of UNIPEN's digits with many drawings, a network that learned nothing of that writer's site
is personalized from some of the drawings, and reads the rest, before and after. The networks are those of
`benchmarks.real_hands`: its rows `recipe`, one for every fold of sites, and `tutorial`, of MNIST alone; what
is not in --bases is trained first, some minutes each. The settings (FineTuneConfig) were chosen by writers of
five sites, so these have a row of their own.

What is finished is kept in --results, so that the program can be broken off at any time.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import statistics
import sys
import tempfile
import textwrap
import time
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import personal_memory, personal_signs
from benchmarks.networks import Results
from benchmarks.real_hands import (
    DIGITS,
    FOLDS,
    OTHERS,
    ROWS,
    piece,
    split_sites,
    train_and_read,
    weights_name,
)
from benchmarks.report import parser, processor, say
from benchmarks.surroundings import ROOT
from trainer.base.files import atomic_write
from trainer.base.paths import cache_folder, data_folder
from trainer.datasets.augmentation.spec import PRESETS

if TYPE_CHECKING:
    from trainer.personalize.cached_features import CachedFeatures
    from trainer.personalize.finetuner import FineTuneConfig, FineTuner
    from trainer.picture.strokes import Drawing

DOCUMENT = ROOT / "docs" / "personal.md"
MANY = 60  # drawings of a writer
_TUNED = {"syn": 1, "ibm": 1, "apb": 2}  # of these sites all writers, and every second one; …
_FIRST_TUNED, _FIRST_OF = 9, ("apb", "app", "apa")  # … and the first ones of these
_LEAST = 0.005  # of a writer's drawings: who loses more is worse off
_SOME = 4  # writers of each site, where it is not the main row
_WIDTH = 105

Hand = list[tuple["Drawing", str]]


@dataclass(frozen=True, kw_only=True)
class Variant:
    """A way to personalize. per: drawings of every digit. changes: of FineTuneConfig. writers: at most so
    many of each site; None: all."""

    title: str
    per: int = 3
    changes: Mapping[str, Any] = field(default_factory=dict)
    writers: int | None = _SOME


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

#: By name: a row of benchmarks.real_hands.
BASES = {"scribe": "recipe", "cnn": "tutorial"}


# --- writers


def writers_of(data: Path, folds: Sequence[str], *, many: int = MANY) -> dict[str, dict[str, Hand]]:
    """Fold → writer → drawings with labels, shuffled; of writers with as many as `many`."""
    from trainer.picture.strokes import drawing_from_json

    fold_of = {site: fold for fold in folds for site in FOLDS[fold]}
    found: dict[str, dict[str, Hand]] = {fold: defaultdict(list) for fold in folds}
    for line in gzip.decompress((data / DIGITS).read_bytes()).splitlines():
        document = json.loads(line)
        fold = fold_of.get(document.get("site"))
        if fold is not None:
            drawing, label = drawing_from_json(document)
            assert label is not None
            found[fold][document["writer"]].append((drawing, label))
    for hands in found.values():
        for writer in sorted(hands):
            if len(hands[writer]) < many:
                del hands[writer]
            else:
                random.Random(writer).shuffle(hands[writer])
    return {fold: dict(sorted(hands.items())) for fold, hands in found.items()}


def divided(hand: Hand, per: int) -> tuple[Hand, Hand]:
    """So many drawings of every label to learn from, and all others."""
    learned: Hand = []
    rest: Hand = []
    count: dict[str, int] = defaultdict(int)
    for drawing, label in hand:
        count[label] += 1
        (learned if count[label] <= per else rest).append((drawing, label))
    return learned, rest


def is_tuned_on(fold: str, writer: str, writers: Iterable[str]) -> bool:
    """Whether settings were chosen by this writer's drawings."""
    place = sorted(writers).index(writer)
    first = fold in _FIRST_OF and place < _FIRST_TUNED
    return first or (fold in _TUNED and place % _TUNED[fold] == 0)


# --- networks


def base_weights(base: str, fold: str, bases: Path, data: Path, device: str) -> Path:
    """The weights of a network that learned nothing of the fold's sites; trained where they are absent."""
    row = BASES[base]
    wanted = piece(row, fold if ROWS[row].by_site else "", 0, data=data, device=device)
    path = bases / f"{weights_name(wanted)}.safetensors"
    if not path.is_file():
        say(f"{path.name} is trained first")
        with tempfile.TemporaryDirectory(prefix="handwrite-benchmark-") as folder:
            split_sites(data, Path(folder), FOLDS)
            train_and_read(wanted, data, Path(folder), bases)
    return path


# --- one writer


def personalize_and_read(
    finetuner: FineTuner, reference: CachedFeatures, hand: Hand, per: int, folder: Path, writer: str
) -> dict[str, Any]:
    """How the rest of a writer's drawings is read before and after some of them were learned.

    reference: other people's pictures, which neither the personalization nor its gate has seen.
    """
    from trainer.models.recognizer import Recognizer
    from trainer.models.weights import load_weights
    from trainer.personalize.drawing_selection import selection_of
    from trainer.personalize.events import PersonalizationFinished
    from trainer.personalize.memory.store import memory_of
    from trainer.personalize.personalize import personalize_with
    from trainer.training.initial_weights import tail

    learned, rest = divided(hand, per)
    begun = time.process_time()
    last = None
    material = selection_of(learned, finetuner.card.outputs)
    for event in personalize_with(
        finetuner, material, folder / "personalized.safetensors", writer=writer
    ):
        last = event
    assert isinstance(last, PersonalizationFinished)
    seconds = time.process_time() - begun
    beside = (
        None  # the gate's judgement with the memory, which may stop at another fraction of the way
    )
    for event in personalize_with(
        finetuner, material, folder / "beside.safetensors", writer=writer, with_memory=True
    ):
        beside = event
    assert isinstance(beside, PersonalizationFinished)
    candidate = tail(load_weights(folder / "personalized.safetensors")[0], finetuner.frozen)
    others = [
        float(finetuner.correct(outputs, reference.targets).float().mean())
        for outputs in (reference.parent, finetuner.outputs(candidate, reference))
    ]
    wrong, remembered = [], []
    memory = memory_of(learned)
    for path in (finetuner.parent, folder / "personalized.safetensors"):
        wrong.append(_misread(Recognizer(path, device="cpu"), rest))
    for path in (finetuner.parent, folder / "beside.safetensors"):
        recognizer = Recognizer(path, device="cpu")
        found = personal_memory.read(recognizer, rest)
        remembered.append(personal_memory.misread(recognizer.labels, found, memory))
    return {
        "taught": len(learned),
        "count": len(rest),
        "before": wrong[0],
        "after": wrong[1],
        "kept": last.passed,
        "memory_before": remembered[0],
        "memory_after": remembered[1],
        "memory_kept": beside.passed,
        "reference_before": others[0],
        "reference_after": others[1],
        "cpu_seconds": seconds,
    }


def test_features(finetuner: FineTuner, data: Path) -> CachedFeatures:
    """MNIST's test part, as the finetuner's layers that stay see it."""
    import torch

    from trainer.datasets import load_test

    part = load_test("mnist", data)
    places = [finetuner.card.outputs.index(label) for label in part.labels]
    targets = torch.tensor(places)[torch.from_numpy(part.targets)]
    return finetuner.features(part.pictures, targets, torch.full((len(targets),), -1))


def _misread(recognizer: Any, rest: Hand) -> int:
    """How many; one that shows nothing is read wrongly."""
    import numpy as np

    from trainer.picture.preprocess import picture_from_drawing

    pictures = [(picture_from_drawing(drawing), label) for drawing, label in rest]
    shown = [(picture, label) for picture, label in pictures if picture is not None]
    said = recognizer.answers(np.stack([picture for picture, _ in shown])).logits.argmax(1)
    right: int = sum(
        recognizer.labels[int(place)] == label
        for place, (_, label) in zip(said, shown, strict=True)
    )
    return len(rest) - right


# --- figures


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
        f"Rows of {_SOME} writers of each site are of the first ones by name; settings were chosen by these, "
        f"too. {_about_bases({base for base, *_ in rows})} CPU seconds are the median of a personalization "
        "with its cross-validation, one thread, without what is the same for every writer. "
        "Settings were chosen by all writers of `syn` and `ibm`, "
        f"every second one of `apb`, and the first {_FIRST_TUNED} of `apb`, `app` and `apa`, which have a "
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


def _memory_rows(
    chosen: argparse.Namespace, data: Path, bases: Path, results: Results
) -> tuple[dict[str, list[tuple[int, int, int]]], dict[str, list[list[int]]]]:
    """Row title → (drawings, misread before and after) of each writer; writer → rows of own signs."""
    from trainer.base.paths import file_hash
    from trainer.models.recognizer import Recognizer
    from trainer.personalize.memory import stroke_memory as memory_module
    from trainer.personalize.memory import trajectory as trajectory_module

    hands = writers_of(data, chosen.sites)
    everyone = {writer: hand for by in hands.values() for writer, hand in by.items()}
    version = file_hash(Path(memory_module.__file__)) + file_hash(Path(trajectory_module.__file__))
    letters = personal_signs.letters_of(data / OTHERS, everyone)
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    signs: dict[str, list[list[int]]] = {}
    for fold, by_writer in hands.items():
        if not by_writer:
            continue
        weights = base_weights("scribe", fold, bases, data, chosen.device)
        recognizer = Recognizer(weights, device="cpu")
        for writer in list(by_writer)[: _least(chosen.writers)]:
            settings = {
                "weights": file_hash(weights),
                "writer": writer,
                "memory": version,
                "writers": len(everyone),
                "signs": personal_signs.OF_A_WRITER,
            }
            run = results.find(settings)
            if run is None and chosen.finished:
                continue
            if run is None:
                hand = by_writer[writer]
                samples = {per: divided(hand, per) for per in (1, 3, 5)}
                rows = personal_memory.measured(recognizer, writer, samples, hand, everyone)
                own = personal_signs.measured(recognizer, *samples[3], letters.get(writer, {}))
                run = {"settings": settings, "rows": rows, "signs": own}
                results.keep(run)
            for title, row in run["rows"].items():
                found[title].append(tuple(row))
            signs[writer] = run["signs"]
    return found, signs


# --- the program


def _options() -> argparse.ArgumentParser:
    options = parser(__doc__)
    options.formatter_class = argparse.RawDescriptionHelpFormatter
    options.add_argument("--networks", nargs="+", choices=BASES, default=list(BASES))
    options.add_argument(
        "--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS), metavar="VARIANT",
        help=", ".join(VARIANTS),
    )  # fmt: skip
    sites = [fold for fold in FOLDS if "+" not in fold]
    options.add_argument("--sites", nargs="+", choices=sites, default=sites, metavar="SITE")
    options.add_argument("--writers", type=int, help="only so many of each site")
    options.add_argument("--bases", type=Path, help="folder of the networks (in the cache folder)")
    options.add_argument(
        "--results", type=Path, help="file of finished personalizations (in the cache folder)"
    )
    options.add_argument(
        "--finished", action="store_true", help="measure nothing, only write the document"
    )
    options.add_argument("--device", default="cpu", help="of training the networks")
    options.add_argument(
        "--output", type=Path, help=f"default {DOCUMENT.relative_to(ROOT)}, with --quick none"
    )
    return options


def personalizations(
    chosen: argparse.Namespace, data: Path, bases: Path, results: Results
) -> Iterator[tuple[str, str, str, str, dict[str, Any]]]:
    """(base, variant, fold, writer, what came of it) of all that is asked for."""
    from trainer.base.paths import file_hash
    from trainer.personalize.finetuner import FineTuneConfig, FineTuner

    hands = writers_of(data, chosen.sites)
    size = (data / DIGITS).stat().st_size
    for base in chosen.networks:
        for variant in chosen.variants:
            way = VARIANTS[variant]
            config: FineTuneConfig = replace(FineTuneConfig(), **way.changes)
            for fold, by_writer in hands.items():
                if not by_writer:
                    continue
                weights = base_weights(base, fold, bases, data, chosen.device)
                identity = file_hash(weights)
                finetuner = None
                resolved = _resolved(weights, config)
                for writer in list(by_writer)[: _least(chosen.writers, way.writers)]:
                    settings = {"weights": identity, "writer": writer, "per": way.per}
                    settings |= {
                        "config": resolved,
                        "amounts": dict(PRESETS["strokes"]),
                        "bytes": size,
                        "gate": "with the memory and without",
                    }
                    run = results.find(settings)
                    if run is None and chosen.finished:
                        continue
                    if run is None:
                        if finetuner is None:
                            finetuner = FineTuner(weights, config)
                            deque(finetuner.prepare(data), maxlen=0)
                            reference = test_features(finetuner, data)
                        with tempfile.TemporaryDirectory(prefix="handwrite-") as folder:
                            found = personalize_and_read(
                                finetuner,
                                reference,
                                by_writer[writer],
                                way.per,
                                Path(folder),
                                writer,
                            )
                        run = {"settings": settings, **found}
                        results.keep(run)
                        say(
                            f"{base}, {way.title}, {writer}: {run['before']} → {run['after']} of "
                            f"{run['count']}{'' if run['kept'] else ', not kept'}"
                        )
                    yield base, variant, fold, writer, run


def _resolved(weights: Path, config: FineTuneConfig) -> dict[str, Any]:
    """A configuration with what it leaves to the network: two that mean the same are one."""
    from trainer.models.weights import load_weights
    from trainer.personalize.finetuner import suited

    resolved = asdict(suited(config, load_weights(weights)[0]))
    # Its name in the results of earlier versions.
    return {
        ("others" if name == "rehearsal_weight" else name): value
        for name, value in resolved.items()
    }


def _least(*limits: int | None) -> int | None:
    return min((limit for limit in limits if limit is not None), default=None)


def main(arguments: Sequence[str] | None = None) -> None:
    chosen = _options().parse_args(arguments)
    import torch

    torch.set_num_threads(1)
    data = data_folder().absolute()
    if not (data / DIGITS).is_file():
        sys.exit(f"{data} lacks {DIGITS}. HANDWRITE_DATA names the folder of data.")
    if chosen.quick:
        chosen.sites, chosen.writers = chosen.sites[:1], chosen.writers or 2
        chosen.networks, chosen.variants = ["cnn"], ["1"]
    bases = chosen.bases or cache_folder() / "benchmarks-bases"
    results = Results(chosen.results or cache_folder() / "benchmarks-personal.json")
    found: dict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    hands = {fold: list(by) for fold, by in writers_of(data, chosen.sites).items()}
    for base, variant, fold, writer, run in personalizations(chosen, data, bases, results):
        found[base, variant, "all"].append(run)
        if variant == "3" and hands[fold].index(writer) < _SOME:
            found[base, variant, "some"].append(run)
        if variant == "3":
            tuned = is_tuned_on(fold, writer, hands[fold])
            found[base, variant, "tuned" if tuned else "others"].append(run)
    rows = {key: Metrics.of(runs) for key, runs in found.items()}
    memory: dict[str, personal_memory.Row] = {}
    seconds: dict[int, float] = {}
    offered: dict[str, float] = {}
    signs: dict[str, list[list[int]]] = {}
    if "scribe" in chosen.networks:
        parts, signs = _memory_rows(chosen, data, bases, results)
        for per in ("1", "3", "5"):
            runs = found.get(("scribe", per, "all"), [])
            if runs:
                parts[f"{per} of each digit: fine-tuning instead"] = [
                    (r["count"], r["before"], r["after" if r["kept"] else "before"]) for r in runs
                ]
                parts[f"{per} of each digit: both"] = [
                    (
                        r["count"],
                        r["before"],
                        r[f"memory_{'after' if r['memory_kept'] else 'before'}"],
                    )
                    for r in runs
                ]
                offered[per] = statistics.fmean(r["memory_kept"] for r in runs)
        memory = {title: personal_memory.Row.of(runs) for title, runs in parts.items() if runs}
        samples = [
            one for by in writers_of(data, chosen.sites).values() for h in by.values() for one in h
        ]
        seconds = {n: personal_memory.reading_seconds(samples, n) for n in personal_memory.KEPT}
    text = document(
        rows, torch=torch.__version__, memory=memory, seconds=seconds, offered=offered, signs=signs
    )
    if chosen.json:
        print(json.dumps({"/".join(key): asdict(row) for key, row in rows.items()}))
    else:
        print(text)
    output = chosen.output or (None if chosen.quick else DOCUMENT)
    if output is not None:
        with atomic_write(output) as temporary:
            temporary.write_text(text, encoding="utf-8")
        say(f"written: {output}")


if __name__ == "__main__":
    main()
