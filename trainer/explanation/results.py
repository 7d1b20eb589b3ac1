"""What an explanation says, as plain data that travels between processes. No torch: the window imports it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from trainer.picture.strokes import Drawing

Origin = Literal["own", "mnist", "synthetic"]
EditKind = Literal["stroke left out", "tail cut", "gap opened", "gap closed", "bar added"]


@dataclass(frozen=True, kw_only=True)
class Answered:
    """What is explained. runner_up: the label that comes second. probabilities[i] belongs to labels[i]."""

    label: str
    runner_up: str
    labels: tuple[str, ...]
    probabilities: tuple[float, ...]
    refused: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Example:
    """picture: its 28×28 input. drawing: its id in the store of drawings, where it is one's own."""

    label: str
    origin: Origin
    picture: NDArray[np.uint8]
    drawing: int | None = None


@dataclass(frozen=True, kw_only=True)
class Examples:
    """The nearest examples, of the answer's class and of the runner-up's; one's own come first."""

    answer: tuple[Example, ...]
    runner_up: tuple[Example, ...]


@dataclass(frozen=True, kw_only=True, eq=False)
class Edit:
    """A change of the strokes that gives another answer. removed, added: the ink that goes, and that comes.
    rest: the ink that stays. length: of both, as a fraction of all ink. label, probability: the answer
    afterwards."""

    kind: EditKind
    removed: Drawing
    added: Drawing
    rest: Drawing
    length: float
    label: str
    probability: float


@dataclass(frozen=True, kw_only=True)
class Edits:
    """The smallest first, at most one of a kind. tried: how many changes were read."""

    edits: tuple[Edit, ...]
    tried: int


@dataclass(frozen=True, kw_only=True, eq=False)
class WithoutPart:
    """The drawing without this part, of which `rest` is left. probability: of the answer that is explained.
    label: the answer now, "" where nothing is left to read."""

    part: Drawing
    rest: Drawing
    probability: float
    label: str


@dataclass(frozen=True, kw_only=True)
class WithoutParts:
    """Every stroke left out in turn; of a single stroke its pieces."""

    parts: tuple[WithoutPart, ...]
    whole_strokes: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class EvidenceMaps:
    """uint8 (28, 28) each, 255 where the answer depends most on the ink. The random ones are of the same
    network with random weights; alike: correlation of each map with its random one, -1…1. frame: left, top
    and side of the maps in the drawing's units."""

    occlusion: NDArray[np.uint8]
    grad_cam: NDArray[np.uint8]
    random_occlusion: NDArray[np.uint8]
    random_grad_cam: NDArray[np.uint8]
    occlusion_alike: float
    grad_cam_alike: float
    frame: tuple[float, float, float]


@dataclass(frozen=True, kw_only=True, eq=False)
class StageMaps:
    """kind: trainer.models.feature_maps. maps: uint8 (C, H, W)."""

    kind: str
    maps: NDArray[np.uint8]


@dataclass(frozen=True, kw_only=True, eq=False)
class Pipeline:
    """From the drawing to the probabilities. crop: uint8 (H, W). box: uint8 (20, 20), which lies at left, top
    in picture, uint8 (28, 28). frame: as in EvidenceMaps. filters: of the first convolution, uint8
    (C, H, W), 128 is zero; None where there is none."""

    crop: NDArray[np.uint8]
    box: NDArray[np.uint8]
    left: int
    top: int
    picture: NDArray[np.uint8]
    frame: tuple[float, float, float]
    filters: NDArray[np.uint8] | None
    layers: tuple[StageMaps, ...]
    answered: Answered


@dataclass(frozen=True, kw_only=True)
class Change:
    """The answer is another one from this time on. before: "" where there was none yet."""

    at: float
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, eq=False)
class Replay:
    """times: seconds (T,). points: float64 (T, 2): how many strokes are whole then, and the fraction of the
    points of the next one. probabilities: float64 (T, K) of the labels; 0 where nothing can be read yet.
    refused: bool (T,). is_timed: whether the times are those of the pen."""

    labels: tuple[str, ...]
    times: NDArray[np.float64]
    points: NDArray[np.float64]
    probabilities: NDArray[np.float64]
    refused: NDArray[np.bool_]
    changes: tuple[Change, ...]
    is_timed: bool


@dataclass(frozen=True, kw_only=True)
class NothingDrawn:
    """There is nothing to explain."""


Explained = Answered | Examples | Edits | WithoutParts | EvidenceMaps | NothingDrawn
