"""What was written, as plain data. No torch: the window imports this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from trainer.picture.strokes import Drawing

Origin = Literal["own", "neutral"]


@dataclass(frozen=True, kw_only=True, eq=False)
class WrittenCharacter:
    """drawing: in units of its own. probability: with which it is read as the label; None where the network
    does not know this label. origin: "neutral" where the writer has kept none of this label. tried: how many
    were made."""

    label: str
    drawing: Drawing
    probability: float | None
    origin: Origin
    tried: int


@dataclass(frozen=True, kw_only=True, eq=False)
class WrittenText:
    """The whole text on the paper. missing: labels that come from a neutral hand."""

    text: str
    drawing: Drawing
    characters: tuple[WrittenCharacter, ...]
    missing: tuple[str, ...]
