"""The set-up that scripts/start and scripts/check share: a finished environment, or a clear error.

It is a virtual environment in .venv beside pyproject.toml; HANDWRITE_VENV names another folder. A state file
in it says what was installed, and is there only once the installation has finished: else all is made again,
out of uv's cache. Standard library only, and nothing that Python 3.8 cannot import, so that an old Python
gets a sentence instead of a SyntaxError.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import shutil
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Callable, Iterator, Sequence

import system_packages
from system_packages import SetupError, run, say

ROOT = Path(__file__).resolve().parent.parent
STATE_NAME, LOCK_NAME = "handwrite-setup.json", "handwrite-setup.lock"
MINIMUM_UV = (0, 8)  # its --torch-backend is no preview any more
# GB fetched, and GB on the disk in the end: PyPI's build for Linux with CUDA, and any other.
SIZES = {True: (3.2, 6.2), False: (0.5, 1.6)}
DRIVER = ("/sys/module/nvidia/version", "/proc/driver/nvidia/version")


def project_digest() -> str:
    return hashlib.sha256(str(ROOT).encode() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()


def read_state(venv: Path) -> dict[str, Any]:
    """What was installed here, see `install`; empty where nothing was that still runs."""
    try:
        state: dict[str, Any] = json.loads((venv / STATE_NAME).read_text(encoding="utf-8"))
        runs = Path(state["python"]).exists() and venv_python(venv).exists()
        return state if runs and state["folder"] == str(venv) else {}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def is_ready(venv: Path, extras: Sequence[str], torch: str | None) -> bool:
    """Whether nothing at all is left to do."""
    state = read_state(venv)
    whole = state and state["digest"] == project_digest() and set(extras) <= set(state["extras"])
    return bool(whole) and torch in (None, state["torch"])


def installed(venv: Path) -> set[Path]:
    """The packages, by the folders that describe them."""
    names = ("lib/python*/site-packages/*.dist-info", "Lib/site-packages/*.dist-info")
    return {path for name in names for path in venv.glob(name)}


@contextmanager
def locked(venv: Path) -> Iterator[None]:
    """Hold the folder, which is made where need be; the system frees it when its holder dies."""
    lock = venv / LOCK_NAME
    if venv.exists() and not lock.exists() and any(venv.iterdir()):
        raise SetupError(
            f"{venv} exists, but was not made by this script, so it is left alone.\n\n"
            "Move it away, or set HANDWRITE_VENV to the folder that the environment should go to."
        )
    venv.mkdir(parents=True, exist_ok=True)
    with lock.open("ab") as handle:
        if sys.platform != "win32":  # there uv alone sees to it
            import fcntl

            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another set-up is at work here; waiting for it to finish.")
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def venv_python(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def find_uv(venv: Path) -> str | None:
    """uv on the path or in the environment, if it is new enough."""
    for path in (shutil.which("uv"), shutil.which("uv", path=str(venv_python(venv).parent))):
        words = run([path, "--version"])[1].split() if path else []
        if words[1:] and tuple(map(int, words[1].split(".")[:2])) >= MINIMUM_UV:
            return path
    return None


def make_venv(venv: Path) -> None:
    """A new virtual environment with uv at hand: from the path, or installed into it."""
    uv, why = find_uv(venv), ""
    new_enough = sys.version_info >= (3, 11)
    if uv:
        python = sys.executable if new_enough else ">=3.11"
        failed, why = run([uv, "venv", "--allow-existing", "--python", python, str(venv)])
        if not failed:
            return
    if not new_enough:
        raise SetupError(
            f"Python 3.11 or newer is needed, and this is {sys.version.split()[0]}.\n\nInstall a newer "
            "one (python.org, or your system's packages) and run this with it, for example:\n\n"
            f"    python3.12 {sys.argv[0]}\n\n{why}".rstrip()
        )
    failed, why = run([sys.executable, "-I", "-m", "venv", str(venv)])
    if failed:
        raise SetupError(f"The environment in {venv} could not be made:\n\n{why}")
    if not uv:
        pip(venv, "--quiet", "uv")


def pip(venv: Path, *arguments: str) -> int:
    """Run `pip install` in the environment, its words on the terminal; the exit status."""
    python = [str(venv_python(venv)), "-I", "-m"]
    if run([*python, "pip", "--version"])[0]:
        run([*python, "ensurepip"])
    quiet = ["--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    # PIP_USER as a setting of the person's is an error in an environment
    return run([*python, "pip", "install", *quiet, *arguments], {"PIP_USER": "0"}, show=True)[0]


def settings_for_uv() -> dict[str, str]:
    """The system's certificates, and pip's index where one is set: uv does not read pip's settings."""
    settings = {"UV_SYSTEM_CERTS": "1"}
    for line in run([sys.executable, "-m", "pip", "config", "list"])[1].splitlines():
        key, _, value = line.partition("=")
        if key.endswith(".index-url"):
            settings["UV_DEFAULT_INDEX"] = str(ast.literal_eval(value))
    return {name: value for name, value in settings.items() if name not in os.environ}


