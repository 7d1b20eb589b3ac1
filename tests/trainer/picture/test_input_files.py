from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.drawings import DIGITS, painted
from trainer.base.errors import InputError
from trainer.picture import input_files
from trainer.picture.input_files import Item, listed, read_items
from trainer.picture.preprocess import picture_from_drawing, picture_from_image
from trainer.picture.strokes import Drawing, Stroke
from trainer.picture.strokes_files import write_strokes_file


def of_strokes(label: str) -> Drawing:
    return Drawing(tuple(Stroke.make(s) for s in DIGITS[label]))


def brief(items: Iterator[Item], root: Path) -> list[tuple[str, int, str | None, str]]:
    """(file, index, label, outcome) of every item."""
    outcome = {(True, False): "picture", (False, False): "empty", (False, True): "error"}
    return [
        (
            Path(item.source).relative_to(root).as_posix(),
            item.index,
            item.label,
            outcome[item.picture is not None, item.error is not None],
        )
        for item in items
    ]


def test_images_and_strokes_in_the_order_given(tmp_path: Path) -> None:
    painted(DIGITS["3"]).save(tmp_path / "three.PNG")
    write_strokes_file(
        tmp_path / "some.jsonl.gz", [(of_strokes("1"), "1"), (of_strokes("2"), None)]
    )
    paths = [tmp_path / "some.jsonl.gz", tmp_path / "three.PNG"]
    items = list(read_items(paths))
    assert brief(iter(items), tmp_path) == [
        ("some.jsonl.gz", 1, "1", "picture"),
        ("some.jsonl.gz", 2, None, "picture"),
        ("three.PNG", 0, None, "picture"),
    ]
    wanted = [
        picture_from_drawing(of_strokes("1")),
        picture_from_drawing(of_strokes("2")),
        picture_from_image(painted(DIGITS["3"])),
    ]
    for item, picture in zip(items, wanted, strict=True):
        assert item.picture is not None
        assert item.picture.dtype == np.uint8
        assert (item.picture == picture).all()


def test_what_cannot_be_read_is_an_item_and_reading_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"no image")
    Image.new("L", (40, 40), 255).save(tmp_path / "b.png")
    good = json.dumps({"strokes": DIGITS["4"], "label": "4"})
    (tmp_path / "c.jsonl").write_text(
        f'{good}\n{{"strokes": [[[1]]]}}\n{{"strokes": [[[1, 2]]]}}\n{good}\n'
    )
    (tmp_path / "d.txt").write_text("hello")
    (tmp_path / "e.jsonl.gz").write_bytes(b"not compressed")
    names = ["a.png", "b.png", "c.jsonl", "d.txt", "e.jsonl.gz"]
    items = list(read_items([tmp_path / name for name in names]))
    assert brief(iter(items), tmp_path) == [
        ("a.png", 0, None, "error"),
        ("b.png", 0, None, "empty"),
        ("c.jsonl", 1, "4", "picture"),
        ("c.jsonl", 2, None, "error"),
        ("c.jsonl", 3, None, "empty"),
        ("c.jsonl", 4, "4", "picture"),
        ("d.txt", 0, None, "error"),
        ("e.jsonl.gz", 0, None, "error"),
    ]
    assert "a.png" in str(items[0].error)
    assert "number pairs" in str(items[3].error)
    assert ".jsonl" in str(items[6].error)


def test_a_file_torn_in_its_middle_gives_what_comes_before(tmp_path: Path) -> None:
    path = tmp_path / "torn.jsonl.gz"
    write_strokes_file(path, [(of_strokes(str(n % 10)), str(n % 10)) for n in range(400)])
    path.write_bytes(path.read_bytes()[:-200])
    items = list(read_items([path]))
    assert items[-1].error is not None
    assert items[-1].index == len(items)
    assert all(item.error is None for item in items[:-1])


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_a_path_that_does_not_exist_is_refused_before_anything_is_read(
    tmp_path: Path, order: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: Any) -> None:
        raise AssertionError("read something")

    painted(DIGITS["3"]).save(tmp_path / "three.png")
    monkeypatch.setattr(input_files, "open_pages", never)
    paths = [tmp_path / "three.png", tmp_path / "absent.png"]
    with pytest.raises(InputError, match=r"absent\.png does not exist"):
        read_items([paths[i] for i in order])


