"""What is said of a line."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from handwrite_app.reading.verdict import SURE, State, percent
from trainer.segmentation.reading import Character, Line

translate = QCoreApplication.translate


def is_unsure(character: Character) -> bool:
    """Whether a character needs a look."""
    return character.refused or character.probability < SURE


def least_sure(line: Line) -> int:
    """The character that most needs a look."""
    characters = line.characters
    return min(
        range(len(characters)),
        key=lambda i: (not characters[i].refused, characters[i].probability),
    )


def state_of(line: Line, *, drawing: bool) -> State:
    if drawing:
        return State.DRAWING
    return State.UNSURE if any(map(is_unsure, line.characters)) else State.SURE


def spoken(line: Line, *, drawing: bool) -> str:
    """The line and the words beneath it."""
    return f"{line.text}. {words_for(line, drawing=drawing)}"


def words_for(line: Line, *, drawing: bool) -> str:
    """The words beneath the number."""
    if drawing:
        return translate("LineVerdict", "{percent} so far").format(
            percent=percent(line.probability)
        )
    refused = sum(one.refused for one in line.characters)
    if refused == 1:
        return translate("LineVerdict", "One of them is not read")
    if refused:
        return translate("LineVerdict", "{count} of them are not read").format(count=refused)
    worst = line.characters[least_sure(line)]
    if not is_unsure(worst):
        return translate("LineVerdict", "Sure · {percent}").format(
            percent=percent(line.probability)
        )
    if worst.alternatives:
        words = translate("LineVerdict", "Not sure: {first} or {second}?")
        return words.format(first=worst.label, second=worst.alternatives[0][0])
    return translate("LineVerdict", "Not sure about the {label}").format(label=worst.label)
