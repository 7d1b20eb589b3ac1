"""What a lesson is made of: a person's drawings made many, others' pictures, and how the last layers learn.

The layers that stay as they are see every picture once; what they make of it is kept (`Seen`).
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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
from trainer.engine import as_tensor, fastest_batch, outputs_of, to_network
from trainer.errors import DataError, InputError
from trainer.finetuning import frozen_children, full_layers, tail
from trainer.labels import NO_LABEL
from trainer.optimizers import plain_step, set_rate
from trainer.picture import picture_from_drawing
from trainer.refusing import split
from trainer.sample_drawings import sample_drawings
from trainer.scribbles import scribbles
from trainer.strokes import Drawing
from trainer.weights import load_weights

#: Fewer drawings cannot show whether they help.
FEWEST = 3

_REFERENCE = 4000  # pictures of others by which forgetting is seen
_VALIDATION = 5000  # of MNIST's training part, from which these are taken
_DRAWN_REFERENCE = 600  # the same of the program's own, where there is no MNIST
_SEED = 21  # of other drawings than those that are trained on, or that an export is checked on


@dataclass(frozen=True, kw_only=True)
class TeachConfig:
    """How a network is taught.

    steps: of the optimizer, on batch_size pictures of the person's and as many of others'. learning_rate: its
    peak; None: what suits the layers. layers: so many of the last layers learn; 0: all of them; None: the
    full layers at the end, which take a moment only. rehearsal: pictures of others', 0 for none. copies: how
    often each drawing is drawn anew. distillation: weight of the parent's word against the label, 0…1, on
    others' pictures. folds: of the cross-validation, at most. The defaults were chosen by every second writer
    of two of UNIPEN's sites (docs/personal.md).
    """

    steps: int = 200
    batch_size: int = 128
    learning_rate: float | None = None
    layers: int | None = None
    copies: int = 24
    rehearsal: int = 5000
    distillation: float = 0.7
    folds: int = 3
    seed: int = 0


@dataclass(frozen=True, kw_only=True, eq=False)
class Seen:
    """Pictures as the layers that stay see them. features: float32 (N, …); targets: int64 (N,), places among
    the network's outputs; of: int64 (N,), the drawing that a picture was made of, -1 for others' pictures;
    parent: log-probabilities (N, outputs) that the parent gives."""

    features: Tensor
    targets: Tensor
    of: Tensor
    parent: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    def __getitem__(self, places: Tensor) -> Seen:
        return Seen(
            features=self.features[places],
            targets=self.targets[places],
            of=self.of[places],
            parent=self.parent[places],
        )


class Teacher:
    """A network that is taught, and others' pictures as it sees them: the same for every hand.

    Raises WeightsError where the weights cannot be used, ConfigError for more layers than there are,
    InputError where nothing would show what a network with these labels forgets.
    """

    def __init__(self, parent: Path, *, data_folder: Path, config: TeachConfig) -> None:
        self.parent, self.config = parent, config
        self.network, self.card = load_weights(parent)
        layers = full_layers(self.network) if config.layers is None else config.layers
        self.first = frozen_children(self.network, layers)
        # One layer alone has a convex problem, which takes great steps.
        self.learning_rate = config.learning_rate or (1e-2 if layers == 1 else 1e-3)
        # What stays sees by far the most pictures.
        stays = self.network[: self.first] if self.first else self.network  # type: ignore[index]
        self.way = fastest_batch(stays, torch.device("cpu"))
        self.network = self.way.place(self.network.eval())
        self.tail = tail(self.network, self.first)
        self.rehearsal, self.reference = self._others(data_folder)

    def seen(self, pictures: NDArray[np.uint8], targets: Tensor, of: Tensor) -> Seen:
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
        return Seen(features=features.clone(), targets=targets, of=of, parent=parent.clone())

    def outputs(self, pupil: nn.Module, part: Seen) -> Tensor:
        """float32 (N, outputs)."""
        return outputs_of(pupil, part.features, way=self.way)

    def right(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """bool (N,): the nearest label is the true one, or there is none and it is refused."""
        labels, shares = split(outputs, len(self.card.labels))
        right = labels.argmax(1) == targets
        if shares is None or self.card.threshold is None:
            return right
        return torch.where(targets < labels.shape[1], right, shares < self.card.threshold)

    def whole(self, pupil: nn.Module) -> nn.Module:
        """The network with the taught layers in their place."""
        network = copy.deepcopy(self.network)
        tail(network, self.first).load_state_dict(pupil.state_dict())
        return network

    def _others(self, data_folder: Path) -> tuple[Seen | None, Seen]:
        """Pictures to rehearse, and others to judge by: MNIST's where it is at hand, else drawn ones."""
        card, config = self.card, self.config
        random = np.random.default_rng(config.seed)
        rehearsal, reference = [], []
        if set(card.labels) >= set(datasets.DIGITS):
            try:
                mnist = datasets.load_training("mnist", data_folder, validation=_VALIDATION)
            except DataError:
                drawn = sample_drawings(config.rehearsal + _DRAWN_REFERENCE, _SEED)
                rehearsal += self._seen_drawings(drawn[_DRAWN_REFERENCE:])
                reference += self._seen_drawings(drawn[:_DRAWN_REFERENCE])
            else:
                rehearsal += self._some(mnist.training, config.rehearsal, random)
                reference += self._some(mnist.validation, _REFERENCE, random)
        if NO_LABEL in card.outputs:
            # Half of it digits, so that it does not learn that whatever the program draws is none.
            count = config.rehearsal // 8
            rehearsal += self._seen_drawings(sample_drawings(count, _SEED + 1))
            rehearsal += self._seen_drawings([(NO_LABEL, d) for d in scribbles(count, _SEED)])
        if not reference:
            raise InputError(
                "there are no pictures by which to see what a network with these labels would forget"
            )
        return _joined(rehearsal) if rehearsal else None, _joined(reference)

    def _some(self, part: datasets.Part, count: int, random: np.random.Generator) -> list[Seen]:
        """So many of a part's pictures; none or one set."""
        rows = random.permutation(len(part.targets))[:count]
        labels = np.array(part.labels)[part.targets[rows]]
        return self._seen_of_others(part.pictures[rows], labels.tolist())

    def _seen_drawings(self, drawings: Sequence[tuple[str, Drawing]]) -> list[Seen]:
        """What the program has drawn; none or one set."""
        pictures = [(label, picture_from_drawing(drawing)) for label, drawing in drawings]
        shown = [(label, picture) for label, picture in pictures if picture is not None]
        if not shown:
            return []
        return self._seen_of_others(np.stack([p for _, p in shown]), [label for label, _ in shown])

    def _seen_of_others(self, pictures: NDArray[np.uint8], labels: Sequence[str]) -> list[Seen]:
        """Of those that the network has an output for; none or one set."""
        places = {label: place for place, label in enumerate(self.card.outputs)}
        known = np.array([places.get(label, -1) for label in labels], np.int64)
        rows = np.flatnonzero(known >= 0)
        if not len(rows):
            return []
        nobody = torch.full((len(rows),), -1)
        return [self.seen(pictures[rows], torch.from_numpy(known[rows]), nobody)]


