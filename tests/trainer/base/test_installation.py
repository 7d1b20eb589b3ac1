"""Advice on adding a package fits the environment that the program runs in."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from trainer.base.installation import DISTRIBUTION, how_to_install, install_command

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def prefix(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment that is not activated, with pip and without uv."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    monkeypatch.delenv("VIRTUAL_ENV", raising=False)
    pip_and_uv(monkeypatch, pip=True, uv=False)
    return tmp_path


def pip_and_uv(monkeypatch: pytest.MonkeyPatch, *, pip: bool, uv: bool) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: pip or None)
    monkeypatch.setattr(shutil, "which", lambda name: "/bin/uv" if uv else None)


def test_pip_of_the_interpreter_itself(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = prefix / "bin" / "python"
    assert install_command(["onnx", "onnxruntime"]) == f"{python} -m pip install onnx onnxruntime"
    monkeypatch.setenv("VIRTUAL_ENV", str(prefix))
    assert install_command(["onnx"]) == "python -m pip install onnx"


def test_an_environment_without_pip(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", str(prefix))
    pip_and_uv(monkeypatch, pip=False, uv=True)
    assert install_command(["onnx"]) == "uv pip install --python python onnx"
    pip_and_uv(monkeypatch, pip=False, uv=False)
    assert install_command(["onnx"]) == "python -m ensurepip && python -m pip install onnx"


def test_an_environment_of_pipx(prefix: Path) -> None:
    (prefix / "pipx_metadata.json").touch()
    assert install_command(["onnx"]) == "pipx inject handwrite-desk onnx"


def test_a_bundle_cannot_be_added_to(prefix: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert str(how_to_install("onnx")).endswith(" -m pip install onnx")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert str(how_to_install("onnx")).startswith("Nothing can be added to this bundle")


def test_the_command_installs_into_this_environment() -> None:
    """Run as it is written, with pip told not to install anything."""
    if importlib.util.find_spec("pip") is None:
        pytest.skip("this environment has no pip")
    command = f"{install_command(['numpy'])} --dry-run --no-index --quiet"
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_no_text_advises_the_strangers_package() -> None:
    assert f'name = "{DISTRIBUTION}"' in (ROOT / "pyproject.toml").read_text()
    texts = [ROOT / "README.md", ROOT / "README.zh-CN.md", *(ROOT / "docs").glob("*.md")]
    texts += [path for name in ("trainer", "handwrite_app") for path in (ROOT / name).rglob("*.py")]
    for path in texts:
        found = re.search(
            r"install[^\n]* ['\"]?handwrite(?!-|_)\b", path.read_text(encoding="utf-8")
        )
        assert found is None, f"{path}: {found.group()}"
