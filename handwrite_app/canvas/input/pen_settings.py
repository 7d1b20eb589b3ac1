"""How pens and fingers draw, as a person has chosen. Plain data, without Qt."""

from __future__ import annotations

from dataclasses import dataclass

#: A stroke with at least so many points, all with pressure 0, is one of a pen that measures none.
_MOST_ZEROS = 3


@dataclass(frozen=True, kw_only=True)
class PenSettings:
    """firmness: -100 (a light touch gives broad ink) … 0 (as measured) … 100 (only a firm one does).
    fixed_width: pressure is not used. pen_only: fingers do not draw. rejects_palm: a hand that rests
    beside the pen does not.

    Raises ValueError where firmness is out of its range.
    """

    firmness: int = 0
    fixed_width: bool = False
    pen_only: bool = False
    rejects_palm: bool = True

    def __post_init__(self) -> None:
        if not -100 <= self.firmness <= 100:
            raise ValueError(f"firmness {self.firmness} is not in -100 … 100")

    def pressure(self, measured: float) -> float:
        """0…1 after the curve: measured to the power of ¼ … 4."""
        return float(min(max(measured, 0.0), 1.0) ** (2 ** (self.firmness / 50)))


class PressureSense:
    """Knows which pens measure pressure at all: some say that they do, and report 0 for ever.

    A stroke of nothing but zeros is drawn as the lightest there is; the later ones of that pen are drawn
    without pressure, until it reports any.
    """

    def __init__(self) -> None:
        self._mute: set[int] = set()
        self._zeros = 0

    def read(self, device: int, pressure: float | None, *, begins: bool) -> float | None:
        """The pressure to draw with. begins: the tip has just come down."""
        if begins:
            self._zeros = 0
        if pressure is None:
            return None
        if pressure > 0:
            self._mute.discard(device)
            self._zeros = -(10**9)  # this stroke is not one of zeros
        else:
            self._zeros += 1
        return None if device in self._mute else pressure

    def lift(self, device: int) -> None:
        """The stroke is over."""
        if self._zeros >= _MOST_ZEROS:
            self._mute.add(device)
