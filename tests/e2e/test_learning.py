"""A hand of its own: misread, corrected with a key, personalized, kept, there again the next day, and gone back from.

Nothing is faked: the recognition's process, the personalization's and the store are the real ones. Only the network in
use is a small one that has seen little, so that there is something to misread and a personalization is short.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from handwrite_app.personalize.result_dialog import PersonalizationDialog
from handwrite_app.ui.settings import Settings
from handwrite_app.window.main_window import MainWindow
from tests.drawings import DIGITS
from tests.e2e.conftest import Strokes, draw_with_mouse
from trainer.base.paths import models_folder
from trainer.drawings import Entry, open_store
from trainer.models.active_model import activate, active_model
from trainer.models.lineage import personalization_of
from trainer.models.weights import read_card

_PATIENCE = 20_000  # milliseconds
_PERSONALIZATION = 400_000


def _vee(shift: float) -> Strokes:
    """What this person writes for a 4: its stem is missing."""
    down = [(60 + 8 * i + shift, 60 + 16 * i) for i in range(11)]
    up = [(140 + 8 * i + shift, 220 - 16 * i) for i in range(1, 11)]
    return [[*down, *up]]


def _one(shift: float) -> Strokes:
    """Written as everybody does."""
    return [[(140 + shift, 50 + 9 * i) for i in range(21)]]


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A network in use that reads most digits, so that others' are read better by what a personalization rehearses,
    too: the gate has no doubt. And no MNIST to be found."""
    import torch
    import torch.nn.functional as F

    from trainer.execution.execution import as_tensor, to_network
    from trainer.models.weights import save_weights
    from trainer.models.weights_card import WeightsCard
    from trainer.networks import build_network
    from trainer.picture.preprocess import picture_from_drawing
    from trainer.synthetic.synthetic_digits import synthetic_digits

    monkeypatch.setenv("HANDWRITE_DATA", str(tmp_path / "nothing"))
    shown = [(label, picture_from_drawing(drawing)) for label, drawing in synthetic_digits(400, 5)]
    card = WeightsCard(architecture="lenet5", labels=tuple(DIGITS), mean=0.1307, std=0.3081)
    images = to_network(as_tensor([p for _, p in shown if p is not None]), card.mean, card.std)
    targets = torch.tensor([int(label) for label, p in shown if p is not None])
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = build_network("lenet5", classes=10)
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
    for start in (*range(0, len(targets), 50), *range(0, len(targets), 50)):
        batch = slice(start, start + 50)
        loss = F.cross_entropy(network(images[batch]), targets[batch])
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
    path = models_folder() / "base.safetensors"
    save_weights(path, network, card)
    activate(path)
    return path


def _answer_to(qtbot: QtBot, window: MainWindow, strokes: Strokes) -> str:
    """Draws in the place of what was there; what the window says to it."""
    answered: list[int] = []
    connection = window.recognition.readingReady.connect(lambda r: answered.append(r.number))
    window.actions_["Clear"].trigger()
    draw_with_mouse(window, strokes)
    newest = window.asking.newest
    qtbot.waitUntil(lambda: bool(answered) and answered[-1] >= newest, timeout=_PATIENCE)
    window.recognition.readingReady.disconnect(connection)
    return window.reading.answer.text()


def _keep_as(qtbot: QtBot, window: MainWindow, digit: str) -> None:
    """With its key; until the window says that it is stored."""
    before = len(_entries())
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key(ord(digit)))
    qtbot.waitUntil(lambda: len(_entries()) == before + 1, timeout=_PATIENCE)
    qtbot.waitUntil(lambda: window.correction.toast.text == f"Saved as {digit}", timeout=_PATIENCE)


def _entries() -> list[Entry]:
    with open_store(daily=False) as store:
        return list(store.entries())


def _personalization(qtbot: QtBot, window: MainWindow) -> PersonalizationDialog:
    """From the menu to the gate."""
    window.actions_["Personalize"].trigger()
    qtbot.waitUntil(lambda: window.personalization.dialog is not None, timeout=_PERSONALIZATION)
    qtbot.waitUntil(lambda: not window.personalization.is_running, timeout=_PATIENCE)
    dialog = window.personalization.dialog
    assert dialog is not None
    return dialog


def _text(dialog: PersonalizationDialog, name: str) -> str:
    label = dialog.findChild(QLabel, name)
    assert label is not None
    return label.text()


def _used(window: MainWindow) -> Path:
    assert window.loaded is not None
    return Path(window.loaded.path)


def test_learn_a_hand_keep_it_reopen_go_back(
    base: Path, qtbot: QtBot, open_window: Callable[[], MainWindow]
) -> None:
    as_it_was = base.read_bytes()
    # The network alone reads: the memory would know a drawing from the first that was labelled.
    Settings().writers_without_memory = [""]
    window = open_window()
    assert _used(window) == base
    assert "base" not in window.actions_["Rollback"].text()
    for shift in (-10, 0, 10):
        assert _answer_to(qtbot, window, _vee(shift)) != "4"
        _keep_as(qtbot, window, "4")
        assert _answer_to(qtbot, window, _one(shift)) == "1"
        _keep_as(qtbot, window, "1")
    drawn = _entries()
    assert [(entry.label, entry.right) for entry in drawn] == [("1", True), ("4", False)] * 3

    dialog = _personalization(qtbot, window)
    assert _text(dialog, "personalizationHeadline") == (
        "It reads your handwriting better: 6 of 6 drawings instead of 3."
    )
    assert (_text(dialog, "handBefore"), _text(dialog, "handAfter")) == ("3 of 6", "6 of 6")
    assert _used(window) == base  # until somebody says otherwise
    keep = dialog.findChild(QPushButton, "keepNew")
    assert keep is not None
    with qtbot.waitSignal(window.recognition.loaded, timeout=_PATIENCE):
        keep.click()
    kept = models_folder() / "base Me.safetensors"
    assert _used(window) == kept
    assert _answer_to(qtbot, window, _vee(4)) == "4"
    assert _answer_to(qtbot, window, _one(4)) == "1"
    window.close()

    again = open_window()
    assert _used(again) == kept
    assert _answer_to(qtbot, again, _vee(-4)) == "4"
    assert _entries() == drawn
    personalization = personalization_of(read_card(kept))
    assert personalization is not None
    assert (personalization.drawings, personalization.writer_accuracy) == (6, (0.5, 1.0))

    with qtbot.waitSignal(again.recognition.loaded, timeout=_PATIENCE):
        again.actions_["Rollback"].trigger()
    assert _used(again) == active_model() == base
    assert base.read_bytes() == as_it_was
    assert _answer_to(qtbot, again, _vee(-4)) != "4"
    assert kept.is_file()  # it can be chosen again
    assert _entries() == drawn
