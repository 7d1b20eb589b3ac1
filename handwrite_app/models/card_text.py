"""What a network's card says of its data, in the language of the window; training writes it in English."""

from __future__ import annotations

import re

from PySide6.QtCore import QCoreApplication

from handwrite_app.labelling.writers import shown_writer

translate = QCoreApplication.translate

# What training writes in a card, and what teaching adds to it (trainer.training.validation,
# trainer.personalize.personalize).
_PICTURES = re.compile(r"(?P<name>\S+), (?P<count>[\d,]+) training pictures")
_DRAWINGS = re.compile(r"(?P<count>[\d,]+) drawings by (?P<writer>.+)")
_NOBODY = "one writer"
_THEN = "; then "


def data_in_words(data: str) -> str:
    """What cannot be understood stays as it is."""
    return "; ".join(_part(part) for part in data.split(_THEN))


def _part(part: str) -> str:
    if found := _PICTURES.fullmatch(part):
        words = translate("Choices", "{name}, {count} training pictures")
        return words.format(**found.groupdict())
    if found := _DRAWINGS.fullmatch(part):
        if found["writer"] == _NOBODY:
            words = translate("CardWords", "then {count} drawings by one writer")
            return words.replace("{count}", found["count"])
        words = translate("CardWords", "then {count} drawings by {writer}")
        shown = shown_writer(found["writer"])
        return words.replace("{count}", found["count"]).replace("{writer}", shown)
    return part
