"""The column says what is true: the answer, the doubt, the wait and the failure."""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPoint, QPointF
from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QWidget
from pytestqt.qtbot import QtBot

from handwrite_app.reading.network_input import NetworkInput
from handwrite_app.reading.probability_bars import GLIDE_MS, ProbabilityBars
from handwrite_app.reading.reading_panel import PANEL_HEIGHT, PANEL_WIDTH, PATIENCE_MS, ReadingPanel
from handwrite_app.reading.verdict import State, Verdict, percent, verdict_of
from handwrite_app.ui.icons import bind_icon
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.tokens import DARK, LIGHT
from handwrite_app.ui.widgets.labels_and_buttons import Chip, ElidedLabel, IconButton, MenuButton

DIGITS = tuple("0123456789")
#: Height that a window of 1024×640 leaves to the column.
ROOM = 520


@dataclass(frozen=True)
class Reading:
    labels: Sequence[str]
    probabilities: Sequence[float]
    picture: bytes | NDArray[np.uint8] | None = None


def reading(labels: Sequence[str] = DIGITS, **probable: float) -> Reading:
    """A reading in which ``n7=0.9`` makes the 7 probable; the others share what is left."""
    given = {name.removeprefix("n"): p for name, p in probable.items()}
    rest = (1 - sum(given.values())) / max(1, len(labels) - len(given))
    picture = np.arange(784, dtype=np.uint16).astype(np.uint8).reshape(28, 28)
    return Reading(labels, [given.get(label, rest) for label in labels], picture)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme("light", reduced_motion=True)
    yield made
    made.deleteLater()


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1024, 1024)
    made.show()
    return made


@pytest.fixture
def panel(theme: Theme, window: QWidget) -> ReadingPanel:
    return ReadingPanel(theme, window)


def grabbed(widget: QWidget) -> QImage:
    return widget.grab().toImage()


# The verdict, without a window


@pytest.mark.parametrize(
    ("probable", "state", "words"),
    [
        ({"n7": 0.97, "n1": 0.021}, State.SURE, "Sure · 1 looks close"),
        ({"n7": 0.991}, State.SURE, "Sure"),
        ({"n7": 0.9999}, State.SURE, "Sure"),
        ({"n7": 0.90}, State.SURE, "Sure"),
        ({"n4": 0.51, "n9": 0.44}, State.UNSURE, "Not sure: 4 or 9?"),
        ({"n4": 0.4, "n9": 0.3, "n7": 0.2}, State.UNSURE, "Not sure: 4, 9 or 7?"),
        ({"n4": 0.88, "n9": 0.1}, State.UNSURE, "Only 88 % sure · 9 looks close"),
    ],
)
def test_words_fit_the_certainty(probable: dict[str, float], state: State, words: str) -> None:
    made = reading(**probable)
    verdict = verdict_of(made.labels, made.probabilities)
    assert verdict.state is state
    assert verdict.words == words
    assert verdict.answer == next(iter(probable))[1:]


def test_nothing_is_final_while_the_pen_is_down() -> None:
    made = reading(n4=0.51, n9=0.44)
    verdict = verdict_of(made.labels, made.probabilities, drawing=True)
    assert (verdict.state, verdict.answer, verdict.words) == (State.DRAWING, "4", "51 % so far")


def test_what_is_refused_shows_the_nearest_guess() -> None:
    made = reading(n4=0.95)
    verdict = verdict_of(made.labels, made.probabilities, not_a_digit=True)
    refused = State.NOT_A_DIGIT
    assert verdict == Verdict(state=refused, answer="4", words="Closest: 4", headline="Not a digit")
    verdict = verdict_of(("A", "4"), (0.9, 0.1), not_a_digit=True)
    assert verdict == Verdict(
        state=refused, answer="A", words="Closest: A", headline="None of these"
    )


