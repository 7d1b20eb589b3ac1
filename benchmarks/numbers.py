"""Whole numbers read rightly, composed from digits of writers who were kept apart.

Gaps between the digits are wide, close, touching or overlapping; "joined": written in one stroke with the
next one where the pen need not go far. Prints the table of docs/performance.md and how long a line of six
takes.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.composed import KINDS, Composed, compose, is_letter, is_test, writers_of
from benchmarks.report import percentile, say
from trainer.base.paths import data_folder
from trainer.models.recognizer import Recognizer
from trainer.models.weights import find_weights
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing
from trainer.segmentation.divide import GroupReader
from trainer.segmentation.line import may_be_several, read_line
from trainer.segmentation.text import edit_distance

Writers = Mapping[str, Sequence[tuple[str, Drawing]]]


def single_digits(writers: Writers, reader: GroupReader) -> tuple[int, int, int, int]:
    """Of all digits by themselves: their count, how many are read rightly, are taken to the lattice, and are
    divided there."""
    drawings = [pair for own in writers.values() for pair in own]
    pictures = [picture_from_drawing(drawing) for _, drawing in drawings]
    known = [
        (p, label, d) for p, (label, d) in zip(pictures, drawings, strict=True) if p is not None
    ]
    best = reader.recognizer.probabilities(np.stack([p for p, _, _ in known])).argmax(1)
    right = sum(reader.labels[b] == label for b, (_, label, _) in zip(best, known, strict=True))
    asked = [d for _, _, d in known if may_be_several(d.strokes)]
    divided = sum(len(read_line(d, reader).characters) > 1 for d in asked)
    return len(drawings), right, len(asked), divided


def row(numbers: Sequence[Composed], reader: GroupReader) -> dict[str, float]:
    """Shares of whole numbers right, of right counts of digits, and the character error rate."""
    right = count = errors = length = gated = 0
    for number in numbers:
        gated += not may_be_several(number.drawing.strokes)
        line = read_line(number.drawing, reader)
        text = "".join(c.label for c in line.characters)
        truth = number.text.upper() if reader.mode == "letters" else number.text
        right += text == truth
        count += len(text) == len(truth)
        errors += edit_distance(text, truth)
        length += len(number.text)
    n = len(numbers)
    return {"whole": right / n, "count": count / n, "cer": errors / length, "gated": gated / n}


def latency(numbers: Sequence[Composed], reader: GroupReader) -> list[float]:
    """Milliseconds for the reading after the last stroke, where the ones before were read when they were
    written, as in the window."""
    times = []
    for number in numbers:
        strokes = number.drawing.strokes
        for count in range(1, len(strokes)):
            read_line(Drawing(strokes[:count]), reader)
        begun = time.perf_counter()
        read_line(number.drawing, reader)
        times.append(1000 * (time.perf_counter() - begun))
    return times


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", default=None)
    parser.add_argument("--count", type=int, default=400, help="numbers of each kind")
    parser.add_argument("--length", type=int, default=4)
    parser.add_argument(
        "--letters",
        action="store_true",
        help="strings of letters, case ignored, instead of numbers",
    )
    parser.add_argument("--development", action="store_true", help="validation writers instead")
    given = parser.parse_args()
    mode = "letters" if given.letters else ""
    found_weights = find_weights(given.weights, mode=mode)
    reader = GroupReader(Recognizer(found_weights, device="cpu"), mode=mode)
    share = (lambda n: 0.1 <= n < 0.19) if given.development else is_test
    name = "others" if given.letters else "digits"
    path = data_folder() / f"unipen/{name}-dev.jsonl.gz"
    wanted = is_letter if given.letters else str.isdecimal
    writers = writers_of(path, share=share, labels=wanted)
    if not given.letters:
        count, right, asked, divided = single_digits(writers, reader)
        say(f"{count} single digits by {len(writers)} writers: {100 * right / count:.2f} % right; ")
        say(f"{asked} may be several, {divided} are divided")
        say(f"expected of {given.length} digits: {100 * (right / count) ** given.length:.1f} %")
    say(
        "| gaps | all of it right | right number of characters | character errors | missed by the gate |"
    )
    say("|---|--:|--:|--:|--:|")
    for number, kind in enumerate(KINDS):
        composed = list(
            compose(writers, kind, given.count, length=given.length, seed=1000 + number)
        )
        found = row(composed, reader)
        say(f"| {kind} | " + " | ".join(f"{100 * v:.2f} %" for v in found.values()) + " |")
    if given.letters:
        return
    six = list(compose(writers, "close", 100, length=6, seed=77))
    times = latency(six, GroupReader(reader.recognizer))
    say(
        f"six digits, after the last stroke: median {percentile(times, 0.5):.1f} ms, "
        f"p99 {percentile(times, 0.99):.1f} ms"
    )


if __name__ == "__main__":
    main()
