"""What Qt's wheels expect of a Linux system: which libraries are missing, and how to get them.

macOS and Windows bring everything with them; nothing here is called there. Standard library only,
and nothing that Python 3.8 cannot import (see environment.py).
"""

from __future__ import annotations

import ctypes
import os
import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence


class SetupError(Exception):
    """Set-up cannot go on. The text is for people: what happened, then what to do."""


def say(text: str) -> None:
    """Print a line of progress at once, also where the output goes to a file."""
    print(text, flush=True)


class Library(NamedTuple):
    """A shared library by the name the linker asks for, and the package it comes in.

    rpm systems need no column: there `soname()(64bit)` is itself something to install.
    """

    soname: str
    apt: str
    pacman: str


# Read off the NEEDED entries of PySide6-Essentials 6.11 (QtCore, QtGui, QtWidgets, QtDBus and the
# platform plugins), less what every system with Python has (libc, libstdc++, zlib, zstd, krb5).
OFFSCREEN = (
    Library("libGL.so.1", "libgl1", "libglvnd"),
    Library("libEGL.so.1", "libegl1", "libglvnd"),
    Library("libX11.so.6", "libx11-6", "libx11"),
    Library("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
    Library("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    Library("libfreetype.so.6", "libfreetype6", "freetype2"),
    Library("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
    Library("libdbus-1.so.3", "libdbus-1-3", "dbus"),
)
X11 = (
    *OFFSCREEN,
    Library("libX11-xcb.so.1", "libx11-xcb1", "libx11"),
    Library("libxcb.so.1", "libxcb1", "libxcb"),
    Library("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
    Library("libxcb-image.so.0", "libxcb-image0", "xcb-util-image"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
    Library("libxcb-randr.so.0", "libxcb-randr0", "libxcb"),
    Library("libxcb-render.so.0", "libxcb-render0", "libxcb"),
    Library("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil"),
    Library("libxcb-shape.so.0", "libxcb-shape0", "libxcb"),
    Library("libxcb-shm.so.0", "libxcb-shm0", "libxcb"),
    Library("libxcb-sync.so.1", "libxcb-sync1", "libxcb"),
    Library("libxcb-util.so.1", "libxcb-util1", "xcb-util"),
    Library("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
)
WAYLAND = (
    *OFFSCREEN,
    Library("libwayland-client.so.0", "libwayland-client0", "wayland"),
    Library("libwayland-cursor.so.0", "libwayland-cursor0", "wayland"),
)

# Without any font Qt paints every letter as an empty box, or not at all.
FONT_PACKAGE = {
    "apt-get": "fonts-dejavu-core",
    "dnf": "dejavu-sans-fonts",
    "pacman": "ttf-dejavu",
    "zypper": "dejavu-fonts",
}
# Wanted where the system speaks Chinese; without one the app stays in English (language.py).
CHINESE_FONT_PACKAGE = {
    "apt-get": "fonts-noto-cjk",
    "dnf": "google-noto-sans-cjk-fonts",
    "pacman": "noto-fonts-cjk",
    "zypper": "google-noto-sans-cjk-fonts",
}
# The outlines of thousands of characters take that much (the smallest in use, Droid's, 3.8 MB), and
# hardly another font does.
CHINESE_FONT_BYTES = 3_500_000
INSTALL = {
    "apt-get": "apt-get install",
    "dnf": "dnf install",
    "pacman": "pacman -S",
    "zypper": "zypper install",
}

NO_DISPLAY = """\
There is no display to open a window on: neither DISPLAY nor WAYLAND_DISPLAY is set.

Run it in a terminal of a desktop session. On a machine without a screen, a virtual one will do:

    xvfb-run -a python3 scripts/start

(from the packages xvfb and xauth; over ssh, `ssh -X` gives you a display too)"""


def require_display(environ: Mapping[str, str]) -> None:
    """Raise SetupError where no window could open; before anything is downloaded."""
    if not any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        raise SetupError(NO_DISPLAY)


def library_sets(environ: Mapping[str, str], *, window: bool) -> list[tuple[Library, ...]]:
    """The libraries for each platform that Qt may choose here; one complete set is enough."""
    if not window:
        return [OFFSCREEN]
    asked = [part.split(":")[0] for part in environ.get("QT_QPA_PLATFORM", "").split(";") if part]
    if not asked:
        asked = [
            platform
            for platform, variable in (("wayland", "WAYLAND_DISPLAY"), ("xcb", "DISPLAY"))
            if environ.get(variable)
        ]
    by_name = {"xcb": X11, "wayland": WAYLAND, "wayland-egl": WAYLAND}
    return [by_name.get(name, OFFSCREEN) for name in asked]


def missing_libraries(
    sets: Iterable[Sequence[Library]], load: Callable[[str], object] = ctypes.CDLL
) -> list[Library]:
    """What the set that is nearest to complete lacks; empty where one of them is complete.

    The linker itself is asked (5 ms for all), because package databases and ldconfig know nothing
    of LD_LIBRARY_PATH, of other architectures or of systems such as NixOS.
    """

    def absent(library: Library) -> bool:
        try:
            load(library.soname)
        except OSError:
            return True
        return False

    return min(([library for library in one if absent(library)] for one in sets), key=len)


def font_folders(environ: Mapping[str, str]) -> list[Path]:
    """Where fontconfig looks by default, and where NixOS keeps its fonts."""
    home = Path(environ.get("HOME", "/"))
    data_home = environ.get("XDG_DATA_HOME") or str(home / ".local" / "share")
    data = environ.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    folders = [Path(folder) / "fonts" for folder in [data_home, *data.split(":")] if folder]
    always = (
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/run/current-system/sw/share/X11/fonts",
    )
    return [*folders, *map(Path, always), home / ".fonts"]


def fonts(folders: Iterable[Path]) -> Iterator[Path]:
    """The files that Qt can draw with."""
    for folder in folders:
        for place, _, names in os.walk(str(folder), followlinks=True):
            for name in names:
                if name.lower().endswith((".ttf", ".otf", ".ttc")):
                    yield Path(place, name)


def has_font(folders: Iterable[Path]) -> bool:
    """Whether any of the folders holds a font. Stops at the first."""
    return any(True for _ in fonts(folders))


def has_chinese_font(folders: Iterable[Path]) -> bool:
    """Whether one of the fonts is so large that Chinese is in it: there is no asking without libraries."""
    return any(
        path.is_file()
        and path.stat().st_size >= CHINESE_FONT_BYTES
        and "emoji" not in path.name.lower()
        for path in fonts(folders)
    )


def speaks_chinese(environ: Mapping[str, str]) -> bool:
    """Whether the system's texts are in Chinese."""
    settings = (environ.get(name) for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"))
    return next((value for value in settings if value), "").startswith("zh")


def can_make_venvs() -> bool:
    """Whether this Python is whole. Debian and Ubuntu keep these two in a package of their own."""
    from importlib.util import find_spec

    return find_spec("venv") is not None and find_spec("ensurepip") is not None


class Missing(NamedTuple):
    """What the system lacks."""

    libraries: Sequence[Library] = ()
    font: bool = False
    venv: bool = False
    chinese_font: bool = False


def look(environ: Mapping[str, str], *, window: bool, new_venv: bool) -> Missing:
    """Find out what the system lacks for a window (or none), and for making an environment."""
    folders = font_folders(environ)
    chinese = window and speaks_chinese(environ)
    return Missing(
        libraries=missing_libraries(library_sets(environ, window=window)),
        font=not has_font(folders),
        venv=new_venv and not can_make_venvs(),
        chinese_font=chinese and not has_chinese_font(folders),
    )


def package_manager(which: Callable[[str], str | None] = shutil.which) -> str | None:
    """The system's package manager, if it is one of those we know."""
    return next((name for name in INSTALL if which(name)), None)


def package_names(missing: Missing, manager: str) -> list[str]:
    """The packages to install, without repeats, in a stable order."""
    if manager == "apt-get":
        names = [library.apt for library in missing.libraries]
    elif manager == "pacman":
        names = [library.pacman for library in missing.libraries]
    else:
        names = [library.soname + "()(64bit)" for library in missing.libraries]
    if missing.font:
        names.append(FONT_PACKAGE[manager])
    if missing.chinese_font:
        names.append(CHINESE_FONT_PACKAGE[manager])
    if missing.venv and manager == "apt-get":
        names.append(f"python{sys.version_info[0]}.{sys.version_info[1]}-venv")
    return sorted(set(names))


def install_command(packages: Iterable[str], manager: str) -> str:
    """A line to paste into a terminal."""
    return " ".join(["sudo", INSTALL[manager], *map(shlex.quote, packages)])


def is_root_with_apt() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(packages: Sequence[str]) -> None:
    """Install packages, as root and without a question. Raises SetupError with apt's own words."""
    import subprocess  # here, not above: it is slow to import and seldom needed

    say("Installing system packages: " + " ".join(packages))
    environ = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    wait = ["-o", "DPkg::Lock::Timeout=300"]
    install = ["apt-get", *wait, "install", "-y", "-qq", "--no-install-recommends", *packages]
    # A failed update is no reason to stop: the lists at hand may do, else the install says why.
    output = ""
    for command in (["apt-get", *wait, "update", "-qq"], install):
        done = subprocess.run(
            command,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        )
        output += done.stdout
    if done.returncode != 0:
        raise SetupError(
            "apt-get could not install the system packages that Qt and Python need here:\n\n"
            f"{output.strip()}\n\n"
            "Check the network and apt's sources, then run this again. By hand it is:\n\n"
            f"    {install_command(packages, 'apt-get')}"
        )


def message(missing: Missing, manager: str | None) -> str:
    """Tells someone who has to install packages by hand what is missing and what to type."""
    parts = []
    if missing.venv:
        parts.append("Python's own modules venv and ensurepip")
    if missing.libraries:
        parts.append(
            "libraries that Qt needs: " + ", ".join(one.soname for one in missing.libraries)
        )
    packages = package_names(missing, manager) if manager else []
    if manager and packages:
        how = f"Install them, then run this again:\n\n    {install_command(packages, manager)}"
    else:
        how = "Install them with your system's package manager, then run this again."
    return f"Missing on this system: {'; and '.join(parts)}.\n\n{how}"


def ensure(environ: Mapping[str, str], *, window: bool, new_venv: bool) -> None:
    """Install what the system lacks, or raise SetupError saying how to.

    A missing font is only a warning: there may be one in a place that only fontconfig knows.
    """
    missing = look(environ, window=window, new_venv=new_venv)
    if any(missing) and is_root_with_apt():
        apt_install(package_names(missing, "apt-get"))
        missing = look(environ, window=window, new_venv=new_venv)
    manager = package_manager()
    if missing.libraries or missing.venv:
        raise SetupError(message(missing, manager))
    if missing.font:
        how = f": {install_command([FONT_PACKAGE[manager]], manager)}" if manager else "."
        say(f"Warning: no fonts were found; text may show as empty boxes. Install one{how}")
    if missing.chinese_font:
        how = f": {install_command([CHINESE_FONT_PACKAGE[manager]], manager)}" if manager else "."
        say(f"Warning: no font for Chinese was found; the app stays in English. Install one{how}")
