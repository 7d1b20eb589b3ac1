"""Why a network cannot be taught a hand yet, and what helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from handwrite_app.labelling.label_actions import in_words
from handwrite_app.ui.actions import Actions
from trainer.personalize.events import PersonalizationRefused


def translate(text: str) -> str:
    return QCoreApplication.translate("TeachingRefusal", text)


def open_refusal(
    window: QWidget,
    refused: PersonalizationRefused,
    labels: Sequence[str],
    actions: Actions,
    *,
    show_drawings: Callable[[Sequence[int]], object],
) -> None:
    """A box that says it, with a button for what helps. labels: those that the network knows. show_drawings:
    opens the gallery with these selected."""
    text = _reason(refused, labels)
    if refused.left_out:
        text = f"{text}\n\n{_left_out(refused, labels)}"
    box = QMessageBox(
        QMessageBox.Icon.Information,
        translate("It cannot learn from this yet"),
        text,
        parent=window,
    )
    box.setObjectName("teachingRefused")
    box.setTextFormat(Qt.TextFormat.PlainText)
    clash = refused.why == "contradiction"
    remedy = actions["Gallery" if clash else "Sampler"]
    button = box.addButton(remedy.text(), QMessageBox.ButtonRole.AcceptRole)
    button.setObjectName("teachingRemedy")
    box.addButton(translate("Close"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(button)
    button.clicked.connect(
        (lambda: show_drawings(refused.drawings)) if clash else lambda: remedy.trigger()
    )
    box.finished.connect(box.deleteLater)
    box.open()


def _reason(refused: PersonalizationRefused, labels: Sequence[str]) -> str:
    words = [in_words(label, labels) for label in refused.labels]
    count, wanted = QLocale().toString(refused.count), QLocale().toString(refused.wanted)
    if refused.why == "contradiction":
        return translate(
            "The same drawing is kept as {first} and as {second}. Correct one of them in “My drawings”, then "
            "teach again."
        ).format(first=words[0], second=words[1])
    if refused.why == "one label":
        return translate(
            "All {count} drawings are the same: {label}. A network that learns nothing else would see it "
            "everywhere. Write some of the others, too."
        ).format(count=count, label=words[0])
    if refused.count == 0:
        return translate(
            "There are no drawings of this hand yet. Write some samples, or draw and say what it is: "
            "{wanted} drawings are enough to begin, three of each digit are better."
        ).format(wanted=wanted)
    return translate(
        "There are too few drawings of this hand yet: {count}. At least {wanted} are wanted, as some are "
        "kept apart to see whether they help. Write some samples."
    ).format(count=count, wanted=wanted)


def _left_out(refused: PersonalizationRefused, labels: Sequence[str]) -> str:
    names = [in_words(label, labels) for label in sorted(refused.left_out)]
    return translate("Left out, as the network has no such labels: {labels}.").format(
        labels=QLocale().createSeparatedList(names)
    )
