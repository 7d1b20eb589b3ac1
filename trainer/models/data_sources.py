"""The data that a network was trained on, as its weights card lists it.

Cards of earlier versions hold an English sentence instead, which is taken apart here once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from trainer.base.errors import ConfigError
from trainer.datasets.spec import DATASET_NAMES, GENERATED_NAMES, Term, parse_spec

#: DataSource.kind of a writer's drawings, on which a personalized network was fine-tuned.
WRITER = "writer"

_CITATIONS = {
    "mnist": "LeCun, Cortes, Burges: The MNIST database of handwritten digits, 1998",
    "emnist": "Cohen, Afshar, Tapson, van Schaik: EMNIST: an extension of MNIST to handwritten letters, "
    "IJCNN 2017",
    "qmnist": "Yadav, Bottou: Cold case: the lost MNIST digits, NeurIPS 2019",
    "usps": "Hull: A database for handwritten text recognition research, IEEE PAMI 16(5), 1994",
}

# The sentence: "mnist+2*sketches, 60,000 training pictures; then 30 drawings by Ada; then …"
_IMAGES = re.compile(r"(?P<spec>.+), (?P<count>[\d,]+) training pictures")
_DRAWINGS = re.compile(r"(?P<count>[\d,]+) drawings by (?P<writer>.+)")
_THEN = "; then "
_UNNAMED = "one writer"


@dataclass(frozen=True, kw_only=True)
class DataSource:
    """kind: "published", "synthetic", WRITER, or that of a file: "strokes", "folder", "npz".

    name: the data set's, the file's or the writer's, "" for an unnamed writer. title: how people call it, ""
    for its name. selection: one of trainer.datasets.spec.SELECTIONS where only those count. weight: how
    often an image is seen in an epoch. count: its training images or drawings, None where it is not known.
    citation: its publication.
    """

    name: str
    kind: str
    title: str = ""
    selection: str = ""
    weight: float = 1.0
    count: int | None = None
    citation: str = ""


def sources_of(spec: str, counts: Sequence[int] | None = None) -> tuple[DataSource, ...]:
    """The sources of a specification of data, see trainer.datasets.spec. counts: training images of each."""
    terms = parse_spec(spec)
    known = counts if counts is not None else [None] * len(terms)
    return tuple(_source(term, count) for term, count in zip(terms, known, strict=True))


def prose(sources: Sequence[DataSource], images: int) -> str:
    """The sentence that earlier versions read."""
    base = "+".join(_spec(source) for source in sources if source.kind != WRITER)
    sentence = f"{base}, {images:,} training pictures"
    for source in sources:
        if source.kind == WRITER:
            sentence = with_writer(sentence, source.name, source.count or 0)
    return sentence


def with_writer(sentence: str, writer: str, drawings: int) -> str:
    """The sentence with a writer's drawings after it."""
    return f"{sentence}{_THEN}{drawings:,} drawings by {writer or _UNNAMED}"


def parsed(sentence: str) -> tuple[tuple[DataSource, ...], int]:
    """The sources of such a sentence, and the number of training images; none where it is another."""
    first, *rest = sentence.split(_THEN)
    images = _IMAGES.fullmatch(first)
    drawings = [_DRAWINGS.fullmatch(part) for part in rest]
    if images is None or None in drawings:
        return (), 0
    count = _number(images["count"])
    try:
        base = sources_of(images["spec"])
    except ConfigError:
        base = (DataSource(name=images["spec"], kind="published"),)
    if len(base) == 1:
        base = (replace(base[0], count=count),)
    writers = tuple(
        DataSource(
            name="" if found["writer"] == _UNNAMED else found["writer"],
            kind=WRITER,
            count=_number(found["count"]),
        )
        for found in drawings
        if found is not None
    )
    return (*base, *writers), count


def _source(term: Term, count: int | None) -> DataSource:
    if term.path is not None:
        kind, name = term.name, term.path.name
    else:
        kind = "synthetic" if term.name in GENERATED_NAMES else "published"
        name = term.name
    family = term.name.partition("-")[0] if term.name in DATASET_NAMES else ""
    return DataSource(
        name=name,
        kind=kind,
        selection=term.selection,
        weight=term.weight,
        count=count,
        citation=_CITATIONS.get(family, ""),
    )


def _spec(source: DataSource) -> str:
    """As it stands in a specification of data."""
    if source.kind in ("published", "synthetic"):
        weight = "" if source.weight == 1 else f"{source.weight:.15g}*"
        return f"{weight}{source.name}"
    return str(
        Term(
            name=source.kind,
            path=Path(source.name),
            selection=source.selection,
            weight=source.weight,
        )
    )


def _number(digits: str) -> int:
    return int(digits.replace(",", ""))
