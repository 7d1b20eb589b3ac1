"""Fine-tuning a network's last layers to one writer: augmented copies of few drawings, and rehearsal.

The frozen layers see every image once; their output is kept (CachedFeatures).
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
from trainer.base.labels import CAPITALS
from trainer.datasets.augmentation.images import augmentation_of
from trainer.datasets.augmentation.redrawing import Redrawing
from trainer.datasets.pictures import DrawingSet, Found, collected, without_notes
from trainer.datasets.splitting import hash_of
from trainer.execution.execution import as_tensor, fastest_batch, outputs_of, to_network
from trainer.execution.fusing import fused
from trainer.models.rejection import split
from trainer.models.weights import load_hashed
from trainer.personalize.cached_features import CachedFeatures
from trainer.personalize.drawing_selection import DrawingSelection, SelectedDrawing
from trainer.personalize.rehearsal import RehearsalData, RehearsalSpec, rehearsal_data
from trainer.training.initial_weights import frozen_children, full_layers, tail
from trainer.training.optimizers import plain_adamw, plain_step, set_rate

_MOST_COPIES = 25_000  # of all drawings together: as many as the steps can see


@dataclass(frozen=True, kw_only=True)
class FineTuneConfig:
    """Hyperparameters of a fine-tuning.

    steps: of the optimizer, on batch_size images of the writer's and twice as many of the rehearsal data.
    learning_rate: its peak; None: by the number of layers. layers: so many of the last layers are trained; 0:
    all; None: the fully connected ones at the end, which takes a moment only. rehearsal: images of other
    writers, 0 for none. copies: augmented copies of each drawing. distillation: weight of the parent's
    output against the label, 0…1, on rehearsal data; rehearsal_weight: weight of its loss against the
    writer's; None: by the number of layers. folds: of the cross-validation, at most. The defaults were
    chosen on writers of five of UNIPEN's sites (docs/personal.md).
    """

    steps: int = 200
    batch_size: int = 128
    learning_rate: float | None = None
    layers: int | None = None
    copies: int = 24
    rehearsal: int = 5000
    distillation: float = 0.7
    rehearsal_weight: float | None = None
    folds: int = 3
    seed: int = 0

    def __post_init__(self) -> None:
        """Raises ConfigError for impossible values."""
        if self.folds < 2 or min(self.steps, self.batch_size) < 1:
            raise ConfigError(
                "personalize.no-steps", "fine-tuning needs steps, batches, and two folds or more"
            )
        if min(self.copies, self.rehearsal, self.layers or 0, self.rehearsal_weight or 0) < 0:
            raise ConfigError(
                "personalize.negative",
                "fine-tuning needs copies, rehearsal images, layers and a weight of 0 or more",
            )
        if not 0 <= self.distillation <= 1 or (
            self.learning_rate is not None and self.learning_rate <= 0
        ):
            raise ConfigError(
                "personalize.distillation",
                "fine-tuning needs a distillation of 0 to 1 and a learning rate above 0",
            )


def suited(config: FineTuneConfig, network: nn.Module) -> FineTuneConfig:
    """The configuration with every value that depends on the network filled in."""
    layers = full_layers(network) if config.layers is None else config.layers
    # One layer alone is a convex problem, which takes large steps, and has little room to forget in.
    rate, weight = (1e-2, 1.0) if layers == 1 else (1e-3, 4.0)
    return replace(
        config,
        layers=layers,
        learning_rate=rate if config.learning_rate is None else config.learning_rate,
        rehearsal_weight=weight if config.rehearsal_weight is None else config.rehearsal_weight,
    )


class FineTuner:
    """A parent network, its frozen layers and its rehearsal data: the same for every writer.

    rehearsal is there after `prepare`. Raises WeightsError where the weights cannot be used, ConfigError for
    more layers than there are.
    """

    rehearsal: RehearsalData

    def __init__(self, parent: Path, config: FineTuneConfig) -> None:
        self.parent = parent
        self.network, self.card, self.parent_hash = load_hashed(parent)
        self.config = suited(config, self.network)
        assert self.config.layers is not None
        self.frozen = frozen_children(self.network, self.config.layers)
        # The frozen layers see by far the most images, in whatever format is fastest here. What is trained,
        # and the writer's own drawings, are computed in float32: their metrics are those of the network
        # that reads in the window. Rehearsal data is only compared, before and after alike.
        frozen = fused(self.network[: self.frozen]) if self.frozen else None  # type: ignore[index]
        self.fast = fastest_batch(frozen or self.network, torch.device("cpu"))
        self.exact = replace(self.fast, precision="float32")
        self.network = self.fast.place(self.network.eval())
        self._frozen_layers = self.fast.place(frozen) if frozen is not None else None
        self.tail = tail(self.network, self.frozen)
        places = {label: place for place, label in enumerate(self.card.labels)}
        #: The other case of each label; the label itself where the network has none.
        self._other_case = torch.tensor(
            [places.get(one.swapcase(), i) for i, one in enumerate(self.card.labels)]
        )

    def prepare(self, data_folder: Path) -> Iterator[float]:
        """Computes the rehearsal data or takes it from the cache; the fraction that is done."""
        spec = RehearsalSpec(
            outputs=self.card.outputs,
            count=self.config.rehearsal,
            seed=self.config.seed,
            parent_hash=self.parent_hash,
            frozen=self.frozen,
        )
        self.rehearsal = yield from rehearsal_data(spec, self.features, data_folder)

    def features(
        self, images: NDArray[np.uint8], targets: Tensor, of: Tensor, *, exact: bool = False
    ) -> CachedFeatures:
        """Of uint8 images (N, 28, 28). exact: in float32."""
        card, execution = self.card, self.exact if exact else self.fast

        def prepare(batch: Tensor) -> Tensor:
            return to_network(batch, card.mean, card.std)

        tensor = as_tensor(images)
        if self._frozen_layers is not None:
            features = outputs_of(self._frozen_layers, tensor, execution=execution, prepare=prepare)
        else:
            features = prepare(tensor)
        parent = outputs_of(self.tail, features, execution=self.exact)
        return CachedFeatures(
            features=features.clone(), targets=targets, of=of, parent=parent.clone()
        )

    def outputs(self, candidate: nn.Module, cached: CachedFeatures) -> Tensor:
        """Logits of trained last layers, float32 (N, outputs)."""
        return outputs_of(candidate, cached.features, execution=self.exact)

    def correct(self, outputs: Tensor, targets: Tensor, threshold: float | None = None) -> Tensor:
        """bool (N,): answered with the true label, whatever its case; or it has none of the labels, and is
        rejected.

        threshold: None: the parent's.
        """
        labels, is_label = split(outputs, len(self.card.labels))
        best = self._of_either_case(labels, self.card.temperature).argmax(1)
        correct = (best == targets) | (self._other_case[best] == targets)
        rejected = self._rejected(is_label, threshold)
        if rejected is None:
            return correct
        return torch.where(targets < labels.shape[1], correct & ~rejected, rejected)

    def answers(self, outputs: Tensor, threshold: float | None = None) -> list[str | None]:
        """The label of each answer; None where the drawing is rejected. threshold: None: the parent's."""
        labels, is_label = split(outputs, len(self.card.labels))
        best = [self.card.labels[place] for place in labels.argmax(1).tolist()]
        rejected = self._rejected(is_label, threshold)
        if rejected is None:
            return list(best)
        return [None if no else label for label, no in zip(best, rejected.tolist(), strict=True)]

    def _of_either_case(self, logits: Tensor, temperature: float) -> Tensor:
        """Log probabilities (N, labels), in which both cases of a letter have what they have together: few
        letters are told from their capitals by one picture."""
        logs = (logits / temperature).log_softmax(1)
        other = self._other_case
        both = torch.logaddexp(logs, logs[:, other])
        return torch.where(other == torch.arange(len(other)), logs, both)

    def _rejected(self, is_label: Tensor | None, threshold: float | None) -> Tensor | None:
        """bool (N,); None for a network that rejects nothing."""
        threshold = self.card.threshold if threshold is None else threshold
        return None if is_label is None or threshold is None else is_label < threshold

    def losses(self, outputs: Tensor, targets: Tensor, temperature: float) -> Tensor:
        """float32 (N,): negative log-likelihood of the truth, by the probabilities that are shown."""
        labels, is_label = split(outputs, len(self.card.labels))
        none = labels.shape[1]
        log_probabilities = self._of_either_case(labels, temperature)
        losses = -log_probabilities.gather(1, targets.clamp(max=none - 1)[:, None])[:, 0]
        if is_label is None:
            return losses
        is_label = is_label.clamp(1e-6, 1 - 1e-6)
        return torch.where(targets < none, losses - is_label.log(), -(1 - is_label).log())

    def assembled(self, candidate: nn.Module) -> nn.Module:
        """The whole network with these last layers."""
        network = copy.deepcopy(self.network)
        tail(network, self.frozen).load_state_dict(candidate.state_dict())
        return network


