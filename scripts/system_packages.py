"""What Qt's wheels expect of a Linux system: what is missing, and how to get it.

macOS and Windows bring everything with them; nothing here is called there. Standard library only, and
nothing that Python 3.8 cannot import (see environment.py).
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Iterator

# On a bare Debian 12 these bring all that PySide6-Essentials 6.11 and its platform plugins need with them.
QT = ("GL.so.1", "EGL.so.1", "xkbcommon.so.0", "fontconfig.so.1", "glib-2.0.so.0", "dbus-1.so.3")
XCB = ("cursor.so.0", "icccm.so.4", "keysyms.so.1", "shape.so.0", "randr.so.0", "sync.so.1")
OFFSCREEN = [f"lib{name}" for name in QT]
X11 = [*OFFSCREEN, "libxkbcommon-x11.so.0", *(f"libxcb-{name}" for name in XCB)]
WAYLAND = [*OFFSCREEN, "libwayland-client.so.0", "libwayland-cursor.so.0"]
LIBRARIES = {"xcb": X11, "wayland": WAYLAND, "wayland-egl": WAYLAND}

VENV = "Python's own modules venv and ensurepip"
FONT = "a font (without one texts show as empty boxes)"
CHINESE_FONT = "a font for Chinese (without one the app stays in English)"
DEBIAN = {
    VENV: f"python{sys.version_info[0]}.{sys.version_info[1]}-venv",
    FONT: "fonts-dejavu-core",
    CHINESE_FONT: "fonts-noto-cjk",
    "libglib-2.0.so.0": "libglib2.0-0",
}
FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/run/current-system/sw/share/X11/fonts")
CHINESE_FONT_BYTES = 3_500_000  # the smallest, Droid's, has 3.8 MB; hardly another font has that


class SetupError(Exception):
    """Set-up cannot go on. The text is for people: what happened, then what to do."""


def say(text: str) -> None:
    """Print a line of progress at once, also where the output goes to a file."""
    print(text, flush=True)


def run(
    command: list[str], environ: dict[str, str] | None = None, *, show: bool = False
) -> tuple[int, str]:
    """Run a command and return its exit status and what it printed, unless that is shown as it comes."""
    import subprocess  # here, not above: it is slow to import and seldom needed

    done = subprocess.run(
        command,
        env=dict(os.environ, **(environ or {})),
        stdin=subprocess.DEVNULL,
        stdout=None if show else subprocess.PIPE,
        stderr=None if show else subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    return done.returncode, (done.stdout or "").strip()


def require_display(environ: dict[str, str]) -> None:
    """Raise SetupError where no window could open; before anything is downloaded."""
    if not any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        raise SetupError(
            "There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set.\n\nRun it "
            "in a terminal of a desktop session. On a machine without a screen, a virtual one will do:\n\n"
            "    xvfb-run -a python3 scripts/start\n\n"
            "(from the packages xvfb and xauth; over ssh, `ssh -X` gives you a display too)"
        )


def loads(soname: str) -> bool:
    """Whether the linker finds a library (5 ms for all). Package databases and ldconfig know nothing of
    LD_LIBRARY_PATH, of other architectures or of systems such as NixOS."""
    try:
        return bool(ctypes.CDLL(soname))
    except OSError:
        return False


def fonts(home: Path) -> Iterator[Path]:
    """The files that Qt can draw with, where fontconfig looks by default and where NixOS keeps them."""
    for place in (home / ".fonts", home / ".local/share/fonts", *map(Path, FONTS)):
        for folder, _, names in os.walk(str(place), followlinks=True):
            files = (Path(folder, name) for name in names)
            yield from (one for one in files if one.suffix.lower() in (".ttf", ".otf", ".ttc"))


def look(environ: dict[str, str], *, window: bool, new_venv: bool) -> list[str]:
    """What the system lacks for a window (or none) and for making an environment: libraries by the name that
    the linker asks for, of the platform that is nearest to complete, and others of DEBIAN's keys."""
    asked = [one.split(":")[0] for one in environ.get("QT_QPA_PLATFORM", "").split(";") if one]
    displays = (("wayland", "WAYLAND_DISPLAY"), ("xcb", "DISPLAY"))
    platforms = asked or [name for name, variable in displays if environ.get(variable)]
    sets = [LIBRARIES.get(name, OFFSCREEN) for name in platforms] if window else [OFFSCREEN]
    missing = min(([name for name in one if not loads(name)] for one in sets), key=len)
    home = Path(environ.get("HOME", "/"))
    if not any(True for _ in fonts(home)):
        missing.append(FONT)
    languages = (environ.get(name) for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    if window and next(filter(None, languages), "").startswith("zh"):
        letters = (one for one in fonts(home) if one.is_file() and "emoji" not in one.name.lower())
        if not any(one.stat().st_size >= CHINESE_FONT_BYTES for one in letters):
            missing.append(CHINESE_FONT)
    # Debian and Ubuntu keep these two in a package of their own.
    if new_venv and not (find_spec("venv") and find_spec("ensurepip")):
        missing.append(VENV)
    return missing


def debian_package(missing: str) -> str:
    """The package: Debian names those of libraries by rule, libxcb-shm.so.0 → libxcb-shm0."""
    name, _, version = missing.lower().partition(".so.")
    return DEBIAN.get(missing) or name + "-" * name[-1].isdigit() + version


def command(missing: list[str]) -> str:
    """A line for the terminal that installs it, or what to do where we know none."""
    # To rpm a library's own name is something to install.
    sonames = [f"'{name}()(64bit)'" for name in missing if ".so." in name]
    names = {"apt-get": sorted(map(debian_package, missing)), "dnf": sonames, "zypper": sonames}
    found = next((manager for manager in names if shutil.which(manager)), "")
    if not names.get(found):
        return "Install it with your system's package manager, then run this again."
    return f"Install it, then run this again:\n\n    sudo {found} install {' '.join(names[found])}"


def ensure(environ: dict[str, str], *, window: bool, new_venv: bool) -> None:
    """Install what the system lacks, or raise SetupError saying how to.

    A missing font is only a warning: there may be one in a place that only fontconfig knows.
    """
    missing = look(environ, window=window, new_venv=new_venv)
    if missing and hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        packages = sorted(map(debian_package, missing))
        say("Installing system packages: " + " ".join(packages))
        apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300"]
        run([*apt, "update"])  # where that fails the lists at hand may do
        words = ["install", "-y", "--no-install-recommends", *packages]
        failed, output = run([*apt, *words], {"DEBIAN_FRONTEND": "noninteractive"})
        if failed:
            raise SetupError(f"apt-get could not install {' '.join(packages)}:\n\n{output}")
        missing = look(environ, window=window, new_venv=new_venv)
    text = f"Missing on this system: {', '.join(missing)}.\n\n{command(missing)}"
    if set(missing) - {FONT, CHINESE_FONT}:
        raise SetupError(text)
    if missing:
        say("Warning: " + text)
