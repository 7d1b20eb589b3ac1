"""What the system refuses: folders, files, and a full disk."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.trainer.drawings.made import drawing, same
from trainer.base.errors import RunError
from trainer.drawings import DrawingStore, open_store
from trainer.drawings.recovery import soundness

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX only")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "drawings.sqlite"


@pytest.fixture
def nobody() -> Iterator[Path]:
    """A folder of somebody without special rights, as whom the test runs."""
    folder = Path(tempfile.mkdtemp())
    me = os.geteuid()
    if me == 0:
        shutil.chown(folder, 65534)
        os.seteuid(65534)
    yield folder
    os.seteuid(me)
    folder.chmod(stat.S_IRWXU)
    for inside in folder.iterdir():
        if inside.is_dir():
            inside.chmod(stat.S_IRWXU)
    shutil.rmtree(folder)


@posix
def test_a_folder_that_may_not_be_written_to(nobody: Path) -> None:
    nobody.chmod(0o555)
    for path in (nobody / "drawings.sqlite", nobody / "deeper" / "drawings.sqlite"):
        with pytest.raises(RunError, match=r"Permission denied.*may be written to.*HANDWRITE_HOME"):
            open_store(path)
    assert list(nobody.iterdir()) == []


@posix
def test_a_file_that_may_not_be_written_to(nobody: Path) -> None:
    path = nobody / "drawings.sqlite"
    with open_store(path) as store:
        store.add(drawing(1), label="1")
    path.chmod(0o444)
    with pytest.raises(RunError, match=r"readonly.*may be written to"), open_store(path) as store:
        store.add(drawing(2), label="1")
    path.chmod(0o644)
    with open_store(path) as store:
        assert len(store.ids()) == 1


@posix
def test_a_folder_that_becomes_read_only_while_it_is_open(nobody: Path) -> None:
    folder = nobody / "data"
    with open_store(folder / "drawings.sqlite") as store:
        store.add(drawing(1), label="1")
        folder.chmod(0o555)
        assert store.add(drawing(2), label="1") == 2  # all of its files are open
    folder.chmod(0o755)
    with open_store(folder / "drawings.sqlite") as store:
        assert len(store.ids()) == 2


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(RunError, match="cannot be used"):
        open_store(tmp_path / "data" / "drawings.sqlite")


def test_a_folder_in_the_place_of_the_file(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(RunError, match="cannot be opened"):
        open_store(path)


def _fill_the_disk(store: DrawingStore) -> int:
    """Adds drawings until it fails; how many were confirmed."""
    for confirmed in range(10_000):
        try:
            store.add(drawing(confirmed, image=True), label="1")
        except RunError:
            with pytest.raises(RunError, match="make room on the disk"):
                store.add(drawing(confirmed, image=True), label="1")
            return confirmed
    pytest.fail("there is room for everything")


def test_a_full_disk(path: Path) -> None:
    with open_store(path) as store:
        pages = store._rows("PRAGMA page_count")[0][0]
        store._connection.execute(f"PRAGMA max_page_count = {pages + 10}")
        confirmed = _fill_the_disk(store)
        assert confirmed > 3
        assert len(store.ids()) == confirmed
        store._connection.execute("PRAGMA max_page_count = 100000")
        assert store.add(drawing(1), label="1") == confirmed + 1
    with open_store(path) as store:
        assert store.notes == ()
        for place, number in enumerate(sorted(store.ids())[:-1]):
            assert same(store.drawing(number), drawing(place, image=True))


@posix
def test_a_write_that_the_system_cuts_short(path: Path) -> None:
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with open_store(path) as store:
        written = Path(f"{path}-wal").stat().st_size
        resource.setrlimit(resource.RLIMIT_FSIZE, (written + 150_000, limits[1]))
        try:
            confirmed = _fill_the_disk(store)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert confirmed > 1
        assert store.add(drawing(1), label="1") > confirmed
    with open_store(path) as store:
        assert store.notes == ()
        assert len(store.ids()) == confirmed + 1
        assert soundness(store._connection, thorough=True) == ""
