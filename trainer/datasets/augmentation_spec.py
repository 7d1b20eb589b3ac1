"""How pictures are changed while a network learns, as a text: a name, amounts, or both. Quick to import.

    none · shift · strong · hands · strong,noise=0.1 · hands,hooks=0 · rotation=20,scale=0.2

An amount after a name takes the place of the name's own. Some change pictures, others the strokes that a
picture is drawn from, where they are known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from trainer.base.errors import ConfigError

#: The amounts there are, with the most that a digit survives.
AMOUNTS: Mapping[str, float] = {
    "rotation": 45.0,
    "shear": 45.0,
    "scale": 0.5,
    "shift": 8.0,
    "elastic": 3.0,
    "thickness": 1.0,
    "noise": 0.5,
}

#: The same for strokes, see `Hands`.
HAND_AMOUNTS: Mapping[str, float] = {
    "aspect": 1.0,
    "proportion": 0.9,
    "wave": 3.0,
    "jitter": 1.0,
    "sampling": 1.0,
    "smoothing": 1.0,
    "gaps": 1.0,
    "hooks": 1.0,
    "shapes": 1.0,
}


@dataclass(frozen=True, kw_only=True)
class StrokeAugmentation:
    """How far strokes are changed when they are drawn anew; all else is drawn for every drawing.

    Always: width (times the usual), slant and turn (degrees to either side). Lengths are in pixels of the
    picture. aspect: largest relative change of width against height. proportion: by how much one half of
    a drawing may grow against the other. wave: spread of a smooth displacement.
    jitter: spread of what moves every point for itself. The others are chances: that few points are left
    between which the line is straight, as of a slow pen; that corners are rounded, as a driver does; that
    a stroke has a gap; that a stroke begins or ends in a hook; that a digit gets another people's form of it
    (a slash through 0, a flag or a foot on 1, a bar through 7, a curl under 9).
    """

    width: tuple[float, float] = (0.7, 1.5)
    slant: float = 15.0
    turn: float = 8.0
    aspect: float = 0.0
    proportion: float = 0.0
    wave: float = 0.0
    jitter: float = 0.0
    sampling: float = 0.0
    smoothing: float = 0.0
    gaps: float = 0.0
    hooks: float = 0.0
    shapes: float = 0.0


#: By name. "strong" was chosen on validation data (weights/scribe.md).
PRESETS: Mapping[str, Mapping[str, float]] = {
    "none": {},
    "shift": {"shift": 2},
    "strong": {
        "rotation": 12,
        "shear": 10,
        "scale": 0.12,
        "shift": 2,
        "elastic": 0.6,
        "thickness": 0.4,
    },
    "hands": {
        "rotation": 10,
        "shear": 10,
        "scale": 0.12,
        "shift": 2,
        "elastic": 0.5,
        "thickness": 0.25,
        "aspect": 0.4,
        "proportion": 0.4,
        "wave": 0.3,
        "jitter": 0.1,
        "sampling": 0.3,
        "smoothing": 0.3,
        "gaps": 0.1,
        "hooks": 0.3,
        "shapes": 0.5,
    },
}


_MOST = {**AMOUNTS, **HAND_AMOUNTS}


def parse_augmentation(text: str) -> dict[str, float]:
    """The amounts that a text names, none of them 0. Raises ConfigError with what is possible."""
    found: dict[str, float] = {}
    for place, piece in enumerate(text.split(",")):
        name, equals, value = (part.strip() for part in piece.partition("="))
        if not equals:
            if place or name not in PRESETS:
                raise _refusal(text)
            found.update(PRESETS[name])
            continue
        if name not in _MOST:
            raise _refusal(text)
        try:
            amount = float(value)
        except ValueError:
            raise _refusal(text) from None
        if not 0 <= amount <= _MOST[name]:
            raise ConfigError(f"--augmentation: {name} is from 0 to {_MOST[name]:g}, not {value}")
        found[name] = amount
    return {name: amount for name, amount in found.items() if amount}


def _refusal(text: str) -> ConfigError:
    return ConfigError(
        f"--augmentation: {text!r} is not one of {', '.join(PRESETS)}, or amounts of "
        f"{', '.join(_MOST)}, or both, like strong,noise=0.1"
    )
