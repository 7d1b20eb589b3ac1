"""Why a drawing is read as it is: with the network that ships, and digits that the program makes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from torch import nn

from tests.drawings import DIGITS
from trainer.base.paths import shipped_weights_folder
from trainer.execution.fusing import fused
from trainer.explanation import edits
from trainer.explanation.examples import reference
from trainer.explanation.kept import Kept, kept_in_store, kept_of
from trainer.explanation.reader import Reader
from trainer.explanation.results import (
    Answered,
    Edits,
    EvidenceMaps,
    Examples,
    Explained,
    NothingDrawn,
    WithoutParts,
)
from trainer.explanation.why import explain
from trainer.models.recognizer import Recognizer
from trainer.models.weights import load_weights
from trainer.picture.strokes import Drawing, Stroke


@cache
def _network() -> tuple[Recognizer, nn.Module]:
    path = shipped_weights_folder() / "scribe-tiny.safetensors"
    return Recognizer(path, device="cpu"), fused(load_weights(path)[0])


def _drawing(label: str) -> Drawing:
    return Drawing(tuple(Stroke.make(points, width=20) for points in DIGITS[label]))


def _moved(label: str, by: float) -> Drawing:
    return Drawing(
        tuple(
            Stroke.make(np.array(points) * (1, 1 + by) + by * 20, width=20)
            for points in DIGITS[label]
        )
    )


@cache
def _explained(label: str) -> Sequence[Explained]:
    recognizer, network = _network()
    kept = kept_of([(_moved(one, by), one) for one in DIGITS for by in (0.1, 0.2, 0.3)])
    reader = Reader(recognizer, kept.memory)
    found = explain(reader, network, _drawing(label), kept=kept, others=reference(Path("/nowhere")))
    return [event for event in found if event is not None]


def _one(kind: type[Explained], label: str = "4") -> Explained:
    (found,) = [event for event in _explained(label) if isinstance(event, kind)]
    return found


def test_examples_come_first_and_two_of_each_are_ones_own() -> None:
    events = _explained("4")
    assert [type(event) for event in events] == [
        Answered,
        Examples,
        Edits,
        WithoutParts,
        EvidenceMaps,
    ]
    said, examples = events[0], events[1]
    assert isinstance(said, Answered)
    assert isinstance(examples, Examples)
    assert said.label == "4"
    assert said.runner_up != "4"
    assert [one.origin for one in examples.answer] == ["own", "own", "synthetic", "synthetic"]
    assert {one.label for one in examples.answer} == {"4"}
    assert {one.label for one in examples.runner_up} == {said.runner_up}
    # The nearest of one's own is the least stretched one.
    assert examples.answer[0].picture.shape == (28, 28)


def test_an_edit_gives_the_answer_that_it_says() -> None:
    edits = _one(Edits)
    assert isinstance(edits, Edits)
    assert edits.edits
    lengths = [edit.length for edit in edits.edits]
    assert lengths == sorted(lengths)
    for edit in edits.edits:
        assert edit.label != "4"
        assert edit.probability >= 0.5
        assert edit.removed.strokes or edit.added.strokes
    assert len({edit.kind for edit in edits.edits}) == len(edits.edits)


def test_every_stroke_is_left_out_once() -> None:
    parts = _one(WithoutParts)
    assert isinstance(parts, WithoutParts)
    assert parts.whole_strokes
    assert len(parts.parts) == len(DIGITS["4"])
    single = _one(WithoutParts, "3")
    assert isinstance(single, WithoutParts)
    assert not single.whole_strokes
    assert len(single.parts) == 6


def test_maps_come_with_those_of_random_weights() -> None:
    maps = _one(EvidenceMaps)
    assert isinstance(maps, EvidenceMaps)
    for map_ in (maps.occlusion, maps.grad_cam, maps.random_occlusion, maps.random_grad_cam):
        assert map_.shape == (28, 28)
        assert map_.dtype == np.uint8
    assert maps.occlusion.max() == 255
    assert maps.grad_cam.max() == 255
    assert -1 <= maps.occlusion_alike <= 1
    assert maps.frame[2] > 0


def test_nothing_drawn_and_nothing_kept() -> None:
    recognizer, network = _network()
    others = reference(Path("/nowhere"))
    empty = Kept()
    found = list(explain(Reader(recognizer), network, Drawing(), kept=empty, others=others))
    assert [type(event) for event in found] == [NothingDrawn]
    events = explain(Reader(recognizer), network, _drawing("7"), kept=empty, others=others)
    assert isinstance(next(events), Answered)
    examples = next(events)
    assert isinstance(examples, Examples)
    assert [one.origin for one in examples.answer] == ["synthetic"] * 4


def test_a_store_that_is_not_there_keeps_nothing(tmp_path: Path) -> None:
    assert not kept_in_store(tmp_path / "none.sqlite", "").labels()


def test_the_very_drawing_is_no_example_of_itself() -> None:
    recognizer, network = _network()
    kept = kept_of([(_drawing("7"), "7"), (_moved("7", 0.2), "7")])
    events = explain(
        Reader(recognizer, kept.memory),
        network,
        _drawing("7"),
        kept=kept,
        others=reference(Path("/nowhere")),
    )
    next(events)
    examples = next(events)
    assert isinstance(examples, Examples)
    own = [one.drawing for one in examples.answer if one.origin == "own"]
    assert own == [2]


@pytest.mark.parametrize("label", ["1", "8"])
def test_what_is_tried_is_bounded(label: str) -> None:
    edits = _one(Edits, label)
    assert isinstance(edits, Edits)
    assert 0 < edits.tried < 1000


def test_of_many_strokes_edits_come_last_and_few_of_them_are_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    recognizer, network = _network()
    grid = [(x, y) for x in range(0, 100, 20) for y in range(0, 100, 20)]
    many = Drawing(tuple(Stroke.make([(x, y), (x + 9, y + 6)], width=4) for x, y in grid))
    others = reference(Path("/nowhere"))
    found = explain(Reader(recognizer), network, many, kept=Kept(), others=others)
    kinds: list[type[Explained]] = []
    for event in found:
        kinds += [] if event is None else [type(event)]
        if EvidenceMaps in kinds:
            break
    assert kinds == [Answered, Examples, WithoutParts, EvidenceMaps]

    cut = Mock(wraps=edits.piece_of)
    monkeypatch.setattr(edits, "piece_of", cut)
    reader = Mock(read=lambda drawings: [None] * len(drawings))
    trying = edits.smallest_edits(reader, many, 0)
    assert next(trying) is None
    assert not cut.called  # it can be given up before any of them is made
    *_, last = trying
    assert last is not None
    assert 400 < last.tried < 1000  # of some 1,800
