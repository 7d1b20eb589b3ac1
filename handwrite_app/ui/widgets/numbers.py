"""Numbers as people write them, in the window's locale, and refused where they could be two numbers."""

from __future__ import annotations

import math
import re
import unicodedata

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox

from handwrite_app.ui.tokens import SPACE


class FieldError(ValueError):
    """A field says nothing that can be used; its text is for people, in the window's language."""


#: Where a style sheet is, a spin box puts its text at its very edge.
_MARGINS = (SPACE, 0, 0, 0)
_GROUPED = re.compile(r"[+-]?[1-9]\d{0,2}(?:[.,]\d{3})+")


def real(text: str, locale: QLocale | None = None) -> float:
    """The number that a text says: with the locale's decimal mark, else with the other one.

    Separators of thousands are refused, or 0,002 would be 2 where a comma is one. Raises FieldError, which
    says in the window's language what the text could mean.
    """
    strict = QLocale(locale or QLocale())
    strict.setNumberOptions(QLocale.NumberOption.RejectGroupSeparator)
    typed = unicodedata.normalize(
        "NFKC", text
    ).strip()  # as an input method for Chinese writes digits
    mark = strict.decimalPoint()
    other = "," if mark == "." else "."
    value, ok = strict.toDouble(typed)
    if not ok and other in typed and mark not in typed:
        if _GROUPED.fullmatch(typed):
            whole = int(re.sub(r"[.,]", "", typed))
            broken = float(typed.replace(other, ".", 1)) if typed.count(other) == 1 else None
            raise FieldError(_ambiguous(typed, whole, broken, strict))
        value, ok = strict.toDouble(typed.replace(other, mark))
    if not ok and "." in typed and "," not in typed:
        value, ok = QLocale.c().toDouble(typed)
    if not ok or not math.isfinite(value):
        raise FieldError(_not_a_number(text))
    return float(value)


def _not_a_number(text: str) -> str:
    words = QCoreApplication.translate("Numbers", "“{text}” is not a number.")
    return words.replace("{text}", text)


def _ambiguous(text: str, whole: int, broken: float | None, locale: QLocale) -> str:
    if broken is None:
        words = QCoreApplication.translate(
            "Numbers", "“{text}”: write it without separators, as {whole}."
        )
        return words.replace("{text}", text).replace("{whole}", str(whole))
    words = QCoreApplication.translate(
        "Numbers", "“{text}” can mean {whole} or {broken}: write one of these."
    )
    number = locale.toString(broken, "g", 12)
    return words.replace("{text}", text).replace("{whole}", str(whole)).replace("{broken}", number)


class _Refusing:
    """Remembers what was typed and is no number of this box, which then shows the one before again."""

    refused: str = ""

    def check(self) -> None:
        """Raises FieldError where the last thing typed was not taken."""
        if self.refused:
            raise FieldError(_not_a_number(self.refused))


class RealBox(_Refusing, QDoubleSpinBox):
    """Shows no more decimals than the number has, and reads what is typed as ``real`` does."""

    def __init__(self) -> None:
        super().__init__()
        self.lineEdit().setTextMargins(*_MARGINS)
        self.lineEdit().textEdited.connect(self._on_edited)

    def textFromValue(self, value: float) -> str:
        text = super().textFromValue(value)
        point = self.locale().decimalPoint()
        return text.rstrip(self.locale().zeroDigit()).removesuffix(point) if point in text else text

    def valueFromText(self, text: str) -> float:
        if text == self.specialValueText():
            return self.minimum()
        try:
            return real(self._number_in(text), self.locale())
        except FieldError:
            return self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        states = QValidator.State
        if self.specialValueText() and text == self.specialValueText():
            return states.Acceptable, text, position
        number = self._number_in(text)
        try:
            value = real(number, self.locale())
        except FieldError:
            plain = unicodedata.normalize("NFKC", number).strip()
            partial = re.fullmatch(r"[+-]?[\d.,]*(?:[eE][+-]?\d*)?", plain)
            return (states.Intermediate if partial else states.Invalid), text, position
        fits = self.minimum() <= value <= self.maximum()
        return (states.Acceptable if fits else states.Intermediate), text, position

    def fixup(self, text: str) -> str:
        self.refused = text
        return text

    def _number_in(self, text: str) -> str:
        return text.removesuffix(self.suffix()) if self.suffix() else text

    def _on_edited(self) -> None:
        self.refused = ""


class WholeBox(_Refusing, QSpinBox):
    """Shows thousands in groups, and takes a group only where it has three digits: 1,5 is not 15."""

    def __init__(self) -> None:
        super().__init__()
        self.setGroupSeparatorShown(True)
        self.lineEdit().setTextMargins(*_MARGINS)
        self.lineEdit().textEdited.connect(self._on_edited)

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        states = QValidator.State
        plain = unicodedata.normalize("NFKC", text).strip()
        digits = re.sub(r"[\s.,'’]", "", plain)
        if digits and digits.isdigit() and digits != plain:
            grouped = re.fullmatch(r"\d{1,3}(?:[\s.,'’]\d{3})+", plain)
            fits = self.minimum() <= int(digits) <= self.maximum()
            return (states.Acceptable if grouped and fits else states.Intermediate), text, position
        return super().validate(plain, position)

    def valueFromText(self, text: str) -> int:
        digits = re.sub(r"[\s.,'’]", "", unicodedata.normalize("NFKC", text))
        return int(digits) if digits.isdigit() else super().valueFromText(text)

    def fixup(self, text: str) -> str:
        self.refused = text
        return text

    def _on_edited(self) -> None:
        self.refused = ""
