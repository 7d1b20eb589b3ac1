"""What is asked before a run ends by something that a person does."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from handwrite_app.ui.dialogs.message_boxes import Question


def translate(text: str) -> str:
    return QCoreApplication.translate("TrainingSession", text)


def cancel_question() -> Question:
    return Question(
        title=translate("Cancel the training?"),
        text=translate(
            "What it has learned so far is deleted, with its run; “Stop” would keep the best of it. The "
            "network in use stays as it is."
        ),
        do=translate("Cancel and delete"),
        keep=translate("Keep training"),
        name="cancelRun",
    )


def close_question() -> Question:
    return Question(
        title=translate("Training is still running"),
        text=translate(
            "Its best weights so far stay in the runs folder. The network in use stays as it is."
        ),
        do=translate("Stop and close"),
        keep=translate("Keep training"),
        name="endTraining",
    )
