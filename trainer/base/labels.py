"""Labels: what one can be, the reserved one for negatives, and symbols that are written like digits."""

from __future__ import annotations

#: The reserved label of drawings that show none of a network's classes: scribbles and other symbols. A
#: network that was trained on it rejects such drawings and never answers it (trainer.models.rejection).
NO_LABEL = "none"

#: Symbols that some people write just as others write a digit. They are no negatives for training, and a
#: network that reads them as a digit is not wrong.
DIGIT_SHAPED = frozenset(
    # 0, 1, 2, 5, 6, 8, 9, in this order; then names that image data sets give to such symbols.
    [*"OoDQ", *"Il|/\\!i()[]'`,;", *"Zz", *"Ss", *"bG", *"B&", *"gqy", "slash", "z"]
)

DIGITS = tuple("0123456789")
CAPITALS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
SMALL_LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")

#: The 62 signs of a network that reads digits and letters.
CHARACTERS = (*DIGITS, *CAPITALS, *SMALL_LETTERS)

#: Characters that no picture of one alone tells apart, as its size is normalised and some people write one
#: just as others write another. Beside neighbours, size, place and meaning do: "O" is taller than "o", "0"
#: stands among digits.
LOOK_ALIKES = tuple(
    map(
        frozenset,
        (
            "0Oo",
            "1Il",
            "2Zz",
            "5Ss",
            "6Gb",
            "8B",
            "9gq",
            "Cc",
            "Jj",
            "Kk",
            "Mm",
            "Pp",
            "Uu",
            "Vv",
            "Ww",
            "Xx",
            "Yy",
        ),
    )
)


#: Symbols that look like a digit or a letter as some people write it: no negatives for a network that reads
#: both. Then names that image data sets give to such symbols.
CHARACTER_SHAPED = frozenset([*"|/\\!()[]'`,;.:<>+$&×", "slash", "plus", "dot"])


def look_alikes(label: str) -> frozenset[str]:
    """The group of LOOK_ALIKES that has the label, the label itself included; of others it alone."""
    return next((group for group in LOOK_ALIKES if label in group), frozenset((label,)))


#: More than this are no labels but a column that was taken for them.
MOST_LABELS = 10_000


def is_label(text: str) -> bool:
    """Whether a network can have this label: a blank one, or one with control characters, cannot be shown."""
    return bool(text.strip()) and text.isprintable()


def labels_alone(outputs: tuple[str, ...]) -> tuple[str, ...]:
    """The labels among a network's outputs that can be answers."""
    return tuple(label for label in outputs if label != NO_LABEL)
