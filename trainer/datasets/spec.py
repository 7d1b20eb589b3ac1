"""What data a run learns from, as a text: names, kinds of files, and mixtures of them. Quick to import.

    SPEC    SOURCE, or several joined by +:        mnist+2*strokes:mine.jsonl
    SOURCE  a name, or KIND:PATH, either with a weight before it:        0.5*mnist
    KIND    strokes, folder, npz or csv; with -digits only those of its labels count, with -letters only
            letters, both cases as one, with -characters digits and letters of either case; with -others only
            those that are no digits and do not look like one, with -symbols only those that are no characters
            and do not look like one, as examples to reject

A weight says how many times a picture of the source is seen in an epoch, on average. It can only stand
before a source, where no path begins, so a * in a path is a *. A + always separates; a + in a path is
written twice: strokes:c++++/x.jsonl is the file c++/x.jsonl.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
import re
from dataclasses import dataclass
from pathlib import Path

from trainer.base.errors import ConfigError, DataError
from trainer.base.messages import Message
from trainer.base.paths import expanded

#: Published data sets, which are downloaded where they are absent.
DATASET_NAMES = (
    "mnist",
    "emnist-digits",
    "emnist-letters",
    "emnist-balanced",
    "emnist-byclass",
    "qmnist",
    "usps",
)

#: Drawings that the program makes itself which show no digit: examples to reject.
NEGATIVES = "scribbles"

#: The like that show no letter either.
LETTER_NEGATIVES = "letter-scribbles"

#: Drawings that the program makes itself: digits and letters, and examples to reject for either.
GENERATED_NAMES = ("sketches", NEGATIVES, "letter-sketches", LETTER_NEGATIVES)

#: Kinds of files and folders of one's own.
DATASET_KINDS = ("strokes", "folder", "npz", "csv")

#: Kinds by the end of a file's name.
_KIND_OF_SUFFIX = {
    ".jsonl": "strokes",
    ".jsonl.gz": "strokes",
    ".ndjson": "strokes",
    ".ndjson.gz": "strokes",
    ".npz": "npz",
    ".csv": "csv",
    ".csv.gz": "csv",
    ".tsv": "csv",
    ".tsv.gz": "csv",
}

#: What may stand behind a kind, as in strokes-digits:FILE: the labels that count.
SELECTIONS = ("digits", "letters", "others", "characters", "symbols")

#: Selections of one file that have no drawing in common.
_DISJOINT = ({"digits", "others"}, {"characters", "symbols"})

#: All that there is, as a list of choices shows it.
SOURCES = (*DATASET_NAMES, *GENERATED_NAMES, *(f"{kind}:PATH" for kind in DATASET_KINDS), "A+2*B")

_MOST_WEIGHT = 1000.0
_NAMES = (*DATASET_NAMES, *GENERATED_NAMES)
_KINDS = {f"{kind}{of}" for kind in DATASET_KINDS for of in ("", *(f"-{s}" for s in SELECTIONS))}
_WEIGHT = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\*")
_HEAD = re.compile(
    rf"\s*(?:{_WEIGHT.pattern})?"
    rf"(?:(?:{'|'.join(_NAMES)})\s*(?:[+*]|$)|(?:{'|'.join(_KINDS)}):)"
)
_GRAMMAR = Message.of(
    "data.grammar",
    "Data are {names}, {kinds} (or strokes-digits:PATH, strokes-letters:PATH, strokes-characters:PATH, "
    "strokes-others:PATH, strokes-symbols:PATH and so on), or several of them joined by +, each with a "
    "weight before it if it is to count more or less: mnist+2*strokes:mine.jsonl. A + that belongs to a path "
    "is written twice.",
    names=", ".join(_NAMES),
    kinds=", ".join(f"{kind}:PATH" for kind in DATASET_KINDS),
)


@dataclass(frozen=True, kw_only=True)
class Term:
    """One source of a mixture. path is None for a published data set; selection is "" for all labels."""

    name: str  # a data set's name, or a kind
    path: Path | None = None
    selection: str = ""
    weight: float = 1.0

    def __str__(self) -> str:
        weight = "" if self.weight == 1 else f"{self.weight:.15g}*"
        if self.path is None:
            return f"{weight}{self.name}"
        kind = f"{self.name}-{self.selection}" if self.selection else self.name
        return f"{weight}{kind}:{str(self.path).replace('+', '++')}"


def is_spec(text: str) -> bool:
    """Whether it begins as a specification does, be it right or wrong. Otherwise it may be a path."""
    return _HEAD.match(text) is not None


def kind_of_file(path: Path) -> str:
    """The kind of a file of one's own by its name; "" where that does not say it."""
    name = path.name.lower()
    return next((kind for end, kind in _KIND_OF_SUFFIX.items() if name.endswith(end)), "")


def endings_of_files() -> tuple[str, ...]:
    """Of files of one's own, as in ".npz"."""
    return tuple(_KIND_OF_SUFFIX)


