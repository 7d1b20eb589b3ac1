"""How well networks read what is turned, stretched, trembled, badly photographed, …, by how much it is:
makes docs/robustness.md and its plot. Everything goes through the program's own recipe for pictures, as a
user's drawing or photograph does.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.disturbances import OF_STROKES, Kind
from benchmarks.panels import MOST_NAMES
from benchmarks.photographs import OF_DRAWINGS, OF_PICTURES, Shot
from benchmarks.report import parser, processor, say
from benchmarks.robustness_document import Dose, Measured, Network, Reading, Result, document, plot
from benchmarks.surroundings import ROOT
from trainer.base.errors import HandwriteError, PictureError
from trainer.base.files import atomic_write
from trainer.base.paths import data_folder
from trainer.picture.preprocess import SIZE
from trainer.picture.strokes import Drawing, Stroke

DOCUMENT = "robustness.md"
PLOT = "robustness.svg"
#: The heading of the part that benchmarks.surrounded_digits makes, the last one.
SURROUNDED = "## One digit among other things"
_TABLETS = Path("unipen") / "digits-dev.jsonl.gz"
_DRAWINGS, _PHOTOGRAPHS, _QUICK = 1000, 250, 50  # at most
_SEED = 0

#: By the name that a source has for them.
KINDS: dict[str, Kind[Any]] = {
    "strokes": OF_STROKES,
    "drawings": OF_DRAWINGS,
    "pictures": OF_PICTURES,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class Source:
    """What is disturbed and read. kind: a key of KINDS. labels: what each of the subjects is."""

    kind: str
    title: str
    about: str
    subjects: Sequence[Any]
    labels: tuple[str, ...]


# --- what is read


def sources(folder: Path, *, drawings: int, photographs: int) -> Iterator[Source]:
    """Strokes, photographs of the same drawings, and photographs of MNIST's test pictures: at most so many,
    chosen by chance. Without the tablets' file the program's own drawings; without MNIST no third."""
    random = np.random.default_rng(_SEED)
    path = folder / _TABLETS
    if path.is_file():
        labels, written = _kept_apart(path, random, max(drawings, photographs))
        title = "Digits from tablets"
        about = (
            "UNIPEN train_r01_v07 (Guyon, Schomaker, Plamondon, Liberman, Janet, ICPR 1994): drawings by "
            "the tenth of the writers that is kept apart as a test part."
        )
    else:
        from trainer.synthetic.synthetic_digits import synthetic_digits

        labelled = synthetic_digits(max(drawings, photographs), seed=_SEED)
        labels = tuple(label for label, _ in labelled)
        written = [drawing for _, drawing in labelled]
        title = "The program's own drawings of digits"
        about = "Made by `trainer.synthetic.synthetic_digits`: the file of digits from tablets was not there."
    yield Source(
        kind="strokes",
        title=title,
        about=about,
        subjects=written[:drawings],
        labels=labels[:drawings],
    )
    shot = Shot()
    how = (
        f"{shot.pixels} × {shot.pixels} grey pixels, dark on light with {100 * shot.contrast:.0f} % of the "
        f"full contrast, noise of {shot.noise:g} grey levels, JPEG of quality {shot.quality}"
    )
    yield Source(
        kind="drawings",
        title="Photographs of the same drawings",
        about=f"Painted by Pillow with a pen of {100 * shot.pen:.0f} % of their size: {how}.",
        subjects=written[:photographs],
        labels=labels[:photographs],
    )
    if (folder / "MNIST" / "raw").is_dir():
        from trainer import datasets

        part = datasets.load_test("mnist", folder)
        rows = random.permutation(len(part))[:photographs]
        yield Source(
            kind="pictures",
            title="Photographs of MNIST's test pictures",
            about=f"Enlarged smoothly from 28 × 28 pixels: {how}.",
            subjects=list(part.pictures[rows]),
            labels=tuple(part.labels[target] for target in part.targets[rows]),
        )


def _kept_apart(
    path: Path, random: np.random.Generator, most: int
) -> tuple[tuple[str, ...], list[Drawing]]:
    """Labels and drawings of digits by the writers that no run learns from or is judged by."""
    from trainer.datasets import DIGITS, own
    from trainer.datasets.spec import parse_spec

    # A + in a path is written twice.
    (term,) = parse_spec(f"strokes-digits:{str(path).replace('+', '++')}")
    pool = own.pool(term)
    drawings = pool.drawings
    assert drawings is not None
    assert pool.rows is not None
    rows = np.setdiff1d(np.flatnonzero(np.isin(drawings.labels, DIGITS)), pool.rows)
    rows = random.permutation(rows)[:most]
    last_stroke = np.cumsum(drawings.strokes_of_drawing)
    last_point = np.cumsum(drawings.points_of_stroke)
    found = []
    for row in rows:
        strokes = range(last_stroke[row] - drawings.strokes_of_drawing[row], last_stroke[row])
        ends = [(last_point[s] - drawings.points_of_stroke[s], last_point[s]) for s in strokes]
        found.append(Drawing(tuple(Stroke.make(drawings.points[a:b]) for a, b in ends)))
    return tuple(drawings.labels[rows].tolist()), found


def networks(others: Sequence[str]) -> dict[str, Path]:
    """The networks of digits that ship, and others by name or file: the names in the document and the files.

    Raises WeightsError for one that there is not.
    """
    from trainer.base.labels import DIGITS
    from trainer.models.weights import find_weights, stored_weights

    paths = [
        entry.path
        for entry in stored_weights()
        if entry.shipped and entry.card is not None and entry.card.labels == DIGITS
    ]
    paths += [find_weights(other) for other in others]
    found: dict[str, Path] = {}
    for path in paths:
        if path.resolve() in {other.resolve() for other in found.values()}:
            continue
        # The weights of a run are all called the same: then its folder tells.
        name = path.stem if path.stem not in found else f"{path.resolve().parent.name}/{path.stem}"
        found[name] = path
    return found


# --- measuring

Pictures = NDArray[np.uint8]  # (N, 28, 28)
_source: tuple[str, Sequence[Any]] = ("", ())  # kind and subjects, in a process that makes pictures


def _take(kind: str, subjects: Sequence[Any]) -> None:
    global _source
    _source = kind, subjects


def pictures_of(work: tuple[int, float] | None) -> tuple[Pictures, NDArray[np.bool_]]:
    """All subjects' pictures, and which of them show something. work: the place of a disturbance among its
    kind's and a strength; None: undisturbed. A subject's chance is the same in all of them."""
    kind, subjects = KINDS[_source[0]], _source[1]
    made = np.zeros((len(subjects), SIZE, SIZE), np.uint8)
    seen = np.zeros(len(subjects), np.bool_)
    for row, subject in enumerate(subjects):
        random = np.random.default_rng((_SEED, row))
        try:
            if work is None:
                picture = kind.undisturbed(subject, random)
            else:
                picture = kind.disturbances[work[0]].picture(subject, work[1], random)
        except PictureError:  # taken for several drawings, say: a person gets no answer either
            continue
        if picture is not None:
            made[row], seen[row] = picture, True
    return made, seen


class Reader:
    """A network and what it says to pictures with known labels."""

    def __init__(self, path: Path) -> None:
        from trainer.models.recognizer import Recognizer

        self._recognizer = Recognizer(path, device="cpu")
        card = self._recognizer.card
        self.network = Network(
            about=f"`{card.architecture}`, learned from {card.data}",
            refuses=card.threshold is not None,
        )

    def guesses(
        self, pictures: Pictures, seen: NDArray[np.bool_]
    ) -> tuple[NDArray[np.str_], NDArray[np.bool_]]:
        """The nearest label of each picture, "" where nothing is seen, and whether it is answered."""
        answers = self._recognizer.answers(pictures)
        labels = np.array(self._recognizer.labels)[answers.probabilities.argmax(1)]
        answered = seen.copy()
        if answers.is_digit is not None:
            answered &= answers.is_digit >= self._recognizer.threshold
        return np.where(seen, labels, ""), answered


def measure(source: Source, readers: Mapping[str, Reader], *, processes: int = 1) -> Result:
    """Every disturbance of the source's kind at every strength, read by every network."""
    disturbances = KINDS[source.kind].disturbances
    works = [
        (number, strength)
        for number, disturbance in enumerate(disturbances)
        for strength in disturbance.strengths
        if strength != disturbance.none
    ]
    labels = np.array(source.labels)
    measured = []
    with _workers(source, processes) as run:
        made = run([None, *works])
        pictures, seen = next(made)
        before = {name: reader.guesses(pictures, seen) for name, reader in readers.items()}

        def dose(changed: Pictures, seen: NDArray[np.bool_]) -> Dose:
            apart = np.abs(changed.astype(np.int16) - pictures).max(axis=(1, 2))
            return Dose(
                same_pictures=int((apart == 0).sum()),
                farthest_pixel=int(apart.max()),
                readings={
                    name: _reading(reader.guesses(changed, seen), before[name][0], labels)
                    for name, reader in readers.items()
                },
            )

        none = dose(pictures, seen)
        for disturbance in disturbances:
            doses = [
                none if strength == disturbance.none else dose(*next(made))
                for strength in disturbance.strengths
            ]
            measured.append(Measured(disturbance=disturbance, doses=tuple(doses)))
            say(f"{source.title}: {disturbance.title}")
    return Result(
        title=source.title,
        about=source.about,
        count=len(labels),
        undisturbed=none.readings,
        measured=tuple(measured),
    )


