"""Many drawings: a page reads as many rows of 20,000 as of 1,000, wherever it begins.

Held by the steps that SQLite takes, which are the same on every machine.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from trainer.drawings import Cursor, DrawingStore, Filter, open_store, queries

FEW, MANY = 1000, 20_000
FILTERS = [
    Filter(writer=writer, label=label, right=right)
    for writer in (None, 1)
    for label in (None, "3", "rare")
    for right in (None, False)
]


def _filled(path: Path, count: int, *, moments: int) -> DrawingStore:
    """So many drawings without content: every tenth "3", ten "rare", a twentieth read wrongly.

    moments: how many different times they were made at.
    """
    store = open_store(path)
    every = count // 10
    with store._write() as connection:
        connection.executemany(
            "INSERT INTO drawings (writer, label, said, refused, is_right, device, created, hash) "
            "VALUES (1, ?, '3', 0, ?, '', ?, ?)",
            (
                (
                    "rare" if i % every == 5 else str(i % 10),
                    int(i % 20 != 3 and i % every != 5),
                    i * 7919 % moments,
                    i.to_bytes(16),
                )
                for i in range(count)
            ),
        )
    return store


def _steps(store: DrawingStore, what: Callable[[], object]) -> int:
    """How many steps of its machine SQLite takes for that."""
    taken = 0

    def count() -> None:
        nonlocal taken
        taken += 1

    store._connection.set_progress_handler(count, 1)
    try:
        what()
    finally:
        store._connection.set_progress_handler(None, 1)
    return taken


def _plan(connection: sqlite3.Connection, sql: str, values: list[object]) -> str:
    return "\n".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values))


@pytest.fixture(scope="module", params=[False, True], ids=["apart", "at one moment"])
def stores(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[DrawingStore, DrawingStore]]:
    folder = tmp_path_factory.mktemp("large")
    few, many = (
        _filled(
            folder / str(count) / "drawings.sqlite", count, moments=1 if request.param else 10**9
        )
        for count in (FEW, MANY)
    )
    yield few, many
    few.close()
    many.close()


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_a_page_is_as_quick_among_many(
    stores: tuple[DrawingStore, DrawingStore], wanted: Filter
) -> None:
    few, many = stores
    first = [_steps(store, lambda s=store: s.page(wanted, limit=50)) for store in stores]  # type: ignore[misc]
    assert first[1] <= 1.05 * first[0] + 500
    for store in stores:
        numbers = store.ids(wanted)
        middle = store.entry(numbers[len(numbers) // 2])
        (created,) = store._rows("SELECT created FROM drawings WHERE id = ?", middle.id)[0]
        behind = Cursor(created, middle.id)
        steps = _steps(store, lambda s=store, c=behind: s.page(wanted, after=c, limit=50))  # type: ignore[misc]
        assert steps <= 1.05 * first[0] + 500
    assert few.counts().of(wanted) <= many.counts().of(wanted)


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_nothing_is_sorted_and_nothing_scanned(
    stores: tuple[DrawingStore, DrawingStore], wanted: Filter
) -> None:
    connection = stores[1]._connection
    for after in (None, Cursor(5, 5)):
        plans = [
            _plan(connection, sql, [*values, 50]) for sql, values in queries.page(wanted, after)
        ]
        for plan in plans:
            assert "TEMP B-TREE" not in plan
            assert "USING INDEX by_" in plan
        if after is not None:  # they begin at the cursor
            rest, older = plans
            assert "created=? AND id<?" in rest
            assert "created<?" in older
    plan = _plan(connection, *queries.ids(wanted))
    assert "USING COVERING INDEX by_" in plan
    assert "TEMP B-TREE" not in plan


def test_counts_read_an_index_alone(stores: tuple[DrawingStore, DrawingStore]) -> None:
    plan = _plan(stores[1]._connection, queries.TALLIES, [])
    assert plan == "SCAN drawings USING COVERING INDEX by_writer_label_is_right_created"
    counts = stores[1].counts()
    assert counts.of() == MANY
    assert counts.of(Filter(label="rare")) == 10


def test_a_double_is_looked_for_by_its_hash(stores: tuple[DrawingStore, DrawingStore]) -> None:
    sql = "SELECT id FROM drawings WHERE hash = ? AND writer = ? AND label = ?"
    assert "USING INDEX by_hash (hash=?)" in _plan(stores[1]._connection, sql, [b"", 1, "1"])
