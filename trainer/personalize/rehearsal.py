"""Other people's pictures, by which a lesson is kept from forgetting them, as a network sees them.

What the layers that stay make of them is the same in every lesson of a network, so it is kept in the cache
folder: only the first lesson waits for it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from trainer import datasets
from trainer.base.errors import DataError, InputError, RunError
from trainer.base.files import atomic_write
from trainer.base.labels import NO_LABEL
from trainer.base.paths import cache_folder
from trainer.datasets.pictures import identity_of
from trainer.datasets.published import mnist_files
from trainer.picture.preprocess import PREPROCESSING, picture_from_drawing
from trainer.picture.strokes import Drawing
from trainer.synthetic.sample_drawings import sample_drawings
from trainer.synthetic.scribbles import negatives

if TYPE_CHECKING:
    from trainer.personalize.finetuner import FineTuner

_REFERENCE = 4000  # pictures of others by which forgetting is seen
_NO_DIGITS = 400  # the same of what is no digit
_VALIDATION = 5000  # of MNIST's training part, from which these are taken
_DRAWN_REFERENCE = 2000  # the same of the program's own, where there is no MNIST
_SEED = 21  # of other drawings than those that are trained on, or that an export is checked on
_VERSION = 3  # of which pictures they are
_LARGEST = 2048  # numbers of a picture's features: more would fill the disk, to save little
_PORTION = 500  # pictures between two words of progress
_KEPT = 4  # files: as many networks as anybody teaches in turn


@dataclass(frozen=True, kw_only=True, eq=False)
class CachedFeatures:
    """Pictures as the layers that stay see them. features: float32 (N, …); targets: int64 (N,), places among
    the network's outputs; of: int64 (N,), the drawing that a picture was made of, -1 for others' pictures;
    parent: float32 (N, outputs), what the parent makes of them."""

    features: Tensor
    targets: Tensor
    of: Tensor
    parent: Tensor

    def __len__(self) -> int:
        return len(self.targets)

    def __getitem__(self, places: Tensor) -> CachedFeatures:
        return CachedFeatures(
            features=self.features[places],
            targets=self.targets[places],
            of=self.of[places],
            parent=self.parent[places],
        )


@dataclass(frozen=True, kw_only=True, eq=False)
class RehearsalData:
    """source: what the digits are of. rehearsal: what is learned beside a hand; None where that is nothing.
    reference: digits by which forgetting is seen. negatives: what is to be refused; None for a network that
    refuses nothing."""

    source: str
    rehearsal: CachedFeatures | None
    reference: CachedFeatures
    negatives: CachedFeatures | None


def rehearsal_data_of(
    teacher: FineTuner, data_folder: Path
) -> Generator[float, None, RehearsalData]:
    """Of MNIST where it is at hand, else of digits that the program draws.

    Yields the share that is done, 0…1; nothing where they are kept from before. Raises InputError where
    nothing would show what a network with these labels forgets.
    """
    files = mnist_files(data_folder)
    path = _path(teacher, "" if files is None else identity_of("mnist", files))
    others = _kept(path)
    if others is None:
        others = yield from _Maker(teacher).others(data_folder)
        # Where MNIST's files are there and cannot be read, they may be put right before the next lesson.
        if (files is not None) == (others.source == "MNIST"):
            _keep(others, path)
    return others


class _Maker:
    def __init__(self, teacher: FineTuner) -> None:
        self._teacher = teacher
        self._done = 0
        config = teacher.config
        # What is likely to be wanted of each kind: only told progress hangs on it.
        self._wanted = config.rehearsal + max(_REFERENCE, _DRAWN_REFERENCE)
        if NO_LABEL in teacher.card.outputs:
            self._wanted += config.rehearsal // 5 * 4 // 3 + _NO_DIGITS

    def others(self, data_folder: Path) -> Generator[float, None, RehearsalData]:
        card, config = self._teacher.card, self._teacher.config
        random = np.random.default_rng(config.seed)
        rehearsal, reference, none, source = [], [], [], ""
        if set(card.labels) <= set(datasets.DIGITS):
            try:
                mnist = datasets.load_training("mnist", data_folder, validation=_VALIDATION)
            except DataError:
                drawn = sample_drawings(config.rehearsal + _DRAWN_REFERENCE, _SEED)
                rehearsal += yield from self._drawings(drawn[_DRAWN_REFERENCE:])
                reference += yield from self._drawings(drawn[:_DRAWN_REFERENCE])
                source = "drawn by the program"
            else:
                rehearsal += yield from self._some(mnist.training, config.rehearsal, random)
                reference += yield from self._some(mnist.validation, _REFERENCE, random)
                source = "MNIST"
        if NO_LABEL in card.outputs:
            # Some of it digits, so that it does not learn that whatever the program draws is none.
            count = config.rehearsal // 5
            rehearsal += yield from self._drawings(sample_drawings(count // 3, _SEED + 1))
            rehearsal += yield from self._drawings(_nameless(count, _SEED))
            none += yield from self._drawings(_nameless(_NO_DIGITS, _SEED + 2))
        if not reference:
            raise InputError(
                "there are no pictures by which to see what a network with these labels would forget: only "
                "networks that read digits and nothing else can be taught"
            )
        return RehearsalData(
            source=source,
            rehearsal=_joined(rehearsal) if rehearsal else None,
            reference=_joined(reference),
            negatives=_joined(none) if none else None,
        )

    def _some(
        self, part: datasets.Split, count: int, random: np.random.Generator
    ) -> Generator[float, None, list[CachedFeatures]]:
        """So many of a part's pictures."""
        rows = random.permutation(len(part.targets))[:count]
        labels = np.array(part.labels)[part.targets[rows]]
        seen = []
        for start in range(0, len(rows), _PORTION):
            these = slice(start, start + _PORTION)
            seen += self._seen(part.pictures[rows[these]], labels[these].tolist())
            yield self._share(len(rows[these]))
        return seen

    def _drawings(
        self, drawings: Sequence[tuple[str, Drawing]]
    ) -> Generator[float, None, list[CachedFeatures]]:
        """What the program has drawn."""
        seen = []
        for start in range(0, len(drawings), _PORTION):
            these = drawings[start : start + _PORTION]
            pictures = [(label, picture_from_drawing(drawing)) for label, drawing in these]
            shown = [(label, picture) for label, picture in pictures if picture is not None]
            if shown:
                seen += self._seen(np.stack([p for _, p in shown]), [label for label, _ in shown])
            yield self._share(len(these))
        return seen

    def _share(self, more: int) -> float:
        self._done += more
        return min(1.0, self._done / self._wanted)

    def _seen(self, pictures: NDArray[np.uint8], labels: Sequence[str]) -> list[CachedFeatures]:
        """Of those that the network has an output for; none or one set."""
        places = {label: place for place, label in enumerate(self._teacher.card.outputs)}
        known = np.array([places.get(label, -1) for label in labels], np.int64)
        rows = np.flatnonzero(known >= 0)
        if not len(rows):
            return []
        nobody = torch.full((len(rows),), -1)
        return [self._teacher.seen(pictures[rows], torch.from_numpy(known[rows]), nobody)]


