"""What a drawing may be beside one of a network's labels: nothing that it knows."""

from __future__ import annotations

#: The label of drawings that are none of the others: scribbles, and signs that are no digits. A network that
#: has learned it refuses to answer instead of giving it (trainer.models.rejection).
NO_LABEL = "none"

#: Signs that some people write just as others write a digit. They teach nothing about what is no digit, and a
#: network that reads them as one is not wrong.
DIGIT_SHAPED = frozenset(
    # 0, 1, 2, 5, 6, 8, 9, in this order; then names that sets of pictures give to such signs.
    [*"OoDQ", *"Il|/\\!i()[]'`,;", *"Zz", *"Ss", *"bG", *"B&", *"gqy", "slash", "z"]
)


#: More than this are no labels but a column that was taken for them.
MOST_LABELS = 10_000


def is_label(text: str) -> bool:
    """Whether a network can have this label: a blank one, or one with control characters, cannot be shown."""
    return bool(text.strip()) and text.isprintable()


def labels_alone(outputs: tuple[str, ...]) -> tuple[str, ...]:
    """The labels among them that can be answered."""
    return tuple(label for label in outputs if label != NO_LABEL)