def test_two_digits_beside_each_other_are_told() -> None:
    made = reading(n4=0.95)
    verdict = verdict_of(made.labels, made.probabilities, not_a_digit=True, several=True)
    assert verdict.headline == "Two digits?"
    assert verdict.words == "One at a time, please"
    assert not verdict_of(made.labels, made.probabilities, several=True).headline  # it is read


def test_a_network_is_never_certain() -> None:
    assert percent(1.0) == ">99 %"
    assert percent(0.0) == "0 %"
    assert percent(0.994) == "99 %"


def test_labels_and_probabilities_have_to_pair_up() -> None:
    with pytest.raises(ValueError, match="3 labels, but 2"):
        verdict_of(["a", "b", "c"], [0.5, 0.5])


# The panel


def test_it_begins_empty(panel: ReadingPanel) -> None:
    assert panel.state is State.EMPTY
    assert panel.answer.text() == "–"
    assert panel.words.full_text == "Nothing drawn yet"
    assert panel.bars.probabilities is None
    assert panel.network_input.picture is None


def test_a_reading_is_shown_everywhere(panel: ReadingPanel) -> None:
    made = reading(n7=0.97, n1=0.021)
    panel.show_reading(made)
    assert panel.state is State.SURE
    assert panel.answer.text() == "7"
    assert panel.answer.objectName() == "prediction"
    assert panel.answer.accessibleName() == "7. Sure · 1 looks close"
    assert panel.bars.probabilities == pytest.approx(made.probabilities)
    assert isinstance(made.picture, np.ndarray)
    assert panel.network_input.picture == made.picture.tobytes()
    panel.show_empty()
    assert panel.answer.text() == "–"
    assert panel.bars.probabilities is None


def test_a_name_is_as_large_as_fits(panel: ReadingPanel) -> None:
    panel.show_reading(reading(n7=0.99))
    whole = panel.answer.font().pixelSize()
    names = (*DIGITS, "a heart with wings")
    panel.show_reading(Reading(names, [*[0.001] * 10, 0.99]))
    metrics = panel.answer.fontMetrics()
    assert metrics.horizontalAdvance(panel.answer.text()) <= PANEL_WIDTH - 32
    assert panel.answer.font().pixelSize() < whole
    panel.show_reading(reading(n7=0.99))
    assert panel.answer.font().pixelSize() == whole


def test_a_reason_takes_the_place_of_the_explanation(panel: ReadingPanel) -> None:
    panel.show_reading(reading(n7=0.99))
    reason = QLabel("like your 7 of today")
    panel.set_reason(reason)
    assert reason.isVisibleTo(panel)
    assert not panel._explanation.isVisibleTo(panel)
    panel.set_reason(None)
    assert panel._explanation.isVisibleTo(panel)


def test_doubt_is_amber_in_both_themes(panel: ReadingPanel, theme: Theme) -> None:
    panel.show_reading(reading(n4=0.51, n9=0.44), notes=["too thin"])
    assert panel.answer.palette().windowText().color().name() == LIGHT.amber
    theme.set_mode("dark")
    assert panel.answer.palette().windowText().color().name() == DARK.amber
    assert [chip.text() for chip in panel.findChildren(Chip)] == ["too thin"]
    panel.show_reading(reading(n4=0.99))
    assert panel.answer.palette().windowText().color().name() == DARK.text


def test_a_short_wait_gets_no_words(panel: ReadingPanel, qtbot: QtBot) -> None:
    panel.show_waiting("Loading the network…")
    assert panel.state is State.EMPTY
    panel.show_reading(reading(n7=0.97))
    qtbot.wait(PATIENCE_MS + 50)
    assert panel.state is State.SURE


def test_a_long_wait_says_so_and_keeps_the_picture(panel: ReadingPanel, qtbot: QtBot) -> None:
    panel.show_waiting("Loading the network…")
    panel.network_input.set_picture(bytes(784))
    qtbot.waitUntil(lambda: panel.state is State.WAITING, timeout=5 * PATIENCE_MS)
    assert panel.words.full_text == "Loading the network…"
    assert panel.network_input.picture == bytes(784)
    panel.show_waiting("Downloading…")
    assert panel.words.full_text == "Downloading…"


