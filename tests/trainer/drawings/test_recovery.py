"""Damaged files: kept aside, the newest good copy in their place, and what can still be read in it."""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.trainer.drawings.made import DAY, NOON, Clock, drawing, fill, same
from trainer.base import files
from trainer.base.errors import RunError
from trainer.drawings import DrawingStore, Filter, WeightsId, open_store, recovery
from trainer.drawings.backups import backups_folder, backups_of
from trainer.drawings.recovery import soundness

PAGE = 4096
OLD, NEW = range(12), range(12, 30)  # numbers of drawings that the copy has, and that came later


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a store, and a copy of the day before that lacks what came later."""
    folder = tmp_path_factory.mktemp("original")
    path = folder / "drawings.sqlite"
    clock = Clock()
    with open_store(path, clock=clock) as store:
        fill(store, OLD)
    with open_store(path, clock=clock) as store:
        fill(store, NEW, writer="Mina")
        store.relabel([1], "renamed")
        store.delete([2])
    return folder


@pytest.fixture
def path(original: Path, tmp_path: Path) -> Path:
    shutil.copytree(original, tmp_path / "data")
    return tmp_path / "data" / "drawings.sqlite"


def _opened(path: Path, **rest: Any) -> DrawingStore:
    """The store on the day after."""
    return open_store(path, clock=lambda: NOON + DAY, **rest)


def _spoil(path: Path, table: str) -> None:
    """Writes over the first page of a table or an index."""
    with closing(sqlite3.connect(path)) as connection:
        ((page,),) = connection.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)
        ).fetchall()
    content = bytearray(path.read_bytes())
    content[(page - 1) * PAGE : page * PAGE] = b"\xff" * PAGE
    path.write_bytes(content)


def _aside(path: Path) -> list[Path]:
    return sorted(path.parent.glob("drawings-damaged-*.sqlite"))


def _numbers(store: DrawingStore) -> set[int]:
    """Which of the original's drawings are there, each of them as it was."""
    found = set()
    for entry in store.entries():
        assert same(store.drawing(entry.id), drawing(entry.id - 1))
        assert entry.label == ("renamed" if entry.id == 1 else str((entry.id - 1) % 10))
        assert entry.writer.name == ("Mina" if entry.id - 1 in NEW else "Me")
        found.add(entry.id - 1)
    return found


ALL = {*OLD, *NEW} - {1}  # but for the deleted one

Damage = Callable[[Path], None]


def _garbage(path: Path) -> None:
    path.write_bytes(random.Random(0).randbytes(50_000))


def _text(path: Path) -> None:
    path.write_text("these are no drawings\n" * 1000)


def _short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:70])


def _no_head(path: Path) -> None:
    path.write_bytes(bytes(100) + path.read_bytes()[100:])


def _empty(path: Path) -> None:
    path.write_bytes(b"")


@pytest.mark.parametrize("damage", [_garbage, _text, _short, _no_head, _empty])
def test_of_an_unreadable_file_the_copy_takes_the_place(path: Path, damage: Damage) -> None:
    damage(path)
    spoilt = path.read_bytes()
    with _opened(path) as store:
        note = str(*store.notes)
        assert "drawings.sqlite was damaged: 12 drawings were recovered" in note
        assert "from the copy of 2026-03-01" in note
        (aside,) = _aside(path)
        assert str(aside) in note
        assert {entry.id - 1 for entry in store.entries()} == set(OLD)
        assert store.add(drawing(99), label="1") == 13
    assert aside.read_bytes() == spoilt
    with _opened(path) as store:
        assert store.notes == ()
        assert store.counts().of() == 13
    assert not list(path.parent.glob(".*"))


def test_a_file_that_was_cut_gives_what_it_still_has(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: -2 * PAGE])
    with _opened(path) as store:
        note = str(*store.notes)
        assert "damaged" in note
        assert store.counts().of() >= len(OLD) - 1
        assert soundness(store._connection, thorough=True) == ""


