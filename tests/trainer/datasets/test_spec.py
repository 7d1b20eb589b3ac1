"""How data are named: every name, weights, and paths with whatever a path may hold."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from trainer.base.errors import ConfigError
from trainer.datasets.spec import (
    DATASET_KINDS,
    DATASET_NAMES,
    GENERATED_NAMES,
    SELECTIONS,
    SOURCES,
    Term,
    absolute_spec,
    check_spec,
    is_spec,
    parse_spec,
)
from trainer.runs.config import TrainConfig


@pytest.mark.parametrize(
    ("spec", "terms"),
    [
        *((name, [Term(name=name)]) for name in (*DATASET_NAMES, *GENERATED_NAMES)),
        *((f"{kind}:x", [Term(name=kind, path=Path("x"))]) for kind in DATASET_KINDS),
        ("npz-digits:x", [Term(name="npz", path=Path("x"), selection="digits")]),
        ("strokes-letters:x", [Term(name="strokes", path=Path("x"), selection="letters")]),
        *(
            (f"{kind}-others:x", [Term(name=kind, path=Path("x"), selection="others")])
            for kind in DATASET_KINDS
        ),
        # Of one file: what its digits are, and what is none.
        (
            "strokes-digits:x+0.5*strokes-others:x+scribbles",
            [
                Term(name="strokes", path=Path("x"), selection="digits"),
                Term(name="strokes", path=Path("x"), selection="others", weight=0.5),
                Term(name="scribbles"),
            ],
        ),
        (
            "strokes-characters:x+strokes-symbols:x",
            [
                Term(name="strokes", path=Path("x"), selection="characters"),
                Term(name="strokes", path=Path("x"), selection="symbols"),
            ],
        ),
        (
            "0.5*mnist+2*strokes:mine.jsonl",
            [
                Term(name="mnist", weight=0.5),
                Term(name="strokes", path=Path("mine.jsonl"), weight=2),
            ],
        ),
        ("mnist + usps", [Term(name="mnist"), Term(name="usps")]),
        # A path may hold a *, a colon and blanks as they are, and a + twice.
        ("folder:2*3 a:b", [Term(name="folder", path=Path("2*3 a:b"))]),
        ("strokes:c++++/x", [Term(name="strokes", path=Path("c++/x"))]),
        ("strokes:a++mnist", [Term(name="strokes", path=Path("a+mnist"))]),
        ("npz:a+++mnist", [Term(name="npz", path=Path("a+")), Term(name="mnist")]),
    ],
    ids=str,
)
def test_what_can_be_said(spec: str, terms: list[Term]) -> None:
    assert list(parse_spec(spec)) == terms
    assert is_spec(spec)
    check_spec(spec)
    assert TrainConfig(dataset=spec).dataset == spec
    # Written again it is the same.
    assert list(parse_spec("+".join(str(term) for term in terms))) == terms


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ("", "there is no data set named ''"),
        ("emnist", "there is no data set named 'emnist'"),
        ("mnist+", "there is no data set named '' in 'mnist+'"),
        ("mnist+bogus", "there is no data set named 'bogus' in 'mnist+bogus'"),
        ("strokes:a+b.jsonl", "there is no data set named 'b.jsonl'"),
        ("strokes-some:x", "there is no data set named 'strokes-some:x'"),
        ("mnist*2", "a weight stands before, as in 0.5*mnist"),
        ("strokes:", "names no file: strokes:PATH is wanted"),
        ("0*mnist", "a weight is more than 0 and at most 1000"),
        ("1001*mnist", "a weight is more than 0 and at most 1000"),
        (f"{'9' * 400}*mnist", "a weight is more than 0"),
        ("-1*mnist", "there is no data set named"),
        ("mnist+2*mnist", "names mnist twice"),
        ("npz:x+npz-digits:x", "names x twice"),
        ("strokes-digits:x+strokes-letters:x", "names x twice"),
        ("strokes-letters:x+strokes-others:x", "names x twice"),
        ("strokes-characters:x+strokes-others:x", "names x twice"),
        ("strokes:x+strokes-others:x", "names x twice"),
        ("strokes-others:x+strokes-others:x", "names x twice"),
        ("strokes-digits:x+strokes-others:x+strokes-digits:x", "names x twice"),
        ("scribbles+2*scribbles", "names scribbles twice"),
        ("scribbles*2", "a weight stands before, as in 0.5*scribbles"),
        ("scribbles:x", "there is no data set named 'scribbles:x'"),
        ("mnist-others", "there is no data set named 'mnist-others'"),
    ],
)
def test_what_cannot_be_said_is_told_with_how_it_could(spec: str, told: str) -> None:
    for attempt in (lambda: check_spec(spec), lambda: TrainConfig(dataset=spec)):
        with pytest.raises(ConfigError) as caught:
            attempt()
        message = str(caught.value)
        assert told in message
        assert "strokes:PATH" in message
        assert "mnist+2*strokes:mine.jsonl" in message
        assert ", ".join(DATASET_NAMES) in message


@pytest.mark.parametrize(
    "text", ["data", "mnists", "./mnist", "C:\\data", "x+mnist", "strokes", "3"]
)
def test_what_may_be_a_path(text: str) -> None:
    assert not is_spec(text)


@pytest.mark.parametrize(
    "text", ["mnist+bogus", "mnist*2", "9*strokes:", "folder:", "scribbles+", "2*npz-others:"]
)
def test_what_was_meant_as_data(text: str) -> None:
    assert is_spec(text)


def test_all_that_there_is_is_listed() -> None:
    assert {*DATASET_NAMES, *GENERATED_NAMES} <= set(SOURCES)
    with pytest.raises(ConfigError) as caught:
        check_spec("nothing")
    for name in (*GENERATED_NAMES, *(f"strokes-{selection}:PATH" for selection in SELECTIONS)):
        assert name in str(caught.value)


def test_paths_are_spelled_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute_spec("mnist") == "mnist"
    spec = absolute_spec("0.25*mnist+strokes-digits:a++b.jsonl+folder:/c")
    monkeypatch.chdir(tmp_path.parent)
    terms = parse_spec(spec)
    assert [term.path for term in terms] == [None, tmp_path / "a+b.jsonl", Path("/c").absolute()]
    assert [term.weight for term in terms] == [0.25, 1, 1]
    assert terms[1].selection == "digits"
    assert absolute_spec(spec) == spec


def test_naming_data_loads_no_arrays() -> None:
    """Settings are read by what has to be quick."""
    code = "import sys, trainer.runs.config; sys.exit('numpy' in sys.modules or 'torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
