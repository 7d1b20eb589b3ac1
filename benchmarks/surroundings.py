"""What a benchmark runs in: a display, folders of its own, data, and children with compiled modules."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

#: Of these would come measurements of something else than what people have.
_NOT_INHERITED = (
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPROFILEIMPORTTIME",
    "PYTHONDEVMODE",
    "HANDWRITE_REDUCED_MOTION",
)


@contextlib.contextmanager
def surroundings(platform: str | None = None) -> Iterator[dict[str, str]]:
    """The environment for an app that has nothing to do with the one of the person who measures.

    platform: Qt's, else the display's that there is, else that of an Xvfb which is started, else
    offscreen. The folders are gone afterwards, and so is the Xvfb.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    environment["PYTHONPATH"] = str(ROOT)
    with contextlib.ExitStack() as stack:
        home = stack.enter_context(tempfile.TemporaryDirectory(prefix="handwrite-benchmark-"))
        environment["HANDWRITE_HOME"] = str(Path(home) / "data")
        environment["HANDWRITE_CACHE"] = str(Path(home) / "cache")
        if platform:
            environment["QT_QPA_PLATFORM"] = platform
        elif sys.platform == "linux" and not any(
            environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")
        ):
            if shutil.which("Xvfb"):
                environment["DISPLAY"] = stack.enter_context(_xvfb())
                environment["QT_QPA_PLATFORM"] = "xcb"
            else:
                environment["QT_QPA_PLATFORM"] = "offscreen"
        yield environment


def enter(environment: dict[str, str]) -> None:
    """Makes it this process's. Before Qt is imported."""
    os.environ.clear()
    os.environ.update(environment)


def platform_of(environment: dict[str, str]) -> str:
    return environment.get("QT_QPA_PLATFORM") or "the desktop's"


def run_json_command(command: list[str], environment: dict[str, str], *, timeout: float) -> str:
    """The last line that a child prints. Raises RuntimeError where it fails."""
    done = subprocess.run(
        command,
        env=environment,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")
    return lines[-1]


def mnist_folder(environment: dict[str, str]) -> tuple[Path, str]:
    """A folder with MNIST/raw and what is in it: MNIST from HANDWRITE_DATA, else made-up pictures of the
    same number and form, which cost the same to learn from."""
    named = environment.get("HANDWRITE_DATA")
    if named and (Path(named) / "MNIST" / "raw").is_dir():
        return Path(named), "MNIST"
    from tests.made_up import write_mnist

    folder = Path(environment["HANDWRITE_HOME"]) / "made-up"
    if not folder.is_dir():
        write_mnist(folder)
    return folder, "made-up pictures"


@contextlib.contextmanager
def _xvfb() -> Iterator[str]:
    """An X server without a screen; the name of its display."""
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as numbers:
            number = numbers.readline().strip()
        if not number:
            raise RuntimeError("Xvfb did not start: install it, or use --platform offscreen")
        yield f":{number}"
    finally:
        server.terminate()
        server.wait()
