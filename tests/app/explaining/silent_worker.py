"""A worker whose process is the test: it notes what is asked, and says what the test wants it to say."""

from __future__ import annotations

import pytest

from handwrite_app.workers.explain import ExplainWorker
from trainer.processes.explain_messages import ExplainEvent, ExplainRequest


class Asked:
    """What was asked, in order; "cancel" where it was given up."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.requests: list[tuple[int, ExplainRequest]] = []
        self.cancelled = 0
        monkeypatch.setattr(ExplainWorker, "ask", self._ask)
        monkeypatch.setattr(ExplainWorker, "cancel", self._cancel)

    def _ask(self, request: ExplainRequest) -> int:
        self.requests.append((len(self.requests) + 1, request))
        return len(self.requests)

    def _cancel(self) -> None:
        self.cancelled += 1

    @property
    def newest(self) -> ExplainRequest:
        return self.requests[-1][1]

    def say(self, worker: ExplainWorker, event: ExplainEvent, *, number: int | None = None) -> None:
        worker.explained.emit(len(self.requests) if number is None else number, event)
