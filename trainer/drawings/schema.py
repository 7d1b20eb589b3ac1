"""The schema, and the migrations from every earlier version of it.

The version is a number in the file (PRAGMA user_version). To change it, add a function at the end of
MIGRATIONS and leave the others as they are: they are what the files of earlier releases are brought up
with.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress

#: "hwdr", in the file's header (PRAGMA application_id): distinguishes our files from other programs'.
APPLICATION_ID = 0x68776472

Migration = Callable[[sqlite3.Connection], None]

#: The first writer of a new store.
FIRST_WRITER = "Me"

_FIRST = (
    # key: trainer.drawings.entries.name_key of the name; SQLite's NOCASE knows ASCII only.
    """CREATE TABLE writers (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        key TEXT NOT NULL UNIQUE
    )""",
    """CREATE TABLE weights (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        hash TEXT NOT NULL,
        UNIQUE (name, hash)
    )""",
    # AUTOINCREMENT: an id that was handed out is never reused.
    # is_right follows from label, said and refused; it is here for the indexes.
    # created, deleted: microseconds since 1970, UTC.
    """CREATE TABLE drawings (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        writer INTEGER NOT NULL REFERENCES writers (id),
        label TEXT NOT NULL CHECK (label <> ''),
        said TEXT,
        probability REAL,
        refused INTEGER NOT NULL CHECK (refused IN (0, 1)),
        is_right INTEGER CHECK (is_right IN (0, 1)),
        weights INTEGER REFERENCES weights (id),
        device TEXT NOT NULL,
        created INTEGER NOT NULL,
        deleted INTEGER,
        hash BLOB NOT NULL
    )""",
    # Apart from the table above, so that lists and counts do not read past them.
    """CREATE TABLE contents (
        id INTEGER PRIMARY KEY REFERENCES drawings (id) ON DELETE CASCADE,
        strokes BLOB NOT NULL,
        image BLOB
    )""",
    # One for every choice of filters: a page is then read in order from the first row to the last, whatever
    # is chosen and however rare it is, and however many were made at the same moment (id). deleted: without
    # it, SQLite looks into the table to see once more what the index promises.
    *(
        f"CREATE INDEX by_{'_'.join([*columns, 'created'])} "
        f"ON drawings ({', '.join([*columns, 'created', 'id', 'deleted'])}) WHERE deleted IS NULL"
        for columns in (
            (),
            ("writer",),
            ("label",),
            ("is_right",),
            ("writer", "label"),
            ("writer", "is_right"),
            ("label", "is_right"),
            ("writer", "label", "is_right"),
        )
    ),
    "CREATE INDEX by_hash ON drawings (hash)",
    "CREATE INDEX by_deleted ON drawings (deleted) WHERE deleted IS NOT NULL",
    f"INSERT INTO writers (name, key) VALUES ('{FIRST_WRITER}', '{FIRST_WRITER.casefold()}')",
    f"PRAGMA application_id = {APPLICATION_ID}",
)


def _create(connection: sqlite3.Connection) -> None:
    for statement in _FIRST:
        connection.execute(statement)


#: MIGRATIONS[n] migrates a file of version n to version n + 1; an empty file has version 0.
MIGRATIONS: tuple[Migration, ...] = (_create,)


def version_of(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def migrate(
    connection: sqlite3.Connection, migrations: Sequence[Migration] = MIGRATIONS
) -> tuple[int, int]:
    """Migrates the file to the newest version, completely or not at all; (version before, version now).

    connection: in autocommit mode. Raises sqlite3.Error.
    """
    before = version_of(connection)
    if before >= len(migrations):
        return before, before
    connection.execute("BEGIN IMMEDIATE")
    try:
        before = version_of(connection)  # another process may have been first
        for migration in migrations[before:]:
            migration(connection)
        connection.execute(f"PRAGMA user_version = {max(before, len(migrations))}")
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    return before, max(before, len(migrations))
