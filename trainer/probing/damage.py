"""The damage that is done to a copy of a network, as plain numbers. No torch: the window makes them."""

from __future__ import annotations

from dataclasses import dataclass

from trainer.base.errors import InputError

#: Bits of a weight; 32 leaves them as they are.
BITS = (32, 8, 4, 2, 1)
MOST_NOISE = 2.0
MOST_TURN = 180.0  # degrees
MOST_SHIFT = 14  # pixels


@dataclass(frozen=True, kw_only=True)
class Channel:
    """One output of a layer. layer: its name in the network."""

    layer: str
    number: int


@dataclass(frozen=True, kw_only=True)
class Damage:
    """noise: standard deviation of what is added to the weights, as a fraction of each layer's own. bits: so
    many of each weight are kept. layers: names of layers whose output is zero; channels: single outputs that
    are. turn: degrees by which inputs are turned, counter-clockwise; right, down: pixels by which they are
    shifted. seed: of the noise. Raises InputError where a number is out of its range.
    """

    noise: float = 0.0
    bits: int = 32
    layers: tuple[str, ...] = ()
    channels: tuple[Channel, ...] = ()
    turn: float = 0.0
    right: int = 0
    down: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.bits not in BITS:
            raise InputError(
                "damage.bits",
                "a weight can be kept in {choices} bits, not in {bits}",
                choices=", ".join(map(str, BITS)),
                bits=self.bits,
            )
        ranges = {
            "noise": (self.noise, 0.0, MOST_NOISE),
            "turn": (self.turn, -MOST_TURN, MOST_TURN),
            "right": (self.right, -MOST_SHIFT, MOST_SHIFT),
            "down": (self.down, -MOST_SHIFT, MOST_SHIFT),
        }
        for name, (value, least, most) in ranges.items():
            if not least <= value <= most:
                raise InputError(
                    "damage.range",
                    "{name} must be a number from {least} to {most}, not {value}",
                    name=name,
                    least=least,
                    most=most,
                    value=value,
                )

    @property
    def is_none(self) -> bool:
        return self == Damage(seed=self.seed)

    @property
    def changes_network(self) -> bool:
        """Whether the network is another one; else only its inputs are."""
        return bool(self.noise or self.bits != 32 or self.layers or self.channels)


#: The network as it is.
NONE = Damage()
