"""How pictures are changed while a network learns, as a text: a name, amounts, or both. Quick to import.

    none · shift · strong · strong,noise=0.1 · rotation=20,scale=0.2

An amount after a name takes the place of the name's own.
"""

from __future__ import annotations

from collections.abc import Mapping

from trainer.errors import ConfigError

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
}


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
        if name not in AMOUNTS:
            raise _refusal(text)
        try:
            amount = float(value)
        except ValueError:
            raise _refusal(text) from None
        if not 0 <= amount <= AMOUNTS[name]:
            raise ConfigError(f"--augmentation: {name} is from 0 to {AMOUNTS[name]:g}, not {value}")
        found[name] = amount
    return {name: amount for name, amount in found.items() if amount}


def _refusal(text: str) -> ConfigError:
    return ConfigError(
        f"--augmentation: {text!r} is not one of {', '.join(PRESETS)}, or amounts of "
        f"{', '.join(AMOUNTS)}, or both, like strong,noise=0.1"
    )
