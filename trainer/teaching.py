"""Learning one person's hand from a few drawings, without forgetting everyone else's.

Few drawings are made many by drawing them anew (trainer.datasets.hands). The first layers stay as they are,
so what they make of every picture is computed once. The last layers learn from the person's drawings and, in
every step, from as many others: MNIST where it is at hand, else digits that the program draws itself. On
those the network is held to what its parent says (distillation; Hinton, Vinyals, Dean 2015), which is what
keeps it from forgetting (Li, Hoiem 2016). Batch normalisation's statistics stay the parent's: a handful of
drawings by one person would spoil them.

Whether it helped is found by cross-validation: every drawing is read by a network that was taught without
it.
"""

from __future__ import annotations

import copy
import datetime as dt
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from trainer import datasets
from trainer.augment import augmentation_of
from trainer.datasets.pictures import Drawings, Found, collected, without_notes
from trainer.datasets.redrawing import Redrawing
from trainer.datasets.splitting import hash_of
from trainer.engine import Execution, as_tensor, outputs_of, to_network
from trainer.errors import ConfigError, DataError, InputError
from trainer.finetuning import layers_of, tail
from trainer.labels import NO_LABEL
from trainer.picture import picture_from_drawing
from trainer.refusing import split
from trainer.strokes import Drawing
from trainer.weights import load_weights, save_weights
from trainer.weights_card import WeightsCard

#: Fewer drawings cannot show whether they help.
FEWEST = 3

#: The share of reference pictures that may be lost at most.
TOLERANCE = 0.001

_BETTER = (
    0.9  # of the loss on held-out drawings: where the errors are as many, it must fall below this
)


@dataclass(frozen=True, kw_only=True)
class TeachConfig:
    """How a network is taught.

    layers: so many of the last layers learn; 0: all of them. rehearsal: pictures of others', 0 for none.
    copies: how often each drawing is drawn anew. distillation: weight of the parent's word against the label,
    0…1, on others' pictures. folds: of the cross-validation, at most.
    """

    steps: int = 40
    batch_size: int = 64
    learning_rate: float = 1e-3
    layers: int = 2
    copies: int = 24
    rehearsal: int = 1500
    distillation: float = 0.7
    folds: int = 3
    seed: int = 0


@dataclass(frozen=True, kw_only=True)
class HandFigures:
    """How a person's drawings are read: how many, how many rightly, and the mean cross-entropy."""

    count: int
    right: int
    loss: float


@dataclass(frozen=True, kw_only=True)
class TeachProgress:
    """0…1."""

    share: float


@dataclass(frozen=True, kw_only=True)
class Taught:
    """The end of teaching. weights: a file with the new network, kept or not.

    before, after: the person's drawings, each read by a network that has not seen it. reference_before and
    reference_after: the share of others' `reference_count` pictures that is read rightly. kept: whether it
    passes the gate; reason: in a sentence, why or why not. fixed, broken: places of the drawings that only
    the new network reads rightly, and only the old.
    """

    weights: str
    kept: bool
    reason: str
    before: HandFigures
    after: HandFigures
    reference_before: float
    reference_after: float
    reference_count: int
    fixed: tuple[int, ...]
    broken: tuple[int, ...]


TeachEvent = TeachProgress | Taught


@dataclass(frozen=True, kw_only=True, eq=False)
class _Set:
    """Pictures as the frozen part sees them. features: float32 (N, …); targets: int64 (N,), places among the
    network's outputs; of: int64 (N,), the drawing that a picture was made of; parent: log-probabilities
    (N, outputs) that the parent gives."""

    features: Tensor
    targets: Tensor
    of: Tensor
    parent: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    def __getitem__(self, places: Tensor) -> _Set:
        return _Set(
            features=self.features[places],
            targets=self.targets[places],
            of=self.of[places],
            parent=self.parent[places],
        )


