"""Runs as the table shows them, without a window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from handwrite_app.history.entries import RunReader
from tests.trainer.run_folders import epoch, progress, started
from trainer.base.events import event_to_json
from trainer.runs import records


def test_of_a_run_that_goes_on_only_what_is_new_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a run"
    folder.mkdir()
    file, reader = folder / "metrics.jsonl", RunReader(tmp_path)
    events = (started(folder), progress(1), progress(2), epoch(1))
    lines = [event_to_json(one) + "\n" for one in events]
    file.write_text("".join(lines[:2]) + lines[2][:20])  # the last line is being written
    assert len(reader.curves(folder).training) == 1
    decoded, read = records._event, []

    def counted(line: bytes) -> object:
        read.append(line)
        return decoded(line)

    monkeypatch.setattr(records, "_event", counted)
    file.write_text("".join(lines))
    found = reader.curves(folder)
    assert (len(found.training), len(found.validation), len(read)) == (2, 1, 2)
    other = event_to_json(replace(started(folder), run="another"))
    file.write_text(f"{other}\n{lines[1]}")  # another run of this name
    assert len(reader.curves(folder).training) == 1
