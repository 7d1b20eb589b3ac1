"""A memory of a writer's own drawings: drawings like them are read at once, without any training.

For each label the nearest kept drawing adds evidence to what the network says. Drawings are compared by the
pen's movement (trainer.personalize.memory.trajectory); those without strokes (an opened image) by their 28×28
inputs. The constants were chosen on writers of UNIPEN, read by a network that had learned nothing from
UNIPEN, so that strangers who draw while the memory is another person's are read no worse; benchmarks.personal
measures what they are worth.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from trainer.base.labels import NO_LABEL
from trainer.personalize.memory.trajectory import (
    POINTS,
    Trajectory,
    squared_distances,
    trajectory,
    warped_distances,
)
from trainer.picture.strokes import Drawing

#: So many drawings of a sign of the writer's own make it a label.
OWN_LABEL_DRAWINGS = 3

#: Evidence of a kept drawing at distance 0, as a natural logarithm, and how fast it falls with the squared
#: distance, where the writer's drawings of a label differ as much as most people's.
WEIGHT, SHARPNESS = 12.0, 60.0

#: Squared distance between a drawing and the nearest of the same label and writer: the median of writers.
SPREAD = 0.012

#: A network is never taken to be surer than this: what it holds for less probable can still be remembered.
LEAST_PROBABILITY = math.exp(-9)

#: As WEIGHT and SHARPNESS, for the cosine distance of 28×28 inputs, where there are no strokes to compare.
IMAGE_WEIGHT, IMAGE_SHARPNESS = 8.0, 20.0

#: Probability of one of the writer's own signs before any evidence: this fraction of what the network holds
#: for none of its labels, and at least OWN_LEAST. Signs vary more than digits: their evidence falls by
#: OWN_SHARPNESS of the others' sharpness.
OWN_PRIOR, OWN_LEAST, OWN_SHARPNESS = 0.1, 1e-3, 0.5

_KNOWN = 0.98  # probability of the network's labels, where it does not refuse and the writer has own signs
_NEAREST = 4  # drawings of a label that are compared by dynamic time warping
_FAR = 0.5  # squared distance without warping from which on a label is not compared any further
_SPREAD_OF = 5  # drawings of a label, the newest, by which the writer's spread is measured
_SAME = 0.004  # squared distance below which two drawings of different labels contradict each other
_BLOCK = 256  # drawings that are compared with all others at a time
_COUNTS = 1.0  # evidence from which on a drawing is named as the reason for an answer
_TINY = 1e-12


@dataclass(frozen=True, kw_only=True)
class Match:
    """A kept drawing that another one resembles. drawing: its id. distance: root of the mean squared
    difference, in units of the longer side of the drawing's box; of images 0…1."""

    label: str
    drawing: int
    distance: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Combined:
    """What network and memory say together.

    labels: the network's, then the writer's own. probabilities: float64 (K,), adding up to 1. is_known: how
    probable it is that the drawing shows one of the labels at all; None where the network does not tell.
    match: the kept drawing that speaks for the answer; None where none is near enough to count.
    """

    labels: tuple[str, ...]
    probabilities: NDArray[np.float64]
    is_known: float | None
    match: Match | None


@dataclass(slots=True)
class _Item:
    label: str
    trajectory: Trajectory | None
    image: NDArray[np.float32] | None = None


