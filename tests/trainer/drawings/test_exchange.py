"""Files of strokes from the store and into it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.trainer.drawings.made import drawing, fill, same
from tests.trainer.strokes_files import lines, write
from trainer.base.errors import InputError, PictureError, RunError
from trainer.datasets import load_training
from trainer.drawings import (
    DrawingStore,
    Filter,
    Said,
    WeightsId,
    export_drawings,
    import_drawings,
    open_store,
)
from trainer.drawings.exchange import labelled_lines
from trainer.picture.strokes import Drawing, Stroke, drawing_from_json
from trainer.picture.strokes_files import read_strokes_file, write_strokes_file


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with open_store(tmp_path / "one" / "drawings.sqlite") as store:
        yield store


@pytest.fixture
def other(tmp_path: Path) -> Any:
    with open_store(tmp_path / "other" / "drawings.sqlite") as store:
        yield store


def _facts(store: DrawingStore) -> list[Any]:
    """All that a store knows, but for its own numbers."""
    return [(entry.to_json(), store.drawing(entry.id)) for entry in store.entries()]


@pytest.mark.parametrize("name", ["mine.jsonl", "mine.jsonl.gz", "MINE.JSONL.GZ"])
def test_what_was_exported_comes_back_to_the_last_bit(
    store: DrawingStore, other: DrawingStore, tmp_path: Path, name: str
) -> None:
    fill(store, range(40))
    fill(store, range(40, 60), writer="Zoë")
    store.add(drawing(70, image=True), label="0", device="touch", said=Said(refused=True))
    store.add(
        Drawing(image=drawing(71, image=True).image), label="ß", weights=WeightsId(name="cnn")
    )
    odd = np.array([[-0.0, 1e-40], [1 / 3, -123456.79], [3e38, 16777217]], np.float32)
    store.add(Drawing((Stroke.make(odd, times=[0.1, 1e300, -1e-300], width=1 / 3),)), label="1")
    store.delete([5])
    path = tmp_path / name
    assert export_drawings(store, path) == 62
    assert (path.read_bytes()[:2] == b"\x1f\x8b") == name.lower().endswith(".gz")
    done = import_drawings(other, path)
    assert (done.stored, done.known, done.unusable, done.new_writers) == (62, 0, 0, ("Zoë",))
    for (facts, one), (their_facts, their_one) in zip(_facts(store), _facts(other), strict=True):
        assert facts == their_facts
        assert same(one, their_one)
    again = import_drawings(other, path)
    assert (again.stored, again.known, again.restored) == (0, 62, 0)
    assert other.counts().of() == 62


def test_the_lines_are_those_of_strokes_files(store: DrawingStore, tmp_path: Path) -> None:
    mina = store.add_writer("Mina")
    store.add(
        Drawing((Stroke.make([[1.5, 2], [3, 40]], pressure=[0.25, 1]), Stroke.make([[0.1, 0]]))),
        label="7",
        writer=mina.id,
        said=Said(label="1", probability=0.875),
        weights=WeightsId(name="scribe", hash="ab"),
        device="pen",
    )
    path = tmp_path / "mine.jsonl"
    export_drawings(store, path)
    (line,) = path.read_text().splitlines()
    created = store.entry(1).created.isoformat()
    assert json.loads(line) == {
        "label": "7",
        "strokes": [[[1.5, 2], [3, 40]], [[0.1, 0]]],
        "pressure": [[0.25, 1], None],
        "writer": "Mina",
        "said": "1",
        "probability": 0.875,
        "refused": False,
        "weights": {"name": "scribe", "hash": "ab"},
        "device": "pen",
        "created": created,
    }
    assert created.endswith("+00:00")
    (line,) = read_strokes_file(path)
    assert line.label == "7"
    assert line.drawing is not None


def test_only_what_is_wanted_the_oldest_first(store: DrawingStore, tmp_path: Path) -> None:
    fill(store, range(20))
    fill(store, range(20, 40), writer="Mina")
    path = tmp_path / "mine.jsonl"
    wanted = Filter(writer=store.writer("Mina").id, right=False)
    assert export_drawings(store, path, wanted=wanted) == store.counts().of(wanted) > 0
    found = [json.loads(line) for line in path.read_text().splitlines()]
    assert {line["writer"] for line in found} == {"Mina"}
    dates = [line["created"] for line in found]
    assert dates == sorted(dates)


def test_only_those_that_were_picked_out(store: DrawingStore, tmp_path: Path) -> None:
    numbers = [store.add(drawing(i), label=str(i % 2)) for i in range(6)]
    path = tmp_path / "some.jsonl"
    picked = [numbers[4], numbers[1], numbers[3], 999]
    assert export_drawings(store, path, only=picked) == 3
    assert [json.loads(line)["label"] for line in path.read_text().splitlines()] == ["1", "1", "0"]
    assert export_drawings(store, path, only=picked, wanted=Filter(label="0"), overwrite=True) == 1


def test_a_file_that_is_there_is_replaced_only_on_purpose(
    store: DrawingStore, tmp_path: Path
) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text("mine")
    with pytest.raises(InputError, match="already exists"):
        export_drawings(store, path)
    assert path.read_text() == "mine"
    assert export_drawings(store, path, overwrite=True) == 0
    assert path.read_text() == ""


def test_places_that_cannot_be_written_to(store: DrawingStore, tmp_path: Path) -> None:
    for name in ("mine.txt", "mine", "mine.json"):
        with pytest.raises(InputError, match=r"\.jsonl, \.jsonl\.gz"):
            export_drawings(store, tmp_path / name)
    (tmp_path / "folder.jsonl").mkdir()
    with pytest.raises(InputError, match="is a folder"):
        export_drawings(store, tmp_path / "folder.jsonl", overwrite=True)
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="could not be written"):
        export_drawings(store, tmp_path / "file" / "mine.jsonl")


def test_an_export_that_is_stopped_leaves_the_old_file(store: DrawingStore, tmp_path: Path) -> None:
    fill(store, range(210))
    path = tmp_path / "mine.jsonl"
    path.write_text("old")

    def stop(count: int) -> None:
        assert count == 200
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_drawings(store, path, overwrite=True, progress=stop)
    assert path.read_text() == "old"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["mine.jsonl", "one"]


# --- into the store


def test_a_file_by_trainer_strokes(store: DrawingStore, tmp_path: Path) -> None:
    path = tmp_path / "plain.jsonl.gz"
    write_strokes_file(path, [(drawing(n), str(n)) for n in range(5)])
    done = import_drawings(store, path)
    assert done.stored == 5
    assert {entry.writer for entry in store.entries()} == {store.default_writer}
    assert {(entry.said, entry.weights, entry.device) for entry in store.entries()} == {
        (None, None, "")
    }
    # Those of one import are listed as the file has them, and are doubles the second time.
    assert [entry.label for entry in store.entries()] == ["4", "3", "2", "1", "0"]
    assert import_drawings(store, path).known == 5


def test_whose_they_are(store: DrawingStore, tmp_path: Path) -> None:
    mina = store.add_writer("Mina")
    path = write(tmp_path / "mine.jsonl", lines(9, writers=("MINA", "Otto", None)))
    done = import_drawings(store, path)
    assert done.new_writers == ("Otto",)
    otto = store.writer("otto")
    assert store.counts().writers() == {store.default_writer.id: 3, mina.id: 3, otto.id: 3}
    # The same drawings by another hand are others.
    done = import_drawings(store, path, writer="Zoë")
    assert (done.stored, done.new_writers) == (9, ("Zoë",))
    with pytest.raises(InputError, match="writer's name"):
        import_drawings(store, path, writer=" ")
    # Where it is said whose they are, nobody minds what the lines say.
    path = write(
        tmp_path / "odd.jsonl", [{**line, "writer": "x" * 200} for line in lines(2, seed=8)]
    )
    assert import_drawings(store, path, writer="Mina").stored == 2


def test_the_same_drawing_twice_in_one_file(store: DrawingStore, tmp_path: Path) -> None:
    some = lines(3)
    done = import_drawings(store, write(tmp_path / "mine.jsonl", [*some, some[1]]))
    assert (done.stored, done.known) == (3, 1)


def test_what_was_deleted_comes_back(store: DrawingStore, tmp_path: Path) -> None:
    path = write(tmp_path / "mine.jsonl", lines(5))
    import_drawings(store, path)
    before = list(store.entries())
    store.delete([2, 3])
    done = import_drawings(store, path)
    assert (done.stored, done.restored, done.known) == (0, 2, 3)
    assert list(store.entries()) == before


def test_contradicting_labels_are_told(store: DrawingStore, tmp_path: Path) -> None:
    some = lines(3)
    import_drawings(store, write(tmp_path / "one.jsonl", some))
    changed = [{**line, "label": "x"} for line in some[:2]]
    done = import_drawings(store, write(tmp_path / "two.jsonl", [*changed, *lines(1, seed=9)]))
    assert done.stored == 3
    assert [(c.ids, c.labels) for c in done.contradictions] == [
        ((1, 4), ("0", "x")),
        ((2, 5), ("1", "x")),
    ]
    assert store.contradictions() == list(done.contradictions)


GOOD = json.dumps(lines(1)[0])
BAD = {
    "{": "not valid JSON",
    "[" * 100_000: "not valid JSON",
    "\xff\xfe": "not valid JSON",
    "7": "not a drawing",
    '{"label": "1"}': "not a drawing",
    '{"strokes": [[[1, 2]]]}': "no label",
    '{"label": " ", "strokes": [[[1, 2]]]}': "label",
    '{"label": true, "strokes": [[[1, 2]]]}': "label",
    '{"label": "1", "strokes": []}': "nothing is drawn",
    '{"label": "1", "strokes": [[[1, NaN]]]}': "not finite",
    '{"label": "1", "strokes": [[[1, 2]]], "writer": "' + "x" * 200 + '"}': "writer's name",
    '{"label": "1", "strokes": [], "image": {"ink": "", "shape": [1e9, 1e9], "place": [0, 0, 1, 1]}}': "image",
    '{"label": "1", "strokes": [], "image": {"ink": "!", "shape": [1, 1], "place": [0, 0, 1, 1]}}': "image",
    '{"label": "1", "strokes": [], "image": {}}': "image",
}


def test_bad_lines_are_counted_and_the_others_taken(store: DrawingStore, tmp_path: Path) -> None:
    path = tmp_path / "mixed.jsonl"
    path.write_bytes("\n".join(["", GOOD, "  ", *BAD]).encode("latin-1"))
    done = import_drawings(store, path)
    assert (done.stored, done.unusable) == (1, len(BAD))
    assert [line for line, _ in done.problems] == list(range(4, 4 + len(BAD)))
    for (_, reason), expected in zip(done.problems, BAD.values(), strict=True):
        assert expected in str(reason)


def test_lines_can_be_had_without_a_store(tmp_path: Path) -> None:
    some = lines(4, writers=("Mina", None))
    path = tmp_path / "mixed.jsonl"
    path.write_bytes("\n".join([*map(json.dumps, some), *BAD]).encode("latin-1"))
    found, problems = labelled_lines(path)
    assert [(line.number, line.label, line.writer) for line in found] == [
        (1, "0", "Mina"),
        (2, "1", ""),
        (3, "2", "Mina"),
        (4, "3", ""),
    ]
    for line, given in zip(found, some, strict=True):
        assert same(line.drawing, drawing_from_json(given)[0])
    assert [number for number, _ in problems] == list(range(5, 5 + len(BAD)))
    with pytest.raises(PictureError, match="does not exist"):
        labelled_lines(tmp_path / "absent.jsonl")


def test_lines_of_which_none_can_be_used(tmp_path: Path) -> None:
    path = tmp_path / "foreign.jsonl"
    path.write_text('{"x": 1}\n')
    with pytest.raises(InputError, match="no drawing that can be used"):
        labelled_lines(path)


def test_of_a_cut_file_the_beginning_is_used(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl.gz"
    # Numbers at random, so that it is long enough, compressed, to be cut behind a line.
    some = lines(400)
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, some)).encode())[:-2000])
    found, problems = labelled_lines(path)
    assert 0 < len(found) < 400
    assert "cut" in str(problems[-1][1])


@pytest.mark.parametrize(
    ("beside", "facts"),
    [
        ({"said": 7}, {"said": "7"}),
        ({"said": "7", "probability": 2}, {"said": "7"}),
        ({"said": "7", "probability": True}, {"said": "7"}),
        ({"said": ["7"]}, {}),
        ({"probability": float("nan")}, {}),
        ({"probability": 10**400}, {}),
        ({"refused": "yes"}, {}),
        ({"device": "crayon"}, {}),
        ({"device": ["pen"]}, {}),
        ({"weights": "scribe"}, {"weights": {"name": "scribe", "hash": ""}}),
        ({"weights": {"name": "a", "hash": 5}}, {"weights": {"name": "a", "hash": ""}}),
        ({"weights": {"hash": "a"}}, {}),
        ({"created": "yesterday"}, {}),
        ({"created": 5}, {}),
        ({"created": "0001-01-01T00:00:00+14:00"}, {}),
        ({"image": "none", "writer": None}, {}),
    ],
    ids=str,
)
def test_what_cannot_be_understood_beside_the_strokes_is_left_out(
    store: DrawingStore, tmp_path: Path, beside: dict[str, Any], facts: dict[str, Any]
) -> None:
    path = write(tmp_path / "mine.jsonl", [{**lines(1)[0], **beside}])
    assert import_drawings(store, path).stored == 1
    unknown = {"said": None, "probability": None, "refused": False, "weights": None, "device": ""}
    found = store.entry(1).to_json()
    assert {name: found[name] for name in unknown} == {**unknown, **facts}
    assert store.entry(1).created.year > 2000


def test_moments_are_read(store: DrawingStore, tmp_path: Path) -> None:
    times = ["2020-05-01T12:00:00.000001Z", "2020-05-01T14:00:00+02:00", "2020-05-01"]
    some = [{**line, "created": time} for line, time in zip(lines(3), times, strict=True)]
    import_drawings(store, write(tmp_path / "mine.jsonl", some))
    assert [store.entry(number).created.isoformat() for number in (1, 2, 3)] == [
        "2020-05-01T12:00:00.000001+00:00",
        "2020-05-01T12:00:00+00:00",
        "2020-05-01T00:00:00+00:00",
    ]


def test_a_picture_that_unpacks_to_more_than_it_says(store: DrawingStore, tmp_path: Path) -> None:
    import base64
    import zlib

    bomb = base64.b64encode(zlib.compress(bytes(10**7))).decode()
    image = {"ink": bomb, "shape": [2, 3], "place": [0, 0, 2, 3]}
    line = {"label": "1", "strokes": [], "image": image}
    import_drawings(store, write(tmp_path / "mine.jsonl", [line]))
    found = store.drawing(1).image
    assert found is not None
    assert found.ink.shape == (2, 3)


def test_a_torn_file_gives_what_it_has_and_the_rest_later(
    store: DrawingStore, tmp_path: Path
) -> None:
    text = "".join(f"{json.dumps(line)}\n" for line in lines(300)).encode()
    whole = gzip.compress(text)
    path = tmp_path / "torn.jsonl.gz"
    path.write_bytes(whole[: len(whole) // 2])
    done = import_drawings(store, path)
    assert 0 < done.stored < 300
    assert done.unusable == 1
    assert "to its end" in str(done.problems[0][1])
    path.write_bytes(whole)
    assert import_drawings(store, path).known == done.stored
    assert store.counts().of() == 300


@pytest.mark.parametrize("torn", [False, True])
def test_of_many_faults_the_first_are_told_and_the_end(
    store: DrawingStore, tmp_path: Path, torn: bool
) -> None:
    some = [json.dumps(line) for line in lines(400)]
    text = "\n\n".join(["{}"] * 25 + some).encode()
    path = tmp_path / "faulty.jsonl.gz"
    path.write_bytes(gzip.compress(text)[: -2000 if torn else None])
    done = import_drawings(store, path)
    assert done.unusable == 25 + torn
    assert [number for number, _ in done.problems[:20]] == list(range(1, 40, 2))
    assert len(done.problems) == 20 + torn
    if torn:  # the number is the line's, whatever is blank
        number, why = done.problems[-1]
        assert "to its end" in str(why)
        assert number == 2 * (25 + done.stored)


@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "does not exist"), (b"{}\n{", "no drawing that can be used"), (b"\x1f\x8bno", "end")],
)
def test_files_of_nothing_usable(
    store: DrawingStore, tmp_path: Path, content: bytes | None, why: str
) -> None:
    path = tmp_path / ("mine.jsonl.gz" if content and content[:1] == b"\x1f" else "mine.jsonl")
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=why):
        import_drawings(store, path)
    with pytest.raises(PictureError):
        import_drawings(store, tmp_path)


def test_an_empty_file_is_nothing_wrong(store: DrawingStore, tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text("\n\n")
    done = import_drawings(store, path)
    assert (done.stored, done.known, done.unusable) == (0, 0, 0)


def test_all_of_a_file_or_nothing(store: DrawingStore, tmp_path: Path) -> None:
    path = write(tmp_path / "mine.jsonl", lines(10, writers=("Mina",)))
    store._connection.execute(
        "CREATE TEMP TRIGGER broken BEFORE INSERT ON drawings "
        "WHEN NEW.label = '8' BEGIN SELECT raise(ABORT, 'no'); END"
    )
    with pytest.raises(RunError, match="no"):
        import_drawings(store, path)
    assert store.ids() == []
    assert len(store.writers()) == 1
    store._connection.execute("DROP TRIGGER broken")
    assert import_drawings(store, path).stored == 10


def test_an_import_that_is_stopped_takes_nothing(store: DrawingStore, tmp_path: Path) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_drawings(store, write(tmp_path / "mine.jsonl", lines(250)), progress=stop)
    assert store.ids() == []


# --- training


def test_an_export_can_be_learned_from(store: DrawingStore, tmp_path: Path) -> None:
    path = write(
        tmp_path / "given.jsonl", lines(80, writers=tuple(f"writer {i}" for i in range(8)))
    )
    import_drawings(store, path)
    store.add(Drawing(image=drawing(71, image=True).image), label="0")  # no strokes: nothing to see
    mine = tmp_path / "mine.jsonl.gz"
    export_drawings(store, mine)
    given = load_training(f"strokes:{path}", tmp_path, validation=10)
    data = load_training(f"strokes:{mine}", tmp_path, validation=10)
    for ours, theirs in ((data.training, given.training), (data.validation, given.validation)):
        assert ours.labels == theirs.labels == tuple("0123456789")
        assert len(ours) == len(theirs) > 0
        assert sorted(p.tobytes() for p in ours.pictures) == sorted(
            p.tobytes() for p in theirs.pictures
        )
    assert data.training.writers is not None
    assert len(set(data.training.writers.tolist())) > 1
