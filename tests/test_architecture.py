"""The documents name what exists: docs/architecture.md every room and message, and no document a file that is
gone. No two classes have one name."""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import pytest

from trainer.base.events import Event
from trainer.personalize.events import PersonalizationEvent
from trainer.personalize.job import PersonalizationJob
from trainer.processes.advice_messages import Advice
from trainer.processes.explain_messages import ExplainEvent, ExplainRequest
from trainer.processes.probe_messages import ProbeAnswer, ProbeMessage
from trainer.processes.recognition_messages import RecognitionAnswer, RecognitionRequest
from trainer.runs import names

_ROOT = Path(__file__).resolve().parents[1]
_TEXT = (_ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
_PAGES = [
    page
    for folder in (_ROOT, _ROOT / "docs", _ROOT / "weights")
    for page in folder.glob("*.md")
    if page.name not in ("CHANGELOG.md", "faults.md")
]
_FOLDERS = ("trainer", "handwrite_app", "tests", "benchmarks", "scripts", "docs", "resources")


@pytest.mark.parametrize("package", ["handwrite_app", "trainer"])
def test_every_room_is_in_its_table(package: str) -> None:
    rooms = {path.parent.name for path in (_ROOT / package).glob("*/__init__.py")}
    _, _, rest = _TEXT.partition(f"room of `{package}/`")
    table = rest.partition("\n\n")[0]
    assert set(re.findall(r"^\| \d+ \| `(\w+)` \|", table, re.MULTILINE)) == rooms


def test_every_path_that_a_document_names_is_there() -> None:
    """faults.md has a test of its own; CHANGELOG.md tells of what was."""
    absent = []
    for page in _PAGES:
        text = page.read_text(encoding="utf-8")
        named = re.findall(rf"`((?:{'|'.join(_FOLDERS)})/[^`<*: ]*)`", text)
        assert page.name != "architecture.md" or len(named) > 40
        absent += [(page.name, path) for path in named if not (_ROOT / path).exists()]
        linked = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text)
        absent += [(page.name, path) for path in linked if not (page.parent / path).exists()]
    assert absent == []


def test_every_document_is_linked() -> None:
    contributing = (_ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    documents = [*(_ROOT / "docs").glob("*.md"), *(_ROOT / "weights").glob("*.md")]
    names_of = {path.relative_to(_ROOT).as_posix() for path in documents}
    assert names_of - set(re.findall(r"\]\(([^)]+)\)", contributing)) == set()


@pytest.mark.parametrize(
    "message",
    [
        kind
        for union in (
            RecognitionRequest,
            RecognitionAnswer,
            ProbeMessage,
            ProbeAnswer,
            ExplainRequest,
        )
        for kind in get_args(union)
    ]
    + [PersonalizationJob],
    ids=lambda kind: kind.__name__,
)
def test_the_fields_of_every_message_are_named(message: type[Any]) -> None:
    protocol = _section("The process protocol")
    rows = [row for row in protocol.splitlines() if f"`{message.__name__}`" in row]
    if message is PersonalizationJob:
        rows = [row for row in protocol.splitlines() if row.startswith("| personalization (")]
    assert rows
    words = set(re.findall(r"`(\w+)`", " ".join(rows)))
    if message.__name__ == "WhyRequest":
        words |= {"weights", "drawing", "memory", "mode"}  # "the same, and"
    assert {field.name for field in fields(message)} - words == set()


def test_every_event_is_named() -> None:
    protocol = _section("The process protocol")
    events = [
        kind for u in (Event, PersonalizationEvent, Advice, ExplainEvent) for kind in get_args(u)
    ]
    assert [kind.__name__ for kind in events if f"`{kind.__name__}`" not in protocol] == []


def test_every_file_of_a_run_folder_is_named() -> None:
    files = _section("Files")
    assert [name for name in names._OWN if f"`{name}`" not in files] == []


def _section(title: str) -> str:
    return _TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("package", ["training", "personalize"])
def test_every_module_in_the_tables_of_modules_is_there(package: str) -> None:
    _, _, rest = _TEXT.partition(f"| module of `trainer/{package}/` |")
    rows = rest.partition("\n\n")[0].splitlines()[2:]
    named = {name for row in rows for name in re.findall(r"`([a-z_]+)`", row.split("|")[1])}
    there = {path.stem for path in (_ROOT / "trainer" / package).rglob("*.py")} - {"__init__"}
    assert named == there


def test_a_class_has_a_name_of_its_own() -> None:
    """In both packages together: who looks for a name finds one thing."""
    counts = Counter(
        node.name
        for package in ("handwrite_app", "trainer")
        for path in (_ROOT / package).rglob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    )
    assert [name for name, count in counts.items() if count > 1] == []