def test_what_is_refused_is_shown_as_a_guess(panel: ReadingPanel) -> None:
    panel.show_reading(reading(n7=0.97), not_a_digit=True)
    assert panel.state is State.NOT_A_DIGIT
    assert panel.answer.text() == ""
    assert panel.headline.text() == "Not a digit"
    assert panel.words.full_text == "Closest: 7"
    assert panel.answer.accessibleName() == "Not a digit. Closest: 7"
    assert panel.start_over.isHidden()
    assert panel.bars.probabilities is not None
    assert panel.bars.probabilities[7] == pytest.approx(0.97)
    shown = panel.headline.palette().color(panel.headline.foregroundRole())
    assert shown == QColor(LIGHT.amber)
    # Said again, as in another language, it is the same; the next drawing is read as ever.
    panel._again()
    assert panel.headline.text() == "Not a digit"
    panel.show_reading(reading(n7=0.97))
    assert panel.headline.isHidden()
    assert (panel.answer.text(), panel.words.full_text) == ("7", "Sure")
    assert panel.answer.palette().color(panel.answer.foregroundRole()) == QColor(LIGHT.text)


def test_two_digits_offer_to_start_over(panel: ReadingPanel, qtbot: QtBot) -> None:
    panel.show_reading(reading(n7=0.97), not_a_digit=True, several=True)
    assert panel.headline.text() == "Two digits?"
    assert not panel.start_over.isHidden()
    with qtbot.waitSignal(panel.startOverRequested):
        panel.start_over.click()
    panel.show_reading(reading(n7=0.97))
    assert panel.start_over.isHidden()


def test_ink_in_which_nothing_can_be_read_is_not_called_nothing(panel: ReadingPanel) -> None:
    panel.show_too_little(bytes(784))
    assert panel.state is State.TOO_LITTLE
    assert panel.words.full_text == "Too little to read"
    assert panel.network_input.picture == bytes(784)


def test_while_the_pen_is_down_nothing_is_refused(panel: ReadingPanel) -> None:
    panel.show_reading(reading(n7=0.97), drawing=True, not_a_digit=True)
    assert panel.state is State.DRAWING


def test_a_failure_says_what_happened_in_place_of_the_bars(panel: ReadingPanel) -> None:
    panel.show_reading(reading(n7=0.97))
    panel.show_failed("The file is damaged. Your drawing is kept.")
    panel.show()
    assert panel.state is State.FAILED
    assert panel.message.isVisible()
    assert not panel.bars.isVisible()
    assert panel.message.text() == "The file is damaged. Your drawing is kept."
    panel.show_reading(reading(n7=0.97))
    assert panel.bars.isVisible()


@pytest.mark.parametrize(
    "labels", [DIGITS, string.ascii_uppercase, string.ascii_letters + "".join(DIGITS)]
)
def test_it_fits_beside_the_smallest_paper(panel: ReadingPanel, labels: str) -> None:
    panel.show_reading(reading(tuple(labels)), notes=["too thin", "close to the edge", "clipped"])
    panel.resize(PANEL_WIDTH, ROOM)
    panel.show()
    layout = panel.layout()
    assert layout is not None
    assert layout.totalMinimumSize().height() <= PANEL_HEIGHT <= ROOM
    assert panel.width() == PANEL_WIDTH
    for child in (panel.answer, panel.words, panel.bars, panel.network_input):
        lowest = child.mapTo(panel, QPoint(0, child.height())).y()
        assert lowest <= ROOM - 8


