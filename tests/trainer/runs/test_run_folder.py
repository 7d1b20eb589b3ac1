"""A run's log on a disk that fills up, and where it is cut."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from tests.trainer.run_folders import note
from trainer.base.events import event_from_json
from trainer.runs.run_folder import RunFolder


def texts(folder: RunFolder) -> list[str]:
    lines = folder.metrics.read_text().splitlines()
    return [event_from_json(line).text for line in lines]  # type: ignore[union-attr]


def test_a_disk_that_fills_up_within_a_line_tears_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder(tmp_path)
    folder.log(note("first"))
    assert folder.write_log() is None

    class Full(io.FileIO):
        def write(self, content: Any, /) -> int:
            if len(content) < 20:
                raise OSError(28, "No space left on device")
            return super().write(content[: len(content) - 10])

    folder.log(note("second"))
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", lambda path, mode, **_: Full(path, mode))
        assert "No space left on device" in str(folder.write_log())
    assert texts(folder) == ["first"]
    folder.log(note("third"))
    assert folder.write_log() is None
    assert texts(folder) == ["first", "second", "third"]
    assert folder.lines == 3


def test_what_came_after_a_checkpoint_is_cut(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    for text in ("one", "two", "three"):
        folder.log(note(text))
    folder.write_log()
    again = RunFolder(tmp_path)
    again.cut_log(2)
    again.log(note("other"))
    again.write_log()
    assert texts(again) == ["one", "two", "other"]
