"""A layer of a network as lists show it. No torch here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DamageableLayer:
    """A layer that can be switched off. kind: the name of torch's class. channels: its outputs."""

    name: str
    kind: str
    channels: int
    weights: int
