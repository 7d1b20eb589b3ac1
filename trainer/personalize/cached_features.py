"""Images as the output of a network's frozen layers, computed once for all steps of a fine-tuning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, kw_only=True, eq=False)
class CachedFeatures:
    """features: float32 (N, …), the frozen layers' output; targets: int64 (N,), indices of the network's
    outputs; of: int64 (N,), the drawing that an image is a copy of, -1 for rehearsal data; parent: float32
    (N, outputs), the parent network's logits."""

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


def joined(sets: Sequence[CachedFeatures]) -> CachedFeatures:
    """One after the other; at least one."""
    return CachedFeatures(
        features=torch.cat([s.features for s in sets]),
        targets=torch.cat([s.targets for s in sets]),
        of=torch.cat([s.of for s in sets]),
        parent=torch.cat([s.parent for s in sets]),
    )
