"""Which network was made from which: the forest of all stored networks, read from their headers alone.

A card names its parent, and its file by a hash. The file is searched by its hash, so that a renamed one is
found, also among the results of training runs; by its name where an older card has no hash, and among those
that ship, which an update of the program replaces.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from trainer.base.paths import file_hash, runs_folder
from trainer.models.weights import SUFFIX, StoredWeights, described, stored_weights
from trainer.models.weights_card import WeightsCard

_HASH_SHOWN = 8


@dataclass(frozen=True, kw_only=True)
class Personalization:
    """The personalization of a network to a writer; None where its card does not tell.

    drawings: how many it was fine-tuned on. writer_accuracy, retention: accuracy on that writer's drawings
    and on other writers' images, before and after, 0…1.
    """

    writer: str
    drawings: int | None
    writer_accuracy: tuple[float, float] | None
    retention: tuple[float, float] | None


def personalization_of(card: WeightsCard) -> Personalization | None:
    """None where the network is not personalized."""
    if not card.writer and not {"hand_right", "hand_right_before"} & card.metrics.keys():
        return None
    drawings = card.metrics.get("hand_count", 0)
    return Personalization(
        writer=card.writer,
        drawings=int(drawings) if drawings >= 1 else None,
        writer_accuracy=_fractions(card, "hand_right_before", "hand_right"),
        retention=_fractions(card, "reference_before", "reference"),
    )


def created(card: WeightsCard) -> dt.datetime | None:
    """When the network was made, in this machine's time; None where its card does not tell."""
    try:
        return dt.datetime.fromisoformat(card.created).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


@dataclass(kw_only=True, eq=False)
class Member:
    """A network in the forest. weights: None where it is gone, and only its children's cards name it.
    hash: of its file, where a card names it; ""."""

    name: str
    weights: StoredWeights | None
    hash: str = ""
    parent: Member | None = None
    children: list[Member] = field(default_factory=list, repr=False)

    @property
    def is_usable(self) -> bool:
        return self.weights is not None and self.weights.card is not None

    @property
    def line(self) -> Iterator[Member]:
        """This one, its parent, the parent's parent …"""
        member: Member | None = self
        while member is not None:
            yield member
            member = member.parent


class Forest:
    """Every network with its parent and children. ``roots`` begins with those that ship."""

    def __init__(self, entries: Sequence[StoredWeights]) -> None:
        members = [Member(name=entry.name, weights=entry) for entry in entries]
        self._members = {_key(entry.path): m for entry, m in zip(entries, members, strict=True)}
        by_name: dict[str, list[StoredWeights]] = {}
        for entry in reversed(entries):  # the user's own first, as in find_weights
            by_name.setdefault(entry.name, []).append(entry)
        gone: dict[tuple[str, str], Member] = {}
        for member, entry in zip(members, entries, strict=True):
            card = entry.card
            if card is None or not (card.parent or card.parent_hash):
                continue
            found = _parent_among(entries, by_name, entry, card)
            if found is not None:
                parent = self._members[_key(found.path)]
            else:
                name = card.parent or card.parent_hash[:_HASH_SHOWN]
                lost = Member(name=name, weights=None, hash=card.parent_hash)
                parent = gone.setdefault((card.parent, card.parent_hash), lost)
            # Names can form a circle: the link that would close it is left out.
            if member not in parent.line:
                member.parent = parent
                parent.children.append(member)
        for member in (*members, *gone.values()):
            member.children.sort(key=_age)
        self.roots = tuple(m for m in (*members, *gone.values()) if m.parent is None)

    def __iter__(self) -> Iterator[Member]:
        """All of them, each before its children."""
        waiting = list(reversed(self.roots))
        while waiting:
            yield (member := waiting.pop())
            waiting.extend(reversed(member.children))

    def member(self, path: Path) -> Member | None:
        return self._members.get(_key(path))

    def parent_of(self, path: Path) -> Path | None:
        """None where there is no parent, or none that can be used."""
        member = self.member(path)
        parent = member.parent if member else None
        return parent.weights.path if parent and parent.is_usable and parent.weights else None

    def base_of(self, path: Path) -> Path:
        """The nearest ancestor that is not personalized, or the network itself.

        Where the line breaks off before there is one: the eldest that is left.
        """
        base = path
        member = self.member(path)
        for ancestor in member.line if member else ():
            if ancestor.weights is None or ancestor.weights.card is None:
                break
            base = ancestor.weights.path
            if personalization_of(ancestor.weights.card) is None:
                break
        return base

    def descends(self, path: Path, ancestor: Path) -> bool:
        """Whether the network in `path` was made from the other one, over however many others."""
        member, other = self.member(path), self.member(ancestor)
        if member is None or other is None or member is other:
            return False
        return other in member.line