def test_a_folder_of_classes(tmp_path: Path) -> None:
    for name in ("7/b.png", "7/a.jpg", "1/x/deep.png", "1/z.png", "top.png"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        painted(DIGITS["7"]).save(path)
    (tmp_path / "notes.txt").write_text("passed over")
    (tmp_path / "7" / "._a.jpg").write_bytes(b"passed over")
    write_strokes_file(
        tmp_path / "7" / "more.jsonl", [(of_strokes("5"), "5"), (of_strokes("6"), None)]
    )
    assert brief(read_items([tmp_path]), tmp_path) == [
        ("1/x/deep.png", 0, "x", "picture"),
        ("1/z.png", 0, "1", "picture"),
        ("7/a.jpg", 0, "7", "picture"),
        ("7/b.png", 0, "7", "picture"),
        ("7/more.jsonl", 1, "5", "picture"),
        ("7/more.jsonl", 2, None, "picture"),
        ("top.png", 0, None, "picture"),
    ]


def test_a_folder_of_images_says_nothing_about_their_class(tmp_path: Path) -> None:
    folder = tmp_path / "7"
    folder.mkdir()
    painted(DIGITS["7"]).save(folder / "a.png")
    assert [item.label for item in read_items([folder])] == [None]


def test_an_empty_folder_and_no_path_at_all(tmp_path: Path) -> None:
    assert list(read_items([tmp_path])) == []
    assert list(read_items([])) == []


def test_reading_is_done_as_items_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = json.dumps({"strokes": DIGITS["1"]})
    path = tmp_path / "many.jsonl"
    path.write_text((line + "\n") * 500)
    made = []

    def counted(drawing: Drawing) -> Any:
        made.append(drawing)
        return picture_from_drawing(drawing)

    monkeypatch.setattr(input_files, "picture_from_drawing", counted)
    items = read_items([path])
    assert made == []
    for _ in range(3):
        next(items)
    assert len(made) == 3
    items.close()  # type: ignore[attr-defined]


# --- folders


def _label_folders(root: Path, *places: str) -> Path:
    for place in places:
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (40, 40), 255).save(root / place)
    return root


@pytest.mark.parametrize(
    ("places", "labels"),
    [
        (["3/a.png", "x/b.png"], {"3", "x"}),
        (["set/3/a.png", "set/7/b.png"], {"3", "7"}),
        (
            ["Greek/a1/x.png", "Latin/a1/x.png", "Latin/a2/x.png"],
            {"Greek/a1", "Latin/a1", "a2"},
        ),
        (["train/a1/x.png", "test/a1/x.png"], {"a1"}),
        (["a/train/a1/x.png", "b/test/a1/x.png"], {"a/a1", "b/a1"}),
        (["Anna/3/x.png", "Ben/3/x.png", "Ben/7/x.png"], {"3", "7"}),
    ],
)
def test_folders_of_one_name_are_one_class_only_where_they_mean_one(
    tmp_path: Path, places: list[str], labels: set[str]
) -> None:
    found = listed(_label_folders(tmp_path, *places))
    assert found.class_names == labels
    apart = any("/" in label for label in labels)
    assert any("different labels" in str(note) for note in found.notes) == apart
    joined = places[0].startswith("Anna")
    assert any("are one label: 3" in str(note) for note in found.notes) == joined


def test_kinds_that_are_passed_over_are_named(tmp_path: Path) -> None:
    _label_folders(tmp_path, "3/a.png")
    for name in ("b.docx", "c.DNG", ".hidden", "Thumbs.db", "readme.txt", "without"):
        (tmp_path / "3" / name).write_bytes(b"x")
    notes = [str(note) for note in listed(tmp_path).notes]
    assert notes == [
        f"{tmp_path.name}: 3 of 4 files are of kinds that cannot be read: .DNG, .docx, without"
    ]


def test_links_to_folders_are_followed_and_none_is_entered_twice(tmp_path: Path) -> None:
    """Data sets are put together of links. Those of a class would be missing without a word."""
    for folder in ("data/1", "elsewhere/3"):
        (tmp_path / folder).mkdir(parents=True)
        painted(DIGITS[folder[-1]]).save(tmp_path / folder / "a.png")
    (tmp_path / "data" / "3").symlink_to(tmp_path / "elsewhere" / "3")
    (tmp_path / "data" / "1" / "again").symlink_to(tmp_path / "data")
    found = listed(tmp_path / "data")
    assert [(path.name, label) for path, label in zip(found.files, found.labels, strict=True)] == [
        ("a.png", "1"),
        ("a.png", "3"),
    ]


def test_a_folder_that_may_not_be_read_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for label in "12":
        (tmp_path / label).mkdir()
        painted(DIGITS[label]).save(tmp_path / label / "a.png")
    scandir = os.scandir

    def refusing(path: Any) -> Any:  # the tests may run as root, who may read everything
        if Path(path).name == "2":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    found = listed(tmp_path)
    assert found.labels == ("1",)
    assert [str(note) for note in found.notes] == [
        f"{tmp_path.name}: folders that may not be read: 2"
    ]
