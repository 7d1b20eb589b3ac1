"""handwrite-trainer drawings."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.trainer.drawings.made import drawing, fill
from tests.trainer.strokes_files import lines, write
from trainer.base.paths import drawings_file
from trainer.cli import run
from trainer.drawings import Said, WeightsId, open_store


@pytest.fixture
def mine() -> list[int]:
    """The user's own drawings: one read wrongly, one rightly, one of another writer."""
    with open_store() as store:
        mina = store.add_writer("小明")
        said = Said(label="1", probability=0.876)
        weights = WeightsId(name="scribe", hash="ab12")
        return [
            store.add(drawing(1), label="7", said=said, weights=weights, device="pen"),
            store.add(drawing(2), label="1", said=said, weights=weights, device="mouse"),
            store.add(drawing(3), label="7", writer=mina.id),
        ]


def _lines(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[Any]:
    assert run(["drawings", *arguments, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def _text(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    assert run(["drawings", *arguments]) == code
    output = capsys.readouterr()
    return output.err if code else output.out


def test_list(mine: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    found = _lines(capsys, "list")
    assert [line["id"] for line in found] == mine[::-1]
    assert found[2] == {
        "id": mine[0],
        "label": "7",
        "writer": "Me",
        "said": "1",
        "probability": 0.876,
        "refused": False,
        "weights": {"name": "scribe", "hash": "ab12"},
        "device": "pen",
        "created": found[2]["created"],
    }
    head, third, second, first, end = _text(capsys, "list").splitlines()
    assert head.split() == ["id", "drawn", "writer", "label", "read", "as", "device", "network"]
    for word in ("7", "1 88 %  wrong", "pen", "scribe"):
        assert word in first
    assert "wrong" not in second
    assert third.split()[3:] == ["小明", "7", "–", "–", "–"]
    assert end == "3 drawings"
    # Columns of a terminal: a Chinese character takes two.
    assert third.index("7", third.index("明")) + 2 == second.index("1 88 %") - len("label  ")


@pytest.mark.parametrize(
    ("arguments", "places"),
    [
        (("--writer", "me"), (1, 0)),
        (("--writer", "小明"), (2,)),
        (("--label", "7"), (2, 0)),
        (("--wrong",), (0,)),
        (("--writer", "小明", "--wrong"), ()),
        (("--label", "1", "--writer", "Me"), (1,)),
    ],
)
def test_filters(
    mine: list[int],
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    places: tuple[int, ...],
) -> None:
    expected = [mine[place] for place in places]
    assert [line["id"] for line in _lines(capsys, "list", *arguments)] == expected
    end = _text(capsys, "list", *arguments).splitlines()[-1]
    count = f"{len(places)} drawing{'s' if len(places) != 1 else ''} of 3"
    assert end == (count if places else "No matching drawings.")


def test_list_of_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert _lines(capsys, "list") == []
    text = _text(capsys, "list")
    assert "No drawings yet" in text
    assert str(drawings_file()) in text


def test_a_writer_who_is_not_there(mine: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    for command in (["list"], ["export", "x.jsonl"]):
        assert "There are Me, 小明." in _text(capsys, *command, "--writer", "Otto", code=2)
    assert not Path("x.jsonl").exists()


def test_export_and_import(
    mine: list[int], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.jsonl.gz"
    assert _text(capsys, "export", str(path)) == f"{path}: 3 drawings\n"
    assert "already exists" in _text(capsys, "export", str(path), code=2)
    (line,) = _lines(capsys, "export", str(path), "--overwrite", "--writer", "me")
    assert line == {"file": str(path), "drawings": 2}
    assert _text(capsys, "import", str(path)) == "0 drawings stored, 2 stored before\n"
    with open_store() as store:
        store.delete(mine[:1])
    assert "1 deleted drawing restored, 1 stored before" in _text(capsys, "import", str(path))
    text = _text(capsys, "import", str(path), "--writer", "Otto")
    assert text == "2 drawings stored\nnew writers: Otto\n"
    assert "ends" in _text(capsys, "export", "--help")
    assert "name one that ends in .jsonl" in _text(
        capsys, "export", str(tmp_path / "mine.txt"), code=2
    )


def test_import_tells_what_it_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    some = lines(3)
    path = write(tmp_path / "new.jsonl", [*some, "{", "7", {**some[0], "label": "x"}])
    assert run(["drawings", "import", str(path)]) == 0
    output = capsys.readouterr()
    assert output.out == "4 drawings stored\n"
    assert "left out: line 4 (the line is not valid JSON) and 1 more" in output.err
    assert "the same drawing has the labels 0 and x: drawings 1, 4" in output.err
    (document,) = _lines(capsys, "import", str(path))
    assert document == {
        "stored": 0,
        "restored": 0,
        "known": 4,
        "unusable": 2,
        "problems": [
            {"line": 4, "reason": "the line is not valid JSON"},
            {"line": 5, "reason": 'not a drawing: {"strokes": [[[x, y], …], …]} is expected'},
        ],
        "new_writers": [],
        "contradictions": [{"ids": [1, 4], "labels": ["0", "x"]}],
    }


def test_files_that_cannot_be_imported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "does not exist" in _text(capsys, "import", str(tmp_path / "none.jsonl"), code=2)
    path = write(tmp_path / "bad.jsonl", ["{"])
    assert "no drawing that can be used" in _text(capsys, "import", str(path), code=2)


def test_a_store_that_was_restored_is_told(
    mine: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    with open_store():
        pass  # the day's copy
    drawings_file().write_bytes(b"no database")
    assert run(["drawings", "list"]) == 0
    output = capsys.readouterr()
    assert output.out.endswith("3 drawings\n")
    assert "note: drawings.sqlite was damaged: 3 drawings were recovered" in output.err


def test_a_store_that_cannot_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    drawings_file().mkdir(parents=True)
    assert "cannot be opened" in _text(capsys, "list", code=1)


def test_a_thousand_are_listed_as_they_are_read(capsys: pytest.CaptureFixture[str]) -> None:
    with open_store() as store:
        fill(store, range(1200))
    assert len(_text(capsys, "list").splitlines()) == 1202
    assert len(_lines(capsys, "list", "--wrong")) > 200


def test_torch_is_not_loaded() -> None:
    code = (
        "import sys; from trainer.cli import run; "
        "assert 'numpy' not in sys.modules; code = run(['drawings', 'list']); "
        "assert not {'torch', 'scipy', 'PIL'} & set(sys.modules); sys.exit(code)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
