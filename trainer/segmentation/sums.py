"""What a written sum comes to."""

from __future__ import annotations

import re
from fractions import Fraction

from trainer.segmentation.ink.signs import DIVIDE, EQUALS, MINUS, PLUS, POINT, SIGNS, TIMES

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_WRITTEN = re.compile(
    rf"{MINUS}?\d+(?:\.\d*)?(?:[{PLUS}{MINUS}{TIMES}{DIVIDE}]\d+(?:\.\d*)?)*[{PLUS}{MINUS}{TIMES}{DIVIDE}]?{EQUALS}?"
)
_MOST = 10**15  # what is larger is no sum that one writes
_PLACES = 6  # of a result that does not end


def may_be_sum(text: str) -> bool:
    """Whether the text is a number, a sum, or the beginning of one: its signs may be signs. Elsewhere
    they may be letters of the same shape, such as t, x and i."""
    return not set(text) & set(SIGNS) or _WRITTEN.fullmatch(text) is not None


def answer_of(text: str) -> str:
    """The value of "12+30=" as text, "42"; "" where the text is no sum that ends in "=".

    × and ÷ go before + and −. A result that does not end is rounded to six places.
    """
    if not text.endswith(EQUALS):
        return ""
    tokens = _tokens(text[: -len(EQUALS)])
    if tokens is None or len(tokens) < 3:
        return ""
    value = _value(tokens)
    return "" if value is None or abs(value) > _MOST else _shown(value)


def _tokens(text: str) -> list[str | Fraction] | None:
    """Numbers and signs in turn; None where they do not alternate. A leading − belongs to its number."""
    tokens: list[str | Fraction] = []
    place = 0
    negative = text.startswith(MINUS)
    place += len(MINUS) if negative else 0
    while place < len(text):
        if len(tokens) % 2:
            if text[place] not in (PLUS, MINUS, TIMES, DIVIDE):
                return None
            tokens.append(text[place])
            place += 1
            continue
        number = _NUMBER.match(text, place)
        if number is None:
            return None
        tokens.append(Fraction(number[0]) * (-1 if negative and not tokens else 1))
        place = number.end()
    return tokens if len(tokens) % 2 else None


def _value(tokens: list[str | Fraction]) -> Fraction | None:
    total, product, sign = Fraction(0), tokens[0], PLUS
    assert isinstance(product, Fraction)
    for operator, number in zip(tokens[1::2], tokens[2::2], strict=True):
        assert isinstance(number, Fraction)
        if operator == TIMES:
            product *= number
        elif operator == DIVIDE:
            if number == 0:
                return None
            product /= number
        else:
            total += product if sign == PLUS else -product
            product, sign = number, str(operator)
    return total + (product if sign == PLUS else -product)


def _shown(value: Fraction) -> str:
    rounded = round(value, _PLACES)
    sign, rounded = (MINUS if rounded < 0 else ""), abs(rounded)
    whole, rest = divmod(rounded.numerator * 10**_PLACES // rounded.denominator, 10**_PLACES)
    digits = f"{rest:0{_PLACES}d}".rstrip("0")
    return f"{sign}{whole}" + (f"{POINT}{digits}" if digits else "")
