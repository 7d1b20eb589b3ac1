"""The verdict on a reading, and the words for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from PySide6.QtCore import QCoreApplication, QLocale

translate = QCoreApplication.translate

#: At least this probable, and the answer is called sure. The probabilities are calibrated.
SURE = 0.90
#: A runner-up below this is not worth a word; above it, it "looks close".
CLOSE = 0.02
#: Where the answer is unsure, others count as candidates from this fraction of the first one on.
CANDIDATE = 0.25
MAX_CANDIDATES = 3


class State(Enum):
    """How the reading stands, in the order in which a visitor meets them."""

    EMPTY = "empty"
    WAITING = "waiting"
    TOO_LITTLE = "too little"
    DRAWING = "drawing"
    SURE = "sure"
    UNSURE = "unsure"
    NOT_A_DIGIT = "not a digit"
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """answer: the label to show large. headline: shown in its place where the network refuses; "" else.
    words: the line beneath it."""

    state: State
    answer: str
    words: str
    headline: str = ""


def percent(probability: float) -> str:
    """A probability in whole percent. Never "100 %": a network is never certain."""
    if probability >= 0.995:
        return translate("Verdict", ">99 %")
    return translate("Verdict", "{number} %").replace("{number}", str(round(probability * 100)))


def exact_percent(fraction: float) -> str:
    """A fraction in percent with two decimals, in the language's numbers."""
    number = QLocale().toString(100 * fraction, "f", 2)
    return translate("Verdict", "{number} %").replace("{number}", number)


def verdict_of(
    labels: Sequence[str],
    probabilities: Sequence[float],
    *,
    drawing: bool = False,
    not_a_digit: bool = False,
    several: bool = False,
) -> Verdict:
    """The verdict on one reading.

    drawing: the pen is still on the paper, so nothing is final. not_a_digit: the network refuses it; its
    answer is only the nearest guess. several: it was refused, and looks like two digits. Raises ValueError
    where labels and probabilities do not pair up.
    """
    if not labels or len(labels) != len(probabilities):
        raise ValueError(f"{len(labels)} labels, but {len(probabilities)} probabilities")
    order = sorted(range(len(labels)), key=lambda i: -probabilities[i])
    first = labels[order[0]]
    best = float(probabilities[order[0]])
    if drawing:
        words = translate("Verdict", "{percent} so far").replace("{percent}", percent(best))
        return Verdict(state=State.DRAWING, answer=first, words=words)
    if not_a_digit:
        digits = all(label.isdecimal() for label in labels)
        if several:
            headline = (
                translate("Verdict", "Two digits?")
                if digits
                else translate("Verdict", "Two signs?")
            )
            words = translate("Verdict", "One at a time, please")
            return Verdict(state=State.NOT_A_DIGIT, answer=first, words=words, headline=headline)
        letters = all(label.isalpha() for label in labels)
        headline = (
            translate("Verdict", "Not a digit")
            if digits
            else translate("Verdict", "Not a letter")
            if letters
            else translate("Verdict", "None of these")
        )
        words = translate("Verdict", "Closest: {label}").replace("{label}", first)
        return Verdict(state=State.NOT_A_DIGIT, answer=first, words=words, headline=headline)
    close = ""
    if len(order) > 1 and probabilities[order[1]] >= CLOSE:
        words = translate("Verdict", "{label} looks close")
        close = " · " + words.replace("{label}", labels[order[1]])
    if best >= SURE:
        return Verdict(state=State.SURE, answer=first, words=translate("Verdict", "Sure") + close)
    rivals = [labels[i] for i in order[:MAX_CANDIDATES] if probabilities[i] >= CANDIDATE * best]
    return Verdict(state=State.UNSURE, answer=first, words=_unsure(rivals, best, close))


def alike_notes(alike: Sequence[tuple[str, float]]) -> tuple[str, ...]:
    """A remark on characters that no picture tells apart, "O 55 % · 0 40 %"; none where one stands alone."""
    worth = [(label, probability) for label, probability in alike if probability >= CLOSE]
    if len(worth) < 2:
        return ()
    shown = [f"{label} {percent(probability)}" for label, probability in worth[:MAX_CANDIDATES]]
    return (" · ".join(shown),)


def _unsure(rivals: Sequence[str], best: float, close: str) -> str:
    if len(rivals) == 2:
        words = translate("Verdict", "Not sure: {first} or {second}?")
        return words.replace("{first}", rivals[0]).replace("{second}", rivals[1])
    if len(rivals) >= 3:
        words = translate("Verdict", "Not sure: {first}, {second} or {third}?")
        for name, label in zip(("{first}", "{second}", "{third}"), rivals, strict=False):
            words = words.replace(name, label)
        return words
    words = translate("Verdict", "Only {percent} sure").replace("{percent}", percent(best))
    return words + close
