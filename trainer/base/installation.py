"""How the program was installed, and the command that adds a package to that installation."""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from trainer.base.messages import Message

#: The distribution's name. `handwrite` on PyPI is another project's program.
DISTRIBUTION = "handwrite-desk"


def how_to_install(*packages: str) -> Message:
    """A sentence that says how to add packages to the environment that this process runs in."""
    if getattr(sys, "frozen", False):  # set by PyInstaller
        return Message.of(
            "install.bundle",
            "Nothing can be added to this bundle: install Handwrite with pip instead, then {packages}.",
            packages=" ".join(packages),
        )
    return Message.of(
        "install.command", "Install it with: {command}", command=install_command(packages)
    )


def install_command(packages: Sequence[str]) -> str:
    """A line for the terminal that installs packages where this process can import them.

    The same for a checkout and an installed wheel: it names the packages, never this distribution, which
    need not be on an index. An environment of pipx's is changed by pipx, and one that uv made may lack pip.
    """
    prefix = Path(sys.prefix)
    activated = Path(os.environ.get("VIRTUAL_ENV") or os.devnull) == prefix
    python = "python" if activated else sys.executable
    pip = [python, "-m", "pip", "install", *packages]
    if (prefix / "pipx_metadata.json").exists():
        return _line(["pipx", "inject", DISTRIBUTION, *packages])
    if importlib.util.find_spec("pip") is not None:
        return _line(pip)
    if shutil.which("uv"):
        return _line(["uv", "pip", "install", "--python", python, *packages])
    return f"{_line([python, '-m', 'ensurepip'])} && {_line(pip)}"


def _line(words: Sequence[str]) -> str:
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
