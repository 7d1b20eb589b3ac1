"""How well one digit is read in images that show more than that: writes the section of docs/robustness.md.

Run as ``python -m benchmarks.surrounded_digits``. With HANDWRITE_DATA the digits are those of tablets that
benchmarks.robustness reads, else the program's own drawings.
"""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.picture_kinds import KINDS, by_hand, several
from benchmarks.robustness import DOCUMENT, SURROUNDED, sources
from benchmarks.surroundings import ROOT
from trainer.base.errors import PictureError
from trainer.base.files import atomic_write
from trainer.models.recognizer import Recognizer
from trainer.picture.preprocess import picture_from_image
from trainer.picture.strokes import Drawing

_SEED = 31
_COUNT = 160
_WEIGHTS = ROOT / "weights" / "scribe.safetensors"


def main() -> int:
    folder = Path(os.environ.get("HANDWRITE_DATA", ROOT))
    source = next(iter(sources(folder, drawings=_COUNT, photographs=1)))
    path = ROOT / "docs" / DOCUMENT
    before = path.read_text(encoding="utf-8").split(SURROUNDED)[0].rstrip()
    text = f"{before}\n\n{section(source.title, source.subjects, source.labels)}"
    with atomic_write(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
    sys.stdout.write(text.split(SURROUNDED)[1])
    return 0


def section(title: str, drawings: Sequence[Drawing], labels: Sequence[str]) -> str:
    """The section of the document, measured now."""
    recognizer = Recognizer(_WEIGHTS, device="cpu")
    clean = [by_hand(drawing, _random("by hand", i)) for i, drawing in enumerate(drawings)]
    rows = [f"| Cropped by hand from clean paper | {_row(recognizer, clean, labels)} |"]
    for kind in KINDS:
        images = [kind.make(drawing, _random(kind.name, i)) for i, drawing in enumerate(drawings)]
        rows.append(f"| {kind.title} | {_row(recognizer, images, labels)} |")
        sys.stderr.write(rows[-1] + "\n")
    random = np.random.default_rng(_SEED)
    sheets = [
        several([drawings[j] for j in random.permutation(len(drawings))[: 2 + i % 3]], random)
        for i in range(len(drawings))
    ]
    said = sum(_is_several(sheet) for sheet in sheets)
    return "\n".join(
        [
            SURROUNDED,
            "",
            "Made by `python -m benchmarks.surrounded_digits`.",
            "",
            f"{title}, {len(drawings)} of them in every row, painted into made images of each kind",
            f"(benchmarks/picture_kinds.py, seed {_SEED}) and read by `scribe`, which may refuse an answer.",
            "",
            "| | right | refused or nothing found | wrong |",
            "|---|--:|--:|--:|",
            *rows,
            "",
            f"Of {len(sheets)} images of two to four digits {said} were said to show several drawings.",
            "",
        ]
    )


def _row(recognizer: Recognizer, images: Sequence[Image.Image], labels: Sequence[str]) -> str:
    """Right, without an answer, and wrong, in per cent, as cells of a table."""
    pictures, known = [], []
    for image, label in zip(images, labels, strict=True):
        try:
            picture = picture_from_image(image)
        except PictureError:
            picture = None
        if picture is not None:
            pictures.append(picture)
            known.append(label)
    answers = recognizer.answers(np.stack(pictures))
    assert answers.is_digit is not None
    answered = answers.is_digit >= recognizer.threshold
    same = np.array([recognizer.labels[i] for i in answers.probabilities.argmax(1)]) == known
    count = len(images)
    right, wrong = int((answered & same).sum()), int((answered & ~same).sum())
    figures = (right, count - right - wrong, wrong)
    return " | ".join(f"{100 * figure / count:.1f} %" for figure in figures)


def _is_several(image: Image.Image) -> bool:
    try:
        picture_from_image(image)
    except PictureError as error:
        return error.code == "image.several-drawings"
    return False


def _random(name: str, index: int) -> np.random.Generator:
    return np.random.default_rng([_SEED, zlib.crc32(name.encode()), index])


if __name__ == "__main__":
    sys.exit(main())
