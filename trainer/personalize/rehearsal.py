"""Rehearsal data: other writers' images as features of a network's frozen layers, against forgetting.

They are the same for every personalization of a network, so they are cached: only the first one computes
them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from trainer import datasets
from trainer.base.errors import DataError, InputError, RunError
from trainer.base.files import atomic_write
from trainer.base.labels import NO_LABEL, labels_alone
from trainer.base.paths import cache_folder
from trainer.datasets.pictures import identity_of
from trainer.datasets.published import mnist_files
from trainer.personalize.cached_features import CachedFeatures, joined
from trainer.picture.preprocess import PREPROCESSING, picture_from_drawing
from trainer.picture.strokes import Drawing
from trainer.synthetic.letter_scribbles import letter_negatives
from trainer.synthetic.letter_shapes import LETTER_SHAPES
from trainer.synthetic.scribbles import negatives
from trainer.synthetic.synthetic_digits import STYLES, synthetic_digits

#: RehearsalData.source where MNIST is not at hand, and of networks that read letters.
SYNTHETIC, CHARACTERS_SOURCE = "synthetic digits", "synthetic characters"

_REFERENCE = 4000  # images of MNIST that measure forgetting
_NEGATIVES = 400  # drawings that show no label, which measure rejection
_VALIDATION = 5000  # of MNIST's training split, from which the reference is sampled
_SYNTHETIC_REFERENCE = 2000  # synthetic digits that measure forgetting where MNIST is not at hand
_SEED = 21  # of other drawings than those of training, or those that an export is checked on
_VERSION = 3  # of the choice of images
_LARGEST = 2048  # features of an image: more would fill the disk, and save little
_SHAPES = {**STYLES, **LETTER_SHAPES}  # of networks that read letters
_PORTION = 500  # images between two reports of progress
_KEPT = 4  # cache files, each of one network


@dataclass(frozen=True, kw_only=True, eq=False)
class RehearsalData:
    """source: of the digits, "MNIST" or SYNTHETIC; CHARACTERS_SOURCE where letters are among them. rehearsal:
    trained on beside a writer's drawings; None where there is none. reference: digits (and letters) that
    measure forgetting. negatives: drawings that show none of the labels; None for a network that rejects
    nothing."""

    source: str
    rehearsal: CachedFeatures | None
    reference: CachedFeatures
    negatives: CachedFeatures | None


@dataclass(frozen=True, kw_only=True)
class RehearsalSpec:
    """What rehearsal data depends on. outputs: labels of the network's outputs. count: images to rehearse.
    parent_hash: SHA-256 of the network's file. frozen: number of its layers that are frozen."""

    outputs: tuple[str, ...]
    count: int
    seed: int
    parent_hash: str
    frozen: int


#: Computes the features of uint8 images (N, 28, 28) with targets and `of`, see CachedFeatures.
FeatureFunction = Callable[[NDArray[np.uint8], Tensor, Tensor], CachedFeatures]


def rehearsal_data(
    spec: RehearsalSpec, features: FeatureFunction, data_folder: Path
) -> Generator[float, None, RehearsalData]:
    """From MNIST where it is at hand, else from synthetic digits; of a network that reads letters from
    synthetic characters; from the cache where it is there.

    Yields the fraction that is done, 0…1; nothing where it comes from the cache. Raises InputError where
    no data can measure what a network with these labels forgets.
    """
    files = mnist_files(data_folder)
    path = _path(spec, "" if files is None else identity_of("mnist", files))
    data = _cached(path)
    if data is None:
        data = yield from _Builder(spec, features).build(data_folder)
        # Where MNIST's files are there and cannot be read, they may be repaired before the next time.
        if files is None or data.source != SYNTHETIC:
            _cache(data, path)
    return data


