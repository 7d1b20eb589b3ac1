"""What can be set: one entry for each row of the settings' window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QCoreApplication

from handwrite_app.access.announcer import SPOKEN
from handwrite_app.access.speech import speech_program
from handwrite_app.canvas.canvas import MAX_PEN_WIDTH, MIN_PEN_WIDTH, Canvas
from handwrite_app.canvas.document import DEFAULT_PEN_WIDTH
from handwrite_app.canvas.input.pen_settings import PenSettings
from handwrite_app.ui import language
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import MODES, Theme

Kind = Literal["flag", "choice", "number", "slider", "folder"]

LEFT_HANDED = "layout/left_handed"
REDUCED_MOTION = "access/reduced_motion"
CONTRAST = "access/contrast"
DATA_FOLDER = "data_folder"


def tr(text: str) -> str:
    return QCoreApplication.translate("Preferences", text)


@dataclass(frozen=True, kw_only=True)
class Entry:
    """key: the control's objectName after "set_". gloss: a sentence below the title. get, set: the value,
    which holds at once. choices: (value, text) each. least, most: of a number or a slider. suffix: its unit.
    ends: words at the two ends of a slider. reason: why it cannot be changed; "" where it can."""

    key: str
    section: str
    title: str
    kind: Kind
    get: Callable[[], Any]
    set: Callable[[Any], object]
    default: Any
    gloss: str = ""
    choices: Sequence[tuple[Any, str]] = ()
    least: int = 0
    most: int = 100
    suffix: str = ""
    ends: tuple[str, str] = ("", "")
    reason: str = ""

    def matches(self, words: str) -> bool:
        """Whether all of these words are in its texts."""
        own = f"{self.section} {self.title} {self.gloss} {self.suffix}".casefold()
        return all(word in own for word in words.casefold().split())


@dataclass(frozen=True, kw_only=True)
class Host:
    """What the settings are of. set_left_handed, set_memory: see the window."""

    settings: Settings
    theme: Theme
    canvas: Canvas
    set_left_handed: Callable[[bool], object]
    memory_is_on: Callable[[], bool]
    set_memory: Callable[[bool], object]


def apply_stored(host: Host) -> None:
    """What was chosen at an earlier start."""
    settings = host.settings
    host.canvas.pen_settings = _pen(settings)
    host.set_left_handed(settings.flag(LEFT_HANDED))
    if settings.flag(REDUCED_MOTION):
        host.theme.reduced_motion = True
    host.theme.set_contrast(settings.text(CONTRAST) == "more")


def entries(host: Host) -> list[Entry]:
    """All rows, in their order, in the window's language."""
    return [*_looks(host), *_pens(host), *_reading(host), *_access(host), *_demo(host)]


def _looks(host: Host) -> list[Entry]:
    section, settings, theme = tr("Language and looks"), host.settings, host.theme
    follow = ("", tr("Follow the system"))
    languages = [(name, title) for name, title in language.LANGUAGES.items()]
    modes = {
        "system": tr("Follow the system"),
        "light": tr("Light"),
        "dark": tr("Dark"),
    }

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
        Entry(
            key="language",
            section=section,
            title=tr("Language"),
            kind="choice",
            choices=[follow, *languages],
            get=lambda: settings.language,
            set=set_language,
            default="",
        ),
        Entry(
            key="theme",
            section=section,
            title=tr("Theme"),
            kind="choice",
            choices=[(mode, modes[mode]) for mode in MODES],
            get=lambda: theme.mode,
            set=set_theme,
            default="system",
        ),
        Entry(
            key="left_handed",
            section=section,
            title=tr("Left-handed layout"),
            gloss=tr(
                "Reading and labels stand left of the paper, where the hand does not cover them."
            ),
            kind="flag",
            get=lambda: settings.flag(LEFT_HANDED),
            set=set_left,
            default=False,
        ),
    ]


def _pen(settings: Settings) -> PenSettings:
    return PenSettings(
        firmness=settings.whole("pen/firmness", 0, -100, 100),
        fixed_width=settings.flag("pen/fixed_width"),
        pen_only=settings.flag("pen/pen_only"),
        rejects_palm=settings.flag("pen/rejects_palm", True),
    )


