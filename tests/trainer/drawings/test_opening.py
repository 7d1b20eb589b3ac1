"""Files of other releases and other programs, copies, and two at once."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.killed import same as same_as_stored
from benchmarks.killed import storing
from tests.trainer.drawings.made import DAY, Clock, drawing, fill, same
from trainer.base.errors import DataError, InputError, RunError
from trainer.base.locking import FileLock
from trainer.drawings import daily_copy, open_store
from trainer.drawings.backups import KEPT, backups_folder, backups_of
from trainer.drawings.recovery import soundness
from trainer.drawings.schema import APPLICATION_ID, FIRST_WRITER, MIGRATIONS, version_of

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "drawings.sqlite"


def _pragma(path: Path, name: str) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_new_store(path: Path) -> None:
    with open_store(path) as store:
        assert store.notes == ()
        assert store.ids() == []
        assert [writer.name for writer in store.writers()] == [FIRST_WRITER]
        settings = {
            name: store._rows(f"PRAGMA {name}")[0][0]
            for name in ("journal_mode", "foreign_keys", "synchronous")
        }
    assert settings == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2}
    assert _pragma(path, "application_id") == APPLICATION_ID
    assert _pragma(path, "user_version") == len(MIGRATIONS)
    # Closed, it is one file with two locks, and no copy: there was nothing to copy.
    names = [path.name, f"{path.name}.lock", f"{path.name}.write-lock"]
    assert sorted(file.name for file in path.parent.iterdir()) == names


def test_what_is_added_is_on_the_disk_before_its_number_is_told(path: Path) -> None:
    """Nothing but what the system has: as another process sees it, without the store being closed."""
    with open_store(path) as store:
        number = store.add(drawing(1), label="1")
        copy = path.with_name("copy.sqlite")
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{path}{suffix}", f"{copy}{suffix}")
    with open_store(copy) as found:
        assert same(found.drawing(number), drawing(1))


# --- forms


def _add_a_column(connection: sqlite3.Connection) -> None:
    connection.execute("ALTER TABLE drawings ADD COLUMN remark TEXT NOT NULL DEFAULT ''")
    connection.execute("UPDATE drawings SET remark = 'old'")


def _fail(connection: sqlite3.Connection) -> None:
    _add_a_column(connection)
    connection.execute("DELETE FROM drawings")
    connection.execute("SELECT * FROM absent")


NEXT = (*MIGRATIONS, _add_a_column)


@pytest.fixture
def old(path: Path) -> Path:
    """A store of this release's form, which is an old one for NEXT."""
    with open_store(path) as store:
        fill(store, range(20))
    return path


def test_an_older_form_is_brought_up_to_date(old: Path) -> None:
    with open_store(old):  # the day has its copy
        pass
    with open_store(old) as store:
        store.add(drawing(20), label="0")
    with open_store(old, migrations=NEXT) as store:
        assert store.notes == ()
        assert version_of(store._connection) == 2
        assert store._rows("SELECT DISTINCT remark FROM drawings") == [("old",)]
        assert store.counts().of() == 21
        assert same(store.drawing(1), drawing(0))
        store.add(drawing(21), label="1")
        assert store._rows("SELECT remark FROM drawings WHERE id = 22") == [("",)]
    # Before it, all was copied once more.
    ((_, backup),) = backups_of(old)
    with closing(sqlite3.connect(backup)) as copy:
        assert version_of(copy) == 1
        assert copy.execute("SELECT count(*) FROM drawings").fetchone() == (21,)


def test_a_failed_migration_changes_nothing(old: Path) -> None:
    with pytest.raises(RunError, match="no such table"):
        open_store(old, migrations=(*MIGRATIONS, _fail))
    with open_store(old) as store:
        assert store.notes == ()
        assert store.counts().of() == 20
        with pytest.raises(RunError, match="no such column"):
            store._rows("SELECT remark FROM drawings")


def test_nothing_is_migrated_without_a_copy(old: Path) -> None:
    backups_folder(old).write_text("in the way")
    with pytest.raises(RunError, match="could not be written"):
        open_store(old, migrations=NEXT)
    assert _pragma(old, "user_version") == 1