class StrokeMemory:
    """Kept drawings by their id, to be added, relabelled and removed at any time."""

    def __init__(self) -> None:
        self._items: dict[int, _Item] = {}
        self._contradictions = _Contradictions()
        self._table: _Table | None = None  # what is compared, made when it is next needed
        self._spread: float | None = None  # likewise

    def __len__(self) -> int:
        return len(self._items)

    def label_of(self, drawing: int) -> str | None:
        item = self._items.get(drawing)
        return None if item is None else item.label

    def ids(self) -> set[int]:
        return set(self._items)

    def put(
        self,
        number: int,
        label: str,
        drawing: Drawing,
        picture: NDArray[np.uint8] | None = None,
    ) -> None:
        """Adds a drawing, or replaces the one of that id. picture: its 28×28 input, where it has no strokes;
        one with neither is of no use and is not kept."""
        self.remove(number)
        movement = trajectory(drawing)
        image = image_features(picture) if movement is None and picture is not None else None
        if movement is None and image is None:
            return
        self._items[number] = _Item(label, movement, image)
        if movement is not None:
            self._contradictions.put(number, label, movement)
        self._table = self._spread = None

    def remove(self, number: int) -> None:
        if self._items.pop(number, None) is not None:
            self._contradictions.remove(number)
            self._table = self._spread = None

    def clear(self) -> None:
        self._items.clear()
        self._contradictions = _Contradictions()
        self._table = self._spread = None

    def contradictions(self) -> list[tuple[int, int]]:
        """Pairs of ids of nearly the same drawing under different labels; neither is used."""
        return self._contradictions.pairs()

    def own_labels(self, known: Sequence[str]) -> tuple[str, ...]:
        """Labels of the writer's own, sorted: those beside the known ones with OWN_LABEL_DRAWINGS
        drawings."""
        counts: dict[str, int] = {}
        for item in self._items.values():
            counts[item.label] = counts.get(item.label, 0) + 1
        return tuple(
            sorted(
                label
                for label, count in counts.items()
                if label not in known and label != NO_LABEL and count >= OWN_LABEL_DRAWINGS
            )
        )

    def _nearest(self, movement: Trajectory | None, picture: NDArray[np.uint8]) -> dict[str, Match]:
        """The nearest kept drawing of each label. movement: None for an image, whose input counts."""
        table = self._compared()
        if movement is None:
            return dict(table.nearest_images(image_features(picture)))
        return dict(table.nearest_strokes(movement))

    def nearest_of(
        self, drawing: Drawing, picture: NDArray[np.uint8], label: str, count: int
    ) -> list[Match]:
        """The nearest kept drawings of a label, the nearest first. picture: the drawing's 28×28 input."""
        movement, table = trajectory(drawing), self._compared()
        of = table.images if movement is None else table.strokes
        if label not in of:
            return []
        ids, kept = of[label]
        if movement is None:
            distances = np.maximum(0, 1 - kept @ image_features(picture))
        else:
            distances = np.sqrt(warped_distances(movement, kept))
        return [
            Match(label=label, drawing=int(ids[at]), distance=float(distances[at]))
            for at in np.argsort(distances, kind="stable")[:count]
        ]

    def combine(
        self,
        drawing: Drawing,
        picture: NDArray[np.uint8],
        *,
        labels: Sequence[str],
        probabilities: NDArray[np.floating],
        is_digit: float | None,
    ) -> Combined:
        """Network and memory together.

        probabilities: (K,) of the network's labels, adding up to 1; is_digit: how probable it is that it is
        one of them, None where the network does not refuse. All the network's outcomes, "none of the labels"
        among them, and the writer's own signs are one distribution, in which a kept drawing multiplies the
        odds of its label.
        """
        own = self.own_labels(labels)
        every = (*labels, *own)
        movement = trajectory(drawing) if self._items else None
        matches = self._nearest(movement, picture) if self._items else {}
        sharpness = self._sharpness() if matches and movement is not None else None
        known = float(is_digit) if is_digit is not None else _KNOWN if own else 1.0
        scores = np.empty(len(every))
        believed = np.maximum(np.asarray(probabilities, np.float64), LEAST_PROBABILITY)
        scores[: len(labels)] = np.log(np.maximum(believed * known, _TINY))
        # An own sign starts from what the network holds for none of its labels.
        scores[len(labels) :] = math.log(max((1 - known) * OWN_PRIOR, OWN_LEAST))
        none = math.log(max(1 - known, _TINY))
        evidence = {
            label: _evidence(
                match.distance,
                OWN_SHARPNESS * sharpness if sharpness is not None and label in own else sharpness,
            )
            for label, match in matches.items()
        }
        for place, label in enumerate(every):
            scores[place] += evidence.get(label, 0.0)
        none += evidence.get(NO_LABEL, 0.0)
        top = float(scores.max())
        weights = np.exp(scores - top)
        total = float(weights.sum())
        best = every[int(scores.argmax())]
        match = matches.get(best)
        return Combined(
            labels=every,
            probabilities=weights / total,
            is_known=None
            if is_digit is None and not own
            else total / (total + math.exp(min(none - top, 700.0))),
            match=match if match is not None and evidence[best] >= _COUNTS else None,
        )

    def _compared(self) -> _Table:
        if self._table is None:
            self._table = _Table.of(self._items, self._contradictions.pairs())
        return self._table

    def _sharpness(self) -> float:
        """Lower for a writer whose drawings of a label differ much, higher for one who draws alike."""
        if self._spread is None:
            found = self._spreads()
            self._spread = float(np.median(found)) if len(found) else SPREAD
        return SHARPNESS * SPREAD / ((SPREAD + self._spread) / 2)

    def _spreads(self) -> NDArray[np.float32]:
        """Squared distances of drawings, the newest of each label, to the nearest other one among these."""
        first, second, of = [], [], []
        for ids, kept in self._compared().strokes.values():
            newest = kept[np.argsort(ids)[-_SPREAD_OF:]]
            for place in range(len(newest) if len(newest) > 1 else 0):
                others = np.delete(newest, place, axis=0)
                first.append(np.broadcast_to(newest[place], others.shape))
                second.append(others)
                of.append(len(others))
        if not of:
            return np.empty(0, np.float32)
        distances = warped_distances(np.concatenate(first), np.concatenate(second))
        return np.minimum.reduceat(distances, np.cumsum([0, *of[:-1]]))