def test_it_grows_with_the_window_and_shrinks_again(panel: ReadingPanel) -> None:
    panel.show()
    sizes = []
    for height in (500, 700, 1000, 500):
        panel.resize(PANEL_WIDTH, height)
        sizes.append((panel.answer.font().pixelSize(), panel.network_input.width()))
    assert sizes[0] == sizes[-1] == (96, 112)
    assert sizes[0] < sizes[1] < sizes[2]


# The bars


@pytest.fixture
def bars(theme: Theme, qtbot: QtBot) -> ProbabilityBars:
    made = ProbabilityBars(theme)
    qtbot.addWidget(made)
    made.resize(272, 200)
    return made


def test_bars_speak(bars: ProbabilityBars) -> None:
    assert bars.accessibleDescription() == "No reading"
    bars.set_probabilities(reading(n7=0.97, n1=0.021).probabilities)
    assert bars.accessibleDescription().startswith("7: 97 %, 1: 2 %")
    assert bars.winner == 7


@pytest.mark.parametrize("bad", [[0.5] * 9, [float("nan")] * 10])
def test_bars_refuse_what_is_not_a_reading(bars: ProbabilityBars, bad: list[float]) -> None:
    with pytest.raises(ValueError):
        bars.set_probabilities(bad)


def test_bars_that_are_no_answer_are_faded(bars: ProbabilityBars) -> None:
    def contrast(state: State) -> float:
        bars.set_probabilities(reading(n7=0.6).probabilities, state=state)
        image = grabbed(bars)
        lights = [image.pixelColor(60, row * 20 + 10).lightnessF() for row in (2, 7)]
        return lights[0] - lights[1]

    assert 0.05 < contrast(State.NOT_A_DIGIT) < 0.6 * contrast(State.SURE)


@pytest.mark.parametrize("state", [State.SURE, State.UNSURE])
def test_the_winner_is_in_the_colour_of_its_state(bars: ProbabilityBars, state: State) -> None:
    wanted = {
        State.SURE: LIGHT.accent,
        State.UNSURE: LIGHT.amber,
    }
    bars.set_probabilities(reading(n7=0.6).probabilities, state=state)
    assert grabbed(bars).pixelColor(60, 7 * 20 + 10) == QColor(wanted[state])


def test_bars_glide_but_the_numbers_are_there_at_once(qtbot: QtBot, theme: Theme) -> None:
    theme.reduced_motion = False
    bars = ProbabilityBars(theme)
    qtbot.addWidget(bars)
    bars.show()
    bars.set_probabilities(reading(n7=1.0).probabilities)
    assert bars.probabilities is not None
    assert bars.probabilities[7] == 1.0
    assert bars._shown[7] < 1.0
    qtbot.wait(GLIDE_MS // 3)
    halfway = bars._shown[7]
    bars.set_probabilities(reading(n3=1.0).probabilities)  # a new reading in mid-glide
    assert bars._shown[7] == halfway
    qtbot.waitUntil(lambda: bars._shown[3] == 1.0 and bars._shown[7] == 0.0, timeout=20 * GLIDE_MS)


def test_reduced_motion_is_immediate(bars: ProbabilityBars) -> None:
    bars.show()
    bars.set_probabilities(reading(n7=1.0).probabilities)
    assert bars._shown[7] == 1.0


@pytest.mark.parametrize("count", [10, 11, 26, 47, 62])
def test_of_many_labels_the_most_probable_have_a_row(bars: ProbabilityBars, count: int) -> None:
    labels = tuple((string.digits + string.ascii_letters)[:count])
    bars.set_labels(labels)
    bars.resize(272, bars.sizeHint().height())
    assert bars._index_at(QPointF(9, 9)) == (0 if count <= 12 else None)
    sum_of_all = count * (count + 1) / 2
    bars.set_probabilities([(i + 1) / sum_of_all for i in range(count)])
    assert bars.height() <= 220
    assert not grabbed(bars).isNull()
    if count > 12:
        assert bars._rows() == list(range(count - 1, count - 6, -1))
        height = bars.height() / 5
        places = [QPointF(9, height * (row + 0.5)) for row in range(5)]
        assert [bars._index_at(place) for place in places] == bars._rows()


# What the network sees


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75, 2.0, 3.0])
def test_a_pixel_is_a_whole_number_of_screen_pixels(
    theme: Theme, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, ratio: float
) -> None:
    seen = NetworkInput(theme)
    qtbot.addWidget(seen)
    monkeypatch.setattr(seen, "devicePixelRatioF", lambda: ratio)
    rect = seen.pixel_rect()
    assert rect.width() == rect.height() == 28 * round(4 * ratio)
    assert rect.width() == round(seen.width() * ratio)