@pytest.mark.parametrize("place", range(0, 100, 3))
def test_a_spoilt_page_costs_no_more_than_is_on_it(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    pages = len(content) // PAGE
    page = place * pages // 100
    content[page * PAGE : (page + 1) * PAGE] = random.Random(place).randbytes(PAGE)
    path.write_bytes(content)
    with _opened(path) as store:
        found = _present(store)
        if page == 0:
            assert found == set(OLD)  # nothing can be read without the first
        else:
            assert found >= set(OLD) - {1}
        assert soundness(store._connection, thorough=True) == ""
        aside = _aside(path)
        assert len(aside) == len(store.notes)
        assert not aside or aside[0].read_bytes() == bytes(content)


@pytest.mark.parametrize(
    "table", ["writers", "weights", "sqlite_autoindex_writers_1", "sqlite_sequence"]
)
def test_small_tables_take_no_drawings_with_them(path: Path, table: str) -> None:
    _spoil(path, table)
    with _opened(path) as store:
        assert len(store.notes) == 1
        assert _present(store) == ALL
        names = {entry.writer.name for entry in store.entries()}
        assert names == {"Me", "Writer 2" if table == "writers" else "Mina"}
        known = {entry.weights for entry in store.entries()}
        assert known == {None, WeightsId(name="scribe", hash="ab12")}  # the copy knows them
        assert store.add(drawing(99), label="1") == 31


def _present(store: DrawingStore) -> set[int]:
    """Which drawings are there and as they were stored; the copy may have them with an older label."""
    for entry in store.entries():
        assert same(store.drawing(entry.id), drawing(entry.id - 1))
    return {number - 1 for number in store.ids()}


def test_an_index_that_is_spoilt_costs_nothing(path: Path) -> None:
    _spoil(path, "by_label_created")
    with _opened(path) as store:
        note = str(*store.notes)
        assert "29 drawings were recovered" in note
        assert "18 of them read from the damaged file itself" in note
        assert _numbers(store) == ALL
        assert store.writer("mina").name == "Mina"
        assert store.counts().of(Filter(label="renamed")) == 1
        assert store.restore([2]) == [2]


@pytest.mark.parametrize("seed", range(25))
def test_a_flipped_byte_never_gives_another_drawing(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = bytearray(path.read_bytes())
    for _ in range(3):
        # Not in the first page: where that is spoilt, nothing after it can be read.
        content[chance.randrange(PAGE, len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    with _opened(path) as store:
        whole = 0
        for number in store.ids():
            with suppress(RunError):  # told to be damaged
                whole += any(same(store.drawing(number), drawing(n)) for n in (*OLD, *NEW))
        # Three places cannot spoil more than three drawings that are in no copy; the copy has the rest.
        assert whole >= len(ALL) - 3
        assert soundness(store._connection, thorough=False) == ""


def test_without_a_copy_what_can_be_read_is_kept(path: Path) -> None:
    shutil.rmtree(backups_folder(path))
    content = bytearray(path.read_bytes())
    content[-PAGE:] = b"\xff" * PAGE
    path.write_bytes(content)
    with _opened(path) as store:
        note = str(*store.notes)
        assert "copy of" not in note
        assert len(_present(store)) >= len(ALL) // 2


def test_without_a_copy_and_without_anything_it_begins_anew(path: Path) -> None:
    shutil.rmtree(backups_folder(path))
    _garbage(path)
    with _opened(path) as store:
        assert "none of the drawings could be recovered" in str(store.notes[0])
        assert store.add(drawing(1), label="1") == 1
    assert len(_aside(path)) == 1


def test_of_damaged_copies_the_newest_good_one_is_taken(path: Path) -> None:
    ((day, good),) = backups_of(path)
    for later, content in ((1, b"no database"), (2, b""), (3, good.read_bytes()[:-PAGE])):
        name = f"drawings-{(day + later * DAY).isoformat()}.sqlite"
        (backups_folder(path) / name).write_bytes(content)
    _garbage(path)
    with _opened(path) as store:
        assert "copy of 2026-03-01" in str(store.notes[0])
        assert store.counts().of() == len(OLD)
    assert len(backups_of(path)) == 4  # none was deleted


def test_a_missing_file_is_restored(path: Path) -> None:
    path.unlink()
    with _opened(path) as store:
        assert tuple(map(str, store.notes)) == (
            "drawings.sqlite was missing: 12 drawings were recovered, from the copy of 2026-03-01.",
        )
        assert store.counts().of() == 12
    assert _aside(path) == []


def test_what_sqlite_left_beside_a_missing_file_does_not_come_into_the_next(path: Path) -> None:
    with _opened(path) as store:
        fill(store, range(100, 110))
        wal = Path(f"{path}-wal").read_bytes()
    path.unlink()
    Path(f"{path}-wal").write_bytes(wal)
    with _opened(path) as store:
        assert "was missing" in str(store.notes[0])
        assert soundness(store._connection, thorough=True) == ""
        assert store.counts().of() >= len(OLD)
    kept = list(path.parent.glob("drawings-damaged-*-wal"))
    assert [file.read_bytes() for file in kept] == [wal]


def test_the_log_beside_a_damaged_file_goes_with_it(path: Path) -> None:
    """A copy of a moment when drawings were in the log alone."""
    with _opened(path) as store:
        fill(store, range(30, 35), writer="Mina")
        wal = Path(f"{path}-wal").read_bytes()
        content = path.read_bytes()
    path.write_bytes(content)  # as it was before it was closed
    _spoil(path, "weights")
    Path(f"{path}-wal").write_bytes(wal)
    with _opened(path) as store:
        assert len(store.notes) == 1
        assert _present(store) >= set(OLD) - {1}


def test_asides_do_not_overwrite_each_other(path: Path) -> None:
    moment = dt.datetime(2026, 3, 5, tzinfo=dt.UTC)
    for number in range(3):
        path.write_text(f"no database {number}")
        with open_store(path, clock=lambda: moment):
            pass
    assert [aside.read_text() for aside in _aside(path)] == [
        f"no database {number}" for number in (1, 2, 0)
    ]


def test_a_recovery_that_fails_leaves_the_damaged_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _garbage(path)
    before = path.read_bytes()

    def refuse(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr(recovery, "sync_file", refuse)
        with pytest.raises(RunError, match="has room"):
            _opened(path)
    assert path.read_bytes() == before
    assert _aside(path) == []
    with _opened(path) as store:
        assert store.counts().of() == 12


@pytest.mark.parametrize("moment", ["_salvage", "sync_file", "_put_aside", "sync_folder"])
def test_a_recovery_that_is_killed_is_begun_again(
    path: Path, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    where = files if moment == "sync_folder" else recovery
    real = getattr(where, moment)

    def die(*arguments: object) -> None:
        real(*arguments)
        raise Killed

    _spoil(path, "by_created")
    with monkeypatch.context() as patch:
        patch.setattr(where, moment, die)
        # A kill would not tidy up, either.
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        with pytest.raises(Killed):
            _opened(path)
    with _opened(path) as store:
        assert len(store.notes) == (moment != "sync_folder")
        assert _numbers(store) == ALL
    assert not list(path.parent.glob(".*"))


@pytest.mark.skipif(sys.platform == "win32", reason="there, an open file cannot be moved at all")
def test_a_file_that_somebody_has_open_is_not_replaced(path: Path) -> None:
    with _opened(path) as other:
        content = path.read_bytes()
        path.write_bytes(content[:100] + bytes(len(content) - 100))
        with pytest.raises(RunError, match=r"another window has it open.*Close all windows"):
            _opened(path, patience=0.2)
        assert _aside(path) == []
        other.close()
    with _opened(path) as store:
        assert len(store.notes) == 1


def test_several_find_the_damage_at_once(path: Path) -> None:
    _garbage(path)
    notes: list[str] = []
    counts: list[int] = []

    def begin() -> None:
        with _opened(path, patience=30) as store:
            notes.extend(map(str, store.notes))
            counts.append(store.counts().of())

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counts == [12] * 4
    assert len(notes) == len(_aside(path)) == 1


def test_damage_that_comes_while_it_is_open_is_told(path: Path) -> None:
    with _opened(path) as store:
        store._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        path.write_bytes(path.read_bytes()[:100] + bytes(path.stat().st_size - 100))
        store._connection.execute("PRAGMA shrink_memory")
        with pytest.raises(RunError, match="is damaged"):
            list(store.entries())
        with pytest.raises(RunError, match="is damaged"):
            store.add(drawing(1), label="1")
