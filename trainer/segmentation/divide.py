"""Divides the ink of one line into characters and has all candidates read in one batch."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from trainer.models.label_modes import labels_in_mode, restrict
from trainer.picture.strokes import Stroke
from trainer.segmentation import weights
from trainer.segmentation.ink.pieces import Ink, StrokeInk, key_of
from trainer.segmentation.ink.signs import Band, sign_of
from trainer.segmentation.lattice import Candidates, best_path, candidates, with_answers

if TYPE_CHECKING:
    from trainer.models.recognizer import Answers, Recognizer

# Groups of ink whose answers are kept, at least: most of a line is as it was a stroke before.
_REMEMBERED = 4000
_READ_FOR_A_LINE = 4  # times the groups of one, at most: strokes whole or cut, as they lie or level
_BATCH = 8
_LETTERS = 20  # labels that are letters has a network whose lines are words
_DOT = 0.2  # of the line's height: what is smaller is the dot of an i
_LIGATURE = "ligature"  # in place of a sign
_SIGN = 3.0  # score of a group that is certainly a sign; a certain digit has 4 to 5
_GOOD = 0.9  # a group is surely a character from this probability on
_TOO_WIDE = 1.6  # heights of the line: one stroke of a digit is narrower
_NO_FIT = 12.0  # what a shape that does not fit its sign loses


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the network says to a group of ink. picture: None where there was nothing to read, and then the
    rest means nothing. best: the largest of the probabilities."""

    picture: bytes | None
    probabilities: NDArray[np.float32]
    is_digit: float | None
    best: float

    @property
    def sure(self) -> float:
        """The probability that it shows a label, and this one."""
        return self.best if self.is_digit is None else self.best * self.is_digit


class GroupReader:
    """A network's answers to groups of ink in a mode of trainer.models.label_modes, those of before
    remembered. Raises ConfigError on construction where the network reads nothing of the mode."""

    def __init__(self, recognizer: Recognizer, *, mode: str = "") -> None:
        self.recognizer = recognizer
        self.mode = mode
        self.labels = labels_in_mode(recognizer.labels, mode)
        self.reads_letters = sum(map(str.isalpha, self.labels)) >= _LETTERS
        self._seen: OrderedDict[bytes, Seen] = OrderedDict()
        self._counts: deque[int] = deque(maxlen=16)  # of the groups that were asked for

    def remember(
        self, strokes: Sequence[Stroke], picture: NDArray[np.uint8], answers: Answers
    ) -> None:
        """What the network answers to all of these strokes together, so that it is not asked once more.

        picture: uint8 (28, 28), their input. answers: of one picture.
        """
        key = _digest(key_of(strokes))
        if key not in self._seen:
            self._seen[key] = next(self._seen_in(answers, [picture]))

    def _seen_in(self, answers: Answers, pictures: Sequence[NDArray[np.uint8]]) -> Iterator[Seen]:
        found = restrict(self.mode, self.recognizer.labels, answers.probabilities, answers.is_digit)
        for i, picture in enumerate(pictures):
            is_digit = None if found.is_known is None else float(found.is_known[i])
            best = found.probabilities[i].astype(np.float32)
            yield Seen(picture.tobytes(), best, is_digit, float(best.max()))

    def read(self, ink: Ink, groups: Sequence[Sequence[int]]) -> list[Seen]:
        """Raises RunError as `Recognizer.answers` does."""
        keys = [_digest(ink.key(group)) for group in groups]
        new: dict[bytes, Sequence[int]] = {
            key: group for key, group in zip(keys, groups, strict=True) if key not in self._seen
        }
        pictures = {key: ink.picture(group) for key, group in new.items()}
        inked = [(key, picture) for key, picture in pictures.items() if picture is not None]
        for some in _chunks(inked):
            these = [picture for _, picture in some]
            answers = self.recognizer.answers(_padded(these))
            for (key, _), one in zip(some, self._seen_in(answers, these), strict=True):
                self._seen[key] = one
        nothing = Seen(None, np.zeros(len(self.labels), np.float32), None, 0.0)
        seen = [self._seen.get(key, nothing) for key in keys]
        for key in keys:
            if key in self._seen:
                self._seen.move_to_end(key)
        self._counts.append(len(keys))
        while len(self._seen) > max(_REMEMBERED, _READ_FOR_A_LINE * max(self._counts)):
            self._seen.popitem(last=False)
        return seen