def torch_option(uv: list[str], choice: str, settings: dict[str, str], new: bool) -> list[str]:
    """uv's option for the build of PyTorch, none for PyPI's; says which it is, and how large."""
    linux = sys.platform.startswith("linux")
    told = os.environ.get("UV_CUDA_DRIVER_VERSION") or shutil.which("nvidia-smi")
    driver = bool(told) or any(Path(path).exists() for path in DRIVER)  # as uv finds out
    cuda = choice == "cuda" or (choice == "auto" and driver)
    name = "for CUDA" if cuda else "for the processor alone"
    option = ["--torch-backend", "cpu" if choice == "cpu" else "auto"]
    if sys.platform == "darwin" or (cuda and not driver):
        option = []  # PyPI's is the one that is wanted
    else:
        quick = {"UV_HTTP_CONNECT_TIMEOUT": "5", "UV_HTTP_RETRIES": "0"}
        ask = [*uv, *option, "--dry-run", "--reinstall", "--no-deps", "torch", "torchvision"]
        if run(ask, {**settings, **quick})[0]:
            option, cuda, name = [], linux, "PyPI's, as PyTorch's own index cannot be reached"
    fetched, kept = SIZES[cuda and linux]
    size = f" About {fetched:g} GB to fetch, {kept:g} GB on the disk." if new else ""
    say(f"PyTorch's build: {name}.{size}")
    return option


def fill(venv: Path, requirement: str, choice: str) -> None:
    """Install the project in the current folder with what it needs. Raises SetupError."""
    uv = find_uv(venv)
    if uv:
        settings = settings_for_uv()
        words = [uv, "pip", "install", "--python", str(venv_python(venv))]
        new = not any("torch-" in path.name for path in installed(venv))
        words += [*torch_option(words, choice, settings, new), "--editable", requirement]
        if not run(words, settings, show=True)[0]:
            return
    say(f"uv {'failed' if uv else 'cannot be had'} here; pip tries, with PyPI's build of PyTorch.")
    if pip(venv, "--editable", requirement):
        raise SetupError(
            "It could not be installed; the lines above say why. Check the network (and the proxy) and the "
            "room on the disk, and that this is a 64-bit Python from 3.11 to 3.13; then run this again."
        )


def install(venv: Path, extras: Sequence[str], torch: str | None) -> None:
    """Bring the environment up to date; make it anew where the last installation is of no use."""
    before, packages = read_state(venv), installed(venv)
    choice = torch or before.get("torch", "auto")
    wanted = sorted({*extras, *before.get("extras", ())})
    started, state = time.monotonic(), venv / STATE_NAME
    text = state.read_text(encoding="utf-8") if before else ""
    state.unlink() if before else None
    try:
        if before and before["torch"] == choice:
            say("Updating the environment.")
        else:
            say(f"Setting up in {venv}, this once.")
            for path in (path for path in venv.iterdir() if path.name != LOCK_NAME):
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            make_venv(venv)
        os.chdir(ROOT)
        fill(venv, f".[{','.join(wanted)}]" if wanted else ".", choice)
    except BaseException:
        if before and installed(venv) == packages:  # nothing was touched: what was there works
            state.write_text(text, encoding="utf-8")
        raise
    python = run([str(venv_python(venv)), "-c", "import sys; print(sys._base_executable)"])[1]
    now = {"digest": project_digest(), "extras": wanted, "torch": choice, "folder": str(venv)}
    state.write_text(json.dumps({**now, "python": python}, indent=1) + "\n", encoding="utf-8")
    say(f"Set up in {time.monotonic() - started:.0f} s.")


def prepare(*, extras: Sequence[str] = (), window: bool = False, torch: str | None = None) -> str:
    """The Python of an environment in which the app runs, made first where need be. Raises SetupError.

    extras: of pyproject.toml. window: one is to open, on a real display. torch: "auto", "cpu" or "cuda",
    None for what it was before. When all is done already this takes a few hundredths of a second.
    """
    linux, environ = sys.platform.startswith("linux"), dict(os.environ)
    if linux and window:
        system_packages.require_display(environ)
    # absolute, not resolved: a link to a folder on another disk stays one.
    venv = Path(os.environ.get("HANDWRITE_VENV") or ROOT / ".venv").expanduser().absolute()
    try:
        if not is_ready(venv, extras, torch) or (
            linux and system_packages.look(environ, window=window, new_venv=False)
        ):
            with locked(venv):
                ready = is_ready(venv, extras, torch)
                if linux:  # uv makes environments by itself
                    new_venv = not ready and shutil.which("uv") is None
                    system_packages.ensure(environ, window=window, new_venv=new_venv)
                if not ready:
                    install(venv, extras, torch)
    except OSError as error:
        advice = "Is it writable, and is the app closed? HANDWRITE_VENV can name another folder."
        raise SetupError(f"The environment in {venv} failed: {error}.\n\n{advice}") from error
    return str(venv_python(venv))


def hand_over(command: Sequence[str]) -> int:
    """Become the command where the system can do that; else run it and return its exit status."""
    sys.stdout.flush()
    # A framework Python on macOS leaves this behind, and the next Python would believe it.
    os.environ.pop("__PYVENV_LAUNCHER__", None)
    if os.name != "nt":
        os.execv(command[0], list(command))
    import subprocess

    return subprocess.call(command)


def main_program(main: Callable[[Sequence[str]], int]) -> int:
    """Call `main`; its exit status, 2 where the set-up failed, 130 where it was stopped."""
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot show a character of a path shows a question mark.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        return main(sys.argv[1:])
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
