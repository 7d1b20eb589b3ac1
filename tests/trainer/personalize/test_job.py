"""A personalization job: its drawings, its refusals, and the changed readings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

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
from trainer.personalize import personalize, rehearsal
from trainer.personalize.events import (
    PersonalizationEvent,
    PersonalizationFinished,
    PersonalizationProgress,
    PersonalizationRefused,
    PersonalizationStarted,
    PersonalizationStopped,
    Reread,
    RetentionMetrics,
    WriterMetrics,
    personalization_from_json,
    personalization_to_json,
)
from trainer.personalize.finetuner import FineTuneConfig
from trainer.personalize.job import run_job
from trainer.picture.preprocess import Picture, picture_from_drawing
from trainer.picture.strokes import Drawing, Stroke
from trainer.synthetic.synthetic_digits import synthetic_digits

pytestmark = pytest.mark.usefixtures("one_thread")

_FINISHED = PersonalizationFinished(
    weights="/b",
    parent="/a",
    verdict="forgets",
    before=WriterMetrics(count=3, correct=1, loss=0.5),
    after=WriterMetrics(count=3, correct=2, loss=0.25),
    reference=RetentionMetrics(count=100, before=90, after=80),
    negatives=None,
    synthetic=True,
    fixed=(Reread(drawing=7, label="4", before="9", after=None),),
    broken=(),
    left_out={},
)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What `personalize` was asked, which trains nothing here."""
    asked: list[dict[str, Any]] = []

    def personalize_(
        parent: Path, selection: object, target: Path, **rest: object
    ) -> Iterator[object]:
        asked.append({"parent": parent, "selection": selection, "target": target, **rest})
        yield PersonalizationProgress(fraction=0.5)
        yield _FINISHED

    monkeypatch.setattr(personalize, "personalize", personalize_)
    return asked


def _events(network: Path, folder: Path, *, writer: str = "") -> list[PersonalizationEvent]:
    return list(run_job(job(network, folder, writer=writer), should_stop=lambda: False))


def test_a_real_personalization(lenet_file: Path, bars: Path, tmp_path: Path) -> None:
    """The new network is a file of its own."""
    before = lenet_file.read_bytes()
    keep(swapped(20))
    events = list(run_job(job(lenet_file, tmp_path, data=bars), should_stop=lambda: False))
    started, *progress, finished = events
    assert isinstance(started, PersonalizationStarted)
    assert started.drawings == 20
    assert started.parent == str(lenet_file)
    assert all(isinstance(event, PersonalizationProgress) for event in progress)
    assert isinstance(finished, PersonalizationFinished)
    assert finished.before.count == finished.after.count == 20
    difference = len(finished.fixed) - len(finished.broken)
    assert difference == finished.after.correct - finished.before.correct
    assert lenet_file.read_bytes() == before
    card = read_card(Path(finished.weights))
    assert (card.title, card.writer) == ("by heart Me", "Me")
    assert [path.name for path in tmp_path.iterdir()] == ["personalized.safetensors"]