def test_two_that_migrate_at_once(old: Path) -> None:
    opened: list[int] = []

    def migrate() -> None:
        with open_store(old, migrations=NEXT) as store:
            opened.append(version_of(store._connection))

    threads = [threading.Thread(target=migrate) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == [2, 2, 2]


def test_a_newer_form_is_left_alone(old: Path) -> None:
    with open_store(old, migrations=NEXT):
        pass
    before = old.read_bytes()
    with pytest.raises(DataError, match=r"newer release.*update the program"):
        open_store(old)
    assert old.read_bytes() == before
    with open_store(old, migrations=NEXT) as store:
        assert store.counts().of() == 20


def test_a_database_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()
    with pytest.raises(DataError, match="another program"):
        open_store(path)
    assert path.read_bytes() == before


# --- for reading only


def _left(folder: Path) -> dict[str, bytes]:
    """Every file there with its content, but for locks and what SQLite uses while a file is open: a log that
    is empty is one of those."""
    return {
        file.name: file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file()
        and not file.name.endswith(("-shm", "lock"))
        and not (file.name.endswith("-wal") and not file.stat().st_size)
    }


def test_read_only_changes_nothing(path: Path) -> None:
    clock = Clock()
    with open_store(path, clock=clock, daily=False) as store:
        fill(store, range(20))
        store.delete([3])
    clock.now += 40 * DAY
    before = _left(path.parent)
    with open_store(path, read_only=True, clock=clock) as store:
        assert store.notes == ()
        assert len(store.ids()) == 19
        assert same(store.drawing(1), drawing(0))
        for change in (
            lambda: store.add(drawing(1), label="1"),
            lambda: store.relabel([1], "2"),
            lambda: store.delete([1]),
            lambda: store.restore([3]),
            lambda: store.add_writer("Ada"),
        ):
            with pytest.raises(RunError, match=r"readonly database.*Nothing was changed"):
                change()
    assert not backups_folder(path).exists()
    assert _left(path.parent) == before
    with open_store(path, clock=clock, daily=False) as store:
        assert store.restore([3]) == []  # forgotten only now


def test_read_only_beside_one_that_writes(path: Path) -> None:
    with open_store(path, daily=False) as store:
        fill(store, range(3))
        with open_store(path, read_only=True) as reader:
            store.add(drawing(7), label="7")
            assert len(reader.ids()) == 4
        store.add(drawing(8), label="8")
    with open_store(path, read_only=True) as reader:
        assert len(reader.ids()) == 5


def test_read_only_sees_what_is_not_carried_over_yet(path: Path) -> None:
    """As after a process that was killed: the newest is in the log beside the file."""
    with open_store(path, daily=False) as store:
        fill(store, range(3))
        copy = path.parent.parent / "a strange #? %20 place" / "copy.sqlite"
        copy.parent.mkdir()
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{path}{suffix}", f"{copy}{suffix}")
    before = _left(copy.parent)
    assert before[f"{copy.name}-wal"]
    with open_store(copy, read_only=True) as reader:
        assert len(reader.ids()) == 3
    assert _left(copy.parent) == before


@pytest.mark.parametrize("what", ["absent", "empty", "older", "damaged", "damaged with a copy"])
def test_read_only_puts_nothing_in_order(path: Path, what: str) -> None:
    if what == "empty":
        path.parent.mkdir()
        path.touch()
    elif what != "absent":
        with open_store(path, daily=False) as store:
            fill(store, range(200))
    if what == "damaged with a copy":
        with open_store(path):
            pass
    if what.startswith("damaged"):
        whole = path.read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
    before = _left(path.parent)
    migrations = NEXT if what == "older" else MIGRATIONS
    with pytest.raises(InputError, match=r"there are no drawings|the file is then repaired"):
        open_store(path, read_only=True, migrations=migrations)
    assert _left(path.parent) == before
    assert path.parent.exists() == (what != "absent")


def test_read_only_leaves_others_files_alone_too(old: Path) -> None:
    with open_store(old, migrations=NEXT):
        pass
    with pytest.raises(DataError, match="newer release"):
        open_store(old, read_only=True)


# --- copies


def test_a_copy_a_day_of_which_seven_are_kept(path: Path) -> None:
    clock = Clock()
    for number in range(10):
        with open_store(path, clock=clock) as store:
            store.add(drawing(number), label="1")
        with open_store(path, clock=clock) as store:  # the day has its copy
            assert store.notes == ()
        clock.now += DAY
    days = [day for day, _ in backups_of(path)]
    assert len(days) == KEPT
    assert days == [(clock.now - (i + 1) * DAY).date() for i in range(KEPT)]
    for _, backup in backups_of(path):
        with closing(sqlite3.connect(backup)) as copy:
            assert soundness(copy, thorough=True) == ""
    # One file each, and nothing else.
    assert len(list(backups_folder(path).iterdir())) == KEPT
    with closing(sqlite3.connect(backups_of(path)[0][1])) as copy:
        assert copy.execute("SELECT count(*) FROM drawings").fetchone() == (9,)


def test_other_files_among_the_copies_stay(old: Path) -> None:
    folder = backups_folder(old)
    folder.mkdir()
    names = {
        "mine.txt",
        "drawings-2026-13-01.sqlite",
        "drawings-1.sqlite",
        ".drawings-x.sqlite.1.part",
    }
    for name in names:
        (folder / name).write_text("mine")
    os.utime(folder / ".drawings-x.sqlite.1.part", (0, 0))
    with open_store(old) as store:
        assert store.notes == ()
    left = {file.name for file in folder.iterdir()}
    # What a killed process left of a copy goes, when it is old.
    assert names - left == {".drawings-x.sqlite.1.part"}
    assert len(left - names) == 1


def test_a_copy_can_wait(old: Path) -> None:
    with open_store(old, daily=False) as store:
        assert backups_of(old) == []
        assert daily_copy(store) is None
        assert len(backups_of(old)) == 1
        before = backups_of(old)[0][1].stat().st_mtime_ns
        assert daily_copy(store) is None
        assert backups_of(old)[0][1].stat().st_mtime_ns == before


def test_a_copy_that_cannot_be_made_is_told_and_no_more(old: Path) -> None:
    backups_folder(old).write_text("in the way")
    with open_store(old) as store:
        note = str(*store.notes)
        assert "copy of the drawings could not be made" in note
        assert "could not be written" in str(daily_copy(store))
        assert store.add(drawing(50), label="1") == 21


def test_what_is_damaged_is_not_copied(old: Path) -> None:
    with open_store(old, daily=False) as store:
        # Seen only by who holds the index against the table.
        with store._write() as connection:
            connection.execute("PRAGMA writable_schema = ON")
            connection.execute("UPDATE sqlite_master SET sql = replace(sql, 'label', 'device') "
                               "WHERE name = 'by_label_created'")  # fmt: skip
            connection.execute("PRAGMA writable_schema = RESET")
        assert "damaged" in str(daily_copy(store))
    assert backups_of(old) == []


# --- two at once, and a lock that stays


def test_two_processes_store_at_once(path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks.killed", "--count", "15", "--child", str(path)]
    with open_store(path) as store:
        version = store.version
        children = [
            subprocess.Popen([*command, seed], stdout=subprocess.PIPE, text=True) for seed in "12"
        ]
        outputs = [child.communicate(timeout=120)[0] for child in children]
        assert [child.returncode for child in children] == [0, 0]
        assert store.version != version
        told = [line for output in outputs for line in output.splitlines()]
        assert len(told) == len(set(store.ids())) == 30
        for line in told:
            number, seed, index = _numbers(line)
            from benchmarks.killed import made

            assert same_as_stored(store.drawing(number), made(seed, index))


def _numbers(line: str) -> tuple[int, int, int]:
    number, seed, index = (int(part) for part in line.strip("[]").split(","))
    return number, seed, index


def test_several_open_a_new_store_at_once(path: Path) -> None:
    done: list[int] = []

    def begin(seed: int) -> None:
        storing(path, seed, 2)
        done.append(seed)

    threads = [threading.Thread(target=begin, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with open_store(path) as store:
        assert store.notes == ()
        assert (len(done), store.counts().of(), len(store.writers())) == (4, 8, 1)


@pytest.fixture
def held(old: Path) -> Iterator[sqlite3.Connection]:
    """Somebody who writes and does not come to an end."""
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def test_a_lock_that_stays_is_told(old: Path, held: sqlite3.Connection) -> None:
    with open_store(old, patience=0.05) as store:
        for change in (
            lambda: store.add(drawing(1), label="1"),
            lambda: store.delete([1]),
            lambda: store.add_writer("Mina"),
        ):
            with pytest.raises(RunError, match=r"another window.*then try again"):
                change()
        assert store.counts().of() == 20  # it can be read all the time
        held.execute("COMMIT")
        assert store.add(drawing(1), label="1") == 21


def test_who_writes_is_alone_until_the_log_is_carried_over(old: Path) -> None:
    """SQLite's own lock ends before that, and so the next one must not depend on it alone."""
    with closing(FileLock(old.with_name(f"{old.name}.write-lock"))) as other:
        with open_store(old, patience=0.05) as store:
            assert other.acquire()
            with pytest.raises(RunError, match="another window"):
                store.add(drawing(1), label="1")
            assert store.counts().of() == 20
            other.release()
            assert store.add(drawing(1), label="1") == 21
            assert other.acquire()  # it is let go of
        with open_store(old, patience=0.05) as store:  # to read, nobody is waited for
            assert store.counts().of() == 21
        with pytest.raises(RunError, match="another window"):
            open_store(old, patience=0.05, migrations=NEXT)


def test_a_lock_that_ends_is_waited_for(old: Path) -> None:
    other = sqlite3.connect(old, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, lambda: other.execute("COMMIT"))
    timer.start()
    with open_store(old, patience=60) as store, closing(other):
        assert store.add(drawing(1), label="1") == 21
    timer.join()


def test_an_exclusive_lock_is_told_at_the_opening(old: Path) -> None:
    with closing(sqlite3.connect(old, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(RunError, match="another window"):
            open_store(old, patience=0.05)


@posix
def test_a_file_system_without_locks_is_told(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with open_store(path) as store:
        assert "open only one window at a time" in str(*store.notes)
        assert store.add(drawing(1), label="1") == 1
        assert store.counts().of() == 1