@dataclass(frozen=True, kw_only=True, eq=False)
class Division:
    """The best way found through one order of the pieces. groups: pieces of each character, in that order;
    seen and certain: what the network says to each, and how probable it is that it is one character. signs:
    of each the sign that it is, "" where it is none."""

    ink: Ink
    groups: tuple[tuple[int, ...], ...]
    seen: tuple[Seen, ...]
    signs: tuple[str, ...]
    certain: tuple[float, ...]
    score: float
    total: float

    @property
    def probability(self) -> float:
        return float(np.exp(min(0.0, self.score - self.total)))

    @property
    def is_sure(self) -> bool:
        """Whether every group is surely a character, and surely one of the labels or a sign."""
        return all(
            certain * (1.0 if sign else 0.0 if seen.picture is None else seen.sure) >= _GOOD
            for certain, sign, seen in zip(self.certain, self.signs, self.seen, strict=True)
        )


def orders(ink: Ink) -> Iterator[tuple[int, ...]]:
    """The pieces as they were written, and from left to right where that differs."""
    written = tuple(range(len(ink.boxes)))
    yield written
    middles = (ink.boxes[:, 0] + ink.boxes[:, 2]) / 2
    placed = tuple(np.argsort(middles, kind="stable").tolist())
    if placed != written:
        yield placed


def divide_strokes(
    strokes: Sequence[Stroke],
    reader: GroupReader,
    *,
    signs: bool = False,
    unfinished: bool = False,
) -> Division:
    """The most probable division of a line's strokes (at least one) into characters.

    Strokes that are read well as they are, by themselves or with others, are not cut. unfinished: the last
    stroke is still being drawn, and is not cut either.
    """
    whole = StrokeInk.of(strokes)
    lattices = Lattices.of(whole, reader)
    best = lattices.best(signs=signs)
    poor = lattices.poor() - ({len(strokes) - 1} if unfinished else set())
    if not poor:
        return best
    cut = StrokeInk.of(strokes, cut=poor)
    if len(cut.boxes) == len(whole.boxes):
        return best
    other = Lattices.of(cut, reader).best(signs=signs)
    return other if other.score > best.score else best


@dataclass(frozen=True, kw_only=True, eq=False)
class Lattices:
    """A lattice for each order of the ink's pieces, and what the network says to the groups of each. letters:
    whether the weights for letters count."""

    ink: Ink
    found: tuple[Candidates, ...]
    seen: tuple[Sequence[Seen], ...]
    letters: bool

    @classmethod
    def of(cls, ink: Ink, reader: GroupReader) -> Lattices:
        """ink: of at least one piece."""
        found = tuple(candidates(ink, order) for order in orders(ink))
        groups = [some.pieces(g) for some in found for g in range(len(some.starts))]
        answers = reader.read(ink, groups)
        seen: list[Sequence[Seen]] = []
        for some in found:
            seen.append(answers[: len(some.starts)])
            answers = answers[len(some.starts) :]
        return cls(ink=ink, found=found, seen=tuple(seen), letters=reader.reads_letters)

    def poor(self) -> set[int]:
        """Pieces that are in no group that is surely a character, and those that are wide for one."""
        boxes = self.ink.boxes
        good: set[int] = set()
        for some, seen in zip(self.found, self.seen, strict=True):
            for g, one in enumerate(seen):
                if one.picture is not None and one.sure >= _GOOD:
                    good.update(some.pieces(g))
        wide = boxes[:, 2] - boxes[:, 0] > _TOO_WIDE * self.ink.height
        return {i for i in range(len(boxes)) if i not in good or wide[i]}

    def best(self, *, signs: bool) -> Division:
        """signs: whether + − × ÷ = and the decimal point are characters as well."""
        ink = self.ink
        band = Band.of(ink.boxes, ink.height) if signs else None
        group_weights, pair_weights = (
            (weights.LETTER_GROUPS, weights.LETTER_PAIRS)
            if self.letters
            else (weights.GROUPS, weights.PAIRS)
        )
        best: Division | None = None
        for found, seen in zip(self.found, self.seen, strict=True):
            scores = features(found, seen) @ group_weights
            if self.letters:
                _dots_belong_to_others(scores, found, ink)
            names = _with_signs(scores, found, ink, band)
            links = found.pairs @ pair_weights
            _with_ligatures(names, scores, links, found, ink)
            path = best_path(found, scores, links)
            if best is None or path.score > best.score:
                chosen = [i for i, g in enumerate(path.groups) if names[g] != _LIGATURE]
                groups = [path.groups[i] for i in chosen]
                best = Division(
                    ink=ink,
                    groups=tuple(found.pieces(g) for g in groups),
                    seen=tuple(seen[g] for g in groups),
                    signs=tuple(names[g] for g in groups),
                    certain=tuple(path.certain[i] for i in chosen),
                    score=path.score,
                    total=path.total,
                )
        assert best is not None
        return best


