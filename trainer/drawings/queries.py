"""The store's questions as SQL. Every list names the index that it is read from: what the planner would take
depends on statistics, and a gallery of 100,000 drawings must not.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from trainer.drawings.entries import (
    Contradiction,
    Cursor,
    Entry,
    Filter,
    Said,
    WeightsId,
    Writer,
    from_micros,
)

_ENTRY = (
    "SELECT d.id, d.writer, w.name, d.label, d.said, d.probability, d.refused, n.name, n.hash, d.device, "
    "d.created FROM drawings d {indexed} JOIN writers w ON w.id = d.writer "
    "LEFT JOIN weights n ON n.id = d.weights WHERE d.deleted IS NULL"
)

#: One drawing that is not deleted, by its id.
ENTRY = _ENTRY.format(indexed="") + " AND d.id = ?"

CONTENT = (
    "SELECT c.strokes, c.image, d.hash FROM drawings d JOIN contents c ON c.id = d.id "
    "WHERE d.deleted IS NULL AND d.id = ?"
)

#: (id, label) of those of these drawings that are not deleted; marks: a ? for each.
LABELS = "SELECT id, label FROM drawings WHERE deleted IS NULL AND id IN ({marks})"

#: Labels of a writer's drawings, the one drawn last first, and the newest of one label.
NEWEST_LABELS = (
    "SELECT label FROM drawings INDEXED BY by_writer_label_created WHERE deleted IS NULL AND writer = ? "
    "GROUP BY label ORDER BY max(created) DESC LIMIT ?"
)
NEWEST_OF_LABEL = (
    "SELECT id FROM drawings INDEXED BY by_writer_label_created WHERE deleted IS NULL AND writer = ? "
    "AND label = ? ORDER BY created DESC, id DESC LIMIT ?"
)

#: (writer's id, label, is_right, how many) of all drawings.
TALLIES = (
    "SELECT writer, label, is_right, count(*) FROM drawings INDEXED BY by_writer_label_is_right_created "
    "WHERE deleted IS NULL GROUP BY writer, label, is_right"
)

#: Label once more, with what follows from it; parameters: label, label, id.
RELABEL = (
    "UPDATE drawings SET label = ?1, is_right = CASE WHEN refused THEN ?1 = ?2 "
    "WHEN said IS NULL THEN NULL ELSE said = ?1 END WHERE id = ?3 AND deleted IS NULL"
)

#: By name.
WRITERS = "SELECT id, name FROM writers ORDER BY key"
WRITER_BY_KEY = "SELECT id, name FROM writers WHERE key = ?"

CONTRADICTIONS = (
    "SELECT hash FROM drawings INDEXED BY by_hash WHERE deleted IS NULL "
    "GROUP BY hash HAVING count(DISTINCT label) > 1"
)


def page(wanted: Filter, after: Cursor | None) -> list[tuple[str, list[Any]]]:
    """Entries, newest first: statements whose rows make the page, one after the other, with parameters.

    Each wants the number of rows as one more. Behind a cursor they are two, first the rest of its moment:
    SQLite finds the place of (created, id) in an index only so, and an import gives many one moment.
    """
    index, condition, values = _where(wanted, "d.")
    sql = _ENTRY.format(indexed=f"INDEXED BY {index}") + condition
    order = "ORDER BY d.created DESC, d.id DESC LIMIT ?"
    if after is None:
        return [(f"{sql} {order}", values)]
    return [
        (f"{sql} AND d.created = ? AND d.id < ? {order}", [*values, after.created, after.id]),
        (f"{sql} AND d.created < ? {order}", [*values, after.created]),
    ]


def ids(wanted: Filter) -> tuple[str, list[Any]]:
    """All ids in the order of the pages, from the index alone."""
    index, condition, values = _where(wanted)
    return (
        f"SELECT id FROM drawings INDEXED BY {index} WHERE deleted IS NULL{condition} "
        "ORDER BY created DESC, id DESC",
        values,
    )


def entry_of(row: tuple[Any, ...]) -> Entry:
    number, writer, name, label, said, probability, refused, network, digest, device, created = row
    heard = said is not None or probability is not None or refused
    return Entry(
        id=number,
        writer=Writer(id=writer, name=name),
        label=label,
        said=Said(label=said, probability=probability, refused=bool(refused)) if heard else None,
        weights=None if network is None else WeightsId(name=network, hash=digest),
        device=device,
        created=from_micros(created),
    )


def weights_id(connection: sqlite3.Connection, weights: WeightsId | None) -> int | None:
    """Its place in the table, where it is put if it is new."""
    if weights is None:
        return None
    identity = (weights.name, weights.hash)
    connection.execute("INSERT OR IGNORE INTO weights (name, hash) VALUES (?, ?)", identity)
    (number,) = connection.execute(
        "SELECT id FROM weights WHERE name = ? AND hash = ?", identity
    ).fetchone()
    return int(number)


def contradictions(
    connection: sqlite3.Connection, hashes: Iterable[bytes]
) -> Iterator[Contradiction]:
    """Of the drawings with these contents those that have several labels."""
    for digest in hashes:
        rows = connection.execute(
            "SELECT id, label FROM drawings WHERE hash = ? AND deleted IS NULL ORDER BY id",
            (digest,),
        ).fetchall()
        labels = dict.fromkeys(label for _, label in rows)
        if len(labels) > 1:
            yield Contradiction(ids=tuple(number for number, _ in rows), labels=tuple(labels))


def _where(wanted: Filter, table: str = "") -> tuple[str, str, list[Any]]:
    """The index that has exactly these filters, the conditions, and their values."""
    columns = {
        "writer": wanted.writer,
        "label": wanted.label,
        "is_right": None if wanted.right is None else int(wanted.right),
    }
    chosen = {name: value for name, value in columns.items() if value is not None}
    index = "by_" + "_".join([*chosen, "created"])
    return index, "".join(f" AND {table}{name} = ?" for name in chosen), list(chosen.values())
