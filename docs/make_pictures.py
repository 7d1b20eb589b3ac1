r"""Makes the pictures of the documentation from the real window: light and dark, in every language.

    python docs/make_pictures.py
    python docs/make_pictures.py --scenes training panel watch break report runs --size 3840x2160 --scale 2 \
        --suffix .webp --out docs/pictures/4k

No screen is needed. Drawings, writers and runs lie in a folder that is gone afterwards; the runs learn from
MNIST, which is downloaded if it is not there. A dialog is shown over the window it belongs to.
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from real_window import LETTER, RealWindow, digit, drawn, grab, number, over, prepare, save

if TYPE_CHECKING:
    from PIL import Image
    from PySide6.QtWidgets import QWidget

    from handwrite_app.explaining.mode import Mode
    from handwrite_app.watching.record import Record
    from trainer.runs.config import TrainConfig

#: What is called after each change of theme and language: waits until all of it is shown, and says where.
Ready = Callable[[], "QWidget"]

LANGUAGES = {"en": "en", "zh": "zh_CN"}
THEMES = ("light", "dark")
_SAMPLES = 5
_MOMENTS = 8


# --- reading -----------------------------------------------------------------------------------------


def read(one: RealWindow) -> Ready:
    one.put(digit("7", 1))
    return lambda: one.window


def numbers(one: RealWindow) -> Ready:
    one.put(number("2026"))
    return lambda: one.window


def refused(one: RealWindow) -> Ready:
    one.put(drawn(LETTER))
    return lambda: one.window


def demo(one: RealWindow) -> Ready:
    from handwrite_app.demo.controller import DemoMode

    mode = one.window.feature(DemoMode)

    def ready() -> QWidget:
        mode.stop()
        mode.start()
        screen = mode.screen
        assert screen is not None
        screen.attract.stop()
        screen.resize(one.window.size())
        screen.forget()
        screen._show_words()
        one.put(digit("3"), on=screen)
        return screen

    return ready


# --- explaining --------------------------------------------------------------------------------------


def why(one: RealWindow) -> Ready:
    _keep_samples()
    one.put(digit("4", 1))
    return _explained(one, "Why", "why")


def inside(one: RealWindow) -> Ready:
    one.put(digit("2"))
    return _explained(one, "Inside", "inside")


def replay(one: RealWindow) -> Ready:
    one.put(digit("8"))
    ready = _explained(one, "Replay", "replay")

    def at_a_change() -> QWidget:
        from handwrite_app.window.features.explaining import Explaining

        ready()
        scrubber = one.window.feature(Explaining).replay.view.scrubber
        scrubber.setValue(int(0.62 * scrubber.maximum()))
        return one.window

    return at_a_change


def handwriting(one: RealWindow) -> Ready:
    from handwrite_app.window.features.explaining import Explaining

    _keep_samples()
    one.put(digit("7"))
    ready = _explained(one, "WriteInHand", "handwriting", writes="7777")
    mode = one.window.feature(Explaining).handwriting
    return lambda: (ready(), mode.view.field.deselect(), one.window)[-1]


def _explained(one: RealWindow, action: str, name: str, writes: str = "") -> Ready:
    """A mode of the right column, with all that it shows."""
    from handwrite_app.window.features.explaining import Explaining
    from trainer.processes.explain_messages import Finished

    explaining = one.window.feature(Explaining)
    mode: Mode = getattr(explaining, name)
    done: set[int] = set()
    explaining.worker.explained.connect(
        lambda number, event: done.add(number) if isinstance(event, Finished) else None
    )
    one.window.actions_[action].trigger()
    if writes:
        view = explaining.handwriting.view
        view.field.setText(writes)
        view.write.click()

    def ready() -> QWidget:
        one.rest(0.1)
        one.wait(lambda: mode._number in done)
        one.rest()
        return one.window

    return ready


def _keep_samples() -> None:
    """Each digit a few times, in one hand."""
    from trainer.drawings import open_store
    from trainer.synthetic.synthetic_digits import STYLES, synthetic_digits

    shapes = {label: styles[:1] for label, styles in STYLES.items()}
    with open_store() as store:
        if any(store.entries()):
            return
        for label, drawing in synthetic_digits(10 * _SAMPLES, seed=3, shapes=shapes):
            store.add(drawing, label=label, device="pen")


# --- training ----------------------------------------------------------------------------------------


def training(one: RealWindow) -> Ready:
    from handwrite_app.training.setup.dialog import TrainingDialog

    one.put(digit("7", 1))
    opened: list[TrainingDialog] = []

    def ready() -> QWidget:
        for dialog in opened:
            dialog.close()
        opened.clear()
        one.window.actions_["Train"].trigger()
        one.wait(lambda: _dialogs(one, TrainingDialog))
        opened.extend(_dialogs(one, TrainingDialog))
        dialog = opened[0]
        review = dialog.review
        one.wait(lambda: review.time.text() and review.layers.topLevelItemCount())
        one.rest(0.5)
        return dialog

    return ready


def panel(one: RealWindow) -> Ready:
    _begin_run(one)
    one.put(digit("5"))
    panel = one.window.training.panel
    assert panel is not None
    one.wait(lambda: (one.window.training.fraction or 0) > 0.45)
    panel.pages.show_page(panel.plots)
    return lambda: (one.rest(1.2), one.window)[1]


def watch(one: RealWindow) -> Ready:
    from handwrite_app.watching.controller import Watching

    _begin_run(one)
    watching = one.window.feature(Watching)
    watching.open()
    for label in "35862947":
        one.put(digit(label))
        watching.pin_paper()
    one.wait(lambda: (one.window.training.fraction or 0) > 0.4)
    record = watching.record
    assert record is not None
    # The pins' lines, and then the wall of a moment at which not all of it was read right.
    one.wait(lambda: all(len(record.curve(pin)) > _most(record) for pin in watching.pins))
    watching.choose(min(range(len(record.snapshots)), key=lambda i: _far(record, i)))

    def ready() -> QWidget:
        one.wait(lambda: watching.now is not None and record.right(watching.now) is not None)
        one.rest(1.2)
        return one.window

    return ready


def _most(record: Record) -> float:
    """Of the snapshots that there are; some are written while others are read."""
    return max(_MOMENTS, 0.8 * len(record.snapshots))


def _far(record: Record, place: int) -> float:
    """How far a snapshot is from reading most of the wall."""
    right = record.right(record.snapshots[place])
    return abs((right or 0) - 52)


def damage(one: RealWindow) -> Ready:
    from handwrite_app.breaking.controller import Breaking

    _finish_run(one)
    one.put(digit("8"))
    breaking = one.window.feature(Breaking)
    run = one.window.training.run
    assert run is not None
    breaking.open(run / "best.safetensors", run.name)
    window = breaking.window
    assert window is not None
    answered: list[bool] = []
    window.answered.connect(lambda: answered.append(True))
    one.wait(lambda: answered)
    window.controls.noise.setValue(90)

    def ready() -> QWidget:
        answered.clear()
        window._ask_soon()
        one.wait(lambda: answered)
        one.rest()
        return window

    return ready


def report(one: RealWindow) -> Ready:
    from handwrite_app.report.controller import Reports

    _finish_run(one)
    one.put(digit("7", 1))
    reports = one.window.feature(Reports)
    reports.open_last()
    one.wait(lambda: reports.window is not None)
    window = reports.window
    assert window is not None
    return lambda: (one.rest(), window)[1]


def runs(one: RealWindow) -> Ready:
    from handwrite_app.history.controller import History
    from trainer.runs.notes import Notes, write_notes

    _finish_run(one)
    first = one.window.training.run
    assert first is not None
    write_notes(first, Notes(note="all digits shifted", star=True))
    for changes in ({"network": "sprint", "epochs": 4}, {"augmentation": "none", "epochs": 5}):
        _run_to_the_end(one, dataclasses.replace(_config(), **changes))
    one.put(digit("7", 1))
    one.window.actions_["Runs"].trigger()
    window = one.window.feature(History).runs
    assert window is not None
    one.wait(lambda: len(window.table.entries) >= 3)
    window.select(*(entry.run.folder for entry in window.table.entries[:3]))
    one.wait(lambda: len(window.overlay.names) == 3)
    return lambda: (one.rest(0.6), window)[1]


def _config() -> TrainConfig:
    from trainer.runs.config import TrainConfig

    return TrainConfig(network="cnn", epochs=8, limit=6000, validation=1000, batch_size=128)


def _begin_run(one: RealWindow) -> None:
    """One is under way, for long enough."""
    if not one.window.training.is_running:
        one.window.training.start(dataclasses.replace(_config(), epochs=20))
        one.wait(lambda: one.window.training.run)


def _finish_run(one: RealWindow) -> None:
    """There is one, and it is over."""
    training = one.window.training
    if training.is_running:
        training.stop()
        one.wait(lambda: not training.is_running)
    if training.run is None:
        _run_to_the_end(one, _config())
    training.show_panel(False)
    one.window.side.show_mode(None)


def _run_to_the_end(one: RealWindow, config: TrainConfig) -> None:
    training = one.window.training
    training.start(config)
    one.wait(lambda: not training.is_running)
    training.show_panel(False)


def _dialogs(one: RealWindow, kind: type[QWidget]) -> list[QWidget]:
    return [found for found in one.window.findChildren(kind) if found.isVisible()]


#: Those that a run goes on in, and then those that need one that is over, stand at the end.
SCENES: dict[str, Callable[[RealWindow], Ready]] = {
    "read": read,
    "numbers": numbers,
    "refused": refused,
    "demo": demo,
    "why": why,
    "inside": inside,
    "replay": replay,
    "handwriting": handwriting,
    "training": training,
    "panel": panel,
    "watch": watch,
    "break": damage,
    "report": report,
    "runs": runs,
}


# --- pictures ----------------------------------------------------------------------------------------


def pictures(
    one: RealWindow, scenes: list[str], themes: list[str], languages: list[str]
) -> Iterator[tuple[str, Image.Image]]:
    """Name and picture of each, scene by scene."""
    for scene in scenes:
        ready = SCENES[scene](one)
        for language in languages:
            for theme in themes:
                one.dress(theme, LANGUAGES[language])
                one.rest(0.1)
                shown = ready()
                one.window.status.end_news()
                one.app.processEvents()
                yield f"{scene}-{theme}-{language}", _picture(one, shown)
        one.dress(themes[0], LANGUAGES[languages[0]])
        _leave(one)


def _picture(one: RealWindow, shown: QWidget) -> Image.Image:
    if shown.size() == one.window.size():
        return grab(shown)
    return over(one, shown)


def _leave(one: RealWindow) -> None:
    """As it is between two scenes: the reading in the column, no dialog, no demo."""
    from PySide6.QtWidgets import QDialog

    from handwrite_app.demo.controller import DemoMode

    one.window.feature(DemoMode).stop()
    one.window.side.show_mode(None)
    one.window.canvas.set_wide(False)
    one.window.canvas.setFocus()
    for widget in one.app.topLevelWidgets():
        if widget is not one.window and widget.isVisible():
            widget.close()
    for dialog in one.window.findChildren(QDialog):
        dialog.close()
    one.rest()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--scenes", nargs="+", choices=SCENES, default=list(SCENES))
    parser.add_argument("--themes", nargs="+", choices=THEMES, default=list(THEMES))
    parser.add_argument("--languages", nargs="+", choices=LANGUAGES, default=list(LANGUAGES))
    parser.add_argument("--size", default="1280x800", help="of the window, in pixels (%(default)s)")
    parser.add_argument("--scale", type=int, default=1, help="pixels a device-independent one has")
    parser.add_argument("--suffix", choices=(".png", ".webp"), default=".png")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "pictures")
    options = parser.parse_args()
    width, height = map(int, options.size.split("x"))
    options.out.mkdir(parents=True, exist_ok=True)
    scenes = [name for name in SCENES if name in options.scenes]
    with tempfile.TemporaryDirectory() as home:
        prepare(Path(home), (width, height), options.scale)
        one = RealWindow((width // options.scale, height // options.scale))
        for name, image in pictures(one, scenes, options.themes, options.languages):
            path = options.out / f"{name}{options.suffix}"
            save(image, path)
            print(f"{path}: {image.width} × {image.height}, {path.stat().st_size / 1000:.0f} kB")
        one.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
