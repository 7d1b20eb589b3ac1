"""The window with a personalization whose end the test says."""

from __future__ import annotations

import pytest

from handwrite_app.window.main_window import MainWindow
from tests.app.correcting import load
from tests.app.personalizations import (
    FakePersonalization,
)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "trainer.processes.personalize_process.PersonalizationProcess", FakePersonalization
    )


@pytest.fixture
def window(quiet_window: MainWindow, fake: None) -> MainWindow:
    load(quiet_window)
    return quiet_window
