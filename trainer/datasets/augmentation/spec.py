"""Augmentation as a text: a preset, amounts, or both. Quick to import.

    none · shift · strong · strokes · strong,noise=0.1 · strokes,hooks=0 · rotation=20,scale=0.2

An amount after a name replaces the name's own. Some amounts change images, others the strokes that an image
is drawn from, where they are known.
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
    "coarse": 1.0,
    "noise": 0.5,
}

#: The same for strokes, see `StrokeAugmentation`.
STROKE_AMOUNTS: Mapping[str, float] = {
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
    """How far strokes are changed before an image is drawn of them; amounts are drawn for every drawing.

    Always: width (times the usual), slant and turn (degrees to either side). Lengths are in pixels of the
    image. aspect: largest relative change of width against height. proportion: by how much one half of a
    drawing may grow against the other. wave: spread of a smooth displacement. jitter: spread of an
    independent displacement of every point. The others are probabilities: sampling leaves few points, with
    straight lines between them, as a slow digitizer does; smoothing rounds corners, as a driver does; gaps
    interrupt a stroke; hooks begin or end one; shapes change a digit's form (a slash through 0, a flag or a
    foot on 1, a bar through 7, a curl under 9).
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
    "strokes": {
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


#: Earlier names of presets, in files and on command lines.
_EARLIER = {"hands": "strokes"}

_MOST = {**AMOUNTS, **STROKE_AMOUNTS}


def parse_augmentation(text: str) -> dict[str, float]:
    """The amounts that a text names, none of them 0. Raises ConfigError with what is possible."""
    found: dict[str, float] = {}
    for place, piece in enumerate(text.split(",")):
        name, equals, value = (part.strip() for part in piece.partition("="))
        if not equals:
            name = _EARLIER.get(name, name)
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
            raise ConfigError(
                "augmentation.out-of-range",
                "--augmentation: {name} is from 0 to {most:g}, not {value}",
                name=name,
                most=_MOST[name],
                value=value,
            )
        found[name] = amount
    return {name: amount for name, amount in found.items() if amount}


def _refusal(text: str) -> ConfigError:
    return ConfigError(
        "augmentation.unknown",
        "--augmentation: {text!r} is not one of {presets}, or amounts of {amounts}, or both, like "
        "strong,noise=0.1",
        text=text,
        presets=", ".join(PRESETS),
        amounts=", ".join(_MOST),
    )
