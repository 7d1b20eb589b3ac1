"""Speech by a program of the system. Qt's own (QtTextToSpeech) is not in PySide6-Essentials."""

from __future__ import annotations

import shutil
import sys

from PySide6.QtCore import QProcess

from handwrite_app.ui import language

#: Looked for in this order: speech-dispatcher's client, macOS's, eSpeak's two.
_PROGRAMS = ("spd-say", "say", "espeak-ng", "espeak")


def speech_program() -> str | None:
    """The path of a program that speaks; None where there is none."""
    names = ("say",) if sys.platform == "darwin" else _PROGRAMS
    return next((found for name in names if (found := shutil.which(name))), None)


def speak(program: str, text: str) -> None:
    """Speaks without waiting for the end. What was being said is cut short where the program can."""
    spoken = language.current().split("_")[0]
    arguments = {
        # One process, which cancels before it speaks: another one could cancel the new answer.
        "spd-say": ["--cancel", "--language", spoken, "--", text],
        "say": ["--", text],
    }
    name = program.rsplit("/", 1)[-1]
    QProcess.startDetached(program, arguments.get(name, ["-v", spoken, "--", text]))
