"""The guided sampler: asks for one digit after the other, saves each, and shows how many were read correctly.

The order and the score are ui.sample_rounds', saving is labelling.controller's, and the banner is panels'.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from handwrite_app.canvas.canvas import Canvas
from handwrite_app.labelling.controller import LabellingController
from handwrite_app.labelling.writers import FIRST_WRITER
from handwrite_app.reading.read_requester import ReadRequester
from handwrite_app.sampler.banner_owner import BannerOwner
from handwrite_app.sampler.pen_rest import PenRest
from handwrite_app.sampler.session_state import Aside, SessionState, is_dot
from handwrite_app.ui.actions import Actions
from handwrite_app.ui.sample_rounds import Sample, Session
from handwrite_app.ui.settings import Settings
from handwrite_app.ui.theme import Theme
from trainer.picture.strokes import Drawing

if TYPE_CHECKING:
    from handwrite_app.sampler.panels import Banner
    from trainer.drawings import Said

#: So long an answer of the network is waited for. It is there after some 20 ms, if there is any.
PATIENCE_MS = 1500


class Sampler(QObject):
    """One session at a time, above the paper. Its samples belong to the writer who was active when it began.

    While it goes on the keys 0–9, the menu and the row give no label: what is drawn is what was asked for,
    and a key that kept it as something else as well would give the network a contradiction to learn.

    Ink counts for the label that was to be seen when it was begun. What is drawn while the one before is
    still on its way to the disk goes, therefore, when the next label comes.

    Signals:
        said(text): one sentence for the status line; "": nothing more to say.
    """

    said = Signal(str)

    def __init__(
        self,
        window: QWidget,
        actions: Actions,
        canvas: Canvas,
        correction: LabellingController,
        requester: ReadRequester,
        theme: Theme,
        settings: Settings,
        *,
        place_banner: Callable[[QWidget], None],
    ) -> None:
        """place_banner: puts it above the paper."""
        super().__init__(window)
        self._actions = actions
        self._canvas = canvas
        self._correction = correction
        self._requester = requester
        self._settings = settings
        self._owner = BannerOwner(canvas, actions.menus["writer"], theme, settings, place_banner)
        self._state = SessionState.OFF
        self._session: Session | None = None
        self._writer = ""
        self._aside = Aside()
        self._stopping = False
        self._deaf = False  # the last question was not answered
        self._same_writer = True  # the writer of the session is still the active one
        self._rest = PenRest(canvas, self)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)

        owner = self._owner
        owner.beginRequested.connect(self.begin)
        owner.nextRequested.connect(self.next)
        owner.backRequested.connect(self.back)
        owner.skipRequested.connect(self.skip)
        owner.stopRequested.connect(self.stop)
        owner.personalizeRequested.connect(self._on_personalize)
        owner.closeRequested.connect(self._close_banner)
        owner.escaped.connect(self._on_escaped)
        owner.byItselfChanged.connect(self._on_by_itself_changed)
        canvas.drawingChanged.connect(self._on_drawing_changed)
        canvas.strokeFinished.connect(self._on_stroke_finished)
        requester.answered.connect(self._on_answered)
        correction.writers.chosen.connect(self._on_writer_chosen)
        self._rest.rested.connect(self.next)
        self._patience.timeout.connect(self._on_patience_over)
        actions["Personalize"].changed.connect(self._show_personalize)
        actions.connect(Sampler=self.open)

    @property
    def is_running(self) -> bool:
        return self._state is not SessionState.OFF

    @property
    def aside(self) -> Drawing:
        """What was on the paper before the session, and comes back after it."""
        return self._aside.drawing

    @property
    def session(self) -> Session | None:
        """The one that goes on, or whose score is shown."""
        return self._session

    @property
    def banner(self) -> Banner:
        return self._owner.banner

    def open(self) -> None:
        """Offers to begin."""
        if self.is_running:
            self._canvas.setFocus()
            return
        self._session = None
        self._show_start()
        self.banner.start.start.setFocus()

    def begin(self) -> None:
        """Asks for the first label."""
        if self.is_running:
            return
        labels = self._correction.labels.labels
        start = self.banner.start
        self._settings.sample_rounds = start.rounds
        self._session = Session(labels, start.rounds)
        self._writer = self._correction.writers.active
        self._stopping = self._deaf = False
        self._same_writer = True
        drawing = self._canvas.current_drawing()
        self._aside = Aside(drawing, self._canvas.replaces_at_next_stroke, self._canvas.device)
        self._correction.pause(True)
        self._canvas.set_tool("pen")
        self._clear()
        self._ask()
        self._canvas.setFocus()

    def next(self) -> None:
        """Keeps what is on the paper and goes on, once the network has said what it reads."""
        session = self._session
        if session is None or self._state is not SessionState.ASKING or self._canvas.is_drawing():
            return
        self._rest.stop()
        drawing = self._canvas.current_drawing()
        if drawing.is_empty:
            self.banner.ask.show_hint(lambda: self.tr("Nothing is written yet."))
        elif session.sample is not None and drawing is session.sample.drawing:
            session.leave()
            self._go_on()
        elif self._correction.is_stored(drawing):  # it was put here from the gallery meanwhile
            self._canvas.replace_at_next_stroke()
            self.banner.ask.show_hint(
                lambda: self.tr("This drawing is saved already. Write another one.")
            )
        elif self._is_read(drawing):
            self._keep()
        else:
            self._state = SessionState.READING
            self._patience.start(0 if self._deaf else PATIENCE_MS)

    def skip(self) -> None:
        """Goes on without this one. A sample of it that was written before `back` is deleted."""
        if self._session is not None and self._state is SessionState.ASKING:
            dropped = self._session.skip()
            if dropped is not None:
                self._correction.drop(dropped.number)
            self._go_on()

    def back(self) -> None:
        """Shows the one before. What is written then replaces it; next leaves it, and skip deletes it."""
        if (
            self._session is not None
            and self._state is SessionState.ASKING
            and not self._canvas.is_drawing()
            and self._session.back()
        ):
            self._clear()
            self._ask()

    def stop(self) -> None:
        """Ends it and shows the score of what was kept. What is on its way is kept before."""
        if self._state is SessionState.READING:
            self._keep()
        if self._state is SessionState.SAVING:
            self._stopping = True
        elif self._state is SessionState.ASKING:
            self._end()

    def set_labels(self, labels: Sequence[str]) -> None:
        """Those of the network in use, which may be another one than before."""
        if self._session is not None and self.is_running:
            if not set(self._session.labels) <= set(labels):
                self.stop()
                self.said.emit(
                    self.tr("The new network has other labels. What you wrote stays saved.")
                )
        elif self._owner.offers_start:
            self._show_start()

    def keys(self) -> list[tuple[str, list[str]]]:
        """(what, keys) during a session, for the list of shortcuts."""
        return self._owner.keys()

    def close(self) -> None:
        """What was to be kept is on its way when this returns; `LabellingController.close` waits for it."""
        self._rest.stop()
        if self._state is SessionState.READING:
            self._keep()

    def _show_start(self) -> None:
        writers, banner = self._correction.writers, self.banner
        banner.start.show_choice(
            self._correction.labels.labels,
            self._settings.sample_rounds,
            writers.shown(writers.active or FIRST_WRITER),
        )
        banner.show_panel(banner.start)

    def _ask(self) -> None:
        session = self._session
        assert session is not None
        assert session.asked is not None
        ask = self.banner.ask
        writer = self._writer
        ask.show_place(
            session.asked,
            session.labels,
            place=session.place,
            total=session.total,
            writer="" if writer in ("", FIRST_WRITER) else self._correction.writers.shown(writer),
        )
        self.banner.show_panel(ask)
        if session.sample is not None:
            self._canvas.set_drawing(session.sample.drawing, undoable=False)
            self._canvas.replace_at_next_stroke()
            ask.show_hint(lambda: self.tr("Write it again: the new one replaces this one."))
        self._set_state(SessionState.ASKING)

    def _set_state(self, state: SessionState) -> None:
        self._rest.stop()
        self._patience.stop()
        self._state = state
        self._owner.enable_keys(self.is_running)
        self.banner.ask.next.setEnabled(not self._canvas.is_empty())

    def _keep(self) -> None:
        session = self._session
        assert session is not None
        assert session.asked is not None
        drawing = self._canvas.current_drawing()
        if self._requester.sees_nothing(drawing) or is_dot(drawing):
            self._set_state(SessionState.ASKING)
            self.banner.ask.show_hint(lambda: self.tr("Too little ink to save. Write it larger."))
            return
        self._set_state(SessionState.SAVING)
        self._correction.add(
            session.asked, self._writer, partial(self._on_kept, session, drawing), self._on_not_kept
        )

    def _on_kept(self, session: Session, drawing: Drawing, number: int, said: Said | None) -> None:
        assert session.asked is not None
        replaced = session.keep(
            Sample(
                asked=session.asked,
                said=None if said is None else said.label,
                refused=said is not None and said.refused,
                drawing=drawing,
                number=number,
            )
        )
        if replaced is not None:
            self._correction.drop(replaced.number)
        self._go_on()

    def _on_not_kept(self) -> None:
        """A box gives the reason. The drawing is still on the paper, and can be tried again."""
        self._stopping = False
        self._set_state(SessionState.ASKING)

    def _go_on(self) -> None:
        assert self._session is not None
        self._clear()
        if self._stopping or self._session.asked is None:
            self._end()
        else:
            self._ask()

    def _is_read(self, drawing: Drawing) -> bool:
        return self._requester.answer_to(drawing) is not None

    def _clear(self) -> None:
        """A new sheet: undo takes strokes of this sample back, and never brings another one's."""
        self._canvas.set_drawing(Drawing(), undoable=False)

    def _end(self) -> None:
        session = self._session
        assert session is not None
        if session.sample is not None and (
            self._canvas.current_drawing() is session.sample.drawing
        ):
            self._clear()  # a sample that was looked at, and is kept
        if not self._aside.drawing.is_empty:
            self._canvas.set_drawing(self._aside.drawing, device=self._aside.device)
            self._canvas.replace_at_next_stroke(self._aside.is_saved)
        self._aside = Aside()
        self._set_state(SessionState.OFF)
        self._correction.pause(False)
        self.said.emit("")
        self._canvas.setFocus()
        if session.samples:
            self.banner.score.show_score(session.score(), session.labels)
            self._show_personalize()
            self.banner.show_panel(self.banner.score)
        else:
            self._close_banner()

    def _close_banner(self) -> None:
        self._session = None
        self.banner.show_panel(None)
        self._canvas.setFocus()

    def _on_drawing_changed(self) -> None:
        if not self.is_running:
            return
        self._rest.stop()
        if self._state is SessionState.READING:  # it was not whole yet
            self._patience.stop()
            self._state = SessionState.ASKING
        if self._state is SessionState.ASKING:
            ask = self.banner.ask
            ask.show_hint(None)
            ask.next.setEnabled(not self._canvas.is_empty())

    def _on_stroke_finished(self) -> None:
        # Who has rubbed something out goes on writing, or says that it is whole.
        wrote = self._state is SessionState.ASKING and self._canvas.last_tool == "pen"
        if wrote and self._settings.samples_by_themselves:
            self._rest.start()

    def _on_answered(self) -> None:
        self._deaf = False
        if self._state is SessionState.READING and self._is_read(self._canvas.current_drawing()):
            self._keep()

    def _on_patience_over(self) -> None:
        self._deaf = True
        self._keep()

    def _on_by_itself_changed(self, on: bool) -> None:
        self._settings.samples_by_themselves = on
        if not on:
            self._rest.stop()

    def _on_writer_chosen(self, name: str) -> None:
        if self._correction.writers.is_guest:  # nothing of whom is kept
            if self.is_running:
                self.stop()
            elif self._owner.offers_start:
                self._close_banner()
            return
        self._same_writer = name == (self._writer or FIRST_WRITER)
        if self.is_running and not self._same_writer:
            self.said.emit(
                self.tr(
                    "These samples stay those of {writer}; what comes after is for {other}."
                ).format(
                    writer=self._correction.writers.shown(self._writer or FIRST_WRITER),
                    other=self._correction.writers.shown(name),
                )
            )
        elif self._owner.offers_start:
            self._show_start()
        self._show_personalize()

    def _show_personalize(self) -> None:
        """Personalization is for the active writer, who may be another one by now."""
        if self._owner.is_made:
            can_personalize = self._actions["Personalize"].isEnabled() and self._same_writer
            self.banner.score.personalize.setEnabled(can_personalize)

    def _on_personalize(self) -> None:
        self._close_banner()
        self._actions["Personalize"].trigger()

    def _on_escaped(self) -> None:
        if self.is_running:
            self.stop()
        else:
            self._close_banner()