def _nameless(count: int, seed: int) -> list[tuple[str, Drawing]]:
    return [(NO_LABEL, drawing) for drawing in negatives(count, seed)]


def _path(teacher: FineTuner, mnist: str) -> Path:
    """Where they are kept: by all that they come from.

    Not by the number format that was fastest when they were made: before and after are compared by the same
    pictures, and which format wins may be chance.
    """
    config = teacher.config
    facts = (
        _VERSION,
        PREPROCESSING,
        torch.__version__,
        teacher.parent_hash,
        teacher.first,
        config.rehearsal,
        config.seed,
        mnist,
    )
    name = hashlib.blake2b(repr(facts).encode(), digest_size=12).hexdigest()
    return _folder() / f"{name}.safetensors"


def _folder() -> Path:
    return cache_folder() / "others"


def _kept(path: Path) -> RehearsalData | None:
    """None where they are not there, or damaged."""
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
        path.touch()  # it was of use: _keep removes what was not for longest
    return RehearsalData(
        source=source,
        rehearsal=part("rehearsal"),
        reference=reference,
        negatives=part("negatives"),
    )


def _keep(others: RehearsalData, path: Path) -> None:
    if others.reference.features[0].numel() > _LARGEST:
        return
    tensors = {
        f"{name}.{f.name}": getattr(part, f.name).contiguous()
        for name in ("rehearsal", "reference", "negatives")
        if (part := getattr(others, name)) is not None
        for f in fields(CachedFeatures)
    }
    # What cannot be kept is made again next time.
    with suppress(RunError, OSError):
        for left in _folder().glob(".*.part"):  # by one that was killed
            left.unlink()
        # Not save_file: a full disk is an error of the library's own there, no OSError.
        content = save(tensors, metadata={"source": others.source})
        with atomic_write(path) as temporary:
            temporary.write_bytes(content)
        files = sorted(_folder().glob("*.safetensors"), key=lambda p: p.stat().st_mtime)
        for old in files[:-_KEPT]:
            old.unlink()


def _joined(sets: Sequence[CachedFeatures]) -> CachedFeatures:
    return CachedFeatures(
        features=torch.cat([s.features for s in sets]),
        targets=torch.cat([s.targets for s in sets]),
        of=torch.cat([s.of for s in sets]),
        parent=torch.cat([s.parent for s in sets]),
    )