def _pens(host: Host) -> list[Entry]:
    section, settings, canvas = tr("Pen and fingers"), host.settings, host.canvas

    def change(name: str, value: Any) -> None:
        settings.set_value(f"pen/{name}", value)
        canvas.pen_settings = replace(canvas.pen_settings, **{name: value})

    def flag(name: str, title: str, gloss: str, default: bool = False) -> Entry:
        return Entry(
            key=name,
            section=section,
            title=title,
            gloss=gloss,
            kind="flag",
            get=lambda: getattr(canvas.pen_settings, name),
            set=lambda value: change(name, value),
            default=default,
        )

    return [
        Entry(
            key="pen_width",
            section=section,
            title=tr("Pen width"),
            kind="slider",
            least=round(MIN_PEN_WIDTH),
            most=round(MAX_PEN_WIDTH),
            ends=(tr("thin"), tr("broad")),
            get=lambda: round(canvas.pen_width),
            set=canvas.set_pen_width,
            default=round(DEFAULT_PEN_WIDTH),
        ),
        Entry(
            key="firmness",
            section=section,
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
        flag(
            "fixed_width",
            tr("One width, whatever the pressure"),
            tr("For pens whose pressure jumps."),
        ),
        flag("pen_only", tr("Fingers do not draw"), tr("Pen and mouse only.")),
        flag(
            "rejects_palm",
            tr("Ignore the resting hand"),
            tr("Fingers beside the pen, and broad contacts, draw nothing."),
            True,
        ),
    ]


def _reading(host: Host) -> list[Entry]:
    section, settings = tr("Reading and data"), host.settings
    return [
        Entry(
            key="memory",
            section=section,
            title=tr("Remember my drawings when reading"),
            gloss=tr("Readings are compared with what the active writer has kept."),
            kind="flag",
            get=host.memory_is_on,
            set=host.set_memory,
            default=True,
        ),
        Entry(
            key="data_folder",
            section=section,
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


def _access(host: Host) -> list[Entry]:
    section, settings, theme = tr("Access"), host.settings, host.theme

    def set_motion(on: bool) -> None:
        settings.set_flag(REDUCED_MOTION, on)
        theme.reduced_motion = on

    def set_contrast(value: str) -> None:
        settings.set_text(CONTRAST, value)
        theme.set_contrast(value == "more")

    silent = tr("No program on this system speaks: install speech-dispatcher or eSpeak NG.")
    return [
        Entry(
            key="reduced_motion",
            section=section,
            title=tr("Less motion"),
            gloss=tr("Bars jump to their lengths, and nothing writes by itself."),
            kind="flag",
            get=lambda: theme.reduced_motion,
            set=set_motion,
            default=False,
        ),
        Entry(
            key="contrast",
            section=section,
            title=tr("Contrast"),
            kind="choice",
            choices=[("", tr("Follow the system")), ("more", tr("More"))],
            get=lambda: settings.text(CONTRAST),
            set=set_contrast,
            default="",
        ),
        Entry(
            key="spoken",
            section=section,
            title=tr("Speak the answer"),
            gloss=tr("Screen readers are told every answer, whatever is chosen here."),
            kind="flag",
            get=lambda: settings.flag(SPOKEN),
            set=lambda on: settings.set_flag(SPOKEN, on),
            default=False,
            reason="" if speech_program() else silent,
        ),
    ]


def _demo(host: Host) -> list[Entry]:
    section, settings = tr("Demo mode"), host.settings

    def set_clear(tenths: int) -> None:
        settings.demo_clear_ms = 100 * tenths

    def set_idle(seconds: int) -> None:
        settings.demo_idle_seconds = seconds

    return [
        Entry(
            key="demo_clear",
            section=section,
            title=tr("The paper clears itself after"),
            gloss=tr("Counted from when the pen rests, in tenths of a second."),
            kind="number",
            least=5,
            most=600,
            get=lambda: settings.demo_clear_ms // 100,
            set=set_clear,
            default=22,
        ),
        Entry(
            key="demo_idle",
            section=section,
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


def is_folder(text: str) -> bool:
    """Whether this can be the data folder: empty, or there."""
    return not text or Path(text).expanduser().is_dir()
