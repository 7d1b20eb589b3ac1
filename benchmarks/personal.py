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
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import personal_memory, personal_signs
from benchmarks.networks import Results
from benchmarks.personal_document import VARIANTS, Metrics, document
from benchmarks.personal_writers import SOME, Hand, divided, is_tuned_on, writers_of
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
from benchmarks.report import parser, say
from benchmarks.surroundings import ROOT
from trainer.base.files import atomic_write
from trainer.base.paths import cache_folder, data_folder
from trainer.datasets.augmentation.spec import PRESETS

if TYPE_CHECKING:
    from trainer.personalize.cached_features import CachedFeatures
    from trainer.personalize.finetuner import FineTuneConfig, FineTuner

DOCUMENT = ROOT / "docs" / "personal.md"

#: By name: a row of benchmarks.real_hands.
BASES = {"scribe": "recipe", "cnn": "tutorial"}


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
    selection = selection_of(learned, finetuner.card.outputs)
    for event in personalize_with(
        finetuner, selection, folder / "personalized.safetensors", writer=writer
    ):
        last = event
    assert isinstance(last, PersonalizationFinished)
    seconds = time.process_time() - begun
    beside = (
        None  # the gate's verdict with the memory, which may stop at another fraction of the way
    )
    for event in personalize_with(
        finetuner, selection, folder / "beside.safetensors", writer=writer, with_memory=True
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
        if variant == "3" and hands[fold].index(writer) < SOME:
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
