"""Every dialog and box of the application, and how each is opened: a new one gets a row here."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
from PySide6.QtWidgets import QDialog, QWidget

from handwrite_app import crash
from handwrite_app.breaking.break_window import BreakWindow
from handwrite_app.experiments.experiments_window import ExperimentsWindow
from handwrite_app.gallery.import_report import ImportReport
from handwrite_app.labelling.label_palette import LabelPalette
from handwrite_app.lines.page_dialog import PageDialog
from handwrite_app.models.lineage_dialog import LineageDialog
from handwrite_app.models.network_menu import NetworkMenu
from handwrite_app.personalize.refusal_dialog import open_refusal
from handwrite_app.personalize.session import PersonalizationSession
from handwrite_app.preferences.window import reset_question
from handwrite_app.report.report_window import ReportWindow
from handwrite_app.training.comparison_dialog import ComparisonDialog
from handwrite_app.training.questions import cancel_question, close_question
from handwrite_app.training.setup.dialog import TrainingDialog
from handwrite_app.ui.dialogs.message_boxes import Question, announce, ask, warn
from handwrite_app.window.main_window import MainWindow
from handwrite_app.window.menus.about import AboutDialog
from handwrite_app.window.menus.help_dialogs import open_shortcuts
from tests.app.personalizations import dialog_of, result
from trainer.base.events import Metrics, RunFinished
from trainer.base.labels import CHARACTERS
from trainer.base.messages import Message
from trainer.drawings import Imported
from trainer.evaluation.answers_file import StoredAnswers
from trainer.models.lineage import forest
from trainer.personalize.events import PersonalizationRefused, Reread
from trainer.synthetic.synthetic_digits import synthetic_digits

LONG = "\n".join(
    f"line {i}: a sentence that is as long as those that programs write" for i in range(60)
)


class Row(NamedTuple):
    """covers: the class or function whose dialog it is, as the sources name it. fields_take_enter: what is typed
    holds at once, and Enter in a field is not for a button."""

    name: str
    covers: str
    open: Callable[[MainWindow], QDialog]
    fields_take_enter: bool = False


def finished(new: float, old: float | None = 0.9932) -> RunFinished:
    return RunFinished(
        reason="completed",
        run="/home/me/.local/share/handwrite/runs/2026-11-30_120000-cnn",
        weights="/nowhere/best.safetensors",
        best_epoch=1,
        epochs=3,
        validation=Metrics(loss=0.1, accuracy=new, count=5000),
        compared=None if old is None else Metrics(loss=0.02, accuracy=old, count=5000),
        seconds=40.0,
        fixed=40,
        broken=round(5000 * ((old or new) - new)) + 40,
    )


def _show(dialog: QDialog) -> QDialog:
    dialog.open()
    return dialog


def _newest(window: QWidget) -> QDialog:
    """The one that a function has opened."""
    dialogs = [one for one in window.findChildren(QDialog) if one.isVisible()]
    return dialogs[-1]


def _after(call: Callable[[MainWindow], object]) -> Callable[[MainWindow], QDialog]:
    def open_it(window: MainWindow) -> QDialog:
        call(window)
        return _newest(window)

    return open_it


def _asked(question: Callable[[MainWindow], Question | None]) -> Callable[[MainWindow], QDialog]:
    def open_it(window: MainWindow) -> QDialog:
        asked = question(window)
        assert asked is not None
        return ask(window, asked, lambda: None)

    return open_it


def _still_learning(window: MainWindow) -> Question | None:
    learning = SimpleNamespace(tr=window.personalization.tr, is_running=True)
    return PersonalizationSession.closing_question(learning)  # type: ignore[arg-type]


def _learn_again(window: MainWindow) -> None:
    window.personalization._ask_store = lambda **_: None  # type: ignore[method-assign]
    window.personalization._ask_again(30)


def _network_menu(window: MainWindow) -> NetworkMenu:
    menu = NetworkMenu(window, window.lineage.exporter)
    menu._path, menu._name = Path("my cnn.safetensors"), "my cnn"
    return menu


def _add_sign(window: MainWindow) -> None:
    window.canvas.set_drawing(synthetic_digits(1)[0][1])
    window.memory.ask_sign()


def _refused(why: str, **more: object) -> Callable[[MainWindow], QDialog]:
    refused = PersonalizationRefused(  # type: ignore[arg-type]
        **{
            "why": why,
            "count": 4,
            "wanted": 10,
            "labels": ("1", "7"),
            "drawings": (1, 2),
            "left_out": {"A": 2},
            **more,
        }
    )
    return _after(
        lambda window: open_refusal(
            window, refused, tuple("0123456789"), window.actions_, show_drawings=lambda _: None
        )
    )


def _personalized(kept: bool) -> Callable[[MainWindow], QDialog]:
    changed = tuple(
        Reread(drawing=i, label=str(i), before=str(i + 1), after=str(i)) for i in range(9)
    )

    def open_it(window: MainWindow) -> QDialog:
        outcome = result(
            kept=kept,
            verdict=None if kept else "worse",
            fixed=changed,
            broken=changed,
            drawn=True,
            left_out={"A": 3},
        )
        dialog = dialog_of(outcome, theme=window._theme)
        dialog.setParent(window, dialog.windowFlags())
        dialog.show()
        return dialog

    return open_it


def _imported() -> Imported:
    return Imported(
        stored=200,
        restored=3,
        known=4,
        unusable=60,
        problems=tuple(
            (i, Message.verbatim("a stroke is not a list of points")) for i in range(40)
        ),
        new_writers=("Anna",),
        contradictions=(),
    )


def _crash(window: MainWindow) -> None:
    handler = crash.CrashHandler(window, time.monotonic)
    handler._show(LONG, Path("/somewhere/rescued-drawing.jsonl"), Path("/somewhere/reports.txt"))


def _rescued(window: MainWindow) -> None:
    crash.rescued_file().parent.mkdir(parents=True, exist_ok=True)
    crash.rescued_file().write_text("[]\n")
    crash.offer_rescued(window)


def _add_writer(window: MainWindow) -> None:
    window.correction.writers.ask_new()


def _rename_writer(window: MainWindow) -> None:
    window.correction.writers.ask_name()


def _delete_writer(window: MainWindow) -> None:
    window.correction.writers.ask_to_delete()


def _answers() -> StoredAnswers:
    return StoredAnswers(
        labels=tuple("0123456789"),
        pictures=np.zeros((20, 28, 28), np.uint8),
        targets=np.arange(20) % 10,
        logits=np.eye(10, dtype=np.float32)[np.arange(20) % 9],
        before=np.eye(10, dtype=np.float32)[np.arange(20) % 8],
    )


def _report(window: MainWindow) -> QDialog:
    return _show(ReportWindow("2026-11-30_120000-cnn", _answers(), window.theme, window))


def _breaking(window: MainWindow) -> QDialog:
    loaded = window.loaded
    assert loaded is not None
    dialog = BreakWindow(loaded, window.theme, window)
    dialog.finished.connect(dialog.end)
    dialog.destroyed.connect(dialog.probe.close)
    return _show(dialog)


ROWS = (
    Row(
        "settings",
        "SettingsWindow",
        _after(lambda window: window.actions_["Settings"].trigger()),
        fields_take_enter=True,
    ),
    Row("manual", "ManualWindow", _after(lambda window: window.actions_["Manual"].trigger())),
    Row("inspector", "Inspector", _after(lambda window: window.actions_["Inspector"].trigger())),
    Row("demo", "ask", _after(lambda window: window.actions_["Demo"].trigger())),
    Row("training", "TrainingDialog", lambda w: _show(TrainingDialog(parent=w))),
    Row(
        "better",
        "ComparisonDialog",
        lambda w: _show(ComparisonDialog(finished(0.995), name="my cnn", old_name="a", parent=w)),
    ),
    Row(
        "worse",
        "ComparisonDialog",
        lambda w: _show(ComparisonDialog(finished(0.196), name="my cnn", old_name="a", parent=w)),
    ),
    Row("personalized", "PersonalizationDialog", _personalized(True)),
    Row("not kept", "PersonalizationDialog", _personalized(False)),
    Row("refused", "open_refusal", _refused("few")),
    Row("contradiction", "open_refusal", _refused("contradiction")),
    Row(
        "family tree",
        "LineageDialog",
        lambda w: _show(
            LineageDialog(
                family=forest(),
                active_model=None,
                way_back=None,
                look_again=lambda _: None,
                exporter=w.lineage.exporter,
                theme=w._theme,
                parent=w,
            )
        ),
    ),
    Row("import", "ImportReport", lambda w: _show(ImportReport(_imported(), w))),
    Row(
        "shortcuts",
        "ShortcutsDialog",
        _after(
            lambda w: open_shortcuts(w, w.actions_, w.correction.labels.keys(), w.sampler.keys())
        ),
    ),
    Row("about", "AboutDialog", lambda w: _show(AboutDialog(w))),
    Row("report", "ReportWindow", _report),
    Row("break it", "BreakWindow", _breaking),
    Row("experiments", "ExperimentsWindow", lambda w: _show(ExperimentsWindow(w))),
    Row("warn", "warn", _after(lambda w: warn(w, "Cannot open it", LONG))),
    Row("announce", "announce", _after(lambda w: announce(w, "It failed", "Why.", name="failed"))),
    Row("cancel a run", "cancel_question", _asked(lambda _: cancel_question())),
    Row("close a run", "close_question", _asked(lambda _: close_question())),
    Row("close while it learns", "closing_question", _asked(_still_learning)),
    Row("learn again", "_ask_again", _after(_learn_again)),
    Row("reset settings", "reset_question", _asked(lambda _: reset_question())),
    Row("delete a network", "_on_delete", _after(lambda w: _network_menu(w)._on_delete())),
    Row("rename a network", "_on_rename", _after(lambda w: _network_menu(w)._on_rename())),
    Row("add a sign", "ask_sign", _after(_add_sign)),
    Row("crash", "_show", _after(_crash)),
    Row("rescued", "offer_rescued", _after(_rescued)),
    Row("add a writer", "_ask_for_name", _after(_add_writer)),
    Row("rename a writer", "_ask_for_name", _after(_rename_writer)),
    Row("delete a writer", "ask_to_delete", _after(_delete_writer)),
    Row(
        "page",
        "PageDialog",
        lambda w: _show(PageDialog(Path("page.png"), w._theme, w)),
    ),
    Row("palette", "LabelPalette", lambda w: _show(LabelPalette(w, CHARACTERS, chosen=print))),
)
