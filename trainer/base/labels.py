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


#: More than this are no labels but a column that was taken for them.
MOST_LABELS = 10_000


def is_label(text: str) -> bool:
    """Whether a network can have this label: a blank one, or one with control characters, cannot be shown."""
    return bool(text.strip()) and text.isprintable()


def labels_alone(outputs: tuple[str, ...]) -> tuple[str, ...]:
    """The labels among a network's outputs that can be answers."""
    return tuple(label for label in outputs if label != NO_LABEL)
