"""Drawings kept, listed, counted, relabelled, deleted and brought back; writers."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.trainer.drawings.made import DAY, NOON, Clock, drawing, fill, incoming, same
from trainer.base.errors import InputError, PictureError, RunError
from trainer.base.labels import NO_LABEL
from trainer.base.paths import drawings_file
from trainer.drawings import (
    DrawingStore,
    Entry,
    Filter,
    Said,
    WeightsId,
    Writer,
    open_store,
)
from trainer.picture.strokes import Drawing


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[DrawingStore]:
    with open_store(tmp_path / "drawings.sqlite", clock=clock) as store:
        yield store


def _again(store: DrawingStore) -> DrawingStore:
    """Another window's."""
    return open_store(store.path)


def test_nothing_heavy_is_imported() -> None:
    code = (
        "import sys, trainer.drawings; "
        "sys.exit(bool({'torch', 'PIL', 'scipy', 'PySide6', 'trainer.picture.preprocess'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_users_own_store() -> None:
    with open_store() as store:
        number = store.add(drawing(1), label="1")
    assert store.path == drawings_file()
    with open_store() as store:
        assert store.ids() == [number]


# --- in and out


@pytest.mark.parametrize("image", [False, True])
def test_a_drawing_is_kept_as_it_was_drawn(store: DrawingStore, image: bool) -> None:
    mina = store.add_writer("Mina")
    some = drawing(1, image=image)
    said = Said(label="3", probability=0.5000000001)
    weights = WeightsId(name="scribe", hash="0a")
    when = dt.datetime(2020, 2, 29, 23, 59, 59, 999_999, dt.UTC)
    number = store.add(
        some, label="8", writer=mina.id, said=said, weights=weights, device="pen", created=when
    )
    expected = Entry(
        id=number,
        writer=mina,
        label="8",
        said=said,
        weights=weights,
        device="pen",
        created=when,
    )
    for one in (store, _again(store)):
        with one:
            entry, back = one.get(number)
            assert entry == expected
            assert entry.right is False
            assert same(back, some)


def test_what_is_not_known_stays_unknown(store: DrawingStore) -> None:
    entry = store.entry(store.add(drawing(1), label=" 4 "))
    assert entry.label == "4"
    assert (entry.writer, entry.said, entry.weights) == (store.default_writer, None, None)
    assert (entry.device, entry.right) == ("", None)
    assert NOON < entry.created < NOON + DAY


def test_zones_are_understood(store: DrawingStore) -> None:
    zone = dt.timezone(dt.timedelta(hours=2))
    for when in (dt.datetime(2026, 1, 1, 12, tzinfo=zone), dt.datetime(2026, 1, 1, 10)):
        entry = store.entry(store.add(drawing(1), label="1", created=when))
        assert entry.created == dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC)


def test_what_cannot_be_kept_is_refused(store: DrawingStore) -> None:
    with pytest.raises(PictureError, match="nothing is drawn"):
        store.add(Drawing(), label="1")
    for label in ("", "  ", "x" * 101, "a\x00b"):
        with pytest.raises(InputError, match="label"):
            store.add(drawing(1), label=label)
    with pytest.raises(InputError, match="mouse, pen, touch"):
        store.add(drawing(1), label="1", device="crayon")
    with pytest.raises(InputError, match="no such writer"):
        store.add(drawing(1), label="1", writer=99)
    assert store.ids() == []
    for number in (1, -5, 2**62):
        with pytest.raises(InputError, match=f"no drawing {number}"):
            store.get(number)


@pytest.mark.parametrize(
    ("said", "label", "right"),
    [
        (None, "1", None),
        (Said(probability=0.5), "1", None),
        (Said(label="1"), "1", True),
        (Said(label="7"), "1", False),
        (Said(label="1", refused=True), "1", False),
        (Said(refused=True), NO_LABEL, True),
        (Said(label="1"), NO_LABEL, False),
    ],
)
def test_who_was_right(
    store: DrawingStore, said: Said | None, label: str, right: bool | None
) -> None:
    number = store.add(drawing(1), label=label, said=said)
    other = store.add(drawing(2), label="another", said=said)
    store.relabel([other], label)  # comes to the same
    for one in (number, other):
        assert store.entry(one).right is right
    assert set(store.ids(Filter(right=True))) == ({number, other} if right else set())
    assert set(store.ids(Filter(right=False))) == ({number, other} if right is False else set())


