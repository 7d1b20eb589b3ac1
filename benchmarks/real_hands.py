"""How digits are read that people wrote at a site of which nothing was learned: makes docs/real-hands.md.

UNIPEN's digits come from nine sites, each with tablets, people and habits of its own. A fold leaves one of
them out (the three smallest together): a network learns from all the rest and reads that site's digits, and
some of its letters and signs for the share that it refuses. A row is a way to train: the tutorials' CNN, the
recipe `digits`, and the recipe less each of its ingredients. What learns nothing of UNIPEN is trained once
and reads all sites.

Each run is a process of its own; what is finished is kept in --results, so that the program can be broken
off at any time and goes on where it was. Runs are shortened: with the default --epochs and --limit one of the
network that ships takes some three minutes of two quiet cores, reading included, and a seed has 93 of them.
Beside that every start of the program makes the pictures of BHMSDS, and of each fold, once: about a minute
each.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.networks import Results
from benchmarks.real_hands_document import Metrics, document, right_share
from benchmarks.report import parser, processor, say
from benchmarks.surroundings import ROOT, run_json_command, surroundings
from trainer.base.errors import DataError
from trainer.base.files import atomic_write
from trainer.base.labels import DIGIT_SHAPED
from trainer.base.paths import cache_folder, data_folder
from trainer.datasets.augmentation.spec import PRESETS, STROKE_AMOUNTS, parse_augmentation
from trainer.runs.recipes import RecipeSource, find_recipe

if TYPE_CHECKING:
    from trainer.models.recognizer import Recognizer

DOCUMENT = ROOT / "docs" / "real-hands.md"
EPOCHS, LIMIT = 1, 100_000
_LONGEST_RUN = 3 * 3600.0  # seconds
_QUICK = {"network": "lenet5", "epochs": 1, "limit": 1000, "validation": 500, "batch_size": 50}
_QUICK_ROWS = ("tutorial", "recipe", "no-refusing")
_QUICK_EVERY = 20  # of so many lines one is used then
_SIGNS = 4000  # about so many of a fold's letters and signs are read: some folds have 25,000

#: The sites that are left out together, the largest first.
FOLDS: dict[str, tuple[str, ...]] = {
    **{site: (site,) for site in ("syn", "apb", "ibm", "ced", "app", "apa")},
    "pri+ceb+cea": ("pri", "ceb", "cea"),
}

#: Of UNIPEN's sites, in the data folder; other lines of these are always learned from.
DIGITS, OTHERS = "unipen/digits-dev.jsonl.gz", "unipen/others-dev.jsonl.gz"

RECIPE = find_recipe("digits")


@dataclass(frozen=True, kw_only=True)
class Row:
    """A way to train. settings: of TrainConfig, all but the data. tutorial: whether its length is its own."""

    title: str
    sources: tuple[RecipeSource, ...]
    settings: Mapping[str, Any] = field(default_factory=lambda: RECIPE.settings)
    tutorial: bool = False

    @property
    def by_site(self) -> bool:
        """Whether it learns something else for every fold."""
        return any(source.file in (DIGITS, OTHERS) for source in self.sources)


def _less(what: str, is_it: Callable[[RecipeSource], bool]) -> Row:
    kept = tuple(source for source in RECIPE.sources if not is_it(source))
    return Row(title=f"less {what}", sources=kept)


def _augmented(title: str, augmentation: str) -> Row:
    settings = {**RECIPE.settings, "augmentation": augmentation}
    return Row(title=title, sources=RECIPE.sources, settings=settings)


ROWS: dict[str, Row] = {
    "tutorial": Row(
        title="the tutorials' CNN on MNIST only",
        sources=(RecipeSource(spec="mnist"),),
        settings={
            "network": "cnn",
            "epochs": 3,
            "batch_size": 64,
            "optimizer": "adam",
            "learning_rate": 1e-3,
            "schedule": "constant",
            "weight_decay": 0.0,
            "label_smoothing": 0.0,
            "augmentation": "none",
        },
        tutorial=True,
    ),
    "recipe": Row(title=f"the recipe `{RECIPE.name}`", sources=RECIPE.sources),
    "no-unipen": _less("UNIPEN's strokes", lambda source: source.file in (DIGITS, OTHERS)),
    "no-bhmsds": _less("BHMSDS", lambda source: source.file.startswith("bhmsds/")),
    "no-sketches": _less("sketches", lambda source: source.spec.endswith("sketches")),
    "no-refusing": _less(
        "scribbles and others: refuses nothing",
        lambda source: source.spec.endswith("scribbles") or "-others:" in source.spec,
    ),
    "strong": _augmented("`strong` instead of `hands`", "strong"),
    **{
        f"no-{name}": _augmented(f"less {name} (`hands,{name}=0`)", f"hands,{name}=0")
        for name in PRESETS["strokes"]
        if name in STROKE_AMOUNTS
    },
}


# --- the sites' drawings


def split_sites(data: Path, folder: Path, folds: Iterable[str], *, every: int = 1) -> None:
    """Writes for every fold what is learned without its sites and what is read of them.

    data: has DIGITS and OTHERS. Under folder/FOLD lie then those of all other sites, digits.jsonl.gz of its
    own, and, where it has any, signs.jsonl.gz: some of its others, without those that look like a digit.
    every: of so many lines one is used. Raises DataError where a fold has no digits.
    """
    fold_of = {site: fold for fold, sites in FOLDS.items() for site in sites}
    for file in (DIGITS, OTHERS):
        learned: dict[str, list[bytes]] = {fold: [] for fold in [*FOLDS, ""]}
        read: dict[str, list[bytes]] = {fold: [] for fold in [*FOLDS, ""]}
        for line in gzip.decompress((data / file).read_bytes()).splitlines():
            if line.strip():
                document = json.loads(line)
                fold = fold_of.get(document.get("site"), "")
                learned[fold].append(line)
                if document.get("label") not in DIGIT_SHAPED:
                    read[fold].append(line)
        packed = {fold: _packed(lines[::every]) for fold, lines in learned.items()}
        for fold in folds:
            path = folder / fold / file
            path.parent.mkdir(parents=True, exist_ok=True)
            # Packed files one after the other are a packed file.
            path.write_bytes(b"".join(some for other, some in packed.items() if other != fold))
            name = "digits.jsonl.gz" if file == DIGITS else "signs.jsonl.gz"
            if read[fold]:
                some = read[fold][::every]
                step = max(1, round(len(some) / _SIGNS)) if file == OTHERS else 1
                (folder / fold / name).write_bytes(_packed(some[::step]))
            elif file == DIGITS:
                raise DataError(f"{data / file} has no digits of the site {fold}")


def _packed(lines: Sequence[bytes]) -> bytes:
    return gzip.compress(b"".join(line + b"\n" for line in lines), 1, mtime=0)


def specification(sources: Iterable[RecipeSource], data: Path, fold: Path | None) -> str:
    """What a run learns from; fold: its folder of `split_sites`. Raises DataError where a file is absent."""
    specs = []
    for source in sources:
        by_site = source.file in (DIGITS, OTHERS)
        if by_site and fold is None:
            raise DataError(f"{source.file} is of sites, of which none is left out")
        folder = fold if by_site and fold is not None else data
        spec, missing = replace(RECIPE, sources=(source,)).dataset(folder)
        if missing:
            raise DataError(f"{folder} lacks {missing[0]}")
        specs.append(spec)
    return "+".join(specs)


# --- one run


def piece(
    row: str,
    fold: str,
    seed: int,
    *,
    data: Path,
    epochs: int = EPOCHS,
    limit: int = LIMIT,
    device: str = "cpu",
    quick: bool = False,
) -> dict[str, Any]:
    """A run, as it is asked for and found again: with other data, sources or amounts it is another.

    fold: a name in FOLDS, or "" where nothing is left out, and all sites are read.
    """
    from trainer.datasets.generated import identity
    from trainer.datasets.spec import GENERATED_NAMES

    chosen = ROWS[row]
    settings = {**chosen.settings, "seed": seed, "device": device}
    if not chosen.tutorial:
        settings |= {"epochs": epochs, "limit": limit}
    if quick:
        settings |= _QUICK
    files = {source.file for source in chosen.sources if source.file}
    return {
        "row": row,
        "fold": fold,
        "every": _QUICK_EVERY if quick else 1,
        "sources": [source.spec.format(path=source.file) for source in chosen.sources],
        "drawn": [identity(name) for name in GENERATED_NAMES],
        "signs": _SIGNS,
        "bytes": {file: (data / file).stat().st_size for file in sorted(files)},
        "amounts": parse_augmentation(settings["augmentation"]),
        "training": settings,
    }


def weights_name(piece: Mapping[str, Any]) -> str:
    """Of its file, without the ending: another for other data, sources or amounts."""
    facts = json.dumps(piece, sort_keys=True).encode()
    digest = hashlib.sha256(facts).hexdigest()[:8]
    return f"{piece['row']}-{piece['fold'] or 'all'}-{piece['training']['seed']}-{digest}"


def pieces(
    rows: Iterable[str], folds: Sequence[str], seeds: int, **rest: Any
) -> list[dict[str, Any]]:
    """All runs of these rows, in the order in which they are worth having. rest: as `piece` has it."""
    return [
        piece(row, fold, seed, **rest)
        for seed in range(seeds)
        for row in rows
        for fold in (folds if ROWS[row].by_site else [""])
    ]


def train_and_read(
    piece: Mapping[str, Any], data: Path, split: Path, keep: Path | None = None
) -> dict[str, Any]:
    """One run, and how its best weights read the sites that it left out.

    split: where `split_sites` wrote. keep: a folder for the weights, as `weights_name` calls them.
    """
    import torch

    from trainer.base.events import RunFinished, RunStarted
    from trainer.models.recognizer import Recognizer
    from trainer.runs.config import TrainConfig
    from trainer.training.train import train

    fold = piece["fold"]
    spec = specification(ROWS[piece["row"]].sources, data, split / fold if fold else None)
    config = TrainConfig(**piece["training"], dataset=spec)
    result: dict[str, Any] = {"torch": torch.__version__}
    with tempfile.TemporaryDirectory(prefix="handwrite-run-") as runs:
        for event in train(config, data_folder=data, runs=Path(runs)):
            if isinstance(event, RunStarted):
                result |= {"precision": event.precision, "threads": event.threads}
                result |= {"pictures": event.training_pictures, "steps": event.steps}
            elif isinstance(event, RunFinished):
                result |= {"seconds": event.seconds, "validation": event.validation.accuracy}
                weights = Path(event.weights)
                break  # the report comes after
        recognizer = Recognizer(weights, device=config.device)
        if keep is not None:
            with atomic_write(keep / f"{weights_name(piece)}.safetensors") as temporary:
                shutil.copyfile(weights, temporary)
    where = [fold] if fold else [name for name in FOLDS if (split / name).is_dir()]
    return {**result, "read": {name: read_site(recognizer, split / name) for name in where}}


def read_site(recognizer: Recognizer, folder: Path) -> dict[str, Any]:
    """Counts for one fold. classes: for every digit how many there are, and how many are read rightly;
    refused: digits that get no answer; signs, signs_refused: what is no digit; None where all is answered.

    A digit that is refused counts by its nearest guess.
    """
    from trainer.evaluation.evaluation import Predictions, evaluate_items
    from trainer.evaluation.metrics import error_of_answers
    from trainer.picture.input_files import read_items

    readings = Predictions(recognizer.labels)
    digits = evaluate_items(recognizer, read_items([folder / "digits.jsonl.gz"]), readings=readings)
    probabilities = (readings.logits / recognizer.card.temperature).softmax(1)
    found: dict[str, Any] = {
        "count": digits.count,
        "right": digits.right,
        "classes": {
            label: [sum(row), row[place]]
            for place, (label, row) in enumerate(zip(digits.labels, digits.confusion, strict=True))
        },
        "calibration_error": error_of_answers(probabilities.numpy(), readings.targets.numpy()),
        "refused": digits.refused,
        "signs": None,
        "signs_refused": None,
    }
    path = folder / "signs.jsonl.gz"
    if digits.refused is not None and path.is_file():
        signs = evaluate_items(recognizer, read_items([path]))
        found |= {"signs": signs.unknown, "signs_refused": signs.unknown_refused}
    return found


# --- the program


def _options() -> argparse.ArgumentParser:
    options = parser(__doc__)
    options.formatter_class = argparse.RawDescriptionHelpFormatter
    sites = [site for together in FOLDS.values() for site in together]
    options.add_argument("--rows", nargs="+", choices=ROWS, metavar="ROW", help=", ".join(ROWS))
    options.add_argument(
        "--sites", nargs="+", choices=sites, metavar="SITE", help=f"left out: {', '.join(sites)}"
    )
    options.add_argument("--folds", type=int, help="leave out only so many, the largest")
    options.add_argument("--seeds", type=int, default=1, help="default %(default)s")
    options.add_argument("--epochs", type=int, default=EPOCHS, help="default %(default)s")
    options.add_argument(
        "--limit", type=int, default=LIMIT, help="training pictures; default %(default)s, 0: all"
    )
    options.add_argument("--device", default="cpu", help="default %(default)s")
    options.add_argument("--results", type=Path, help="file of finished runs (in the cache folder)")
    options.add_argument("--weights", type=Path, help="folder in which the best weights are kept")
    options.add_argument("--again", action="store_true", help="also runs that are finished")
    options.add_argument(
        "--output", type=Path, help=f"default {DOCUMENT.relative_to(ROOT)}, with --quick none"
    )
    options.add_argument("--one", help=argparse.SUPPRESS)
    options.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options.add_argument("--split", type=Path, help=argparse.SUPPRESS)
    return options


def chosen_folds(sites: Sequence[str] | None, most: int | None) -> list[str]:
    """The folds that have one of the sites, and of these so many; all where nothing is said."""
    found = [fold for fold in FOLDS if sites is None or set(FOLDS[fold]) & set(sites)]
    return found[:most]


def main(arguments: Sequence[str] | None = None) -> None:
    chosen = _options().parse_args(arguments)
    if chosen.one:
        one = json.loads(chosen.one)
        print(json.dumps(train_and_read(one, chosen.folder, chosen.split, chosen.weights)))
        return

    data = data_folder().absolute()
    if missing := RECIPE.dataset(data)[1]:
        sys.exit(f"{data} lacks {'; '.join(missing)}. HANDWRITE_DATA names the folder of data.")
    results = Results(chosen.results or cache_folder() / "benchmarks-real-hands.json")
    output = chosen.output or (None if chosen.quick else DOCUMENT)
    folds = chosen_folds(chosen.sites, chosen.folds or (1 if chosen.quick else None))
    rest = {name: getattr(chosen, name) for name in ("epochs", "limit", "device", "quick")}
    wanted = pieces(
        chosen.rows or (_QUICK_ROWS if chosen.quick else ROWS),
        folds,
        chosen.seeds,
        data=data,
        **rest,
    )
    failed = _run_all(wanted, results, data, again=chosen.again, keep=chosen.weights)
    finished: dict[str, list[dict[str, Any]]] = {}
    for one in pieces(ROWS, folds, chosen.seeds, data=data, **rest):
        if found := results.find(one):
            finished.setdefault(one["row"], []).append(found)
    settings = RECIPE.settings
    length = _length(chosen.epochs, chosen.limit)
    shipped = _length(settings["epochs"], settings.get("limit", 0))
    titles = {row: ROWS[row].title for row in ROWS}
    text = document(finished, titles, folds, length=length, shipped=shipped, quick=chosen.quick)
    if chosen.json:
        rows = {row: asdict(Metrics.of(runs, folds)) for row, runs in finished.items()}
        print(json.dumps({"processor": processor(), "length": length, "rows": rows}))
    else:
        print(text)
    if output is not None:
        with atomic_write(output) as temporary:
            temporary.write_text(text, encoding="utf-8")
        say(f"written: {output}")
    sys.exit(1 if failed else 0)


def _length(epochs: int, limit: int) -> str:
    passes = f"{epochs} epoch{'s' if epochs > 1 else ''}"
    return f"{passes} of {limit:,} pictures" if limit else f"{passes} of all pictures"


def _run_all(
    wanted: Sequence[Mapping[str, Any]],
    results: Results,
    data: Path,
    *,
    again: bool,
    keep: Path | None,
) -> list[str]:
    """Runs what is not finished; the names of those that failed."""
    left = [one for one in wanted if again or not results.find(one)]
    say(f"{len(wanted) - len(left)} of {len(wanted)} runs were finished before")
    failed: list[str] = []
    if not left:
        return failed
    with surroundings("offscreen") as environment:
        split = Path(environment["HANDWRITE_HOME"]) / "split"
        # What is trained once reads all of them, whichever are chosen now.
        split_sites(data, split, FOLDS, every=left[0]["every"])
        for number, one in enumerate(left, 1):
            name = f"{number}/{len(left)} {one['row']}, {one['fold'] or 'all sites'}"
            name += f", seed {one['training']['seed']}"
            command = [sys.executable, "-m", "benchmarks.real_hands", "--one", json.dumps(one)]
            command += ["--folder", str(data), "--split", str(split)]
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                command += ["--weights", str(keep.absolute())]
            try:
                run = json.loads(run_json_command(command, environment, timeout=_LONGEST_RUN))
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                say(f"{name}: {error}")
                failed.append(name)  # the others are still worth having
                continue
            results.keep({**run, "settings": dict(one)})
            sites = run["read"].values()
            say(f"{name}: {right_share(sites):.2%}, {run['seconds']:.0f} s")
    return failed


if __name__ == "__main__":
    main()
