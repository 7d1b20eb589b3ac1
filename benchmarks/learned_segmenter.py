"""The learned segmenter (benchmarks.segmenter) against the rules that find one digit's ink, and both at once.

Run as ``python -m benchmarks.learned_segmenter``: it trains the segmenter first. The test images are of
kinds that it learned from, of other drawings and seeds. With HANDWRITE_DATA their digits are those of tablets
by writers whom nothing learned from, else the program's own.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
from PIL import Image

from benchmarks.disturbances import Random
from benchmarks.photographs import Shot
from benchmarks.picture_kinds import KINDS, by_hand, several
from benchmarks.report import parser
from benchmarks.robustness import sources
from benchmarks.scenes import Plane, Unseen, Written
from benchmarks.segmenter import (
    Maker,
    Segmenter,
    examples,
    ink_by_mask,
    mask_of,
    photographed,
    sureness,
    trained,
)
from benchmarks.surroundings import ROOT
from trainer.base.errors import PictureError
from trainer.base.paths import data_folder
from trainer.models.recognizer import Recognizer
from trainer.picture.images.image_file import grey_of
from trainer.picture.images.ink import written
from trainer.picture.images.several_drawings import shows_several
from trainer.picture.preprocess import Picture, picture_from_ink

_SEED = 31  # of benchmarks.surrounded_digits
_REFUSED = "refused"
_SEVERAL = "image.several-drawings"
_SMALL = 56  # pixels a side
_SURE = 0.8  # so sure is the mask where it is believed more than the rules, …
_OTHER = 0.35  # … if less of the ink than this is common to both

Kind = tuple[str, Sequence[Image.Image], Sequence[str | None]]  # title, images, what is right
Found = Picture | str | None  # what is read, an error's code, or nothing
Tally = tuple[int, int, int]  # right, without an answer, wrong


# --- images


def _shooting(shot: Shot) -> Maker:
    return lambda subject, random: photographed(subject, random, shot)


def makers() -> dict[str, tuple[str, Maker]]:
    """The kinds of images by name: their title and what makes one."""
    found: dict[str, tuple[str, Maker]] = {"by hand": ("Cropped by hand from clean paper", by_hand)}
    found |= {kind.name: (kind.title, kind.make) for kind in KINDS}
    shots = {
        "Photograph of plain paper": Shot(),
        "Photograph, light on dark, 40 % contrast": Shot(contrast=-0.4),
        "Photograph, light falls by 80 %": Shot(light=0.8),
        "Photograph, beyond an edge 30 % of the light is lost": Shot(shadow=0.3),
        "Photograph, beyond an edge 60 % of the light is lost": Shot(shadow=0.6),
    }
    return found | {title: (title, _shooting(shot)) for title, shot in shots.items()}


def kinds(subjects: Sequence[Written], labels: Sequence[str], seed: int = _SEED) -> list[Kind]:
    """Images of every kind, of no digit, and of several."""

    def random(name: str, index: int) -> Random:
        return np.random.default_rng([seed, zlib.crc32(name.encode()), index])

    every = makers()
    found: list[Kind] = [
        (title, [make(s, random(name, i)) for i, s in enumerate(subjects)], labels)
        for name, (title, make) in every.items()
    ]
    names = list(every)
    empty = []
    for i, subject in enumerate(subjects):
        name = names[i % len(names)]
        empty.append(every[name][1](Unseen(subject), random(name, i)))
    found.append(("All of these kinds without a digit", empty, [None] * len(empty)))
    chance = np.random.default_rng(seed)
    sheets = [
        several([subjects[j] for j in chance.permutation(len(subjects))[: 2 + i % 3]], chance)
        for i in range(len(subjects))
    ]
    found.append(("Two to four digits", sheets, [_SEVERAL] * len(sheets)))
    return found


# --- comparison


def by_rules(grey: Plane) -> Found:
    try:
        ink = written(grey)
    except PictureError as error:
        return error.code
    return None if ink is None else picture_from_ink(ink)


def by_mask(grey: Plane, mask: Plane) -> Found:
    ink = ink_by_mask(grey, mask)
    if ink is None:
        return None
    if shows_several(ink):
        return _SEVERAL
    return picture_from_ink(np.rint(ink).astype(np.uint8))


def common(one: Found, other: Found) -> float:
    """0…1: how much of two pictures' ink is common; 1 where neither is a picture."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return float(np.minimum(one, other).sum() / np.maximum(one, other).sum())
    return float(type(one) is type(other))


def by_both(grey: Plane, mask: Plane, rules: Found, learned: Found) -> Found:
    """The rules' picture, but the mask's where that is sure of another one, in images that are not tiny."""
    doubted = max(grey.shape) > _SMALL and sureness(mask) >= _SURE and learned is not None
    return learned if doubted and common(rules, learned) < _OTHER else rules


def found_in(image: Image.Image, model: Segmenter) -> tuple[Found, Found, Found]:
    """What the rules, the segmenter and both make of an image."""
    grey = grey_of(image)
    assert grey is not None
    mask = mask_of(model, grey)
    rules, learned = by_rules(grey), by_mask(grey, mask)
    return rules, learned, by_both(grey, mask, rules, learned)


def answers(recognizer: Recognizer, found: Sequence[Found]) -> list[str | None]:
    """Labels; _REFUSED where the network refuses; an error's code; None where nothing is found."""
    said: list[str | None] = [f if isinstance(f, str) else None for f in found]
    pictures = {i: f for i, f in enumerate(found) if isinstance(f, np.ndarray)}
    if pictures:
        given = recognizer.answers(np.stack(list(pictures.values())))
        assert given.is_digit is not None
        best = given.probabilities.argmax(1)
        for i, sure, label in zip(pictures, given.is_digit, best, strict=True):
            said[i] = recognizer.labels[label] if sure >= recognizer.threshold else _REFUSED
    return said


def tally(said: Sequence[str | None], wanted: Sequence[str | None]) -> Tally:
    right = sum(a == b for a, b in zip(said, wanted, strict=True))
    wrong = sum(a != b and len(a or "") == 1 for a, b in zip(said, wanted, strict=True))
    return right, len(said) - right - wrong, wrong


def main() -> None:
    options = parser(__doc__)
    options.add_argument("--examples", type=int, default=12000, help="images to learn from")
    options.add_argument("--epochs", type=int, default=12)
    options.add_argument("--count", type=int, default=160, help="test images of each kind")
    chosen = options.parse_args()
    if chosen.quick:
        chosen.examples, chosen.epochs, chosen.count = 128, 1, 2
    model = trained(*examples(chosen.examples), chosen.epochs)
    recognizer = Recognizer(ROOT / "weights" / "scribe.safetensors", device="cpu")
    source = next(iter(sources(data_folder(), drawings=chosen.count, photographs=1)))
    print(f"{source.title}, {chosen.count} of each kind.")
    print("Right / refused or nothing found / wrong, in per cent:\n")
    print("| | rules | learned | both |\n|---|--:|--:|--:|")
    for title, images, wanted in kinds(source.subjects, source.labels):
        ways = zip(*(found_in(image, model) for image in images), strict=True)
        tallies = [tally(answers(recognizer, way), wanted) for way in ways]
        cells = (" / ".join(f"{100 * n / len(images):.1f}" for n in found) for found in tallies)
        print(f"| {title} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
