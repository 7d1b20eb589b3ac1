"""The set-up that scripts/start and scripts/check share: a finished environment, or a clear error.

It is a virtual environment in .venv beside pyproject.toml; HANDWRITE_VENV names another folder. A
state file in it says what was installed, and is "finished" only once pip has finished: anything
else is built again from nothing. Standard library only, and nothing that Python 3.8 cannot import,
so that an old Python gets a sentence instead of a SyntaxError.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

import system_packages
from system_packages import SetupError, say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

ROOT = Path(__file__).resolve().parent.parent
MINIMUM = (3, 11)
NEWER = ("python3.14", "python3.13", "python3.12", "python3.11", "python3")
STATE_NAME = "handwrite-setup.json"
LOCK_NAME = "handwrite-setup.lock"


class State(NamedTuple):
    """What the state file says; a change of `digest` asks for another installation."""

    finished: bool
    digest: str
    extras: tuple[str, ...]
    folder: str
    interpreter: str
    version: str


# Python itself


def version_message(version: Sequence[int]) -> str:
    return (
        f"Python 3.11 or newer is needed, and this is {version[0]}.{version[1]}.\n\n"
        "Install a newer one (python.org, or your system's packages) and run this with it, "
        "for example:\n\n    python3.12 " + sys.argv[0]
    )


def _version_of(python: str) -> tuple[int, ...]:
    """The (major, minor) that an interpreter reports, or () where it does not run."""
    import subprocess

    code = "import sys; print(*sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-I", "-c", code], capture_output=True, timeout=20)
        return tuple(map(int, done.stdout.split()))
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return ()


def newer_python(
    which: Callable[[str], str | None] = shutil.which,
    version_of: Callable[[str], tuple[int, ...]] = _version_of,
) -> str | None:
    """Another interpreter on the path that is new enough."""
    found = (path for path in map(which, NEWER) if path)
    return next((path for path in found if version_of(path) >= MINIMUM), None)


# The state of an environment


def venv_folder() -> Path:
    chosen = os.environ.get("HANDWRITE_VENV")
    # absolute, not resolved: a link to a folder on another disk stays one.
    return Path(chosen).expanduser().absolute() if chosen else ROOT / ".venv"


def venv_python(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def project_digest(pyproject: bytes, checkout: Path) -> str:
    """A name for what pip is told: the dependencies, how the package is built, and from where."""
    import tomllib

    read = tomllib.loads(pyproject.decode())
    tables = [read.get("build-system"), read.get("project"), read.get("tool", {}).get("hatch")]
    text = json.dumps([str(checkout), tables], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def read_state(venv: Path) -> State | None:
    """The state file, or None where there is none that makes sense."""
    try:
        read = json.loads((venv / STATE_NAME).read_text(encoding="utf-8"))
        return State(**{**read, "extras": tuple(read["extras"])})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def write_state(venv: Path, state: State) -> None:
    """Replace the state file in one step: a reader sees the old one or the new one."""
    new = venv / (STATE_NAME + f".{os.getpid()}")
    new.write_text(json.dumps(state._asdict(), indent=1) + "\n", encoding="utf-8")
    new.replace(venv / STATE_NAME)


def interpreter_behind(venv: Path) -> str:
    """The Python that the environment was made from, "" where it is gone.

    An upgrade of the system may take it away, or put another version under the same link.
    """
    if os.name == "nt":  # python.exe there only starts the one that pyvenv.cfg names
        try:
            lines = (venv / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
        except OSError:
            return ""
        pairs = (line.partition("=") for line in lines)
        path = next((value.strip() for key, _, value in pairs if key.strip() == "executable"), "")
    else:
        path = os.path.realpath(str(venv_python(venv)))
    return path if path and Path(path).exists() else ""


def is_usable(venv: Path, state: State | None) -> bool:
    """Whether pip finished here and the environment still runs; it may yet lack something new."""
    if state is None or not state.finished or state.folder != str(venv):
        return False
    behind = interpreter_behind(venv)
    if behind == state.interpreter:
        return behind != ""
    version = _version_of(str(venv_python(venv)))
    return ".".join(map(str, version)) == state.version


def is_ready(venv: Path, digest: str, extras: Iterable[str]) -> bool:
    """Whether nothing at all is left to do."""
    state = read_state(venv)
    return (
        state is not None
        and state.digest == digest
        and set(extras) <= set(state.extras)
        and is_usable(venv, state)
    )


def _contents(venv: Path) -> list[Path]:
    ours = (LOCK_NAME, STATE_NAME)
    return [path for path in venv.iterdir() if not path.name.startswith(ours)]


def require_own(venv: Path) -> None:
    """Raise SetupError for a folder that is neither empty nor made by this set-up."""
    if venv.exists() and _contents(venv) and not (venv / STATE_NAME).exists():
        raise SetupError(
            f"{venv} exists, but was not made by this script, so it is left alone.\n\n"
            "Move it away, or set HANDWRITE_VENV to the folder that the environment should go to."
        )


def clear(venv: Path) -> None:
    """Empty the folder for a fresh start, but for the state and the lock."""
    for path in _contents(venv):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(str(path))
        else:
            path.unlink()


# One set-up at a time


def _try_lock(handle: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            handle.seek(0)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


@contextmanager
def locked(path: Path, pause: float = 0.3) -> Iterator[IO[bytes]]:
    """Hold the lock file, waiting for whoever has it; the system frees it when a holder dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as handle:
        if not _try_lock(handle):
            say("Another set-up is at work here; waiting for it to finish.")
            while not _try_lock(handle):
                time.sleep(pause)
        yield handle