def _with_signs(
    scores: NDArray[np.float64], found: Candidates, ink: Ink, band: Band | None
) -> list[str]:
    """The sign that each group is rather than one of the network's labels, "" where it is none. Adds to the
    scores in place."""
    names = [""] * len(scores)
    if band is None:
        return names
    for g in range(len(scores)):
        lines = ink.lines(found.pieces(g))
        sign = None if lines is None else sign_of(lines, band)
        if sign is not None:
            score = _SIGN - _NO_FIT * (1 - sign[1])
            if score > scores[g]:
                names[g] = sign[0]
            scores[g] = np.logaddexp(scores[g], score)
    return names


def _dots_belong_to_others(scores: NDArray[np.float64], found: Candidates, ink: Ink) -> None:
    """Of letters a dot is a part: changes the scores of those alone in place."""
    small = np.maximum(*(ink.boxes[:, 2:] - ink.boxes[:, :2]).T) <= _DOT * ink.height
    if small.mean() > 0.5:
        return  # one of them is very large
    for g in np.flatnonzero(found.lengths == 1).tolist():
        if small[found.order[int(found.starts[g])]]:
            scores[g] -= weights.DOT_ALONE


def _with_ligatures(
    names: list[str],
    scores: NDArray[np.float64],
    links: NDArray[np.float64],
    found: Candidates,
    ink: Ink,
) -> None:
    """Names the groups that are rather the pen's way between two characters, and changes the scores of
    groups and of their neighbours in place."""
    for g in np.flatnonzero(found.lengths == 1).tolist():
        place = int(found.starts[g])
        if not ink.ligatures[found.order[place]]:
            continue
        links[place, :, 0] = 0.0
        links[place + 1, 0] = 0.0
        if scores[g] < weights.LIGATURE:
            names[g] = _LIGATURE
        scores[g] = np.logaddexp(scores[g], weights.LIGATURE)


def features(found: Candidates, seen: Sequence[Seen]) -> NDArray[np.float64]:
    """float64 (G, features) of the groups of a lattice."""
    best = np.array([np.nan if s.picture is None else s.best for s in seen], np.float32)
    rejects = any(s.is_digit is not None for s in seen)
    is_digit = (
        np.array([0.0 if s.is_digit is None else s.is_digit for s in seen], np.float32)
        if rejects
        else None
    )
    return with_answers(found.shape, best, is_digit)


def _digest(key: bytes) -> bytes:
    return blake2b(key, digest_size=16).digest()


def _padded(pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
    """The pictures (N, 28, 28) in a batch of 1, 2, 4, 8, …, filled up with empty ones.

    The kernels that are built for a batch of a new size stay in memory, and so do large batches' buffers:
    benchmarks.soak.
    """
    batch = np.zeros((1 << (len(pictures) - 1).bit_length(), *pictures[0].shape), np.uint8)
    batch[: len(pictures)] = pictures
    return batch


def _chunks(
    inked: Sequence[tuple[bytes, NDArray[np.uint8]]],
) -> Iterator[Sequence[tuple[bytes, NDArray[np.uint8]]]]:
    for first in range(0, len(inked), _BATCH):
        yield inked[first : first + _BATCH]
