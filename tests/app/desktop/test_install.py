"""The menu entry: written, valid, and gone again."""

from __future__ import annotations

import configparser
import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from handwrite_app.desktop import install as desktop
from handwrite_app.ui.resources import resource_path

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="menu entries are for Linux desktops"
)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "a home"))
    return tmp_path / "a home"


def _run(option: str) -> int:
    return desktop.main([option], resource_path("icons", "app.svg"))


def test_it_is_written_and_removed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("--install-desktop") == 0
    entry, icon, types = desktop.places(home)
    read = configparser.RawConfigParser()
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read(entry, encoding="utf-8")
    main = read["Desktop Entry"]
    assert main["Icon"] == icon.stem == desktop.NAME
    assert main["Exec"].endswith(" %f")
    assert shlex.split(main["Exec"])[: len(desktop.command())] == desktop.command()
    assert Path(main["TryExec"]).is_file()
    assert read["Desktop Action demo"]["Exec"].endswith(" --demo")
    assert icon.read_bytes() == resource_path("icons", "app.svg").read_bytes()
    kinds = {one.get("type") for one in ET.parse(types).getroot()}
    assert kinds == {"application/x-handwrite-strokes", "application/x-safetensors"}
    assert kinds <= set(main["MimeType"].split(";"))
    assert _run("--install-desktop") == 0  # again
    assert _run("--uninstall-desktop") == 0
    assert not any(path.exists() for path in desktop.places(home))
    assert _run("--uninstall-desktop") == 0
    assert "There was no menu entry." in capsys.readouterr().out


def test_a_place_that_cannot_be_written_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    assert _run("--install-desktop") == 2
    assert "Set XDG_DATA_HOME" in capsys.readouterr().err


def test_a_path_with_odd_characters_is_quoted() -> None:
    assert desktop.quoted(["/a b/python", "-m", "x"]) == '"/a b/python" -m x'
    assert desktop.quoted(["/50%/$x"]) == '"/50%%/\\\\$x"'


def test_the_command_does_it(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "handwrite_app", "--install-desktop"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert desktop.places(home)[0].is_file()