def teach(
    parent: Path,
    drawings: Sequence[tuple[Drawing, str]],
    target: Path,
    *,
    data_folder: Path,
    config: TeachConfig | None = None,
    title: str = "",
    writer: str = "",
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[TeachEvent]:
    """Teaches a copy of the network in `parent` these drawings with their labels, and writes it to `target`.

    title and writer go into its card. The last event is Taught, unless `should_stop` turned true: then
    nothing is written. Raises InputError for drawings that cannot be learned from, saying why; WeightsError
    where the parent cannot be used; RunError where the file cannot be written.
    """
    config = config or TeachConfig()
    network, card = load_weights(parent)
    lesson = _Lesson(network, card, drawings, config, data_folder)
    rounds = lesson.folds + 1
    held: list[tuple[Tensor, Tensor]] = []
    for number in range(rounds):
        last = number == lesson.folds
        shown = torch.ones(lesson.count, dtype=torch.bool)
        if not last:
            shown = lesson.fold != number
        pupil = copy.deepcopy(lesson.tail)
        for step in lesson.learn(pupil, shown):
            yield TeachProgress(share=(number + (step + 1) / config.steps) / rounds)
            if should_stop():
                return
        if not last:
            places = (~shown).nonzero()[:, 0]
            held.append((places, lesson.logits(pupil, lesson.plain[places])))
    taught = lesson.judged(torch.cat([p for p, _ in held]), torch.cat([x for _, x in held]), pupil)
    new_card = replace(
        card,
        title=title or card.title,
        data=f"{card.data}; then {lesson.count:,} drawings by {writer or 'one writer'}",
        parent=parent.stem,
        created=dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        metrics={
            **card.metrics,
            "hand_right_before": taught.before.right / taught.before.count,
            "hand_right": taught.after.right / taught.after.count,
            "reference_before": taught.reference_before,
            "reference": taught.reference_after,
        },
    )
    save_weights(target, lesson.whole(pupil), new_card)
    yield replace(taught, weights=str(target))


class _Lesson:
    """All pictures of a lesson, seen once by the layers that stay as they are."""

    def __init__(
        self,
        network: nn.Module,
        card: WeightsCard,
        drawings: Sequence[tuple[Drawing, str]],
        config: TeachConfig,
        data_folder: Path,
    ) -> None:
        self.config, self.card = config, card
        self.way = Execution(
            device=torch.device("cpu"), precision="float32", layout="channels last"
        )
        self.network = self.way.place(network.eval())
        self.first = self._first_that_learns()
        self.tail = tail(self.network, self.first)
        self._random = np.random.default_rng(config.seed)
        found = _usable(drawings, card.outputs)
        self.count = len(found)
        places = {label: place for place, label in enumerate(card.outputs)}
        targets = torch.tensor([places[str(label)] for label in found.labels])
        everyone = torch.arange(self.count)
        self.plain = self._seen(found.pictures, targets, everyone)
        pictures, of = self._copies(found)
        self.copies = self._seen(pictures, targets[of], of)
        others, reference = self._others(data_folder, places)
        self.rehearsal, self.reference = others, reference
        self.folds = min(config.folds, self.count)
        # Drawings of a label lie in turn in the folds, so that a fold takes none of them all.
        order = torch.from_numpy(np.lexsort((self._random.random(self.count), targets.numpy())))
        self.fold = torch.empty(self.count, dtype=torch.long)
        self.fold[order] = torch.arange(self.count) % self.folds

    def learn(self, pupil: nn.Module, shown: Tensor) -> Iterator[int]:
        """Teaches the last layers the drawings that are shown, bool (count,); the steps' numbers."""
        config = self.config
        mine = shown[self.copies.of].nonzero()[:, 0]
        generator = torch.Generator().manual_seed(config.seed)
        pupil.requires_grad_(True)
        optimizer = torch.optim.AdamW(pupil.parameters(), lr=config.learning_rate, weight_decay=0)
        half = config.batch_size // 2 if len(self.rehearsal) else config.batch_size
        for step in range(config.steps):
            # Up quickly, then down to nothing: what is kept is where the last steps arrive.
            rate = min(1.0, (step + 1) / 5) * 0.5 * (1 + math.cos(math.pi * step / config.steps))
            for group in optimizer.param_groups:
                group["lr"] = config.learning_rate * rate
            batch = self.copies[mine[torch.randint(len(mine), (half,), generator=generator)]]
            loss = F.cross_entropy(self._run(pupil, batch), batch.targets)
            if len(self.rehearsal):
                places = torch.randint(len(self.rehearsal), (half,), generator=generator)
                batch = self.rehearsal[places]
                said = self._run(pupil, batch).log_softmax(1)
                parent = F.kl_div(said, batch.parent, reduction="batchmean", log_target=True)
                label = F.nll_loss(said, batch.targets)
                loss = loss + config.distillation * parent + (1 - config.distillation) * label
            optimizer.zero_grad(set_to_none=True)
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            yield step
        pupil.requires_grad_(False)

    def logits(self, pupil: nn.Module, part: _Set) -> Tensor:
        """float32 (N, outputs)."""
        return outputs_of(pupil, part.features, way=self.way)

    def whole(self, pupil: nn.Module) -> nn.Module:
        """The network with the taught layers in their place."""
        network = copy.deepcopy(self.network)
        tail(network, self.first).load_state_dict(pupil.state_dict())
        return network

    def judged(self, places: Tensor, held_out: Tensor, pupil: nn.Module) -> Taught:
        """The gate. held_out: outputs for the drawings at `places`, each by a network taught without it."""
        outputs = torch.empty_like(held_out)
        outputs[places] = held_out
        targets = self.plain.targets
        before, after = (self._hand(x) for x in (self.plain.parent, outputs))
        old_right = self._labels(self.plain.parent).argmax(1) == targets
        new_right = self._labels(outputs).argmax(1) == targets
        reference = [
            float((self._labels(x).argmax(1) == self.reference.targets).float().mean())
            for x in (self.reference.parent, self.logits(pupil, self.reference))
        ]
        kept, reason = _gate(before, after, *reference)
        return Taught(
            weights="",
            kept=kept,
            reason=reason,
            before=before,
            after=after,
            reference_before=reference[0],
            reference_after=reference[1],
            reference_count=len(self.reference),
            fixed=tuple((new_right & ~old_right).nonzero()[:, 0].tolist()),
            broken=tuple((old_right & ~new_right).nonzero()[:, 0].tolist()),
        )

    def _hand(self, outputs: Tensor) -> HandFigures:
        targets, labels = self.plain.targets, self._labels(outputs)
        known = targets < labels.shape[1]
        scaled = labels[known] / self.card.temperature
        return HandFigures(
            count=self.count,
            right=int((labels[known].argmax(1) == targets[known]).sum()),
            loss=float(F.cross_entropy(scaled, targets[known])),
        )

    def _labels(self, outputs: Tensor) -> Tensor:
        return split(outputs, len(self.card.labels))[0]

    def _run(self, pupil: nn.Module, batch: _Set) -> Tensor:
        return self.way.run(pupil, batch.features).float()

    def _first_that_learns(self) -> int:
        learning = layers_of(self.network)
        layers = self.config.layers
        if not 0 <= layers <= len(learning):
            raise ConfigError(
                f"--layers {layers}: this network has {len(learning)} layers that can learn"
            )
        return 0 if layers in (0, len(learning)) else learning[-layers]

    def _seen(self, pictures: NDArray[np.uint8], targets: Tensor, of: Tensor) -> _Set:
        """What the layers that stay make of uint8 pictures (N, 28, 28)."""
        card = self.card

        def prepare(batch: Tensor) -> Tensor:
            return to_network(batch, card.mean, card.std)

        tensor = as_tensor(pictures)
        if self.first:
            assert isinstance(self.network, nn.Sequential)
            features = outputs_of(self.network[: self.first], tensor, way=self.way, prepare=prepare)
        else:
            features = prepare(tensor)
        parent = outputs_of(self.tail, features, way=self.way).log_softmax(1)
        return _Set(features=features.clone(), targets=targets, of=of, parent=parent.clone())

    def _copies(self, found: Drawings) -> tuple[NDArray[np.uint8], Tensor]:
        """Every drawing as it is and drawn anew; the pictures, and the drawings they are of."""
        # Not another people's forms of a digit: it is this person's that are to be learned.
        augmentation = augmentation_of("hands,shapes=0")
        assert augmentation is not None
        redrawing = Redrawing(found, np.arange(self.count))
        pictures, of = [found.pictures], [np.arange(self.count)]
        for _ in range(self.config.copies):
            places, drawn = redrawing(self._random, augmentation.hands)
            pictures.append(drawn)
            of.append(places)
        return np.concatenate(pictures), torch.from_numpy(np.concatenate(of))

    def _others(self, data_folder: Path, places: dict[str, int]) -> tuple[_Set, _Set]:
        """Pictures to rehearse, and others to judge by: MNIST's where it is at hand, else drawn ones."""
        labels = set(self.card.labels)
        sources = []
        if labels >= set(datasets.DIGITS):
            try:
                sources.append(datasets.load_training("mnist", data_folder, validation=5000))
            except DataError:
                sources.append(datasets.load_training("sketches", data_folder, validation=600))
        if NO_LABEL in places:
            sources.append(
                datasets.load_training("scribbles+sketches", data_folder, validation=600)
            )
        found: list[list[_Set]] = [[], []]
        for i, data in enumerate(sources):
            for part, kept, count in (
                (
                    data.training,
                    found[0],
                    self.config.rehearsal if i == 0 else self.config.rehearsal // 4,
                ),
                (data.validation, found[1], 2000 if i == 0 else 0),
            ):
                known = np.array([places.get(label, -1) for label in part.labels])[part.targets]
                rows = np.flatnonzero(known >= 0)
                rows = self._random.permutation(rows)[:count]
                if len(rows):
                    targets = torch.from_numpy(known[rows])
                    kept.append(
                        self._seen(part.pictures[rows], targets, torch.full((len(rows),), -1))
                    )
        if not found[1]:
            raise InputError(
                "there are no pictures by which to see what a network with these labels would forget"
            )
        return _joined(found[0]) if found[0] else found[1][0][torch.arange(0)], _joined(found[1])


def _joined(sets: Sequence[_Set]) -> _Set:
    return _Set(
        features=torch.cat([s.features for s in sets]),
        targets=torch.cat([s.targets for s in sets]),
        of=torch.cat([s.of for s in sets]),
        parent=torch.cat([s.parent for s in sets]),
    )


def _usable(drawings: Sequence[tuple[Drawing, str]], labels: tuple[str, ...]) -> Drawings:
    """The drawings with their pictures. Raises InputError, see `teach`."""
    found, labels_of = [], dict[int, str]()
    for drawing, label in drawings:
        if label not in labels:
            raise InputError(
                f"a drawing is labelled {label!r}, which the network has no output for: it reads "
                f"{' '.join(labels)}"
            )
        strokes = tuple(stroke.points for stroke in drawing.strokes)
        picture = picture_from_drawing(drawing)
        if picture is None:
            continue
        content = hash_of(b";".join(points.tobytes() for points in strokes) + picture.tobytes())
        if labels_of.setdefault(content, label) != label:
            raise InputError(
                f"the same drawing is labelled {labels_of[content]!r} and {label!r}: correct one of them"
            )
        found.append(Found(picture=picture, label=label, content=content, strokes=strokes))
    if len(found) < FEWEST:
        raise InputError(
            f"{len(found)} drawing{'' if len(found) == 1 else 's'} to learn from: at least {FEWEST} are "
            "wanted, as some are kept apart to see whether they help"
        )
    return without_notes(collected(found, "drawings"))


def _gate(
    before: HandFigures, after: HandFigures, reference_before: float, reference_after: float
) -> tuple[bool, str]:
    """Whether the new network is kept, and why or why not."""
    lost = reference_before - reference_after
    if lost > TOLERANCE:
        return False, (
            f"It would read others' digits worse: {reference_after:.2%} instead of {reference_before:.2%}."
        )
    if after.right > before.right:
        return True, (
            f"Of {after.count} drawings it reads {after.right} rightly without having seen them, instead "
            f"of {before.right}."
        )
    if after.right < before.right:
        return False, (
            f"It reads this hand worse: {after.right} of {after.count} drawings instead of {before.right}."
        )
    if after.loss < _BETTER * before.loss:
        return True, (
            f"It reads {after.right} of {after.count} drawings rightly as before, and is surer of them."
        )
    return False, (
        f"It reads this hand no better: {after.right} of {after.count} drawings rightly, as before."
    )