def _evidence(distance: float, sharpness: float | None) -> float:
    """What a kept drawing at this distance adds to the logarithm of its label's probability. sharpness: None
    for images."""
    if sharpness is not None:
        return WEIGHT * math.exp(-sharpness * distance * distance)
    return IMAGE_WEIGHT * math.exp(-IMAGE_SHARPNESS * distance)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Table:
    """The items as arrays, by label: ids and trajectories, ids and image features. Without those that
    contradict each other."""

    strokes: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float32]]]
    images: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float32]]]

    @classmethod
    def of(cls, items: Mapping[int, _Item], contradictions: Sequence[tuple[int, int]]) -> _Table:
        strokes: dict[str, list[tuple[int, NDArray[np.float32]]]] = {}
        images: dict[str, list[tuple[int, NDArray[np.float32]]]] = {}
        left_out = {number for pair in contradictions for number in pair}
        for number, item in items.items():
            if number in left_out:
                continue
            if item.trajectory is not None:
                strokes.setdefault(item.label, []).append((number, item.trajectory))
            if item.image is not None:
                images.setdefault(item.label, []).append((number, item.image))
        return cls(strokes=_stacked(strokes), images=_stacked(images))

    def nearest_strokes(self, movement: Trajectory) -> Iterable[tuple[str, Match]]:
        numbers, near, of = [], [], []
        for label, (ids, kept) in self.strokes.items():
            distances = squared_distances(movement, kept)
            few = np.argsort(distances, kind="stable")[:_NEAREST]
            if distances[few[0]] > _FAR:
                continue
            numbers.append(ids[few])
            near.append(kept[few])
            of += [label] * len(few)
        if not of:
            return
        ids = np.concatenate(numbers)
        warped = warped_distances(movement, np.concatenate(near))
        for label in dict.fromkeys(of):
            places = [place for place, one in enumerate(of) if one == label]
            best = min(places, key=lambda place: float(warped[place]))
            distance = math.sqrt(float(warped[best]))
            yield label, Match(label=label, drawing=int(ids[best]), distance=distance)

    def nearest_images(self, features: NDArray[np.float32]) -> Iterable[tuple[str, Match]]:
        for label, (ids, kept) in self.images.items():
            distances = 1 - kept @ features
            best = int(distances.argmin())
            distance = max(0.0, float(distances[best]))
            yield label, Match(label=label, drawing=int(ids[best]), distance=distance)


class _Contradictions:
    """Pairs of ids of nearly the same movement under different labels.

    Only what is new is compared with everything: all with all would take longer than a reading may.
    """

    def __init__(self) -> None:
        self._moved: dict[int, tuple[str, Trajectory]] = {}
        self._new: set[int] = set()
        self._pairs: set[tuple[int, int]] = set()

    def put(self, number: int, label: str, movement: Trajectory) -> None:
        self._moved[number] = label, movement
        self._new.add(number)

    def remove(self, number: int) -> None:
        self._moved.pop(number, None)
        self._new.discard(number)
        self._pairs = {pair for pair in self._pairs if number not in pair}

    def pairs(self) -> list[tuple[int, int]]:
        """Sorted, the lower id of a pair first."""
        if self._new:
            numbers, new = np.array(sorted(self._moved)), sorted(self._new)
            labels = np.array([self._moved[number][0] for number in numbers.tolist()])
            flat = np.stack([self._moved[number][1].ravel() for number in numbers.tolist()])
            squares = np.einsum("ij,ij->i", flat, flat)
            every = np.searchsorted(numbers, new)
            for first in range(0, len(every), _BLOCK):
                rows = every[first : first + _BLOCK]
                distances = squares[rows, None] + squares[None] - 2 * (flat[rows] @ flat.T)
                near = (distances < _SAME * POINTS) & (labels[rows, None] != labels[None])
                for row, other in np.argwhere(near).tolist():
                    one, another = sorted((new[first + row], int(numbers[other])))
                    self._pairs.add((one, another))
            self._new.clear()
        return sorted(self._pairs)


def _stacked(
    found: Mapping[str, Sequence[tuple[int, NDArray[np.float32]]]],
) -> dict[str, tuple[NDArray[np.int64], NDArray[np.float32]]]:
    return {
        label: (np.array([number for number, _ in rows], np.int64), np.stack([x for _, x in rows]))
        for label, rows in found.items()
    }


def image_features(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """float32 (…, 196), each of length 1, of inputs (…, 28, 28): at half their resolution, blurred, as ink a
    pixel beside another is nearly the same."""
    images = np.pad(pictures.astype(np.float32), [(0, 0)] * (pictures.ndim - 2) + [(2, 2), (2, 2)])
    for axis in (-2, -1) * 3:  # binomial blur, three times
        images = 2 * images + np.roll(images, 1, axis) + np.roll(images, -1, axis)
    leading = pictures.shape[:-2]
    small = images[..., 2:-2, 2:-2].reshape(*leading, 14, 2, 14, 2).mean((-3, -1))
    small = small.reshape(*leading, 196)
    norm = np.maximum(np.linalg.norm(small, axis=-1, keepdims=True), 1e-9)
    features: NDArray[np.float32] = (small / norm).astype(np.float32)
    return features