# Making the environment


def install(venv: Path, digest: str, extras: Iterable[str], lock: IO[bytes]) -> None:
    """Bring the environment up to date; make it anew unless the last installation was finished."""
    import installer

    before = read_state(venv)
    usable = is_usable(venv, before)
    wanted = tuple(sorted({*extras, *(before.extras if before else ())}))
    started = time.monotonic()
    if usable:
        say("Updating the environment.")
    else:
        say(
            f"Setting up in {venv}, this once: about {installer.DOWNLOAD_GB:g} GB to download and "
            f"{installer.INSTALLED_GB:g} GB on the disk, a few minutes on a fast line."
        )
        installer.warn_of_a_full_disk(venv)
    state = State(
        finished=False, digest=digest, extras=wanted, folder=str(venv), interpreter="", version=""
    )
    write_state(venv, state)
    pip = installer.Pip(python=venv_python(venv), project=ROOT, venv=venv, lock=lock)
    output: list[str] = []
    try:
        if not usable:
            clear(venv)
            installer.make_venv(venv)
            # Python's own pip may be years old; newer ones resume a download that broke off.
            installer.run_pip(pip, ["--upgrade", "pip"], [])
        requirement = f".[{','.join(wanted)}]" if wanted else "."
        if installer.run_pip(pip, ["--editable", requirement], output) != 0:
            raise SetupError(installer.pip_failure_message(output, venv))
    except BaseException:
        if usable and before is not None and not any(map(installer.began_installing, output)):
            write_state(venv, before)  # nothing was touched: what was there still works
        raise
    version = ".".join(map(str, _version_of(str(venv_python(venv)))))
    write_state(
        venv, state._replace(finished=True, interpreter=interpreter_behind(venv), version=version)
    )
    say(f"Set up in {time.monotonic() - started:.0f} s.")


def prepare(*, extras: Iterable[str] = (), window: bool = False) -> str:
    """The Python of an environment in which the app runs, made first where need be.

    `extras` are those of pyproject.toml; `window` says that a window is to open, on a real display.
    Raises SetupError. When all is done already this takes a few hundredths of a second.
    """
    linux = sys.platform.startswith("linux")
    if linux and window:
        system_packages.require_display(os.environ)
    venv = venv_folder()
    extras = tuple(extras)
    digest = project_digest((ROOT / "pyproject.toml").read_bytes(), ROOT)

    try:
        if not is_ready(venv, digest, extras) or (
            linux and any(system_packages.look(os.environ, window=window, new_venv=False))
        ):
            require_own(venv)
            with locked(venv / LOCK_NAME) as lock:
                ready = is_ready(venv, digest, extras)
                if linux:
                    system_packages.ensure(os.environ, window=window, new_venv=not ready)
                if not ready:
                    install(venv, digest, extras, lock)
    except OSError as error:
        raise SetupError(
            f"The environment in {venv} could not be set up: {error}.\n\n"
            "Is the folder writable, and is the app closed? HANDWRITE_VENV can name another folder."
        ) from error
    return str(venv_python(venv))


# Running something


def hand_over(command: Sequence[str]) -> int:
    """Become the command where the system can do that; else run it and return its exit status."""
    sys.stdout.flush()
    # A framework Python on macOS leaves this behind, and the next Python would believe it.
    environ = {key: value for key, value in os.environ.items() if key != "__PYVENV_LAUNCHER__"}
    if os.name != "nt":
        os.execve(command[0], list(command), environ)
    import subprocess

    return subprocess.call(command, env=environ)


def run(main: Callable[[Sequence[str]], int]) -> int:
    """Call `main` with the arguments in a Python that is new enough, and return an exit status.

    2 means that the set-up failed and 130 that it was stopped; the rest is for `main` to give.
    """
    for stream in (sys.stdout, sys.stderr):
        # A console that cannot show a character of a path shows a question mark.
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    if sys.version_info < MINIMUM:
        python = newer_python()
        if python is not None:
            return hand_over([python, *sys.argv])
        print(version_message(sys.version_info[:2]), file=sys.stderr)
        return 2
    try:
        return main(sys.argv[1:])
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 130
