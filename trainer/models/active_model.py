"""The active model: the network that reads, for the window and the command line alike.

A small JSON file in the user's folder names it and those that were active before. The window reads it before
its first paint: slow imports are in the functions.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from trainer.base.errors import InputError, RunError, WeightsError
from trainer.base.files import atomic_write, unwritable
from trainer.base.locking import FileLock
from trainer.base.paths import expanded, shipped_weights_folder, user_folder

_REMEMBERED = 20  # networks that were active before
_PATIENCE = 5.0  # seconds to wait for another process that chooses, which takes milliseconds


@dataclass(frozen=True, kw_only=True)
class _Memory:
    """Paths as text; of a shipped network its file's name alone, as an update may move it.

    weights: "" for the best that ships. before: the oldest first.
    """

    weights: str = ""
    before: tuple[str, ...] = ()


def active_model_file() -> Path:
    return user_folder() / "in-use.json"


def is_remembered() -> bool:
    """Whether a choice was ever made here, and can be read."""
    return _read() is not None


def active_model() -> Path | None:
    """The active network; None: the best that ships, as when the remembered one is missing."""
    return _existing((_read() or _Memory()).weights)


def missing_model() -> Path | None:
    """The remembered network where its file is missing. It is active again once the file is back, unless
    another one was activated meanwhile; None where nothing is missing."""
    text = (_read() or _Memory()).weights
    return _path(text) if text and _existing(text) is None else None


def used_before() -> list[Path]:
    """The networks that were active before and are still there, the last one first."""
    found = [_existing(text) for text in reversed((_read() or _Memory()).before)]
    return [path for path in found if path is not None]


def activate(path: Path) -> None:
    """Makes this network the active one. Activating one of those before it goes back to it.

    Raises WeightsError where it cannot be used, RunError where that cannot be written.
    """
    from trainer.models.weights import read_card  # not before the first paint

    read_card(path)
    chosen, best = _written(path), _best()
    with _locked():
        memory = _read() or _Memory()
        if chosen == memory.weights:
            return
        led = [*memory.before, *([memory.weights] if memory.weights else best)]
        before = led[: led.index(chosen)] if chosen in led else led
        _write(_Memory(weights=chosen, before=tuple(before[-_REMEMBERED:])))


def move_active(old: Path, new: Path) -> None:
    """Follows a network's file that was renamed, wherever it is remembered. Raises RunError."""
    before, after = _written(old), _written(new)
    with _locked():
        memory = _read()
        if memory is not None and before in (memory.weights, *memory.before):
            _write(
                _Memory(
                    weights=after if memory.weights == before else memory.weights,
                    before=tuple(after if text == before else text for text in memory.before),
                )
            )


def activate_best() -> None:
    """Makes the best shipped network the active one.

    Raises RunError where that cannot be written.
    """
    best = _best()
    with _locked():
        memory = _read()
        if memory is not None and memory.weights:
            before = [text for text in memory.before if text not in best]
            _write(_Memory(before=(*before, memory.weights)[-_REMEMBERED:]))


def way_back(path: Path | None = None) -> Path:
    """Where going back from this network (None: the active one) leads.

    To its parent; else to the last one active before it that was not made from it. Raises InputError where
    there is neither.
    """
    from trainer.models.lineage import forest, is_same_file
    from trainer.models.weights import find_weights, network_name

    path = path or active_model() or missing_model() or find_weights()
    before = used_before()
    family = forest(path, *before)
    if parent := family.parent_of(path):
        return parent
    for other in before:
        member = family.member(other)
        if member is None or not member.is_usable:
            continue
        if not is_same_file(other, path) and not family.descends(other, path):
            return other
    raise InputError(
        "models.nothing-before",
        "there is nothing to go back to: {name} was not made from another network that is still here, and "
        "none was active before it",
        name=network_name(path),
    )


def rollback() -> Path:
    """Goes back, see `way_back`; the network that is active then.

    Raises InputError where there is nothing to go back to, RunError where that cannot be written.
    """
    path = way_back()
    activate(path)
    return path


def _best() -> list[str]:
    """The best that ships; nothing where none does."""
    from trainer.models.weights import find_weights

    with suppress(WeightsError):
        return [_written(find_weights())]
    return []


def _written(path: Path) -> str:
    path = Path(os.path.abspath(expanded(path)))  # noqa: PTH100  Path.resolve would follow links
    return path.name if path.parent == shipped_weights_folder() else str(path)


def _path(text: str) -> Path:
    path = Path(text)
    return path if path.is_absolute() else shipped_weights_folder() / path.name


def _existing(text: str) -> Path | None:
    path = _path(text)
    # Unlike Path.is_file, False for a name of any length.
    return path if text and os.path.isfile(path) else None  # noqa: PTH113


def _read() -> _Memory | None:
    """None where there is no such file, or it is damaged."""
    try:
        document = json.loads(active_model_file().read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    weights, before = document.get("weights"), document.get("before")
    if not isinstance(weights, str) or not isinstance(before, list):
        return None
    return _Memory(weights=weights, before=tuple(x for x in before if isinstance(x, str)))


@contextmanager
def _locked() -> Iterator[None]:
    """Reading and writing as one step: of two windows that choose at once, neither choice is lost."""
    path = active_model_file().with_suffix(".lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(path)
    except OSError as error:
        raise unwritable(active_model_file(), error) from error
    with lock:
        if not lock.acquire(_PATIENCE):
            raise RunError(
                "models.choice-locked",
                "another window or program is choosing a network: wait a moment and try again",
            )
        yield


def _write(memory: _Memory) -> None:
    with atomic_write(active_model_file()) as temporary:
        temporary.write_text(json.dumps(asdict(memory)), encoding="utf-8")