class _Builder:
    def __init__(self, spec: RehearsalSpec, features: FeatureFunction) -> None:
        self._spec, self._features = spec, features
        self._done = 0
        # An estimate, which only the progress depends on.
        self._expected = spec.count + max(_REFERENCE, _SYNTHETIC_REFERENCE)
        if NO_LABEL in spec.outputs:
            self._expected += spec.count // 5 * 4 // 3 + _NEGATIVES

    def build(self, data_folder: Path) -> Generator[float, None, RehearsalData]:
        spec = self._spec
        random = np.random.default_rng(spec.seed)
        rehearsal, reference, none, source = [], [], [], ""
        labels = labels_alone(spec.outputs)
        shapes = None  # of the synthetic ones
        if set(labels) <= set(datasets.DIGITS):
            try:
                mnist = datasets.load_training("mnist", data_folder, validation=_VALIDATION)
            except DataError:
                digits = synthetic_digits(spec.count + _SYNTHETIC_REFERENCE, _SEED)
                rehearsal += yield from self._drawings(digits[_SYNTHETIC_REFERENCE:])
                reference += yield from self._drawings(digits[:_SYNTHETIC_REFERENCE])
                source = SYNTHETIC
            else:
                rehearsal += yield from self._sample(mnist.training, spec.count, random)
                reference += yield from self._sample(mnist.validation, _REFERENCE, random)
                source = "MNIST"
        elif set(labels) <= set(_SHAPES):
            shapes = {label: _SHAPES[label] for label in labels}
            drawings = synthetic_digits(spec.count + _REFERENCE, _SEED, shapes=shapes)
            rehearsal += yield from self._drawings(drawings[_REFERENCE:])
            reference += yield from self._drawings(drawings[:_REFERENCE])
            source = CHARACTERS_SOURCE
        if NO_LABEL in spec.outputs:
            # With synthetic digits among them, or it would learn that whatever is synthetic is no digit.
            count = spec.count // 5
            among = synthetic_digits(count // 3, _SEED + 1, shapes=shapes)
            rehearsal += yield from self._drawings(among)
            make = negatives if shapes is None else letter_negatives
            rehearsal += yield from self._drawings(_labelled(make(count, _SEED)))
            none += yield from self._drawings(_labelled(make(_NEGATIVES, _SEED + 2)))
        if not reference:
            raise InputError(
                "personalize.no-reference",
                "there are no images to measure what a network with these labels would forget: only "
                "networks that read digits and letters and nothing else can be personalized",
            )
        return RehearsalData(
            source=source,
            rehearsal=joined(rehearsal) if rehearsal else None,
            reference=joined(reference),
            negatives=joined(none) if none else None,
        )

    def _sample(
        self, split: datasets.Split, count: int, random: np.random.Generator
    ) -> Generator[float, None, list[CachedFeatures]]:
        """A random sample of a split."""
        rows = random.permutation(len(split.targets))[:count]
        labels = np.array(split.labels)[split.targets[rows]]
        found = []
        for start in range(0, len(rows), _PORTION):
            these = slice(start, start + _PORTION)
            found += self._known(split.pictures[rows[these]], labels[these].tolist())
            yield self._fraction(len(rows[these]))
        return found

    def _drawings(
        self, drawings: Sequence[tuple[str, Drawing]]
    ) -> Generator[float, None, list[CachedFeatures]]:
        found = []
        for start in range(0, len(drawings), _PORTION):
            these = drawings[start : start + _PORTION]
            pictures = [(label, picture_from_drawing(drawing)) for label, drawing in these]
            drawn = [(label, picture) for label, picture in pictures if picture is not None]
            if drawn:
                found += self._known(np.stack([p for _, p in drawn]), [label for label, _ in drawn])
            yield self._fraction(len(these))
        return found

    def _fraction(self, more: int) -> float:
        self._done += more
        return min(1.0, self._done / self._expected)

    def _known(self, images: NDArray[np.uint8], labels: Sequence[str]) -> list[CachedFeatures]:
        """Of those images that the network has an output for; an empty list, or one set."""
        places = {label: place for place, label in enumerate(self._spec.outputs)}
        known = np.array([places.get(label, -1) for label in labels], np.int64)
        rows = np.flatnonzero(known >= 0)
        if not len(rows):
            return []
        no_drawing = torch.full((len(rows),), -1)
        return [self._features(images[rows], torch.from_numpy(known[rows]), no_drawing)]


def _labelled(drawings: Sequence[Drawing]) -> list[tuple[str, Drawing]]:
    return [(NO_LABEL, drawing) for drawing in drawings]


def _path(spec: RehearsalSpec, mnist: str) -> Path:
    """The cache file, named by everything that the data depends on.

    Not by the number format that was fastest at the time: before and after are compared on the same
    features, and which format wins may be chance.
    """
    facts = (
        _VERSION,
        PREPROCESSING,
        torch.__version__,
        spec.parent_hash,
        spec.frozen,
        spec.count,
        spec.seed,
        mnist,
    )
    name = hashlib.blake2b(repr(facts).encode(), digest_size=12).hexdigest()
    return _folder() / f"{name}.safetensors"


def _folder() -> Path:
    return cache_folder() / "others"


def _cached(path: Path) -> RehearsalData | None:
    """None where there is none, or it is damaged."""
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
            source = file.metadata()["source"]
    except (OSError, SafetensorError, KeyError, TypeError):
        return None

    def part(name: str) -> CachedFeatures | None:
        found = {f.name: tensors.get(f"{name}.{f.name}") for f in fields(CachedFeatures)}
        given = {key: tensor for key, tensor in found.items() if tensor is not None}
        return CachedFeatures(**given) if len(given) == len(found) else None

    reference = part("reference")
    if reference is None:
        return None
    with suppress(OSError):
        path.touch()  # _cache removes the least recently used
    return RehearsalData(
        source=source,
        rehearsal=part("rehearsal"),
        reference=reference,
        negatives=part("negatives"),
    )


def _cache(data: RehearsalData, path: Path) -> None:
    if data.reference.features[0].numel() > _LARGEST:
        return
    tensors = {
        f"{name}.{f.name}": getattr(part, f.name).contiguous()
        for name in ("rehearsal", "reference", "negatives")
        if (part := getattr(data, name)) is not None
        for f in fields(CachedFeatures)
    }
    # Without a cache file it is computed again next time.
    with suppress(RunError, OSError):
        for left in _folder().glob(".*.part"):  # by one that was killed
            left.unlink()
        # Not save_file: a full disk is an error of the library's own there, no OSError.
        content = save(tensors, metadata={"source": data.source})
        with atomic_write(path) as temporary:
            temporary.write_bytes(content)
        files = sorted(_folder().glob("*.safetensors"), key=lambda p: p.stat().st_mtime)
        for old in files[:-_KEPT]:
            old.unlink()
