"""The result of a personalization: the gate's verdict, its metrics, and which drawings read differently now.

One draws on beside it, so it is no modal dialog, and its texts change with the language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QEvent, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from handwrite_app.labelling.label_actions import DIGITS, in_words
from handwrite_app.personalize.changed_drawings import ChangedDrawings
from handwrite_app.reading.verdict import exact_percent
from handwrite_app.ui import language
from handwrite_app.ui.dialogs.dialog import Dialog, Role
from handwrite_app.ui.theme import Theme, figures_font, scaled, text_font
from handwrite_app.ui.tokens import SIZE_TEXT, SIZE_TITLE, SPACE
from trainer.personalize.events import PersonalizationFinished, WriterMetrics
from trainer.picture.strokes import Drawing

_WIDTH = 660


class PersonalizationDialog(Dialog):
    """Shows what a personalization achieved; where it passed the gate, asks which network to use.

    Closing it keeps the old one.

    Signals:
        kept(name): the new network is to be used, under this name. compareRequested(): both are to read
        what is on the paper.
    """

    kept = Signal(str)
    compareRequested = Signal()

    def __init__(
        self,
        finished: PersonalizationFinished,
        *,
        base: str,
        writer: str,
        name: str,
        active_model: str = "",
        labels: Sequence[str] = DIGITS,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        """base: name of the network that was personalized. writer: "" for the user. name: the new
        network's, to begin with. in_use: name of the network in use where that is not the base. labels: those
        that the network knows."""
        super().__init__(parent, name="personalizationDialog", width=_WIDTH)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)  # the keys stay the paper's
        self._result = finished
        self._base, self._writer, self._labels = base, writer, tuple(labels)
        self._in_use = active_model
        self._theme = theme
        self._texts: list[tuple[Callable[[str], object], Callable[[], str]]] = []
        column = self.column
        headline = self._label(self._headline, name="personalizationHeadline")
        headline.setFont(text_font(SIZE_TITLE, bold=True))
        column.addWidget(headline)
        if active_model:
            column.addWidget(self._label(self._held_against, name="personalizationBase"))
        column.addLayout(self._table())
        column.addWidget(self._label(self._explanation, muted=True))
        if finished.synthetic:
            column.addWidget(self._label(self._drawn, muted=True, name="personalizationDrawn"))
        if finished.left_out:
            column.addWidget(self._label(self._left_out, muted=True, name="personalizationLeftOut"))
        self.name = QLineEdit(name, self)
        if finished.passed:  # before the pictures, which may be scrolled
            column.addWidget(self._named())
        self._lists: list[ChangedDrawings] = []
        self._add_changes(column)
        self._add_choice(column)
        self._retranslate()
        theme.changed.connect(self._on_theme_changed)

    def show_drawings(self, drawings: Mapping[int, Drawing]) -> None:
        """The pictures of what is read otherwise, by their ids; a drawing may have been deleted meanwhile."""
        for changes in self._lists:
            changes.show_drawings(drawings)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    # --- what is said --------------------------------------------------------------------------------

    def _headline(self) -> str:
        """The gate's word (trainer.personalize.gate) in a sentence."""
        result, before, after = self._result, self._result.before, self._result.after
        count, old, new = (_number(n) for n in (after.count, before.correct, after.correct))
        match result.verdict:
            case "forgets":
                words = (
                    self.tr(
                        "It would read everyone else's letters worse: {after} instead of {before}."
                    )
                    if self._has_letters
                    else self.tr(
                        "It would read everyone else's digits worse: {after} instead of {before}."
                    )
                )
                return words.format(
                    after=exact_percent(result.reference.accuracy_after),
                    before=exact_percent(result.reference.accuracy_before),
                )
            case "answers more" if self._has_letters:
                return self.tr("It would accept more drawings that are neither digits nor letters.")
            case "answers more":
                return self.tr("It would accept more drawings that are not digits.")
            case "worse":
                return self.tr(
                    "It would read your handwriting worse: {after} of {count} drawings instead of {before}."
                ).format(after=new, count=count, before=old)
            case "no better":
                return self.tr(
                    "It reads your handwriting no better than before: {after} of {count} drawings."
                ).format(after=new, count=count)
            case "better":
                return self.tr(
                    "It reads your handwriting better: {after} of {count} drawings instead of {before}."
                ).format(after=new, count=count, before=old)
            case "surer":
                return self.tr("Still {after} of {count} right, with more certainty.").format(
                    after=new, count=count
                )

    def _held_against(self) -> str:
        """Each personalization begins from the base, so the metrics say nothing about the network in use."""
        return self.tr(
            "“Before” is {base}, which every personalization starts from, not {active}, which is in use."
        ).format(base=self._base, active=self._in_use)

    def _before(self) -> str:
        if self._in_use:
            return self.tr("before: {base}").format(base=self._base)
        return self.tr("before")

    def _explanation(self) -> str:
        count, others = _number(self._result.after.count), _number(self._result.reference.count)
        if self._writer:
            new = self.tr("New: “{base}”, plus {count} drawings by {writer}.")
        else:
            new = self.tr("New: “{base}”, plus your {count} drawings.")
        measured = self.tr(
            "Each drawing was read by a network that had not learned from it; everyone else's are {others} "
            "pictures that were kept apart."
        )
        words = new.format(base=self._base, count=count, writer=self._writer)
        parts = [words, measured.format(others=others)]
        if self._result.with_memory:
            parts.append(
                self.tr("Before and after, the other drawings were remembered, as on the paper.")
            )
        return language.joined(parts)

    @property
    def _has_letters(self) -> bool:
        return any(label.isalpha() and len(label) == 1 for label in self._labels)

    def _drawn(self) -> str:
        if self._has_letters:
            return self.tr(
                "Everyone else's digits and letters are drawn by the program, which says less than people's."
            )
        return self.tr(
            "MNIST is not on this computer: everyone else's digits are drawn by the program, which says less."
        )

    def _left_out(self) -> str:
        counts = [
            self.tr("{label} ({count})").format(
                label=in_words(label, self._labels), count=_number(count)
            )
            for label, count in sorted(self._result.left_out.items())
        ]
        return self.tr("Left out, because the network does not know them: {labels}.").format(
            labels=QLocale().createSeparatedList(counts)
        )

    # --- building ------------------------------------------------------------------------------------

    def _label(self, say: Callable[[], str], *, muted: bool = False, name: str = "") -> QLabel:
        label = QLabel()
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setObjectName(name)
        if muted:
            label.setProperty("role", "muted")
        self._texts.append((label.setText, say))
        return label

    def _table(self) -> QGridLayout:
        table = QGridLayout()
        table.setHorizontalSpacing(4 * SPACE)
        table.setVerticalSpacing(SPACE)
        result = self._result

        def put(row: int, column: int, say: Callable[[], str], name: str = "") -> None:
            label = self._label(say, muted=not row, name=name)
            label.setWordWrap(False)
            label.setFont(figures_font(SIZE_TEXT, bold=row > 0 and column == 2))
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            table.addWidget(label, row, column, side)

        put(0, 1, self._before, "personalizationBefore")
        put(0, 2, lambda: self.tr("after"))
        put(1, 0, lambda: self.tr("Your handwriting"))
        put(1, 1, lambda: self._right_of(result.before), "handBefore")
        put(1, 2, lambda: self._right_of(result.after), "handAfter")
        put(2, 0, lambda: self.tr("Everyone else's"))
        put(2, 1, lambda: exact_percent(result.reference.accuracy_before), "othersBefore")
        put(2, 2, lambda: exact_percent(result.reference.accuracy_after), "othersAfter")
        table.setColumnStretch(0, 1)
        return table

    def _right_of(self, metrics: WriterMetrics) -> str:
        return self.tr("{right} of {count}").format(
            right=_number(metrics.correct), count=_number(metrics.count)
        )

    def _add_changes(self, column: QVBoxLayout) -> None:
        result = self._result
        for name, changed, say in (
            ("fixed", result.fixed, self._fixed),
            ("broken", result.broken, self._broken),
        ):
            if not changed:
                continue
            title = self._label(say, name=f"{name}Title")
            title.setFont(text_font(SIZE_TEXT, bold=True))
            changes = ChangedDrawings(
                changed,
                self._labels,
                self._theme,
                fixed=name == "fixed",
                width=scaled(_WIDTH) - 6 * SPACE,
            )
            changes.setObjectName(f"{name}List")
            self._texts.append((changes.setAccessibleName, say))
            self._lists.append(changes)
            section = QVBoxLayout()
            section.setSpacing(SPACE)
            section.addWidget(title)
            section.addWidget(changes)
            column.addLayout(section)
        if not self._lists:
            same = self._label(lambda: self.tr("Every drawing is read as before."))
            column.addWidget(same)

    def _fixed(self) -> str:
        return self.tr("Now right: {count}").format(count=_number(len(self._result.fixed)))

    def _broken(self) -> str:
        return self.tr("Now wrong: {count}").format(count=_number(len(self._result.broken)))

    def _add_choice(self, column: QVBoxLayout) -> None:
        kept = self._result.passed
        column.addStretch(1)
        self.compare = self._button(
            "personalizationCompare",
            lambda: self.tr("Try both on the paper"),
            self.compareRequested.emit,
        )
        self.keep_old = self._button("keepOld", self._old, self.reject, Role.RejectRole, not kept)
        self.keep_new = self._button(
            "keepNew",
            lambda: self.tr("Use the new network"),
            self._on_keep_new,
            Role.AcceptRole,
            kept,
        )
        for widget in (self.compare, self.keep_new, self.name):
            widget.setVisible(kept)
        # Not the name: a digit that is pressed here would change it.
        (self.keep_new if kept else self.keep_old).setFocus()

    def _old(self) -> str:
        if not self._result.passed:
            return self.tr("Close")
        return self.tr("Keep the one in use") if self._in_use else self.tr("Keep the old one")

    def _named(self) -> QWidget:
        named = QWidget()
        row = QHBoxLayout(named)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * SPACE)
        title = self._label(lambda: self.tr("Keep it as"))
        title.setBuddy(self.name)
        self.name.setObjectName("networkName")
        self.name.textChanged.connect(lambda text: self.keep_new.setEnabled(bool(text.strip())))
        self._texts.append(
            (self.name.setAccessibleName, lambda: self.tr("Name of the new network"))
        )
        row.addWidget(title)
        row.addWidget(self.name, 1)
        return named

    def _button(
        self,
        name: str,
        say: Callable[[], str],
        clicked: Callable[[], object],
        role: Role = Role.ActionRole,
        default: bool = False,
    ) -> QPushButton:
        button = self.add_button("", clicked, name=name, role=role, default=default)
        self._texts.append((button.setText, say))
        return button

    def _retranslate(self) -> None:
        self.setWindowTitle(self.tr("What it learned"))
        for show, say in self._texts:
            show(say())
        for changes in self._lists:
            changes.retranslate()
        if self.isVisible():
            self.fit()

    def _on_keep_new(self) -> None:
        self.kept.emit(self.name.text().strip())

    def _on_theme_changed(self) -> None:
        for changes in self._lists:
            changes.repaint_drawings()


def _number(number: int) -> str:
    return QLocale().toString(number)