def test_changed_readings_are_those_of_the_networks(
    refusing_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the ids of drawings, and as the window's recognizer reads them; None where it rejects one."""
    monkeypatch.setattr(rehearsal, "_SYNTHETIC_REFERENCE", 60)
    monkeypatch.setattr(rehearsal, "_NEGATIVES", 20)
    quick = FineTuneConfig(steps=30, copies=2, rehearsal=0, batch_size=32, learning_rate=0.05)
    monkeypatch.setattr(personalize, "FineTuneConfig", lambda: quick)
    keep([("1", Drawing((Stroke.make([(5, 5)]),)))])  # shows nothing
    ids = keep(swapped(40))
    *_, finished = _events(refusing_file, tmp_path)
    assert isinstance(finished, PersonalizationFinished)
    changed = (*finished.fixed, *finished.broken)
    assert changed
    assert {one.drawing for one in changed} <= set(ids)
    with open_store() as store:
        for one in changed:
            assert one.label == store.entry(one.drawing).label
            picture = picture_from_drawing(store.drawing(one.drawing))
            assert picture is not None
            assert one.before == _answer(refusing_file, picture)
            assert one.after == _answer(Path(finished.weights), picture)


def _answer(network: Path, picture: Picture) -> str | None:
    recognizer = Recognizer(network, device="cpu")
    answers = recognizer.answers(picture[None])
    assert answers.is_digit is not None
    if answers.is_digit[0] < recognizer.threshold:
        return None
    return recognizer.labels[int(answers.probabilities[0].argmax())]


def test_labels_that_the_network_has_not_are_left_out(
    asked: list[dict[str, Any]], lenet_file: Path, tmp_path: Path
) -> None:
    drawings = synthetic_digits(12)
    keep([*drawings, ("A", drawings[0][1]), ("B", drawings[1][1]), ("A", drawings[2][1])])
    started, *_ = _events(lenet_file, tmp_path)
    assert isinstance(started, PersonalizationStarted)
    assert started.left_out == asked[0]["selection"].left_out == {"A": 2, "B": 1}
    assert started.drawings == 12


def test_only_this_writers_drawings(
    asked: list[dict[str, Any]], lenet_file: Path, tmp_path: Path
) -> None:
    keep(synthetic_digits(12, 1))
    keep(synthetic_digits(10, 2), "Ada")
    _events(lenet_file, tmp_path, writer="Ada")
    _events(lenet_file, tmp_path, writer="somebody who is gone")
    assert [len(one["selection"].drawings) for one in asked] == [10, 12]
    assert [one["writer"] for one in asked] == ["Ada", "Me"]


def test_it_begins_with_the_network_of_no_writer(
    asked: list[dict[str, Any]],
    lenet_file: Path,
    tmp_path: Path,
) -> None:
    base = keep_weights(lenet_file, "base")
    network, card = load_weights(base)
    child = replace(card, parent="base", writer="Ada", title="")
    save_weights(tmp_path / "child.safetensors", network, child)
    keep(synthetic_digits(12))
    started, *_ = _events(keep_weights(tmp_path / "child.safetensors", "base Ada"), tmp_path)
    assert isinstance(started, PersonalizationStarted)
    assert started.parent == str(base)


@pytest.mark.parametrize(
    ("drawings", "why", "count", "labels"),
    [
        ([], "few", 0, ()),
        (synthetic_digits(2), "few", 2, ("0", "1")),
        ([("A", d) for _, d in synthetic_digits(5)], "few", 0, ()),
        ([("7", d) for _, d in synthetic_digits(5)], "one label", 5, ("7",)),
        (
            [*synthetic_digits(4), ("9", synthetic_digits(1)[0][1])],
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
    (refused,) = _events(lenet_file, tmp_path)
    assert isinstance(refused, PersonalizationRefused)
    assert (refused.why, refused.count, refused.wanted) == (why, count, 3)
    assert refused.labels == labels
    assert set(refused.drawings) == ({ids[0], ids[-1]} if why == "contradiction" else set())
    assert not list(tmp_path.iterdir())


def test_the_same_strokes_at_another_pace_contradict_each_other(
    lenet_file: Path, tmp_path: Path
) -> None:
    (_, drawing), *others = synthetic_digits(4)
    points = drawing.strokes[0].points
    slower = Drawing(
        (
            Stroke.make(points, times=np.arange(len(points)) / 10, width=drawing.strokes[0].width),
            *drawing.strokes[1:],
        )
    )
    keep([("0", drawing), ("6", slower), *others])
    (refused,) = _events(lenet_file, tmp_path)
    assert isinstance(refused, PersonalizationRefused)
    assert refused.why == "contradiction"


def test_stopped_it_says_so_and_writes_nothing(
    lenet_file: Path, bars: Path, tmp_path: Path
) -> None:
    keep(synthetic_digits(12))
    events = run_job(job(lenet_file, tmp_path, data=bars), should_stop=lambda: True)
    assert isinstance(list(events)[-1], PersonalizationStopped)
    assert not list(tmp_path.iterdir())


def test_the_store_is_only_read(
    asked: list[dict[str, Any]], lenet_file: Path, tmp_path: Path
) -> None:
    keep(synthetic_digits(12))
    before = drawings_file().read_bytes()
    _events(lenet_file, tmp_path)
    assert drawings_file().read_bytes() == before


@pytest.mark.parametrize(
    "event",
    [
        PersonalizationStarted(parent="/a", drawings=3, left_out={"A": 1}),
        PersonalizationProgress(fraction=0.25),
        PersonalizationStopped(),
        PersonalizationRefused(
            why="contradiction", count=5, wanted=3, labels=("0", "1"), drawings=(4, 9), left_out={}
        ),
        _FINISHED,
        replace(_FINISHED, negatives=RetentionMetrics(count=10, before=9, after=9)),
        RunFailed(message=Message.of("x.y", "so {what}", what=1), wrong_input=True),
    ],
    ids=lambda event: type(event).__name__,
)
def test_events_travel_as_a_line(event: PersonalizationEvent) -> None:
    line = personalization_to_json(event)
    assert "\n" not in line
    assert personalization_from_json(line.encode()) == event


@pytest.mark.parametrize(
    "line",
    ["", "{}", "[]", '{"event": "Boom"}', '{"event": "PersonalizationProgress", "parts": 1}'],
)
def test_what_is_no_event_is_refused(line: str) -> None:
    with pytest.raises(RunError, match="not an event of a personalization"):
        personalization_from_json(line)