class Lesson:
    """One person's drawings for a teacher. Raises InputError for drawings that cannot be learned from."""

    def __init__(self, teacher: Teacher, drawings: Sequence[tuple[Drawing, str]]) -> None:
        self.teacher, self.config = teacher, teacher.config
        random = np.random.default_rng(self.config.seed)
        found = usable(drawings, teacher.card.outputs)
        self.count = len(found)
        places = {label: place for place, label in enumerate(teacher.card.outputs)}
        self.targets = torch.tensor([places[str(label)] for label in found.labels])
        self.plain = teacher.seen(found.pictures, self.targets, torch.arange(self.count))
        pictures, of = self._copies(found, random)
        self.copies = teacher.seen(pictures, self.targets[of], of)
        self.folds = min(self.config.folds, self.count)
        # Drawings of a label lie in turn in the folds, so that a fold takes none of them all.
        order = torch.from_numpy(np.lexsort((random.random(self.count), self.targets.numpy())))
        self.fold = torch.empty(self.count, dtype=torch.long)
        self.fold[order] = torch.arange(self.count) % self.folds

    def learn(self, pupil: nn.Module, shown: Tensor) -> Iterator[int]:
        """Teaches the last layers the drawings that are shown, bool (count,); the steps' numbers."""
        config, teacher = self.config, self.teacher
        mine = shown[self.copies.of].nonzero()[:, 0]
        generator = torch.Generator().manual_seed(config.seed)
        pupil.eval()  # a handful of drawings by one person would spoil normalisation's statistics
        pupil.requires_grad_(True)
        optimizer = torch.optim.AdamW(pupil.parameters(), weight_decay=0)
        advance = plain_step(optimizer)
        for step in range(config.steps):
            # Up quickly, then down to nothing: what is kept is where the last steps arrive.
            rate = min(1.0, (step + 1) / 5) * 0.5 * (1 + math.cos(math.pi * step / config.steps))
            set_rate(optimizer, teacher.learning_rate * rate)
            places = torch.randint(len(mine), (config.batch_size,), generator=generator)
            batch = self.copies[mine[places]]
            loss = F.cross_entropy(self._run(pupil, batch), batch.targets)
            others = teacher.rehearsal
            if others is not None:
                places = torch.randint(len(others), (config.batch_size,), generator=generator)
                batch = others[places]
                said = self._run(pupil, batch).log_softmax(1)
                parent = F.kl_div(said, batch.parent, reduction="batchmean", log_target=True)
                label = F.nll_loss(said, batch.targets)
                loss = loss + config.distillation * parent + (1 - config.distillation) * label
            for parameter in pupil.parameters():
                parameter.grad = None
            loss.backward()  # type: ignore[no-untyped-call]
            advance()
            yield step
        pupil.requires_grad_(False)

    def _run(self, pupil: nn.Module, batch: Seen) -> Tensor:
        return self.teacher.way.run(pupil, batch.features).float()

    def _copies(
        self, found: Drawings, random: np.random.Generator
    ) -> tuple[NDArray[np.uint8], Tensor]:
        """Every drawing as it is and drawn anew; the pictures, and the drawings they are of."""
        # Not another people's forms of a digit, nor their hooks: it is this person's that are to be learned.
        augmentation = augmentation_of("hands,shapes=0,hooks=0")
        assert augmentation is not None
        redrawing = Redrawing(found, np.arange(self.count))
        pictures, of = [found.pictures], [np.arange(self.count)]
        for _ in range(self.config.copies):
            places, drawn = redrawing(random, augmentation.hands)
            pictures.append(drawn)
            of.append(places)
        return np.concatenate(pictures), torch.from_numpy(np.concatenate(of))


def usable(drawings: Sequence[tuple[Drawing, str]], labels: tuple[str, ...]) -> Drawings:
    """The drawings with their pictures. Raises InputError where they cannot be learned from."""
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


def _joined(sets: Sequence[Seen]) -> Seen:
    return Seen(
        features=torch.cat([s.features for s in sets]),
        targets=torch.cat([s.targets for s in sets]),
        of=torch.cat([s.of for s in sets]),
        parent=torch.cat([s.parent for s in sets]),
    )
