"""Making a virtual environment and running pip in it, told in a few calm lines.

Imported only when there is something to set up: importing subprocess costs more than a finished
set-up may add to the start of the app.

Standard library only, and nothing that Python 3.8 cannot import (see environment.py).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import IO, TYPE_CHECKING, NamedTuple

from system_packages import SetupError, say

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LOG_NAME = "handwrite-setup.log"
NOTEWORTHY_MB, NOTEWORTHY_PACKAGES = 150, 5

# In GB of 10**9 bytes: what pip fetches, what it leaves on the disk, and what it needs at the most,
# with its cache, the wheels and what comes out of them side by side. Linux measured with torch 2.15,
# which brings CUDA; elsewhere it does not, and the figures are the sums of the wheels.
if sys.platform.startswith("linux"):
    DOWNLOAD_GB, INSTALLED_GB, DISK_GB = 3.2, 6.4, 13.0
else:
    DOWNLOAD_GB, INSTALLED_GB, DISK_GB = 0.3, 1.0, 2.0


class Pip(NamedTuple):
    """How to run pip: the environment's Python, the folders, and the lock that pip is to share."""

    python: Path
    project: Path
    venv: Path
    lock: IO[bytes]


def warn_of_a_full_disk(venv: Path) -> None:
    free_gb = shutil.disk_usage(str(venv)).free / 1e9
    if free_gb < DISK_GB:
        say(
            f"Warning: {free_gb:.1f} GB are free in {venv.parent}, "
            f"and the set-up may need {DISK_GB:g} GB for a while."
        )


def make_venv(venv: Path) -> None:
    """Make a new virtual environment with pip in it."""
    done = subprocess.run(
        [sys.executable, "-I", "-m", "venv", str(venv)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    if done.returncode != 0:
        raise SetupError(
            f"The virtual environment in {venv} could not be made:\n\n{done.stdout.strip()}"
        )


def began_installing(line: str) -> bool:
    """Whether pip says here that it has everything and now changes the environment."""
    return line.startswith("Installing collected packages:")


def progress_note(line: str) -> str | None:
    """What a line of pip's output is worth telling: the large downloads, and the unpacking."""
    words = line.split()
    if words[:1] == ["Downloading"] and len(words) == 4 and words[3] == "MB)":
        size = float(words[2].lstrip("("))
        name = words[1].rpartition("/")[2].split("-")[0]
        return f"  downloading {name} ({size:.0f} MB)" if size >= NOTEWORTHY_MB else None
    if began_installing(line) and len(words) - 3 >= NOTEWORTHY_PACKAGES:
        return f"  unpacking {len(words) - 3} packages"
    return None


def pip_advice(output: str) -> str:
    """What to do about a failed pip, judged by what it printed."""
    lower = output.lower()
    if "no space left" in lower or "errno 28" in lower or "not enough space" in lower:
        return f"The disk is full. Make room (up to {DISK_GB:g} GB), then run this again."
    # "Retrying" is pip's own word for every kind of broken connection.
    if any(word in lower for word in ("retrying", "timed out", "connection", "certificate")):
        return (
            "The network failed, or the package index cannot be reached from here. Check the "
            "connection (and the proxy, if there is one), then run this again."
        )
    _, found, rest = output.partition("No matching distribution found for ")
    if found:
        version = f"{sys.version_info[0]}.{sys.version_info[1]}"
        return (
            f"There is no build of {rest.split()[0]} for Python {version} on this machine. A 64-bit "
            "Python from 3.11 to 3.13 is the safest choice. (For Macs with an Intel processor PyTorch "
            "is no longer built.)"
        )
    return "Run this again; if it fails in the same way, the log says more."


def pip_failure_message(output: Sequence[str], venv: Path) -> str:
    """Tells someone what pip found wrong, what to do about it, and where the rest is."""
    errors = [at for at, line in enumerate(output) if line.lower().startswith("error")]
    tail = "".join(output[errors[0] :] if errors else output)[-2000:].strip()
    return (
        f"pip could not install what the app needs:\n\n{tail}\n\n{pip_advice(''.join(output))}\n"
        f"All that pip said is in {venv / LOG_NAME}."
    )


def run_pip(pip: Pip, arguments: Sequence[str], output: list[str]) -> int:
    """Run `pip install` in the environment and return its exit status.

    Its lines go to the log and to `output` as they come; those that matter are told in short.
    """
    # All temporary files lie beside the result: /tmp is often a small disk in memory.
    scratch = pip.venv / "tmp"
    scratch.mkdir(exist_ok=True)
    environ = {**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(scratch))}
    environ["PIP_USER"] = "0"  # as a setting of the person's it would be an error in an environment
    options = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    with (pip.venv / LOG_NAME).open("a", buffering=1, encoding="utf-8") as log, subprocess.Popen(
        [str(pip.python), "-I", "-m", "pip", "install", *options, *arguments],
        cwd=str(pip.project),
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        # Were this process killed, pip would live on: let it keep the lock for as long as it does.
        pass_fds=() if os.name == "nt" else (pip.lock.fileno(),),
    ) as process:
        assert process.stdout is not None
        try:
            for line in process.stdout:
                log.write(line)
                output.append(line)
                note = progress_note(line)
                if note:
                    say(note)
        except BaseException:
            process.terminate()
            raise
    shutil.rmtree(str(scratch), ignore_errors=True)
    return process.returncode
