"""docs/export.md: every line in it runs as it is printed."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from trainer.cli import run

_PAGE = Path(__file__).parents[3] / "docs" / "export.md"


def _blocks(language: str) -> list[str]:
    text = _PAGE.read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


@pytest.mark.usefixtures("one_thread")
def test_commands_and_snippets_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    commands = [line for block in _blocks("console") for line in block.splitlines()]
    assert len(commands) == 2
    for command in commands:
        program, *arguments = shlex.split(command)
        assert program == "handwrite-trainer"
        assert run(arguments) == 0
        output = capfd.readouterr()
        # The exporters are told to be quiet, and are.
        assert output.err == ""
        assert len(output.out.splitlines()) == 2
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".onnx", ".pt2"]

    in_onnxruntime, rejection, in_torch = _blocks("python")
    assert len(in_onnxruntime.splitlines()) <= 7
    ends = "\nimport sys; assert not {'torch', 'trainer'} & sys.modules.keys()"
    command = [sys.executable, "-I", "-c", f"{in_onnxruntime}\n{rejection}{ends}"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "['1', '1']\n[True, True]\n"
    exec(in_torch, {})
    assert capfd.readouterr().out == "['1', '1']\n"
