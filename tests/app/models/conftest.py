"""A window behind which the test says what is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from handwrite_app.window.main_window import MainWindow
from tests.app.models.lineage_window import BASE, loaded


@pytest.fixture
def window(quiet_window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> MainWindow:
    """Whatever is to be loaded is loaded at once."""

    def load(path: Path | None, _device: str) -> None:
        loaded(quiet_window, path or BASE)

    monkeypatch.setattr(quiet_window.recognition, "load", load)
    loaded(quiet_window, BASE)
    return quiet_window