class WriterData:
    """One writer's drawings as features, in folds for cross-validation.

    ids: of the drawings. targets: int64 (count,). originals: the drawings as they are; copies: they and
    their augmented copies, all drawings in turn. fold: int64 (count,), 0…folds-1.
    """

    def __init__(self, finetuner: FineTuner, selection: DrawingSelection) -> None:
        self.finetuner, self.config = finetuner, finetuner.config
        random = np.random.default_rng(self.config.seed)
        self.ids = tuple(one.id for one in selection.drawings)
        found = without_notes(collected(map(_found, selection.drawings), "drawings"))
        self.count = len(found)
        places = {label: place for place, label in enumerate(finetuner.card.outputs)}
        self.targets = torch.tensor([places[str(label)] for label in found.labels])
        every = torch.arange(self.count)
        self.originals = finetuner.features(found.pictures, self.targets, every, exact=True)
        self.targets = _in_case(self.targets, self.originals.parent, finetuner.card.outputs)
        self.originals = replace(self.originals, targets=self.targets)
        images, of = self._copies(found, random)
        self.copies = finetuner.features(images, self.targets[of], of)
        self.folds = min(self.config.folds, self.count)
        # Stratified: the drawings of a label go to the folds in turn.
        order = torch.from_numpy(np.lexsort((random.random(self.count), self.targets.numpy())))
        self.fold = torch.empty(self.count, dtype=torch.long)
        self.fold[order] = torch.arange(self.count) % self.folds

    def train(self, candidate: nn.Module, shown: Tensor) -> Iterator[int]:
        """Trains last layers on the drawings that are shown, bool (count,); yields the steps' numbers."""
        config = self.config
        drawings = shown.nonzero()[:, 0]
        each = len(self.copies) // self.count
        generator = torch.Generator().manual_seed(config.seed)

        def sample(count: int, size: int = config.batch_size) -> Tensor:
            return torch.randint(count, (size,), generator=generator)

        # A handful of drawings by one writer would spoil the statistics of normalisation.
        candidate.eval()
        candidate.requires_grad_(True)
        peak, weight = config.learning_rate, config.rehearsal_weight
        assert peak is not None  # see suited
        assert weight is not None
        optimizer = plain_adamw(candidate.parameters(), peak)
        advance = plain_step(optimizer)
        for step in range(config.steps):
            # A short warm-up, then down to nothing: the result is where the last steps arrive.
            rate = min(1.0, (step + 1) / 5) * 0.5 * (1 + math.cos(math.pi * step / config.steps))
            set_rate(optimizer, peak * rate)
            batch = self.copies[drawings[sample(len(drawings))] + self.count * sample(each)]
            loss = F.cross_entropy(self._run(candidate, batch), batch.targets)
            rehearsal = self.finetuner.rehearsal.rehearsal
            if rehearsal is not None:
                batch = rehearsal[sample(len(rehearsal), 2 * config.batch_size)]
                log_probabilities = self._run(candidate, batch).log_softmax(1)
                parent = batch.parent.log_softmax(1)
                distilled = F.kl_div(
                    log_probabilities, parent, reduction="batchmean", log_target=True
                )
                labelled = F.nll_loss(log_probabilities, batch.targets)
                mixed = config.distillation * distilled + (1 - config.distillation) * labelled
                loss = loss + weight * mixed
            for parameter in candidate.parameters():
                parameter.grad = None
            loss.backward()  # type: ignore[no-untyped-call]
            advance()
            yield step
        candidate.requires_grad_(False)

    def _run(self, candidate: nn.Module, batch: CachedFeatures) -> Tensor:
        outputs: Tensor = self.finetuner.exact.run(candidate, batch.features)
        return outputs

    def _copies(
        self, found: DrawingSet, random: np.random.Generator
    ) -> tuple[NDArray[np.uint8], Tensor]:
        """All drawings as they are, then augmented, again and again: uint8 (N, 28, 28), and which drawing
        each is of, int64 (N,)."""
        # Without other writers' digit shapes and hooks: this writer's are to be learned.
        augmentation = augmentation_of("strokes,shapes=0,hooks=0")
        assert augmentation is not None
        redrawing = Redrawing(found, np.arange(self.count))
        # An opened image has no strokes to redraw: the image itself is augmented.
        without_strokes = np.setdiff1d(np.arange(self.count), redrawing.places)
        images = as_tensor(found.pictures[without_strokes]).unsqueeze(1).float() / 255
        generator = torch.Generator().manual_seed(self.config.seed)
        every = [found.pictures]
        for _ in range(min(self.config.copies, _MOST_COPIES // self.count)):
            pictures = found.pictures.copy()
            places, drawn = redrawing(random, augmentation.strokes)
            pictures[places] = drawn
            if len(without_strokes):
                changed = augmentation(images, generator)[:, 0] * 255
                pictures[without_strokes] = changed.round().clamp(0, 255).to(torch.uint8).numpy()
            every.append(pictures)
        return np.concatenate(every), torch.arange(self.count).repeat(len(every))


def _in_case(targets: Tensor, parent: Tensor, outputs: tuple[str, ...]) -> Tensor:
    """The targets with a capital's small letter where the parent, logits (N, outputs), finds that more
    probable: where letters are written, a drawing of either case is kept as the capital."""
    places = {label: place for place, label in enumerate(outputs)}
    small = torch.tensor(
        [places.get(o.lower(), i) if o in CAPITALS else i for i, o in enumerate(outputs)]
    )
    other = small[targets]
    rows = torch.arange(len(targets))
    return torch.where(parent[rows, other] > parent[rows, targets], other, targets)


def _found(one: SelectedDrawing) -> Found:
    # The strokes over an opened image are not all of the drawing.
    strokes = () if one.drawing.image is not None else one.drawing.strokes
    return Found(
        picture=one.picture,
        label=one.label,
        content=hash_of(one.content),
        strokes=tuple(stroke.points for stroke in strokes),
    )
