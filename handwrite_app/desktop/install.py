"""``handwrite-app --install-desktop``: menu entry, icon and file types, for this user.

Files as freedesktop.org's Desktop Entry, Icon Theme and Shared MIME-info specifications want them. Standard
library only, besides the paths of the resources.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

#: The same as the application's desktop file name: a desktop finds the window's icon by it.
NAME = "handwrite"

_ENTRY = """[Desktop Entry]
Type=Application
Version=1.5
Name=Handwrite
Name[zh_CN]=Handwrite
GenericName=Handwriting recognition
GenericName[zh_CN]=手写识别
Comment=Draw a digit, and a network reads it while the pen moves
Comment[zh_CN]=写一个数字，笔还没停，神经网络就已经在识别了
Exec={command} %f
TryExec={program}
Icon={name}
Terminal=false
Categories=Education;Science;ArtificialIntelligence;
Keywords=handwriting;digits;MNIST;neural network;手写;数字;
MimeType=image/png;image/jpeg;image/svg+xml;application/x-handwrite-strokes;application/x-safetensors;
StartupNotify=true
StartupWMClass=handwrite
Actions=demo;

[Desktop Action demo]
Name=Demo mode
Name[zh_CN]=演示模式
Exec={command} --demo
"""

_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="application/x-handwrite-strokes">
    <comment>Handwriting strokes</comment>
    <comment xml:lang="zh_CN">手写笔迹</comment>
    <glob pattern="*.strokes.jsonl"/>
    <glob pattern="*.jsonl" weight="40"/>
  </mime-type>
  <mime-type type="application/x-safetensors">
    <comment>Network weights</comment>
    <comment xml:lang="zh_CN">网络权重</comment>
    <glob pattern="*.safetensors"/>
  </mime-type>
</mime-info>
"""


def data_home() -> Path:
    """Where a user's menu entries are: $XDG_DATA_HOME, or ~/.local/share."""
    named = os.environ.get("XDG_DATA_HOME", "")
    return Path(named) if named.startswith("/") else Path.home() / ".local" / "share"


def places(home: Path) -> tuple[Path, Path, Path]:
    """The menu entry, the icon, and the file types."""
    return (
        home / "applications" / f"{NAME}.desktop",
        home / "icons" / "hicolor" / "scalable" / "apps" / f"{NAME}.svg",
        home / "mime" / "packages" / f"{NAME}.xml",
    )


def command() -> list[str]:
    """How this installation is started: its script, where it has one, else Python with the module."""
    script = Path(sys.executable).with_name("handwrite-app")
    if script.is_file():
        return [str(script)]
    return [sys.executable, "-m", "handwrite_app"]


def quoted(words: Sequence[str]) -> str:
    """Words as the value of Exec. Quotes, backslashes, $ and ` are escaped, and % is doubled."""
    result = []
    for word in words:
        word = word.replace("%", "%%")
        if any(one in word for one in " \t\n\"'\\><~|&;$*?#()`"):
            escaped = "".join(f"\\{one}" if one in '"`$\\' else one for one in word)
            # The value itself is a string in which a backslash is escaped once more.
            word = f'"{escaped}"'.replace("\\", "\\\\")
        result.append(word)
    return " ".join(result)


def install(icon: Path, home: Path | None = None) -> list[Path]:
    """Writes the three files, and tells the desktop. Existing ones of ours are replaced.

    icon: the SVG to install. Raises OSError.
    """
    home = data_home() if home is None else home
    entry, image, types = places(home)
    words = command()
    text = _ENTRY.format(command=quoted(words), program=words[0], name=NAME)
    for path, content in (
        (entry, text.encode()),
        (image, icon.read_bytes()),
        (types, _TYPES.encode()),
    ):
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.part")
        part.write_bytes(content)
        part.replace(path)
    _tell(home)
    return [entry, image, types]


def uninstall(home: Path | None = None) -> list[Path]:
    """Removes what `install` has written; those that were there. Raises OSError."""
    home = data_home() if home is None else home
    found = [path for path in places(home) if path.exists()]
    for path in found:
        path.unlink()
    if found:
        _tell(home)
    return found


def _tell(home: Path) -> None:
    """Desktops look by themselves sooner or later; these programs, where they are, make it at once."""
    for words in (
        ["update-desktop-database", str(home / "applications")],
        ["update-mime-database", str(home / "mime")],
        ["gtk-update-icon-cache", "-q", "-t", str(home / "icons" / "hicolor")],
    ):
        if shutil.which(words[0]):
            with contextlib.suppress(OSError, subprocess.SubprocessError):
                subprocess.run(words, check=False, capture_output=True, timeout=20)


def main(arguments: Sequence[str], icon: Path) -> int:
    """Carries out --install-desktop or --uninstall-desktop; the exit code."""
    if not sys.platform.startswith(("linux", "freebsd", "openbsd")):
        print("error: menu entries are installed on Linux and BSD desktops only", file=sys.stderr)
        return 2
    removes = "--uninstall-desktop" in arguments
    try:
        paths = uninstall() if removes else install(icon)
    except OSError as error:
        reason = error.strerror or str(error)
        print(
            f"error: {error.filename}: {reason}. Set XDG_DATA_HOME to a folder that can be written to",
            file=sys.stderr,
        )
        return 2
    if removes and not paths:
        print("There was no menu entry.")
    for path in paths:
        print(f"{'removed' if removes else 'written'}  {path}")
    return 0