def check_spec(spec: str) -> None:
    """Raises ConfigError, which shows how it is written, where it is no specification of data.

    Whether its files exist is not looked at: a run's settings can be read where its data are gone.
    """
    parse_spec(spec)


def check_path(term: Term) -> None:
    """Whether the file or folder of a source is there; what is in it is not looked at.

    Raises DataError where it is not, or is the other one of them, OSError where that cannot be looked up.
    """
    path = term.path
    if path is None:
        return
    if not path.exists():
        raise DataError(
            "data.file-not-found", "{path} does not exist: check its name and folder", path=path
        )
    if term.name == "folder" and not path.is_dir():
        raise DataError(
            "data.no-folder",
            "{path} is no folder: folder:DIR wants one with images in it",
            path=path,
        )
    if term.name != "folder" and path.is_dir():
        raise DataError(
            "data.is-folder",
            "{path} is a folder, {kind}:FILE wants a file: try folder:{path}",
            path=path,
            kind=term.name,
        )


def parse_spec(spec: str) -> tuple[Term, ...]:
    """The sources of a specification, in its order. Raises ConfigError as check_spec does."""
    # Doubled first, from the left: in "a+++b" it is "a+" and "b".
    pieces = [piece.replace("\0", "+") for piece in spec.replace("++", "\0").split("+")]
    terms = tuple(_term(piece, spec) for piece in pieces)
    for one, other in itertools.combinations(terms, 2):
        same = (one.name, one.path) == (other.name, other.path)
        # Drawings that two selections have in common would be counted twice.
        if same and {one.selection, other.selection} not in _DISJOINT:
            raise ConfigError(
                "data.named-twice",
                "{spec!r} names {source} twice: give it a weight instead, as in 2*{name}. {grammar}",
                spec=spec,
                source=one.name if one.path is None else one.path,
                name=one.name,
                grammar=_GRAMMAR,
            )
    return terms


def absolute_spec(spec: str) -> str:
    """The same with its paths spelled out, so that it means the same wherever it is read again."""
    terms = parse_spec(spec)
    if all(term.path is None for term in terms):
        return spec
    return "+".join(
        str(
            Term(
                name=term.name,
                path=None if term.path is None else term.path.absolute(),
                selection=term.selection,
                weight=term.weight,
            )
        )
        for term in terms
    )


def title_of(spec: str) -> str:
    """What a network's card says that it learned from: files by their names, no folders of anybody's."""
    terms = parse_spec(spec)
    return "+".join(
        str(dataclasses.replace(term, path=term.path and Path(term.path.name))) for term in terms
    )


def _term(piece: str, spec: str) -> Term:
    weight = 1.0
    source = piece.strip()
    if found := _WEIGHT.match(source):
        weight, source = float(found[1]), source[found.end() :]
        if not (math.isfinite(weight) and 0 < weight <= _MOST_WEIGHT):
            raise ConfigError(
                "data.weight-out-of-range",
                "{source!r}: a weight is more than 0 and at most {most:g}. {grammar}",
                source=piece,
                most=_MOST_WEIGHT,
                grammar=_GRAMMAR,
            )
    if source in _NAMES:
        return Term(name=source, weight=weight)
    kind, colon, path = source.partition(":")
    if colon and kind in _KINDS:
        if not path:
            raise ConfigError(
                "data.no-path",
                "{source!r} names no file: {kind}:PATH is wanted. {grammar}",
                source=piece,
                kind=kind,
                grammar=_GRAMMAR,
            )
        name, _, selection = kind.partition("-")
        return Term(name=name, path=expanded(path), selection=selection, weight=weight)
    name, star, _ = source.partition("*")
    if star and name in _NAMES:
        raise ConfigError(
            "data.weight-behind",
            "{source!r}: a weight stands before, as in 0.5*{name}. {grammar}",
            source=piece,
            name=name,
            grammar=_GRAMMAR,
        )
    head = kind.partition("-")[0]
    if colon and re.fullmatch(r"[A-Za-z][\w-]+", kind) and head not in (*_NAMES, *DATASET_KINDS):
        raise ConfigError(
            "data.unknown-kind",
            "there is no kind of data {kind!r}: kinds are {kinds}, each also with -digits, -letters, "
            "-characters, -others or -symbols behind it. {grammar}",
            kind=kind,
            kinds=", ".join(DATASET_KINDS),
            grammar=_GRAMMAR,
        )
    if piece != spec:
        raise ConfigError(
            "data.unknown-name-in",
            "there is no data set named {name!r} in {spec!r}. {grammar}",
            name=piece,
            spec=spec,
            grammar=_GRAMMAR,
        )
    raise ConfigError(
        "data.unknown-name",
        "there is no data set named {name!r}. {grammar}",
        name=piece,
        grammar=_GRAMMAR,
    )