def test_the_picture_is_shown_pixel_for_pixel(theme: Theme, qtbot: QtBot) -> None:
    seen = NetworkInput(theme)
    qtbot.addWidget(seen)
    noise = np.random.default_rng(3).integers(0, 256, (28, 28), dtype=np.uint8)
    seen.set_picture(noise)
    image = grabbed(seen)
    for y in range(112):
        for x in range(0, 112, 3):
            assert image.pixelColor(x, y).red() == noise[y // 4, x // 4]
    assert seen.accessibleName() == "The network sees"
    seen.set_picture(None)
    assert grabbed(seen).pixelColor(50, 50) == QColor(LIGHT.track)
    assert seen.accessibleDescription() == "Nothing yet"


@pytest.mark.parametrize(
    "bad", [b"short", np.zeros((28, 28), np.float32), np.zeros((20, 20), np.uint8)]
)
def test_another_size_or_type_is_refused(theme: Theme, qtbot: QtBot, bad: bytes) -> None:
    seen = NetworkInput(theme)
    qtbot.addWidget(seen)
    with pytest.raises(ValueError):
        seen.set_picture(bad)


# Small widgets


def test_a_long_line_is_cut_and_told_on_hover(qtbot: QtBot) -> None:
    assert ElidedLabel("<b>5</b>").textFormat().name == "PlainText"
    label = ElidedLabel("A network with a very long name")
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    assert label.text().endswith("…")
    assert label.toolTip() == label.full_text == "A network with a very long name"
    label.resize(600, 20)
    assert label.text() == label.full_text
    assert label.toolTip() == ""
    font = label.font()
    font.setPixelSize(60)
    label.setFont(font)
    assert label.text().endswith("…")


def test_buttons_of_the_tool_row_are_big_enough_to_touch(theme: Theme, qtbot: QtBot) -> None:
    undo = IconButton("undo", "Undo", theme)
    network = MenuButton("layers", "Everyday network", theme)
    for button in (undo, network):
        qtbot.addWidget(button)
        button.show()
        assert button.height() >= 40
        assert button.width() >= 40
        assert not grabbed(button).isNull()
    assert undo.accessibleName() == undo.toolTip() == "Undo"


def test_a_menu_button_has_room_for_its_words_and_cuts_them_where_there_is_none(
    theme: Theme, window: QWidget
) -> None:
    desk = QWidget(window)
    row = QHBoxLayout(desk)
    buttons = [MenuButton("layers", text, theme) for text in ("scribe", "CPU", "W" * 40)]
    for button in buttons:
        row.addWidget(button)
    row.addStretch(1)
    desk.resize(1024, 100)
    desk.show()
    assert [b.width() for b in buttons] == [b.sizeHint().width() for b in buttons]
    desk.resize(400, 100)
    assert buttons[-1].width() < buttons[-1].sizeHint().width()
    assert not grabbed(window).isNull()


def test_a_button_leaves_the_words_of_its_action_alone(theme: Theme, qtbot: QtBot) -> None:
    action = QAction("Undo")
    bind_icon(action, "undo", theme)
    button = IconButton("undo", "", theme, action=action)
    qtbot.addWidget(button)
    assert button.toolTip() == "Undo"
    assert len(action.findChildren(QObject)) == 1  # bound once
