"""The open store: adds, lists, changes and deletes drawings.

A method that changes something returns when the change is on the disk. One object may be used by several
threads, one after the other; threads that must not wait for each other open a store each.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from trainer.base.errors import InputError, PictureError, RunError
from trainer.base.labels import NO_LABEL
from trainer.base.locking import FileLock
from trainer.base.messages import Message
from trainer.drawings import queries
from trainer.drawings.entries import (
    EVERYTHING,
    Clock,
    Contradiction,
    Counts,
    Cursor,
    Entry,
    EntryPage,
    Filter,
    Said,
    WeightsId,
    Writer,
    checked_device,
    checked_label,
    checked_name,
    name_key,
    to_micros,
    utc_now,
)
from trainer.drawings.faults import explained, no_such_drawing, writer_has_drawings
from trainer.drawings.merging import Incoming, Merged, insert, merge
from trainer.drawings.packing import Packed, pack, unpack
from trainer.drawings.write_lock import file_identity, write_lock
from trainer.picture.strokes import Drawing

#: Deleted drawings can be brought back for so long; then a later opening forgets them.
KEPT_DELETED = dt.timedelta(days=30)


class DrawingStore:
    """See the module. Made by trainer.drawings.open_store; closed by close(), or as a context manager.

    notes: messages for the person from opening: that a damaged file was restored, say. All methods raise
    RunError where the file cannot be read or written; nothing is changed then.
    """

    def __init__(
        self,
        path: Path,
        connection: sqlite3.Connection,
        lock: FileLock,
        writing: FileLock,
        *,
        patience: float,
        notes: Sequence[Message] = (),
        clock: Clock = utc_now,
    ) -> None:
        """connection: in autocommit mode; it and the locks are closed with the store."""
        self.path = path
        self.notes = tuple(notes)
        self._connection = connection
        self._locks = (lock, writing)
        self._writing = writing
        self._patience = patience
        self._clock = clock
        self._guard = threading.RLock()
        self._identity = file_identity(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Any number of times."""
        with self._guard:
            with suppress(sqlite3.Error):  # all that was confirmed is on the disk already
                self._connection.close()
            for lock in self._locks:
                lock.close()

    @property
    def version(self) -> tuple[int, int]:
        """Another value whenever anything was changed, by this object or by another process. Quick."""
        return int(self._rows("PRAGMA data_version")[0][0]), self._connection.total_changes

    # --- writers

    def writers(self) -> list[Writer]:
        """By name; there is one at least."""
        return [Writer(id=n, name=name) for n, name in self._rows(queries.WRITERS)]

    @property
    def default_writer(self) -> Writer:
        """The first of those that are left."""
        number, name = self._rows("SELECT id, name FROM writers ORDER BY id LIMIT 1")[0]
        return Writer(id=number, name=name)

    def writer(self, name: str) -> Writer:
        """The writer of that name, large or small letters. Raises InputError with the names there are."""
        rows = self._rows(queries.WRITER_BY_KEY, name_key(name.strip()))
        if not rows:
            raise InputError(
                "drawings.no-such-writer",
                "there is no writer {name!r}. There are {known}.",
                name=name,
                known=", ".join(writer.name for writer in self.writers()),
            )
        return Writer(id=rows[0][0], name=rows[0][1])

    def add_writer(self, name: str) -> Writer:
        """Raises InputError where there is one of that name, or it cannot be a name."""
        name = checked_name(name)
        with self._write() as connection:
            self._refuse_taken(name, except_for=None)
            done = connection.execute(
                "INSERT INTO writers (name, key) VALUES (?, ?)", (name, name_key(name))
            )
            return Writer(id=int(done.lastrowid or 0), name=name)

    def rename_writer(self, writer: int, name: str) -> Writer:
        """Raises InputError as add_writer does."""
        name = checked_name(name)
        with self._write() as connection:
            self._check_writer(writer)
            self._refuse_taken(name, except_for=writer)
            connection.execute(
                "UPDATE writers SET name = ?, key = ? WHERE id = ?", (name, name_key(name), writer)
            )
        return Writer(id=writer, name=name)

    def delete_writer(self, writer: int) -> None:
        """Only one without drawings, and not the last; deleted drawings can then not be brought back.

        Raises InputError where it is not possible.
        """
        with self._write() as connection:
            name = self._check_writer(writer)
            (count,) = self._rows(
                "SELECT count(*) FROM drawings WHERE writer = ? AND deleted IS NULL", writer
            )[0]
            if count:
                raise writer_has_drawings(name, count)
            if self._rows("SELECT count(*) FROM writers")[0][0] == 1:
                raise InputError(
                    "drawings.only-writer",
                    "{name} is the only writer: add another one first, or rename this one",
                    name=name,
                )
            connection.execute("DELETE FROM drawings WHERE writer = ?", (writer,))
            connection.execute("DELETE FROM writers WHERE id = ?", (writer,))

    # --- drawings in

    def add(
        self,
        drawing: Drawing,
        *,
        label: str,
        writer: int | None = None,
        said: Said | None = None,
        weights: WeightsId | None = None,
        device: str = "",
        created: dt.datetime | None = None,
    ) -> int:
        """Keeps a drawing; its id, once it is on the disk.

        label: what it truly is. writer: an id, None for the default one. device: one of DEVICES. created:
        None for now. Raises PictureError where nothing is drawn, InputError for a label, writer or device
        that cannot be.
        """
        incoming = Incoming(
            packed=pack(drawing),
            label=checked_label(label),
            said=said or Said(),
            weights=weights,
            device=checked_device(device),
            created=to_micros(created or self._clock()),
        )
        with self._write() as connection:
            if writer is None:
                writer = self.default_writer.id
            self._check_writer(writer)
            return insert(connection, incoming, writer)

    def merge(self, incoming: Sequence[Incoming]) -> Merged:
        """Keeps those that are not there yet, all or none (see trainer.drawings.merging)."""
        with self._write() as connection:
            return merge(connection, incoming, self.default_writer.id)

    # --- drawings out

    def entry(self, number: int) -> Entry:
        """Raises InputError where there is no such drawing (any more)."""
        rows = self._rows(queries.ENTRY, number)
        if not rows:
            raise no_such_drawing(number)
        return queries.entry_of(rows[0])

    def drawing(self, number: int) -> Drawing:
        """The strokes, and the opened picture, exactly as they were given.

        Raises InputError where there is no such drawing, RunError where its bytes are damaged.
        """
        rows = self._rows(queries.CONTENT, number)
        if not rows:
            raise no_such_drawing(number)
        strokes, image, digest = rows[0]
        try:
            return unpack(Packed(strokes=strokes, image=image, hash=digest))
        except PictureError as error:
            raise RunError(
                "drawings.unreadable",
                "drawing {number} in {path} cannot be shown: {reason}. Delete it; the others are sound.",
                number=number,
                path=self.path,
                reason=error,
            ) from error

    def get(self, number: int) -> tuple[Entry, Drawing]:
        """Raises as entry() and drawing() do."""
        return self.entry(number), self.drawing(number)

    def page(
        self, wanted: Filter = EVERYTHING, *, after: Cursor | None = None, limit: int = 100
    ) -> EntryPage:
        """Up to `limit` entries, the newest first, from behind `after` (the `next` of the page before).

        It takes as long at the end of 100,000 as at the beginning.
        """
        rows: list[tuple[Any, ...]] = []
        for sql, values in queries.page(wanted, after):
            rows += self._rows(sql, *values, limit + 1 - len(rows))
        more = len(rows) > limit
        entries = tuple(map(queries.entry_of, rows[:limit]))
        last = entries[-1] if more and entries else None
        return EntryPage(
            entries=entries,
            next=None if last is None else Cursor(to_micros(last.created), last.id),
        )

    def entries(self, wanted: Filter = EVERYTHING) -> Iterator[Entry]:
        """All of them, the newest first, read page by page."""
        after: Cursor | None = None
        while True:
            page = self.page(wanted, after=after, limit=500)
            yield from page.entries
            if page.next is None:
                return
            after = page.next

    def ids(self, wanted: Filter = EVERYTHING) -> list[int]:
        """Ids of all of them, the newest first: what a gallery scrolls over."""
        sql, values = queries.ids(wanted)
        return [number for (number,) in self._rows(sql, *values)]

    def labels(self, numbers: Sequence[int]) -> dict[int, str]:
        """Id → label, of a few hundred drawings at most; those that are not there are left out."""
        return dict(
            self._rows(queries.LABELS.format(marks=", ".join("?" * len(numbers))), *numbers)
        )

    def newest(self, writer: int, *, of_a_label: int, labels: int) -> dict[int, str]:
        """Id → label of this writer's newest drawings, so many of a label, of the labels drawn last.

        It takes no longer than the indexes' rows of the writer are read: no entry is made.
        """
        return {
            number: label
            for (label,) in self._rows(queries.NEWEST_LABELS, writer, labels)
            for (number,) in self._rows(queries.NEWEST_OF_LABEL, writer, label, of_a_label)
        }

    def counts(self) -> Counts:
        rows = self._rows(queries.TALLIES)
        return Counts(
            (writer, label, None if right is None else bool(right), count)
            for writer, label, right, count in rows
        )

    def contradictions(self) -> list[Contradiction]:
        """Drawings that are the same and have different labels."""
        with self._guard, explained(self.path):
            hashes = self._connection.execute(queries.CONTRADICTIONS).fetchall()
            return list(queries.contradictions(self._connection, (row[0] for row in hashes)))

    # --- changes

    def relabel(self, numbers: Iterable[int], label: str) -> dict[int, str]:
        """Gives drawings another label; what was changed: id → the label before, to be undone with.

        Raises InputError for a label that cannot be. Drawings that are not there are passed over.
        """
        return self.relabel_each(dict.fromkeys(numbers, checked_label(label)))

    def relabel_each(self, labels: Mapping[int, str]) -> dict[int, str]:
        """Gives each drawing a label of its own, all or none: what relabel() returned undoes that.

        Returns and raises as relabel() does.
        """
        wanted = {number: checked_label(label) for number, label in labels.items()}
        before: dict[int, str] = {}
        with self._write() as connection:
            for number, label in wanted.items():
                rows = self._rows(
                    "SELECT label FROM drawings WHERE id = ? AND deleted IS NULL", number
                )
                if rows and rows[0][0] != label:
                    connection.execute(queries.RELABEL, (label, NO_LABEL, number))
                    before[number] = rows[0][0]
        return before

    def delete(self, numbers: Iterable[int]) -> list[int]:
        """Deletes drawings, so that restore() brings them back; the ids of those that were there."""
        now = to_micros(self._clock())
        return self._each(
            "UPDATE drawings SET deleted = ? WHERE id = ? AND deleted IS NULL", numbers, now
        )

    def restore(self, numbers: Iterable[int]) -> list[int]:
        """Brings deleted drawings back, each to its place in the lists; the ids of those that came."""
        return self._each(
            "UPDATE drawings SET deleted = NULL WHERE id = ? AND deleted IS NOT NULL", numbers
        )

    def purge(self, older_than: dt.timedelta = KEPT_DELETED) -> int:
        """Forgets for good what was deleted longer ago than that; how many drawings."""
        before = to_micros(self._clock() - older_than)
        # Usually there is nothing to do, and no reason to wait for the lock.
        if not self._rows("SELECT 1 FROM drawings WHERE deleted < ? LIMIT 1", before):
            return 0
        with self._write() as connection:
            return connection.execute("DELETE FROM drawings WHERE deleted < ?", (before,)).rowcount

    # --- within

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        with self._guard, explained(self.path):
            return self._connection.execute(sql, values).fetchall()

    def _each(self, sql: str, numbers: Iterable[int], *values: Any) -> list[int]:
        """Runs it for every id, which is its last parameter; the ids for which it changed something."""
        with self._write() as connection:
            return [n for n in numbers if connection.execute(sql, (*values, n)).rowcount]

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        """A transaction: when the block has ended it is on the disk, and all of it or nothing is."""
        with (
            self._guard,
            explained(self.path),
            write_lock(self._writing, self.path, self._patience),
        ):
            connection = self._connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                if file_identity(self.path) != self._identity:
                    raise RunError(
                        "store.moved",
                        "{path} was moved, replaced or deleted while it was open. Nothing was changed; close "
                        "the window and open it again.",
                        path=self.path,
                    )
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:  # SQLite ends it itself on some errors
                    with suppress(sqlite3.Error):
                        connection.execute("ROLLBACK")
                raise

    def _check_writer(self, writer: int) -> str:
        """The name. Raises InputError."""
        rows = self._rows("SELECT name FROM writers WHERE id = ?", writer)
        if not rows:
            raise InputError(
                "drawings.writer-gone", "there is no such writer any more: choose another one"
            )
        return str(rows[0][0])

    def _refuse_taken(self, name: str, *, except_for: int | None) -> None:
        rows = self._rows(queries.WRITER_BY_KEY, name_key(name))
        if rows and rows[0][0] != except_for:
            raise InputError(
                "drawings.writer-exists",
                "there is already a writer {name}: choose another name",
                name=rows[0][1],
            )
