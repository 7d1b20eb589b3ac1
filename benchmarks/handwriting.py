"""What writing in a person's hand is worth: are generated digits read as what they are, and as that person's?

Of every writer of UNIPEN's digits with many drawings one half is the hand that is written with; the other
half is kept apart. Digits are generated from the first half; the network that ships reads them, and each is
compared with the kept-apart drawings of all writers: the nearest one (by the movement of the pen) has a digit
and a writer. The same is done with the real drawings of the first half, which is the most that can be hoped
for. The nearest neighbour never sees what was written with.

The network checks every digit while it is written, so that its share is high by construction; `first try` is
the share without that check. The network has learned from writers of this file: for the share of real
drawings that is an advantage, too.

    python -m benchmarks.handwriting --data DIR
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.personal_writers import Hand, writers_of
from benchmarks.real_hands import FOLDS
from benchmarks.report import Report, parser, say
from trainer.base.paths import data_folder, shipped_weights_folder

if TYPE_CHECKING:
    from trainer.picture.strokes import Drawing

_DIGITS = "0123456789"
_NEAR = 24  # of the kept-apart drawings, the nearest without warping, that are compared with it


@dataclass(frozen=True, kw_only=True, eq=False)
class Apart:
    """Kept-apart drawings of all writers: trajectories (N, POINTS, 4), digits, writers."""

    ways: NDArray[np.float32]
    labels: NDArray[np.str_]
    writers: NDArray[np.str_]

    @classmethod
    def of(cls, hands: dict[str, Hand]) -> Apart:
        from trainer.personalize.memory.trajectory import trajectory

        rows = [
            (way, label, writer)
            for writer, hand in hands.items()
            for drawing, label in hand
            if (way := trajectory(drawing)) is not None
        ]
        ways, labels, writers = zip(*rows, strict=True)
        return cls(ways=np.stack(ways), labels=np.array(labels), writers=np.array(writers))

    def nearest(self, drawing: Drawing) -> tuple[str, str]:
        """Digit and writer of the nearest one; "" for what has no movement."""
        from trainer.personalize.memory.trajectory import (
            squared_distances,
            trajectory,
            warped_distances,
        )

        way = trajectory(drawing)
        if way is None:
            return "", ""
        near = np.argpartition(squared_distances(way, self.ways), _NEAR)[:_NEAR]
        best = int(near[int(warped_distances(way, self.ways[near]).argmin())])
        return str(self.labels[best]), str(self.writers[best])


@dataclass(kw_only=True)
class Shares:
    """Counts of drawings: all, read right by the network, and by the nearest neighbour."""

    count: int = 0
    network: int = 0
    digit: int = 0
    writer: int = 0

    def add(self, read: str, nearest: tuple[str, str], label: str, writer: str) -> None:
        self.count += 1
        self.network += read == label
        self.digit += nearest[0] == label
        self.writer += nearest[1] == writer

    def __str__(self) -> str:
        return (
            f"{self.count:,} digits; network {self.percent(self.network):.1f} %, nearest neighbour: "
            f"digit {self.percent(self.digit):.1f} %, writer {self.percent(self.writer):.1f} %"
        )

    def percent(self, part: int) -> float:
        return 100 * part / max(1, self.count)


def measure(
    hands: dict[str, Hand], network: Sequence[Any], *, each: int, seed: int = 0
) -> dict[str, Shares]:
    """Generated digits, the same without the network's check, and real ones. network: (reads, read), of
    which the second names the label of drawings. each: digits generated of each label and writer."""
    from trainer.handwriting.hands import hand_of
    from trainer.handwriting.results import WrittenCharacter
    from trainer.handwriting.varying import varied
    from trainer.handwriting.writing import write

    reads, read = network
    halves = {writer: (hand[::2], hand[1::2]) for writer, hand in hands.items()}
    apart = Apart.of({writer: second for writer, (_, second) in halves.items()})
    found = {"generated": Shares(), "first try": Shares(), "real": Shares()}
    for place, (writer, (first, _)) in enumerate(halves.items()):
        own = hand_of(first)
        random = np.random.default_rng(seed + place)
        text = "".join(label * each for label in _DIGITS if own.get(label))
        for start in range(0, len(text), 20):
            for one in write(text[start : start + 20], own, reads, seed=seed + place):
                if isinstance(one, WrittenCharacter):
                    said = read([one.drawing])[0]
                    nearest = apart.nearest(one.drawing)
                    found["generated"].add(said, nearest, one.label, writer)
        for label in text:
            drawing = varied(own[label], random)
            found["first try"].add(read([drawing])[0], apart.nearest(drawing), label, writer)
        for drawing, label in first:
            found["real"].add(read([drawing])[0], apart.nearest(drawing), label, writer)
        say(f"{place + 1} of {len(halves)} writers: {found['generated']}")
    return found


def main(arguments: Sequence[str]) -> int:
    options_parser = parser(__doc__)
    options_parser.add_argument("--data", metavar="DIR", help="folder that holds unipen/")
    options_parser.add_argument("--weights", metavar="FILE", help="default: the best that ships")
    options_parser.add_argument("--writers", type=int, default=30, help="at most (30)")
    options_parser.add_argument("--each", type=int, default=3, help="digits of each label (3)")
    options = options_parser.parse_args(arguments)
    from trainer.handwriting.checking import reads_with
    from trainer.models.recognizer import Recognizer
    from trainer.picture.preprocess import picture_from_drawing

    weights = options.weights or shipped_weights_folder() / "scribe.safetensors"
    recognizer = Recognizer(weights, device="cpu")

    def read(drawings: Sequence[Drawing]) -> list[str]:
        pictures = [picture_from_drawing(drawing) for drawing in drawings]
        return [
            ""
            if picture is None
            else recognizer.labels[int(recognizer.probabilities([picture])[0].argmax())]
            for picture in pictures
        ]

    every = writers_of(data_folder(options.data), tuple(FOLDS))
    hands = {writer: hand for fold in every.values() for writer, hand in fold.items()}
    wanted, each = (3, 1) if options.quick else (options.writers, options.each)
    step = max(1, len(hands) // wanted)
    chosen = dict(sorted(hands.items())[::step][:wanted])
    found = measure(chosen, (reads_with(recognizer), read), each=each)
    report = Report("Writing in a person's hand", writers=len(chosen), network=recognizer.path.stem)
    for name, shares in found.items():
        report.add(f"{name}: digits", shares.count, "")
        report.add(f"{name}: read right by the network", shares.percent(shares.network), "%")
        report.add(f"{name}: nearest neighbour's digit right", shares.percent(shares.digit), "%")
        report.add(f"{name}: nearest neighbour's writer right", shares.percent(shares.writer), "%")
    report.print_and_exit(as_json=options.json)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
