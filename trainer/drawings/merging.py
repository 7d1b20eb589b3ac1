"""Insertion of drawings into the store, one or many, within the caller's transaction."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from trainer.drawings import queries
from trainer.drawings.entries import Contradiction, Said, WeightsId, name_key
from trainer.drawings.packing import Packed

_MOST_REPORTED = 20  # contradictions

_INSERT = (
    "INSERT OR REPLACE INTO drawings (id, writer, label, said, probability, refused, is_right, weights, "
    "device, created, hash, deleted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_CONTENT = "INSERT OR REPLACE INTO contents (id, strokes, image) VALUES (?, ?, ?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A checked drawing to be stored. created: microseconds since 1970, UTC."""

    packed: Packed
    label: str
    said: Said
    weights: WeightsId | None
    device: str
    created: int
    writer: str = ""  # a name; "" for the default writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The result of a merge: new drawings; deleted ones that came back; known ones.

    contradictions: those that are now there with several labels, the first of them.
    """

    stored: int
    restored: int
    known: int
    new_writers: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]


def insert(connection: sqlite3.Connection, incoming: Incoming, writer: int) -> int:
    """Its id."""
    done = connection.execute(_INSERT, (None, *_row(connection, incoming, writer), None))
    number = done.lastrowid
    assert number is not None
    connection.execute(_CONTENT, (number, incoming.packed.strokes, incoming.packed.image))
    return number


def restore_row(
    connection: sqlite3.Connection,
    number: int,
    writer: str,
    incoming: Incoming,
    deleted: int | None,
) -> None:
    """Puts a drawing where it was, over what is there now."""
    key = name_key(writer)
    connection.execute("INSERT OR IGNORE INTO writers (name, key) VALUES (?, ?)", (writer, key))
    (writer_id,) = connection.execute("SELECT id FROM writers WHERE key = ?", (key,)).fetchone()
    connection.execute(_INSERT, (number, *_row(connection, incoming, writer_id), deleted))
    connection.execute(_CONTENT, (number, incoming.packed.strokes, incoming.packed.image))


def _row(connection: sqlite3.Connection, incoming: Incoming, writer: int) -> tuple[Any, ...]:
    said = incoming.said
    return (
        writer,
        incoming.label,
        said.label,
        said.probability,
        said.refused,
        said.is_right(incoming.label),
        queries.weights_id(connection, incoming.weights),
        incoming.device,
        incoming.created,
        incoming.packed.hash,
    )


def merge(connection: sqlite3.Connection, incoming: Iterable[Incoming], default: int) -> Merged:
    """Keeps those that are not there yet: the same content, writer and label is the same drawing.

    Writers that are not there are made.
    """
    writers = dict(connection.execute("SELECT key, id FROM writers"))
    new_writers: list[str] = []
    stored = restored = known = 0
    hashes: dict[bytes, None] = {}
    for one in incoming:
        hashes[one.packed.hash] = None
        key = name_key(one.writer)
        if not one.writer:
            writer = default
        elif key in writers:
            writer = writers[key]
        else:
            done = connection.execute(
                "INSERT INTO writers (name, key) VALUES (?, ?)", (one.writer, key)
            )
            assert done.lastrowid is not None
            writer = writers[key] = done.lastrowid
            new_writers.append(one.writer)
        there = connection.execute(
            "SELECT id, deleted FROM drawings WHERE hash = ? AND writer = ? AND label = ? "
            "ORDER BY deleted IS NOT NULL, id LIMIT 1",
            (one.packed.hash, writer, one.label),
        ).fetchone()
        if there is None:
            insert(connection, one, writer)
            stored += 1
        elif there[1] is None:
            known += 1
        else:
            connection.execute("UPDATE drawings SET deleted = NULL WHERE id = ?", (there[0],))
            restored += 1
    return Merged(
        stored=stored,
        restored=restored,
        known=known,
        new_writers=tuple(new_writers),
        contradictions=tuple(
            itertools.islice(queries.contradictions(connection, hashes), _MOST_REPORTED)
        ),
    )
