"""Why a network cannot learn a handwriting yet, and what helps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtWidgets import QMessageBox, QWidget

from handwrite_app.labelling.label_actions import in_words
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.dialogs.message_boxes import MessageBox
from trainer.personalize.events import PersonalizationRefused


def translate(text: str) -> str:
    return QCoreApplication.translate("PersonalizationRefusal", text)


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
    box = MessageBox(
        QMessageBox.Icon.Information,
        translate("It cannot learn from this yet"),
        text,
        name="personalizationRefused",
        parent=window,
    )
    clash = refused.why == "contradiction"
    remedy = "Gallery" if clash else "Sampler"
    box.add(
        actions.plain(remedy),
        QMessageBox.ButtonRole.AcceptRole,
        name="personalizationRemedy",
        clicked=(lambda: show_drawings(refused.drawings)) if clash else actions[remedy].trigger,
        default=True,
    )
    box.add(translate("Close"), QMessageBox.ButtonRole.RejectRole, name="closeRefusal", escape=True)
    box.open()


def _reason(refused: PersonalizationRefused, labels: Sequence[str]) -> str:
    words = [in_words(label, labels) for label in refused.labels]
    count, wanted = QLocale().toString(refused.count), QLocale().toString(refused.wanted)
    if refused.why == "contradiction":
        return translate(
            "The same drawing is kept as {first} and as {second}. Correct one of them in “My drawings”, then "
            "try again."
        ).format(first=words[0], second=words[1])
    if refused.why == "one label":
        return translate(
            "All {count} drawings are of one label: {label}. A network that learns nothing else would see it "
            "everywhere. Write some of the others, too."
        ).format(count=count, label=words[0])
    if refused.count == 0:
        return translate(
            "You have not kept any drawings yet. Write some samples, or draw and press the right label: "
            "{wanted} drawings are enough to begin, three of each character are better."
        ).format(wanted=wanted)
    return translate(
        "Drawings: {count}, which is too few. It needs at least {wanted}, because some are kept apart to see "
        "whether learning helps. Write some samples."
    ).format(count=count, wanted=wanted)


def _left_out(refused: PersonalizationRefused, labels: Sequence[str]) -> str:
    names = [in_words(label, labels) for label in sorted(refused.left_out)]
    return translate("Left out, because the network does not know them: {labels}.").format(
        labels=QLocale().createSeparatedList(names)
    )