def test_weights_are_who_they_are(tmp_path: Path) -> None:
    path = tmp_path / "mine.safetensors"
    path.write_bytes(b"abc")
    found = WeightsId.of(path)
    assert found.name == "mine"
    assert found.hash.startswith("ba7816bf8f01cfea")  # FIPS 180-2, B.1
    path.write_bytes(b"abd")
    assert WeightsId.of(path) != found


# --- lists and counts

FILTERS = [
    Filter(writer=writer, label=label, right=right)
    for writer in (None, 1, 2)
    for label in (None, "3", "absent")
    for right in (None, True, False)
]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DrawingStore]:
    """100 drawings of two writers, five of them deleted. No test changes it."""
    with open_store(tmp_path_factory.mktemp("filled") / "drawings.sqlite") as store:
        fill(store, range(60))
        fill(store, range(60, 100), writer="Mina")
        store.delete(store.ids()[::20])
        yield store


@pytest.mark.parametrize("wanted", FILTERS, ids=str)
def test_lists_are_what_the_filter_says(filled: DrawingStore, wanted: Filter) -> None:
    everything = list(filled.entries())
    assert len(everything) == 95
    expected = [
        entry
        for entry in everything
        if wanted.writer in (None, entry.writer.id)
        and wanted.label in (None, entry.label)
        and (wanted.right is None or entry.right is wanted.right)
    ]
    assert list(filled.entries(wanted)) == expected
    assert filled.ids(wanted) == [entry.id for entry in expected]
    assert filled.counts().of(wanted) == len(expected)
    keys = [(entry.created, entry.id) for entry in expected]
    assert keys == sorted(keys, reverse=True)
    for limit in (1, 7, 100):
        listed: list[Entry] = []
        page = filled.page(wanted, limit=limit)
        listed += page.entries
        while page.next is not None:
            assert len(page.entries) == limit
            page = filled.page(wanted, after=page.next, limit=limit)
            assert page.entries
            listed += page.entries
        assert listed == expected


def test_counts_by_label_and_writer(filled: DrawingStore) -> None:
    everything = list(filled.entries())
    counts = filled.counts()
    assert counts.labels() == {
        str(digit): sum(entry.label == str(digit) for entry in everything) for digit in range(10)
    }
    wrong = [entry for entry in everything if entry.right is False]
    assert wrong
    assert counts.writers(Filter(right=False)) == {
        number: sum(entry.writer.id == number for entry in wrong) for number in (1, 2)
    }
    assert counts.labels(Filter(writer=2, label="3")) == {
        "3": counts.of(Filter(writer=2, label="3"))
    }


def test_a_page_goes_on_where_it_was_while_others_come_and_go(store: DrawingStore) -> None:
    fill(store, range(30))
    order = store.ids()
    page = store.page(limit=10)
    store.delete([order[9], order[12]])
    fill(store, range(1000, 1010))
    following = store.page(after=page.next, limit=500)
    later = [entry.id for entry in following.entries if entry.id in order]
    assert later == [number for number in order[10:] if number != order[12]]


def test_the_newest_of_every_label(store: DrawingStore) -> None:
    other = store.add_writer("Bob").id
    mine = [store.add(drawing(n), label=label) for n, label in enumerate("7117127")]
    store.add(drawing(20), label="7", writer=other)
    store.delete([mine[6]])
    me = store.default_writer.id
    assert store.newest(me, of_a_label=2, labels=9) == {
        mine[5]: "2", mine[4]: "1", mine[2]: "1", mine[3]: "7", mine[0]: "7"
    }  # fmt: skip
    assert set(store.newest(me, of_a_label=2, labels=2).values()) == {"2", "1"}


