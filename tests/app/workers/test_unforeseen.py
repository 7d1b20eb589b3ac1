"""An exception that nothing foresaw is shown, answers the request that met it, and ends no thread."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from handwrite_app.workers import explain, probe
from handwrite_app.workers.explain import ExplainWorker
from handwrite_app.workers.probe import ProbeWorker
from trainer.picture.strokes import Drawing
from trainer.processes.explain_messages import Failed, PipelineRequest
from trainer.processes.probe_messages import ProbeAnswer, ProbeFailed, ProbeRequest

_SECONDS = 60_000


def _fails(*_: object) -> None:
    raise ZeroDivisionError("unforeseen")


def test_what_is_explained(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(explain, "_started", _fails)
    worker = ExplainWorker()
    events: list[object] = []
    worker.explained.connect(lambda _, event: events.append(event))
    with capture_exceptions() as caught:
        for count in (1, 2):
            worker.ask(PipelineRequest(weights=Path("x"), drawing=Drawing()))
            qtbot.waitUntil(lambda count=count: len(events) == count, timeout=_SECONDS)
            assert not worker.is_busy
        worker.close()
    assert [type(event) for event in events] == [Failed, Failed]
    assert [kind for kind, *_ in caught] == [ZeroDivisionError, ZeroDivisionError]


def test_what_is_probed(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "RecognitionProcess", _fails)
    worker = ProbeWorker()
    answers: list[ProbeAnswer] = []
    with capture_exceptions() as caught:
        for count in (1, 2):
            worker.ask("a", ProbeRequest(number=0, weights=Path("x")), answers.append)
            qtbot.waitUntil(lambda count=count: len(answers) == count, timeout=_SECONDS)
        worker.close()
    assert [type(answer) for answer in answers] == [ProbeFailed, ProbeFailed]
    assert [kind for kind, *_ in caught] == [ZeroDivisionError, ZeroDivisionError]
