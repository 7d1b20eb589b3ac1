"""The pinned drawings on the disk: they are there again in the next session. Knows no Qt."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from handwrite_app.watching.record import MOST_PINS, Pin
from trainer.base.codec import Codec
from trainer.base.errors import RunError
from trainer.base.files import atomic_write
from trainer.base.paths import user_folder

_CODEC: Codec[Pin] = Codec(Pin, tag="kind", what="a pinned drawing", ignore_unknown=True)
_PIXELS = 28 * 28
_MOST_BYTES = 1_000_000


def pins_file() -> Path:
    return user_folder() / "pins.jsonl"


def read_pins(path: Path) -> tuple[Pin, ...]:
    """The pins of the last session; none where nothing was pinned.

    Raises RunError where the file cannot be read. One that is damaged is put aside first, so that the next
    pin does not replace it.
    """
    try:
        with path.open("rb") as file:
            content = file.read(_MOST_BYTES)
        pins = tuple(_CODEC.decode(line) for line in content.splitlines() if line.strip())
        _check(pins)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise RunError(
            "pins.unreadable",
            "The pinned drawings are not shown: {path} cannot be read ({reason})",
            path=str(path),
            reason=error.strerror or str(error),
        ) from error
    except (RunError, ValueError) as error:
        aside = path.with_suffix(".damaged")
        with suppress(OSError):
            os.replace(path, aside)  # noqa: PTH105  atomic on every platform
        raise RunError(
            "pins.damaged",
            "The pinned drawings are not shown: their file is damaged, and was put aside as {path}",
            path=str(aside),
        ) from error
    return pins


def write_pins(path: Path, pins: Sequence[Pin]) -> None:
    """Replaces the file. Raises RunError where it cannot be written."""
    with atomic_write(path) as draft:
        text = "".join(f"{_CODEC.encode(pin)}\n" for pin in pins)
        draft.write_text(text, encoding="utf-8")


def _check(pins: Sequence[Pin]) -> None:
    numbers = {pin.number for pin in pins}
    if len(numbers) != len(pins) or not numbers <= set(range(MOST_PINS)):
        raise ValueError("their colours are not as many")
    if any(len(pin.picture) != _PIXELS for pin in pins):
        raise ValueError("a picture has another size")
