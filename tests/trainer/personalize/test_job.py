"""A lesson: what it learns from, what it refuses, and what it tells of what is read otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.trainer.personalize.jobs import job, keep, swapped
from trainer.base.errors import RunError
from trainer.base.events import RunFailed
from trainer.base.messages import Message
from trainer.base.paths import drawings_file
from trainer.drawings import open_store
from trainer.models.recognizer import Recognizer
from trainer.models.weights import keep_weights, load_weights, read_card, save_weights
from trainer.personalize import job as module
from trainer.personalize import personalize
from trainer.personalize.drawing_selection import DrawingSelection
from trainer.personalize.events import (
    Hand,
    PersonalizationEvent,
    PersonalizationFinished,
    PersonalizationProgress,
    PersonalizationRefused,
    PersonalizationStarted,
    PersonalizationStopped,
    Reread,
    RetentionMetrics,
    personalization_from_json,
    personalization_to_json,
)
from trainer.personalize.personalize import FineTuneProgress, FineTuneResult, WriterMetrics
from trainer.picture.preprocess import picture_from_drawing
from trainer.picture.strokes import Drawing, Stroke
from trainer.synthetic.sample_drawings import sample_drawings

pytestmark = pytest.mark.usefixtures("one_thread")

_TAUGHT = FineTuneResult(
    weights="",
    kept=True,
    verdict="better",
    reason="",
    before=WriterMetrics(count=12, right=9, loss=1.0),
    after=WriterMetrics(count=12, right=10, loss=0.5),
    reference_before=0.98,
    reference_after=0.979,
    reference_source="MNIST",
    reference_count=2000,
    fixed=(3, 5),
    broken=(7,),
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, lenet_file: Path) -> list[dict[str, object]]:
    """What `teach` was asked, which writes the parent once more and says _TAUGHT."""
    asked: list[dict[str, object]] = []

    def teach(parent: Path, material: object, target: Path, **rest: object) -> Iterator[object]:
        asked.append({"parent": parent, "material": material, **rest})
        yield FineTuneProgress(share=0.5)
        target.write_bytes(parent.read_bytes())
        yield replace(_TAUGHT, weights=str(target))

    monkeypatch.setattr(personalize, "personalize", teach)
    return asked


def _given(network: Path, folder: Path, *, writer: str = "") -> list[PersonalizationEvent]:
    wanted = job(network, folder, writer=writer)
    return list(module.give(wanted, should_stop=lambda: False))


def test_a_real_lesson(lenet_file: Path, bars: Path, tmp_path: Path) -> None:
    """What is taught is learned, in a file of its own."""
    before = lenet_file.read_bytes()
    keep(swapped(20))
    events = list(module.give(job(lenet_file, tmp_path, data=bars), should_stop=lambda: False))
    started, *progress, finished = events
    assert isinstance(started, PersonalizationStarted)
    assert started.drawings == 20
    assert started.parent == str(lenet_file)
    assert all(isinstance(event, PersonalizationProgress) for event in progress)
    assert isinstance(finished, PersonalizationFinished)
    assert finished.before.count == finished.after.count == 20
    difference = len(finished.fixed) - len(finished.broken)
    assert difference == finished.after.right - finished.before.right
    assert lenet_file.read_bytes() == before
    card = read_card(Path(finished.weights))
    assert (card.title, card.writer) == ("by heart Me", "Me")
    assert [path.name for path in tmp_path.iterdir()] == ["taught.safetensors"]


def test_what_is_read_otherwise_is_told_by_the_ids_of_drawings(
    asked: list[dict[str, object]], lenet_file: Path, tmp_path: Path
) -> None:
    keep(sample_drawings(12))
    *_, finished = _given(lenet_file, tmp_path)
    assert isinstance(finished, PersonalizationFinished)
    with open_store() as store:
        ids = store.ids()
        assert [one.drawing for one in finished.fixed] == [ids[3], ids[5]]
        (broken,) = finished.broken
        assert broken.drawing == ids[7]
        assert broken.label == store.entry(ids[7]).label
        picture = picture_from_drawing(store.drawing(ids[7]))
    assert picture is not None
    recognizer = Recognizer(lenet_file, device="cpu")
    said = recognizer.labels[int(recognizer.probabilities(picture[None])[0].argmax())]
    # The "new" network is a copy of the old one here.
    assert (broken.before, broken.after) == (said, said)


def test_a_network_that_refuses_says_none_of_its_labels(
    asked: list[dict[str, object]], refusing_file: Path, tmp_path: Path
) -> None:
    keep(sample_drawings(12))
    *_, finished = _given(refusing_file, tmp_path)
    assert isinstance(finished, PersonalizationFinished)
    recognizer = Recognizer(refusing_file, device="cpu")
    with open_store() as store:
        for one in (*finished.fixed, *finished.broken):
            picture = picture_from_drawing(store.drawing(one.drawing))
            assert picture is not None
            digit = recognizer.answers(picture[None]).is_digit
            assert digit is not None
            assert (one.before is None) == (digit[0] < recognizer.threshold)


def test_places_are_right_where_a_dot_shows_nothing(
    asked: list[dict[str, object]], lenet_file: Path, tmp_path: Path
) -> None:
    keep(sample_drawings(12))
    keep([("1", Drawing((Stroke.make([(5, 5)]),)))])
    *_, finished = _given(lenet_file, tmp_path)
    material = asked[0]["material"]
    assert isinstance(material, DrawingSelection)
    assert len(material.found) == 12
    assert isinstance(finished, PersonalizationFinished)
    with open_store() as store:
        assert finished.fixed[0].drawing == store.ids()[3]


def test_a_parent_that_is_gone_at_the_end_takes_nothing_with_it(
    asked: list[dict[str, object]],
    lenet_file: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keep(sample_drawings(12))
    parent = tmp_path / "parent.safetensors"
    parent.write_bytes(lenet_file.read_bytes())
    events = module.give(job(parent, tmp_path), should_stop=lambda: False)
    started, taught = next(events), next(events)
    assert isinstance(started, PersonalizationStarted)
    assert isinstance(taught, PersonalizationProgress)
    plain = Recognizer.__init__

    def gone(self: Recognizer, path: Path, **rest: object) -> None:
        parent.unlink(missing_ok=True)
        plain(self, path, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(Recognizer, "__init__", gone)
    (finished,) = events
    assert isinstance(finished, PersonalizationFinished)
    assert len(asked) == 1
    assert Path(finished.weights).is_file()
    assert (finished.fixed, finished.broken) == ((), ())


def test_labels_that_the_network_has_not_are_left_out(
    asked: list[dict[str, object]], lenet_file: Path, tmp_path: Path
) -> None:
    drawings = sample_drawings(12)
    keep([*drawings, ("A", drawings[0][1]), ("B", drawings[1][1]), ("A", drawings[2][1])])
    started, *_, finished = _given(lenet_file, tmp_path)
    assert isinstance(started, PersonalizationStarted)
    assert isinstance(finished, PersonalizationFinished)
    assert started.left_out == finished.left_out == {"A": 2, "B": 1}
    assert started.drawings == 12


def test_only_this_writers_drawings(
    asked: list[dict[str, object]], lenet_file: Path, tmp_path: Path
) -> None:
    keep(sample_drawings(12, 1))
    keep(sample_drawings(10, 2), "Ada")
    _given(lenet_file, tmp_path, writer="Ada")
    _given(lenet_file, tmp_path, writer="somebody who is gone")
    assert [len(one["material"].found) for one in asked] == [10, 12]  # type: ignore[attr-defined]
    assert [one["writer"] for one in asked] == ["Ada", "Me"]


def test_it_begins_with_the_network_that_was_taught_no_hand(
    asked: list[dict[str, object]],
    lenet_file: Path,
    tmp_path: Path,
) -> None:
    base = keep_weights(lenet_file, "base")
    network, card = load_weights(base)
    child = replace(card, parent="base", writer="Ada", title="")
    save_weights(tmp_path / "child.safetensors", network, child)
    keep(sample_drawings(12))
    started, *_ = _given(keep_weights(tmp_path / "child.safetensors", "base Ada"), tmp_path)
    assert isinstance(started, PersonalizationStarted)
    assert started.parent == str(base)


@pytest.mark.parametrize(
    ("drawings", "why", "count", "labels"),
    [
        ([], "few", 0, ()),
        (sample_drawings(2), "few", 2, ("0", "1")),
        ([("A", d) for _, d in sample_drawings(5)], "few", 0, ()),
        ([("7", d) for _, d in sample_drawings(5)], "one label", 5, ("7",)),
        (
            [*sample_drawings(4), ("9", sample_drawings(1)[0][1])],
            "contradiction",
            4,
            ("0", "9"),
        ),
    ],
)
def test_what_cannot_be_learned_from(
    drawings: list[tuple[str, Drawing]],
    why: str,
    count: int,
    labels: tuple[str, ...],
    lenet_file: Path,
    tmp_path: Path,
) -> None:
    ids = keep(drawings)
    (refused,) = _given(lenet_file, tmp_path)
    assert isinstance(refused, PersonalizationRefused)
    assert (refused.why, refused.count, refused.wanted) == (why, count, 3)
    assert refused.labels == labels
    assert set(refused.drawings) == ({ids[0], ids[-1]} if why == "contradiction" else set())
    assert not list(tmp_path.iterdir())


def test_the_same_strokes_at_another_pace_contradict_each_other(
    lenet_file: Path, tmp_path: Path
) -> None:
    (_, drawing), *others = sample_drawings(4)
    points = drawing.strokes[0].points
    slower = Drawing(
        (
            Stroke.make(points, times=np.arange(len(points)) / 10, width=drawing.strokes[0].width),
            *drawing.strokes[1:],
        )
    )
    keep([("0", drawing), ("6", slower), *others])
    (refused,) = _given(lenet_file, tmp_path)
    assert isinstance(refused, PersonalizationRefused)
    assert refused.why == "contradiction"


def test_stopped_it_says_so_and_writes_nothing(
    lenet_file: Path, bars: Path, tmp_path: Path
) -> None:
    keep(sample_drawings(12))
    events = module.give(job(lenet_file, tmp_path, data=bars), should_stop=lambda: True)
    assert isinstance(list(events)[-1], PersonalizationStopped)
    assert not list(tmp_path.iterdir())


def test_the_store_is_only_read(
    asked: list[dict[str, object]], lenet_file: Path, tmp_path: Path
) -> None:
    keep(sample_drawings(12))
    before = drawings_file().read_bytes()
    _given(lenet_file, tmp_path)
    assert drawings_file().read_bytes() == before


_REREAD = Reread(drawing=7, label="4", before="9", after=None)


@pytest.mark.parametrize(
    "event",
    [
        PersonalizationStarted(parent="/a", drawings=3, left_out={"A": 1}),
        PersonalizationProgress(share=0.25),
        PersonalizationStopped(),
        PersonalizationRefused(
            why="contradiction", count=5, wanted=3, labels=("0", "1"), drawings=(4, 9), left_out={}
        ),
        PersonalizationFinished(
            weights="/b",
            parent="/a",
            kept=False,
            verdict="forgets",
            before=Hand(count=3, right=1, loss=0.5),
            after=Hand(count=3, right=2, loss=0.25),
            others=RetentionMetrics(before=0.9, after=0.8, count=100, drawn=True),
            fixed=(_REREAD,),
            broken=(),
            left_out={},
        ),
        RunFailed(message=Message("x.so", "so {what}", {"what": "much"}), wrong_input=True),
    ],
)
def test_events_travel_as_a_line(event: PersonalizationEvent) -> None:
    line = personalization_to_json(event)
    assert "\n" not in line
    assert personalization_from_json(line.encode()) == event


@pytest.mark.parametrize(
    "line",
    ["", "{}", "[]", '{"event": "Boom"}', '{"event": "PersonalizationProgress", "shares": 1}'],
)
def test_what_is_no_event_is_refused(line: str) -> None:
    with pytest.raises(RunError, match="not an event of a personalization"):
        personalization_from_json(line)