Made = Iterator[tuple[Pictures, NDArray[np.bool_]]]


@contextmanager
def _workers(
    source: Source, processes: int
) -> Iterator[Callable[[Iterable[tuple[int, float] | None]], Made]]:
    """A way to map pictures_of over works, in order: here, or in processes of their own, which are gone
    afterwards. Fresh ones, as a fork of torch's threads is none that can be relied on."""
    if processes < 2:
        _take(source.kind, source.subjects)
        yield lambda works: map(pictures_of, works)
        return
    pool = ProcessPoolExecutor(
        processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_take,
        initargs=(source.kind, source.subjects),
    )
    try:
        yield lambda works: pool.map(pictures_of, works)
    finally:
        pool.shutdown(cancel_futures=True)  # who breaks it off does not wait for the rest


def _reading(
    guessed: tuple[NDArray[np.str_], NDArray[np.bool_]],
    before: NDArray[np.str_],
    labels: NDArray[np.str_],
) -> Reading:
    guesses, answered = guessed
    right = guesses == labels
    return Reading(
        right=int(right.sum()),
        answered=int(answered.sum()),
        rightly_answered=int((right & answered).sum()),
        unchanged=int((guesses == before).sum()),
    )


def main() -> None:
    options = parser(__doc__)
    options.add_argument(
        "--weights",
        nargs="+",
        default=[],
        metavar="NAME|FILE",
        help="networks to stand beside those that ship",
    )
    options.add_argument(
        "--data-folder",
        type=Path,
        help="folder with unipen/ and MNIST/ (default: HANDWRITE_DATA, else the cache folder)",
    )
    options.add_argument(
        "--limit", type=int, metavar="N", help="at most so many drawings of each kind"
    )
    options.add_argument(
        "--processes",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="that make pictures; default: as many as there are cores",
    )
    options.add_argument(
        "--output", type=Path, metavar="FOLDER", help="default docs, with --quick none"
    )
    chosen = options.parse_args()
    if chosen.limit is not None and chosen.limit < 1:
        options.error("--limit wants at least 1")
    output = chosen.output or (None if chosen.quick else ROOT / "docs")
    most = chosen.limit or (_QUICK if chosen.quick else _DRAWINGS)
    try:
        paths = networks(chosen.weights)
        if not 1 <= len(paths) <= MOST_NAMES:
            options.error(f"{len(paths)} networks; one plot has room for 1 to {MOST_NAMES}")
        readers = {name: Reader(path) for name, path in paths.items()}
        results = [
            measure(source, readers, processes=chosen.processes)
            for source in sources(
                data_folder(chosen.data_folder),
                drawings=most,
                photographs=min(most, _PHOTOGRAPHS),
            )
        ]
    except HandwriteError as error:
        sys.exit(str(error))
    import torch

    known = {name: reader.network for name, reader in readers.items()}
    conditions = [processor(), f"torch {torch.__version__}", f"seed {_SEED}"]
    text = document(results, known, conditions=conditions, picture=PLOT, quick=chosen.quick)
    if chosen.json:
        found = {
            "benchmark": "robustness",
            "conditions": conditions,
            "networks": {name: asdict(network) for name, network in known.items()},
            "sources": [result.to_json() for result in results],
        }
        print(json.dumps(found, ensure_ascii=False))
    else:
        print(text)
    if output is not None:
        # The last part of the document is made by another benchmark, and stays.
        before = output / DOCUMENT
        old = before.read_text(encoding="utf-8") if before.is_file() else ""
        if SURROUNDED in old:
            text = f"{text.rstrip()}\n\n{old[old.index(SURROUNDED) :]}"
        for name, content in ((DOCUMENT, text), (PLOT, plot(results, known))):
            with atomic_write(output / name) as temporary:
                temporary.write_text(content, encoding="utf-8")
            say(f"written: {output / name}")


if __name__ == "__main__":
    main()
