"""docs/architecture.md names every room, and nothing that does not exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).resolve().parents[1]
_TEXT = (_ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
_FOLDERS = ("trainer", "handwrite_app", "tests", "benchmarks", "scripts", "docs", "resources")


@pytest.mark.parametrize("package", ["handwrite_app", "trainer"])
def test_every_room_is_in_its_table(package: str) -> None:
    rooms = {path.parent.name for path in (_ROOT / package).glob("*/__init__.py")}
    _, _, rest = _TEXT.partition(f"room of `{package}/`")
    table = rest.partition("\n\n")[0]
    assert set(re.findall(r"^\| \d+ \| `(\w+)` \|", table, re.MULTILINE)) == rooms


def test_every_path_that_it_names_is_there() -> None:
    named = re.findall(rf"`((?:{'|'.join(_FOLDERS)})/[^`<*]*)`", _TEXT)
    assert len(named) > 40
    assert [path for path in named if not (_ROOT / path).exists()] == []


@pytest.mark.parametrize("package", ["training", "personalize"])
def test_every_module_in_the_tables_of_modules_is_there(package: str) -> None:
    _, _, rest = _TEXT.partition(f"| module of `trainer/{package}/` |")
    rows = rest.partition("\n\n")[0].splitlines()[2:]
    named = {name for row in rows for name in re.findall(r"`([a-z_]+)`", row.split("|")[1])}
    there = {path.stem for path in (_ROOT / "trainer" / package).rglob("*.py")} - {"__init__"}
    assert named == there
