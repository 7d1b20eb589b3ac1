"""What can be set: one entry for each row of the settings' window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication

from handwrite_app.access.announcer import SPOKEN
from handwrite_app.access.speech import speech_program
from handwrite_app.canvas.canvas import MAX_PEN_WIDTH, MIN_PEN_WIDTH
from handwrite_app.canvas.document import DEFAULT_PEN_WIDTH
from handwrite_app.preferences.entry import Preference, choice, flag
from handwrite_app.preferences.stored import CONTRAST, REDUCED_MOTION, Host
from handwrite_app.ui import language
from handwrite_app.ui.settings import LEFT_HANDED
from handwrite_app.ui.theme import MODES

DATA_FOLDER = "data_folder"


def tr(text: str) -> str:
    return QCoreApplication.translate("Preferences", text)


def entries(host: Host) -> list[Preference]:
    """All rows, in their order, in the window's language."""
    sections = (
        (tr("Language and looks"), _looks(host)),
        (tr("Pen and fingers"), _pens(host)),
        (tr("Reading and data"), _reading(host)),
        (tr("Access"), _access(host)),
        (tr("Demo mode"), _demo(host)),
    )
    return [replace(entry, section=title) for title, some in sections for entry in some]


def is_folder(text: str) -> bool:
    """Whether this can be the data folder: empty, or there."""
    return not text or Path(text).expanduser().is_dir()


def _looks(host: Host) -> list[Preference]:
    settings, theme = host.settings, host.theme
    follow = tr("Follow the system")
    modes = {"system": follow, "light": tr("Light"), "dark": tr("Dark")}

    def set_language(name: str) -> None:
        settings.language = name
        language.install(name)

    def set_theme(mode: str) -> None:
        theme.set_mode(next(one for one in MODES if one == mode))
        settings.theme = theme.mode

    def set_left(on: bool) -> None:
        settings.set_flag(LEFT_HANDED, on)
        host.set_left_handed(on)

    return [
        choice(
            "language",
            tr("Language"),
            [("", follow), *language.LANGUAGES.items()],
            lambda: settings.language,
            set_language,
        ),
        choice(
            "theme",
            tr("Theme"),
            [(mode, modes[mode]) for mode in MODES],
            lambda: theme.mode,
            set_theme,
        ),
        flag(
            "left_handed",
            tr("Left-handed layout"),
            tr("Reading and labels stand left of the paper, where the hand does not cover them."),
            lambda: settings.flag(LEFT_HANDED),
            set_left,
        ),
    ]


def _pens(host: Host) -> list[Preference]:
    settings, canvas = host.settings, host.canvas

    def change(name: str, value: Any) -> None:
        settings.set_value(f"pen/{name}", value)
        canvas.pen_settings = replace(canvas.pen_settings, **{name: value})

    def pen_flag(name: str, title: str, gloss: str, default: bool = False) -> Preference:
        return flag(
            name,
            title,
            gloss,
            lambda: bool(getattr(canvas.pen_settings, name)),
            lambda on: change(name, on),
            default=default,
        )

    return [
        Preference(
            key="pen_width",
            title=tr("Pen width"),
            kind="slider",
            least=round(MIN_PEN_WIDTH),
            most=round(MAX_PEN_WIDTH),
            ends=(tr("thin"), tr("broad")),
            get=lambda: round(canvas.pen_width),
            set=canvas.set_pen_width,
            default=round(DEFAULT_PEN_WIDTH),
        ),
        Preference(
            key="firmness",
            title=tr("Pressure"),
            gloss=tr("How firmly the pen has to be pressed for a broad line."),
            kind="slider",
            least=-100,
            most=100,
            ends=(tr("lightly"), tr("firmly")),
            get=lambda: canvas.pen_settings.firmness,
            set=lambda value: change("firmness", value),
            default=0,
        ),
        pen_flag(
            "fixed_width",
            tr("One width, whatever the pressure"),
            tr("For pens whose pressure jumps."),
        ),
        pen_flag("pen_only", tr("Fingers do not draw"), tr("Pen and mouse only.")),
        pen_flag(
            "rejects_palm",
            tr("Ignore the resting hand"),
            tr("Fingers beside the pen, and broad contacts, draw nothing."),
            True,
        ),
    ]


def _reading(host: Host) -> list[Preference]:
    settings = host.settings
    return [
        flag(
            "memory",
            tr("Remember my drawings when reading"),
            tr("Readings are compared with what the active writer has kept."),
            host.memory_is_on,
            host.set_memory,
            default=True,
        ),
        Preference(
            key="data_folder",
            title=tr("Data folder"),
            gloss=tr(
                "Where training looks for data, from the next start on. Empty: the cache folder."
            ),
            kind="folder",
            get=lambda: settings.text(DATA_FOLDER),
            set=lambda folder: settings.set_text(DATA_FOLDER, folder),
            default="",
        ),
    ]


def _access(host: Host) -> list[Preference]:
    settings, theme = host.settings, host.theme

    def set_motion(on: bool) -> None:
        settings.set_flag(REDUCED_MOTION, on)
        theme.reduced_motion = on

    def set_contrast(value: str) -> None:
        settings.set_text(CONTRAST, value)
        theme.set_contrast(value == "more")

    silent = tr("No program on this system speaks: install speech-dispatcher or eSpeak NG.")
    return [
        flag(
            "reduced_motion",
            tr("Less motion"),
            tr("Bars jump to their lengths, and nothing writes by itself."),
            lambda: theme.reduced_motion,
            set_motion,
        ),
        choice(
            "contrast",
            tr("Contrast"),
            [("", tr("Follow the system")), ("more", tr("More"))],
            lambda: settings.text(CONTRAST),
            set_contrast,
        ),
        flag(
            "spoken",
            tr("Speak the answer"),
            tr("Screen readers are told every answer, whatever is chosen here."),
            lambda: settings.flag(SPOKEN),
            lambda on: settings.set_flag(SPOKEN, on),
            reason="" if speech_program() else silent,
        ),
    ]


def _demo(host: Host) -> list[Preference]:
    settings = host.settings

    def set_clear(seconds: float) -> None:
        settings.demo_clear_ms = round(1000 * seconds)

    def set_idle(seconds: int) -> None:
        settings.demo_idle_seconds = seconds

    return [
        Preference(
            key="demo_clear",
            title=tr("The paper clears itself after"),
            gloss=tr("Counted from when the pen rests."),
            kind="decimal",
            least=0.5,
            most=60.0,
            suffix=tr(" seconds"),
            get=lambda: settings.demo_clear_ms / 1000,
            set=set_clear,
            default=2.2,
        ),
        Preference(
            key="demo_idle",
            title=tr("The next visitor is waited for after"),
            gloss=tr("The first language is back then, and digits write themselves."),
            kind="number",
            least=5,
            most=3600,
            suffix=tr(" seconds"),
            get=lambda: settings.demo_idle_seconds,
            set=set_idle,
            default=45,
        ),
    ]