def forest(*also: Path) -> Forest:
    """The forest of all stored networks, and of these files, which may lie elsewhere."""
    entries = {_key(entry.path): entry for entry in stored_weights()}
    for path in also:
        if _key(path) not in entries and (entry := described(path)) is not None:
            entries[_key(path)] = entry
    while True:
        found = Forest(list(entries.values()))
        more = _lost_in_runs(found)
        if not more:
            return found
        entries |= more


def _lost_in_runs(found: Forest) -> dict[str, StoredWeights]:
    """The networks that their children's cards name and that lie in the folders of training runs."""
    lost = {
        member.hash: {
            child.weights.card.architecture
            for child in member.children
            if child.weights is not None and child.weights.card is not None
        }
        for member in found.roots
        if member.weights is None and member.hash
    }
    if not lost:
        return {}
    entries = {}
    for path in sorted(runs_folder().glob(f"*/*{SUFFIX}")):
        entry = described(path)
        if entry is None or entry.card is None or found.member(path) is not None:
            continue
        # A child has its parent's architecture: reading whole files takes time.
        if not any(entry.card.architecture in architectures for architectures in lost.values()):
            continue
        # Once each: the last weights of a run may be its best.
        if lost.pop(_known_hash(path), None) is not None:
            entries[_key(path)] = entry
    return entries


def parent_of(path: Path) -> Path | None:
    """The network that this one was made from; None where there is none, or none that can be used."""
    return forest(path).parent_of(path)


def base_of(path: Path) -> Path:
    """Where a personalization starts: the nearest ancestor that is not personalized, or the network itself.

    Where the line breaks off before there is one: the eldest that is left.
    """
    return forest(path).base_of(path)


def is_same_file(one: Path, other: Path) -> bool:
    """Whether two paths name one place, by their letters alone: neither needs to be there."""
    return _key(one) == _key(other)


def _parent_among(
    entries: Sequence[StoredWeights],
    by_name: Mapping[str, Sequence[StoredWeights]],
    child: StoredWeights,
    card: WeightsCard,
) -> StoredWeights | None:
    named = [entry for entry in by_name.get(card.parent, ()) if entry is not child]
    if card.parent_hash:
        # Hashing files takes time: it is nearly always the one of that name.
        for entry in named:
            if _known_hash(entry.path) == card.parent_hash:
                return entry
        named = [entry for entry in named if entry.shipped]
        if named:  # of which an earlier version was the parent
            return named[0]
        # A child has its parent's architecture.
        alike = (e for e in entries if e.card and e.card.architecture == card.architecture)
        for entry in alike:
            if entry is not child and _known_hash(entry.path) == card.parent_hash:
                return entry
    return named[0] if named else None


def _known_hash(path: Path) -> str:
    """Of a file as it is now; "" where it cannot be read."""
    try:
        state = path.stat()
        return _hash_of_state(path, state.st_mtime_ns, state.st_size)
    except OSError:
        return ""


@lru_cache(maxsize=1024)
def _hash_of_state(path: Path, _changed: int, _size: int) -> str:
    return file_hash(path)


def _fractions(card: WeightsCard, before: str, after: str) -> tuple[float, float] | None:
    """A foreign file may hold any numbers."""
    found = [card.metrics.get(name, -1.0) for name in (before, after)]
    return (found[0], found[1]) if all(0 <= fraction <= 1 for fraction in found) else None


def _age(member: Member) -> tuple[str, str]:
    card = member.weights.card if member.weights else None
    return (card.created if card else "", member.name)


def _key(path: Path) -> str:
    return os.path.normcase(os.path.abspath(path))  # noqa: PTH100  Path.resolve would follow links