def test_drawings_that_contradict_each_other(store: DrawingStore) -> None:
    for number, label in ((1, "1"), (1, "7"), (2, "2"), (2, "2"), (1, "7")):
        store.add(drawing(number), label=label)
    (found,) = store.contradictions()
    assert (found.ids, found.labels) == ((1, 2, 5), ("1", "7"))
    store.delete([1])
    assert store.contradictions() == []


# --- changes


def test_relabel_and_back(store: DrawingStore) -> None:
    fill(store, range(1, 5))
    before = store.relabel([1, 2, 99], "2")
    assert before == {1: "1"}
    assert store.counts().labels() == {"2": 2, "3": 1, "4": 1}
    assert store.entry(1).right is False
    for number, label in before.items():
        store.relabel([number], label)
    assert store.entry(1).right is True
    with pytest.raises(InputError, match="label"):
        store.relabel([1], " ")


def test_each_gets_its_former_label_back_or_none_does(store: DrawingStore) -> None:
    fill(store, range(1, 4))
    before = store.relabel([1, 2], "7")
    assert before == {1: "1", 2: "2"}
    store._connection.execute(
        "CREATE TEMP TRIGGER full BEFORE UPDATE ON drawings WHEN NEW.id = 2 "
        "BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    with pytest.raises(RunError):
        store.relabel_each(before)
    store._connection.execute("DROP TRIGGER full")
    assert store.labels([1, 2, 3, 99]) == {1: "7", 2: "7", 3: "3"}
    assert store.relabel_each(before) == {1: "7", 2: "7"}
    assert store.labels([1, 2]) == before
    store.delete([1])
    assert store.labels([1, 2]) == {2: "2"}
    with pytest.raises(InputError, match="label"):
        store.relabel_each({2: " "})


def test_delete_and_undo(store: DrawingStore) -> None:
    fill(store, range(10))
    order = store.ids()
    gone = [order[3], order[7]]
    assert store.delete([*gone, 99]) == gone
    assert store.delete(gone) == []
    assert store.counts().of() == len(store.ids()) == 8
    for number in gone:
        with pytest.raises(InputError, match="deleted"):
            store.entry(number)
        with pytest.raises(InputError, match="deleted"):
            store.drawing(number)
        assert store.relabel([number], "x") == {}
    assert store.restore([*gone, order[0], 99]) == gone
    assert store.ids() == order
    assert same(store.drawing(gone[0]), drawing(gone[0] - 1))


def test_what_was_deleted_long_ago_is_forgotten_at_the_next_opening(
    tmp_path: Path, clock: Clock
) -> None:
    path = tmp_path / "drawings.sqlite"
    with open_store(path, clock=clock) as store:
        fill(store, range(5))
        store.delete([1])
        clock.now += 29 * DAY
        store.delete([2])
    clock.now += 2 * DAY
    with open_store(path, clock=clock) as store:
        assert store.restore([1, 2]) == [2]
        assert [row[0] for row in store._rows("SELECT id FROM contents ORDER BY id")] == [
            2,
            3,
            4,
            5,
        ]
        assert store.purge(older_than=dt.timedelta(0)) == 0
        store.delete([3])
        assert store.purge(older_than=dt.timedelta(0)) == 1
        # A number that was told to somebody is not given to another drawing.
        store.delete([5])
        store.purge(older_than=dt.timedelta(0))
        assert store.add(drawing(9), label="9") == 6


def test_the_version_tells_of_every_change(store: DrawingStore) -> None:
    with _again(store) as other:
        for change in (
            lambda: store.add(drawing(1), label="1"),
            lambda: store.relabel([1], "2"),
            lambda: store.delete([1]),
            lambda: store.restore([1]),
            lambda: store.add_writer("Mina"),
        ):
            here, there = store.version, other.version
            assert (store.version, other.version) == (here, there)
            change()
            assert store.version != here
            assert other.version != there


def test_a_change_that_fails_leaves_nothing_behind(store: DrawingStore) -> None:
    fill(store, range(3))
    before = list(store.entries())

    def numbers() -> Iterator[int]:
        yield 1
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.delete(numbers())
    assert list(store.entries()) == before
    store.delete([1])  # and the next one is not hindered


def test_several_threads_may_use_one_store(store: DrawingStore) -> None:
    def write() -> None:
        for number in range(10):
            store.merge([incoming(100 * threading.get_native_id() + number)])
            store.page()

    threads = [threading.Thread(target=write) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert store.counts().of() == 30


def test_a_file_that_was_taken_away_confirms_nothing(store: DrawingStore) -> None:
    store.add(drawing(1), label="1")
    store.path.rename(store.path.with_name("elsewhere"))
    with pytest.raises(RunError, match="moved, replaced or deleted"):
        store.add(drawing(2), label="2")
    store.path.with_name("elsewhere").rename(store.path)
    assert store.add(drawing(2), label="2") == 2


def test_a_drawing_with_damaged_bytes_is_told_and_hinders_no_other(store: DrawingStore) -> None:
    fill(store, range(3))
    with store._write() as connection:
        connection.execute("UPDATE contents SET strokes = zeroblob(9) WHERE id = 2")
    with pytest.raises(RunError, match=r"drawing 2 .* Delete it"):
        store.drawing(2)
    assert same(store.drawing(3), drawing(2))
    assert len(store.page().entries) == 3


# --- writers


def test_writers(store: DrawingStore) -> None:
    first = store.default_writer
    assert store.writers() == [first]
    mina = store.add_writer("  Mina   Maus ")
    assert mina.name == "Mina Maus"
    assert store.writer("mina maus ") == mina
    assert store.rename_writer(first.id, "zoë") == Writer(id=first.id, name="zoë")
    assert [writer.name for writer in store.writers()] == ["Mina Maus", "zoë"]
    assert store.default_writer.name == "zoë"
    with pytest.raises(InputError, match="There are Mina Maus, zoë"):
        store.writer("Otto")


@pytest.mark.parametrize("name", ["mina", "MINA", " Mina ", "ｍｉｎａ"])
def test_names_are_unique_as_people_read_them(store: DrawingStore, name: str) -> None:
    mina = store.add_writer("Mina")
    with pytest.raises(InputError, match="already a writer Mina"):
        store.add_writer(name)
    with pytest.raises(InputError, match="already a writer Mina"):
        store.rename_writer(store.default_writer.id, name)
    store.rename_writer(mina.id, "MINA")  # its own name in other letters


@pytest.mark.parametrize(
    ("one", "other"), [("Straße", "STRASSE"), ("Zoë", "zoe\u0308"), ("Ünal", "üNAL")]
)
def test_names_beyond_ascii_are_unique_too(store: DrawingStore, one: str, other: str) -> None:
    store.add_writer(one)
    with pytest.raises(InputError, match="already"):
        store.add_writer(other)


@pytest.mark.parametrize("name", ["", "  ", "x" * 101, "a\x07b"])
def test_names_that_are_none(store: DrawingStore, name: str) -> None:
    with pytest.raises(InputError, match="name"):
        store.add_writer(name)


def test_only_an_empty_writer_is_deleted_and_never_the_last(store: DrawingStore) -> None:
    first = store.default_writer
    with pytest.raises(InputError, match="the only writer"):
        store.delete_writer(first.id)
    mina = store.add_writer("Mina")
    number = store.add(drawing(1), label="1", writer=mina.id)
    with pytest.raises(InputError, match="Mina has a drawing: delete"):
        store.delete_writer(mina.id)
    store.delete([number])
    store.delete_writer(mina.id)
    assert store.writers() == [first]
    assert store.restore([number]) == []
    assert store._rows("SELECT count(*) FROM contents") == [(0,)]
    with pytest.raises(InputError, match="no such writer"):
        store.delete_writer(mina.id)
    with pytest.raises(InputError, match="no such writer"):
        store.rename_writer(mina.id, "Mona")
