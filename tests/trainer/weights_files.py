"""Weights files taken apart and put together again, for tests of what is refused."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

Header = dict[str, Any]


def take_apart(path: Path) -> tuple[Header, bytes]:
    """The header as JSON, and the tensors' bytes."""
    raw = path.read_bytes()
    (length,) = struct.unpack("<Q", raw[:8])
    return json.loads(raw[8 : 8 + length]), raw[8 + length :]


def put_together(header: Header, payload: bytes) -> bytes:
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + payload


def card_in(header: Header) -> dict[str, Any]:
    card: dict[str, Any] = json.loads(header["__metadata__"]["handwrite"])
    return card


def with_card(header: Header, **changed: Any) -> Header:
    """The header with these fields of its card changed; None takes a field out."""
    card = card_in(header) | changed
    card = {key: value for key, value in card.items() if value is not None}
    return {**header, "__metadata__": {"handwrite": json.dumps(card)}}
