"""docs/faults.md names tests that exist, and a test or a reason in every row."""

from __future__ import annotations

import ast
import re
from pathlib import Path

_ROOT = Path(__file__).parent.parent
_PAGE = (_ROOT / "docs" / "faults.md").read_text(encoding="utf-8")
_ROWS = [
    line.strip("| \n").split(" | ") for line in _PAGE.splitlines() if re.match(r"\| \w+\d", line)
]


def _tests_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_test_exists() -> None:
    named: dict[str, set[str]] = {}
    for file, test in re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", _PAGE):
        named.setdefault(file, set()).add(test)
    assert sum(map(len, named.values())) > 100
    absent = {
        f"{file}::{test}"
        for file, tests in named.items()
        for test in tests - (_tests_in(_ROOT / file) if (_ROOT / file).is_file() else set())
    }
    assert absent == set()


def test_every_row_has_a_test_or_a_reason() -> None:
    assert len({row[0] for row in _ROWS}) == len(_ROWS) > 100
    for _, fault, holds in _ROWS:
        assert fault
        assert "::" in holds or holds.startswith("None")
