"""One row of the settings' window as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["flag", "choice", "number", "decimal", "slider", "folder"]


@dataclass(frozen=True, kw_only=True)
class Preference:
    """key: the control's objectName after "set_". gloss: a sentence below the title. get, set: the value,
    which holds at once. choices: (value, text) each. least, most: of a number or a slider. suffix: its unit.
    ends: words at the two ends of a slider. reason: why it cannot be changed; "" where it can."""

    key: str
    title: str
    kind: Kind
    get: Callable[[], Any]
    set: Callable[[Any], object]
    default: Any
    section: str = ""
    gloss: str = ""
    choices: Sequence[tuple[Any, str]] = ()
    least: float = 0
    most: float = 100
    suffix: str = ""
    ends: tuple[str, str] = ("", "")
    reason: str = ""

    def matches(self, words: str) -> bool:
        """Whether all of these words are in its texts."""
        own = f"{self.section} {self.title} {self.gloss} {self.suffix}".casefold()
        return all(word in own for word in words.casefold().split())


def flag(
    key: str,
    title: str,
    gloss: str,
    get: Callable[[], bool],
    put: Callable[[bool], object],
    *,
    default: bool = False,
    reason: str = "",
) -> Preference:
    """Something that is on or off."""
    return Preference(
        key=key,
        title=title,
        kind="flag",
        gloss=gloss,
        get=get,
        set=put,
        default=default,
        reason=reason,
    )


def choice(
    key: str,
    title: str,
    choices: Sequence[tuple[str, str]],
    get: Callable[[], str],
    put: Callable[[str], object],
) -> Preference:
    """One of several; the first is the default."""
    return Preference(
        key=key,
        title=title,
        kind="choice",
        choices=choices,
        get=get,
        set=put,
        default=choices[0][0],
    )
