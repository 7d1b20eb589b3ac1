"""What a lesson is made of: a person's drawings made many, and how the last layers learn.

The layers that stay as they are see every picture once; what they make of it is kept (`Seen`).
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from trainer.base.errors import ConfigError
from trainer.datasets.augment import augmentation_of
from trainer.datasets.pictures import DrawingSet, Found, collected, without_notes
from trainer.datasets.redrawing import Redrawing
from trainer.datasets.splitting import hash_of
from trainer.execution.execution import as_tensor, fastest_batch, outputs_of, to_network
from trainer.execution.fusing import fused
from trainer.models.rejection import split
from trainer.models.weights import load_hashed
from trainer.personalize.drawing_selection import DrawingSelection, Usable
from trainer.personalize.rehearsal import CachedFeatures, RehearsalData, rehearsal_data_of
from trainer.training.initial_weights import frozen_children, full_layers, tail
from trainer.training.optimizers import plain_adamw, plain_step, set_rate

_MOST_COPIES = 25_000  # of all its drawings together: as many as the steps can look at


@dataclass(frozen=True, kw_only=True)
class FineTuneConfig:
    """How a network is taught.

    steps: of the optimizer, on batch_size pictures of the person's and twice as many of others'.
    learning_rate: its peak; None: what suits the layers. layers: so many of the last layers learn; 0: all of
    them; None: the full layers at the end, which take a moment only. rehearsal: pictures of others', 0 for
    none. copies: how often each drawing is drawn anew. distillation: weight of the parent's word against the
    label, 0…1, on others' pictures; others: weight of their loss against that of the person's; None: what
    suits the layers. folds: of the cross-validation, at most. The defaults were chosen by writers of five of
    UNIPEN's sites (docs/personal.md).
    """

    steps: int = 200
    batch_size: int = 128
    learning_rate: float | None = None
    layers: int | None = None
    copies: int = 24
    rehearsal: int = 5000
    distillation: float = 0.7
    others: float | None = None
    folds: int = 3
    seed: int = 0

    def __post_init__(self) -> None:
        """Raises ConfigError for what cannot be."""
        if self.folds < 2 or min(self.steps, self.batch_size) < 1:
            raise ConfigError("teaching wants steps, batches, and two folds or more")
        if min(self.copies, self.rehearsal, self.layers or 0, self.others or 0) < 0:
            raise ConfigError(
                "teaching wants copies, rehearsal, layers and others' weight of 0 or more"
            )
        if not 0 <= self.distillation <= 1 or (
            self.learning_rate is not None and self.learning_rate <= 0
        ):
            raise ConfigError("teaching wants a distillation of 0 to 1 and a learning rate above 0")


def suited(config: FineTuneConfig, network: nn.Module) -> FineTuneConfig:
    """The same with everything said that it leaves to the network."""
    layers = full_layers(network) if config.layers is None else config.layers
    # One layer alone has a convex problem, which takes great steps, and little room to forget in.
    rate, others = (1e-2, 1.0) if layers == 1 else (1e-3, 4.0)
    return replace(
        config,
        layers=layers,
        learning_rate=rate if config.learning_rate is None else config.learning_rate,
        others=others if config.others is None else config.others,
    )


class FineTuner:
    """A network that is taught, and, once it has met them, others' pictures as it sees them: the same for
    every hand. Raises WeightsError where the weights cannot be used, ConfigError for more layers than there
    are."""

    others: RehearsalData

    def __init__(self, parent: Path, config: FineTuneConfig) -> None:
        self.parent = parent
        self.network, self.card, self.parent_hash = load_hashed(parent)
        self.config = suited(config, self.network)
        assert self.config.layers is not None
        self.first = frozen_children(self.network, self.config.layers)
        # What stays sees by far the most pictures, in whatever format is fastest here. What learns, and all
        # of the person's own drawings as they are, is computed in float32: their figures are those of the
        # network that reads in the window. Others' are for comparing, before and after alike.
        stays = fused(self.network[: self.first]) if self.first else None  # type: ignore[index]
        self.fast = fastest_batch(stays or self.network, torch.device("cpu"))
        self.exact = replace(self.fast, precision="float32")
        self.network = self.fast.place(self.network.eval())
        self._stays = self.fast.place(stays) if stays is not None else None
        self.tail = tail(self.network, self.first)

    def meet(self, data_folder: Path) -> Iterator[float]:
        """Has it see others' pictures; the share that is done, see
        trainer.personalize.rehearsal.rehearsal_data_of."""
        self.others = yield from rehearsal_data_of(self, data_folder)

    def seen(
        self, pictures: NDArray[np.uint8], targets: Tensor, of: Tensor, *, exact: bool = False
    ) -> CachedFeatures:
        """What the layers that stay make of uint8 pictures (N, 28, 28). exact: in float32."""
        card, way = self.card, self.exact if exact else self.fast

        def prepare(batch: Tensor) -> Tensor:
            return to_network(batch, card.mean, card.std)

        tensor = as_tensor(pictures)
        if self._stays is not None:
            features = outputs_of(self._stays, tensor, way=way, prepare=prepare)
        else:
            features = prepare(tensor)
        parent = outputs_of(self.tail, features, way=self.exact)
        return CachedFeatures(
            features=features.clone(), targets=targets, of=of, parent=parent.clone()
        )

    def outputs(self, pupil: nn.Module, part: CachedFeatures) -> Tensor:
        """float32 (N, outputs)."""
        return outputs_of(pupil, part.features, way=self.exact)

    def right(self, outputs: Tensor, targets: Tensor, threshold: float | None = None) -> Tensor:
        """bool (N,): it is answered, and with the true label; or there is none, and it is refused.

        threshold: None: the parent's.
        """
        labels, shares = split(outputs, len(self.card.labels))
        right = labels.argmax(1) == targets
        threshold = self.card.threshold if threshold is None else threshold
        if shares is None or threshold is None:
            return right
        refused = shares < threshold
        return torch.where(targets < labels.shape[1], right & ~refused, refused)

    def losses(self, outputs: Tensor, targets: Tensor, temperature: float) -> Tensor:
        """float32 (N,): minus the logarithm of how probable the truth is, as probabilities are shown."""
        labels, shares = split(outputs, len(self.card.labels))
        none = labels.shape[1]
        said = (labels / temperature).log_softmax(1)
        losses = -said.gather(1, targets.clamp(max=none - 1)[:, None])[:, 0]
        if shares is None:
            return losses
        shares = shares.clamp(1e-6, 1 - 1e-6)
        return torch.where(targets < none, losses - shares.log(), -(1 - shares).log())

    def whole(self, pupil: nn.Module) -> nn.Module:
        """The network with the taught layers in their place."""
        network = copy.deepcopy(self.network)
        tail(network, self.first).load_state_dict(pupil.state_dict())
        return network


class WriterData:
    """One person's drawings for a teacher who has met others' (Teacher.meet)."""

    def __init__(self, teacher: FineTuner, material: DrawingSelection) -> None:
        self.teacher, self.config = teacher, teacher.config
        random = np.random.default_rng(self.config.seed)
        self.places = tuple(one.place for one in material.found)
        found = without_notes(collected(map(_found, material.found), "drawings"))
        self.count = len(found)
        places = {label: place for place, label in enumerate(teacher.card.outputs)}
        self.targets = torch.tensor([places[str(label)] for label in found.labels])
        everyone = torch.arange(self.count)
        self.plain = teacher.seen(found.pictures, self.targets, everyone, exact=True)
        pictures, of = self._copies(found, random)
        self.copies = teacher.seen(pictures, self.targets[of], of)
        self.folds = min(self.config.folds, self.count)
        # Drawings of a label lie in turn in the folds, so that none takes more than its share of them.
        order = torch.from_numpy(np.lexsort((random.random(self.count), self.targets.numpy())))
        self.fold = torch.empty(self.count, dtype=torch.long)
        self.fold[order] = torch.arange(self.count) % self.folds

    def learn(self, pupil: nn.Module, shown: Tensor) -> Iterator[int]:
        """Teaches the last layers the drawings that are shown, bool (count,); the steps' numbers."""
        config, teacher = self.config, self.teacher
        mine = shown.nonzero()[:, 0]
        each = len(self.copies) // self.count
        generator = torch.Generator().manual_seed(config.seed)

        def some(count: int, size: int = config.batch_size) -> Tensor:
            return torch.randint(count, (size,), generator=generator)

        pupil.eval()  # a handful of drawings by one person would spoil normalisation's statistics
        pupil.requires_grad_(True)
        peak, weight = config.learning_rate, config.others
        assert peak is not None  # see suited
        assert weight is not None
        optimizer = plain_adamw(pupil.parameters(), peak)
        advance = plain_step(optimizer)
        for step in range(config.steps):
            # Up quickly, then down to nothing: what is kept is where the last steps arrive.
            rate = min(1.0, (step + 1) / 5) * 0.5 * (1 + math.cos(math.pi * step / config.steps))
            set_rate(optimizer, peak * rate)
            batch = self.copies[mine[some(len(mine))] + self.count * some(each)]
            loss = F.cross_entropy(self._run(pupil, batch), batch.targets)
            others = teacher.others.rehearsal
            if others is not None:
                batch = others[some(len(others), 2 * config.batch_size)]
                said = self._run(pupil, batch).log_softmax(1)
                parent = batch.parent.log_softmax(1)
                held = F.kl_div(said, parent, reduction="batchmean", log_target=True)
                label = F.nll_loss(said, batch.targets)
                kept = config.distillation * held + (1 - config.distillation) * label
                loss = loss + weight * kept
            for parameter in pupil.parameters():
                parameter.grad = None
            loss.backward()  # type: ignore[no-untyped-call]
            advance()
            yield step
        pupil.requires_grad_(False)

    def _run(self, pupil: nn.Module, batch: CachedFeatures) -> Tensor:
        outputs: Tensor = self.teacher.exact.run(pupil, batch.features)
        return outputs

    def _copies(
        self, found: DrawingSet, random: np.random.Generator
    ) -> tuple[NDArray[np.uint8], Tensor]:
        """All drawings as they are, then drawn anew, all of them again and again: uint8 (N, 28, 28),
        and which drawing each is of."""
        # Not another people's forms of a digit, nor their hooks: it is this person's that are to be learned.
        augmentation = augmentation_of("hands,shapes=0,hooks=0")
        assert augmentation is not None
        redrawing = Redrawing(found, np.arange(self.count))
        # What was opened as a picture has no strokes to draw: the picture itself is changed.
        stiff = np.setdiff1d(np.arange(self.count), redrawing.places)
        images = as_tensor(found.pictures[stiff]).unsqueeze(1).float() / 255
        generator = torch.Generator().manual_seed(self.config.seed)
        every = [found.pictures]
        for _ in range(min(self.config.copies, _MOST_COPIES // self.count)):
            pictures = found.pictures.copy()
            places, drawn = redrawing(random, augmentation.hands)
            pictures[places] = drawn
            if len(stiff):
                changed = augmentation(images, generator)[:, 0] * 255
                pictures[stiff] = changed.round().clamp(0, 255).to(torch.uint8).numpy()
            every.append(pictures)
        return np.concatenate(every), torch.arange(self.count).repeat(len(every))


def _found(one: Usable) -> Found:
    # The strokes over an opened picture are not all of the drawing.
    strokes = () if one.drawing.image is not None else one.drawing.strokes
    return Found(
        picture=one.picture,
        label=one.label,
        content=hash_of(one.content),
        strokes=tuple(stroke.points for stroke in strokes),
    )
