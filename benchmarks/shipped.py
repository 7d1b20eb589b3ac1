"""The networks that ship, on every kind of drawing that there is: writes the figures into their model cards.

Of each source it is the part that no network has learned from or was chosen by. Where the data folder
(HANDWRITE_DATA) lacks a source, its row says so.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from benchmarks import shipped_characters
from benchmarks.report import say
from benchmarks.surroundings import ROOT
from trainer import datasets
from trainer.base.errors import DataError, HandwriteError
from trainer.base.files import atomic_write
from trainer.base.labels import CAPITALS, NO_LABEL
from trainer.base.paths import data_folder
from trainer.datasets import Split
from trainer.evaluation.metrics import error_of_answers
from trainer.evaluation.report import make_report
from trainer.evaluation.report_charts import reliability_chart
from trainer.models.label_modes import restrict
from trainer.models.recognizer import Answers, Recognizer
from trainer.models.weights import find_weights, stored_weights
from trainer.picture.preprocess import picture_from_drawing
from trainer.runs.recipes import RecipeSource
from trainer.synthetic.digit_shapes import EVERY_SHAPE
from trainer.synthetic.letter_shapes import LETTER_SHAPES
from trainer.synthetic.synthetic_digits import synthetic_digits

BEGIN, END = "<!-- figures: python -m benchmarks.shipped -->", "<!-- /figures -->"
_SHOWN = 30  # misread pictures
_SAMPLES = 20_000
_SCALE = 3

_STYLE = """<style>
svg { background: #f8f8f6; font: 12px system-ui, sans-serif; }
text { fill: #1c1f23; } line { stroke: #d6d6d2; } .bar { fill: #2a56c6; }
.said { stroke: #b3261e; stroke-width: 2; } .ideal { stroke: #575c63; stroke-dasharray: 4 3; }
</style>"""


#: The rows of the table.
SOURCES = (
    RecipeSource(about="MNIST, test part", spec="mnist"),
    RecipeSource(
        about="tablets: UNIPEN, writers kept apart",
        spec="strokes-digits:{path}",
        file="unipen/digits-dev.jsonl.gz",
    ),
    RecipeSource(
        about="paper: BHMSDS, a tenth kept apart",
        spec="npz-digits:{path}",
        file="bhmsds/bhmsds.npz",
    ),
    RecipeSource(about="drawn by the program", spec="sketches"),
    RecipeSource(
        about="letters and signs: UNIPEN, writers kept apart",
        spec="strokes-others:{path}",
        file="unipen/others-dev.jsonl.gz",
    ),
    RecipeSource(
        about="signs on paper: BHMSDS", spec="npz-others:{path}", file="bhmsds/bhmsds.npz"
    ),
    RecipeSource(about="scribbles and signs drawn by the program", spec="scribbles"),
)


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """Of a source; shares 0…1. accuracy, worst, error_before and error are None where nothing is a digit."""

    source: str
    count: int
    accuracy: float | None = None
    worst: tuple[str, float] | None = None
    answered: float | None = None
    error_before: float | None = None
    error: float | None = None

    def __str__(self) -> str:
        def share(value: float | None, digits: int = 2) -> str:
            return "" if value is None else f"{100 * value:.{digits}f} %"

        worst = "" if self.worst is None else f"{self.worst[0]}: {share(self.worst[1], 1)}"
        return (
            f"| {self.source} | {self.count:,} | {share(self.accuracy)} | {worst} | {share(self.answered)} "
            f"| {share(self.error_before)} | {share(self.error)} |"
        )


def metrics_of(name: str, part: Split, found: Answers) -> Metrics:
    """What a network says to a part: to digits, or to what is none."""
    if part.labels == (NO_LABEL,):
        return Metrics(source=name, count=len(part))
    logits, targets = torch.from_numpy(found.logits), torch.from_numpy(part.targets)
    # By the probabilities that are shown: where a mode adds them up, the temperature matters.
    right = torch.from_numpy(found.probabilities).argmax(1) == targets
    classes = [(label, right[targets == i]) for i, label in enumerate(part.labels)]
    worst = min(
        ((label, float(r.float().mean())) for label, r in classes if len(r)), key=lambda x: x[1]
    )
    return Metrics(
        source=name,
        count=len(part),
        accuracy=float(right.float().mean()),
        worst=worst,
        error_before=error_of_answers(logits.softmax(1).numpy(), part.targets),
        error=error_of_answers(found.probabilities, part.targets),
    )


def measured(recognizer: Recognizer, folder: Path) -> tuple[list[Metrics], Split | None]:
    """A row for each source that is there, and the tablets' part, which calibration is shown for."""
    rows: list[Metrics] = []
    tablets = None
    for source in SOURCES:
        try:
            spec = source.located(folder)
            if spec is None:
                raise DataError(f"{source.file} is not in {folder}")
            part = datasets.load_test(spec, folder)
        except HandwriteError as error:
            say(f"{source.about}: {error}")
            continue
        found = recognizer.answers(part.pictures)
        figures = metrics_of(source.about, part, found)
        if found.is_digit is not None:
            answered = float((found.is_digit >= recognizer.threshold).mean())
            figures = replace(figures, answered=answered)
        rows.append(figures)
        say(str(figures))
        tablets = part if source.about.startswith("tablets") else tablets
    return rows, tablets


def measured_characters(recognizer: Recognizer, folder: Path) -> tuple[list[Metrics], Split | None]:
    """As `measured`, of a network that reads letters: each source in a mode. The part is of capitals."""
    rows: list[Metrics] = []
    capitals = None
    for row in shipped_characters.ROWS:
        try:
            part = shipped_characters.loaded(row, folder)
        except HandwriteError as error:
            say(f"{row.source.about}: {error}")
            continue
        named, found = shipped_characters.within(recognizer, part, row.mode)
        figures = metrics_of(row.source.about, named, found)
        if found.is_digit is not None:
            answered = float((found.is_digit >= recognizer.threshold).mean())
            figures = replace(figures, answered=answered)
        rows.append(figures)
        say(str(figures))
        capitals = part if row.labels == CAPITALS else capitals
    return rows, capitals


def table(rows: Sequence[Metrics]) -> list[str]:
    return [
        "| source | drawings | read rightly | worst digit | answered | calibration error, T = 1 | shipped |",
        "|---|--:|--:|--:|--:|--:|--:|",
        *map(str, rows),
    ]


def reliability(recognizer: Recognizer, part: Split) -> str:
    """A reliability diagram as a file of its own."""
    report = make_report(
        torch.from_numpy(recognizer.answers(part.pictures).logits),
        part.targets,
        part.pictures,
        part.labels,
        temperature=recognizer.card.temperature,
        title="",
    )
    chart = reliability_chart(report.reliability)
    chart = re.sub(r"<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', chart, count=1)
    return re.sub(r">", f">{_STYLE}", chart, count=1)


def misread(recognizer: Recognizer, count: int) -> Image.Image:
    """The program's own drawings that the network reads wrongly, the surest first, with what it says.

    Not those of the data sets: they are other people's.
    """
    letters = _reads_letters(recognizer)
    shapes = LETTER_SHAPES if letters else EVERY_SHAPE
    drawings = synthetic_digits(count, seed=2024, shapes=shapes)
    pictures = [(picture_from_drawing(drawing), label) for label, drawing in drawings]
    known = [(picture, label) for picture, label in pictures if picture is not None]
    found = recognizer.answers(np.stack([picture for picture, _ in known]))
    mode = "letters" if letters else ""
    within = restrict(mode, recognizer.labels, found.probabilities)
    guesses = [within.labels[place] for place in within.probabilities.argmax(1).tolist()]
    wrong = [
        i
        for i, (_, label) in enumerate(known)
        if guesses[i] != (label.upper() if letters else label)
    ]
    wrong.sort(key=lambda i: -float(within.probabilities[i].max()))
    say(f"{len(wrong)} of {len(known):,} of the program's own drawings are misread")
    return sheet([(known[i][0], f"{known[i][1]} read as {guesses[i]}") for i in wrong[:_SHOWN]])


def sheet(pictures: Sequence[tuple[NDArray[np.uint8], str]]) -> Image.Image:
    """Pictures with words under them, ten in a row."""
    side, line, gap = 28 * _SCALE, 18, 10
    rows = max(1, -(-len(pictures) // 10))
    image = Image.new("L", (10 * (side + gap) + gap, rows * (side + line + gap) + gap), 248)
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(12)
    for i, (picture, words) in enumerate(pictures):
        x, y = gap + i % 10 * (side + gap), gap + i // 10 * (side + line + gap)
        large = Image.fromarray(255 - picture).resize((side, side), Image.Resampling.NEAREST)
        image.paste(large, (x, y))
        pen.text((x, y + side + 2), words, fill=40, font=font)
    return image


def _reads_letters(recognizer: Recognizer) -> bool:
    return set(CAPITALS) <= set(recognizer.labels)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument(
        "--weights", action="append", metavar="NAME", help="default: all that ship"
    )
    options.add_argument("--dry", action="store_true", help="print, and write nothing")
    chosen = options.parse_args()
    names = chosen.weights or [entry.name for entry in stored_weights() if entry.shipped]
    for name in names:
        recognizer = Recognizer(find_weights(name), device="cpu")
        say(name)
        letters = _reads_letters(recognizer)
        measure = measured_characters if letters else measured
        rows, tablets = measure(recognizer, data_folder())
        lines = table(rows)
        if letters and tablets is not None:
            lines += ["", *shipped_characters.by_letter(recognizer, data_folder())]
        print("\n".join(lines))
        if chosen.dry:
            continue
        pictures = ROOT / "docs" / "networks"
        pictures.mkdir(exist_ok=True)
        with atomic_write(pictures / f"{name}-misread.png") as temporary:
            misread(recognizer, _SAMPLES).save(temporary, "PNG", optimize=True)
        if tablets is not None and not letters:
            with atomic_write(pictures / f"{name}-reliability.svg") as temporary:
                temporary.write_text(reliability(recognizer, tablets), encoding="utf-8")
        card = ROOT / "weights" / f"{name}.md"
        text = card.read_text(encoding="utf-8")
        if BEGIN not in text or END not in text:
            sys.exit(f"{card} has no place for the figures: {BEGIN} … {END}")
        before, after = text.split(BEGIN)[0], text.split(END)[1]
        with atomic_write(card) as temporary:
            whole = "\n".join([before + BEGIN, *lines, END]) + after
            temporary.write_text(whole, encoding="utf-8")


if __name__ == "__main__":
    main()
