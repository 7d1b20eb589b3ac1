"""The family tree of the networks: which was made from which, and what each learned."""

from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QDate, QLocale, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from handwrite_app.labelling.writers import shown_writer
from handwrite_app.models.card_text import data_text
from handwrite_app.models.exporter import Exporter
from handwrite_app.models.network_menu import NetworkMenu
from handwrite_app.reading.verdict import exact_percent
from handwrite_app.ui.dialogs.dialog import Dialog, Role
from handwrite_app.ui.dialogs.message_boxes import warn
from handwrite_app.ui.error_text import sentence
from handwrite_app.ui.theme import Theme, figures_font, text_font
from handwrite_app.ui.tokens import SIZE_TEXT
from trainer.base.errors import WeightsError
from trainer.models.lineage import Forest, Member, created, is_same_file, personalization_of
from trainer.models.weights import network_name, read_card

_NAME, _ACCURACY, _WRITER, _DRAWINGS, _WRITERS, _OTHERS, _DATE = range(7)
# Pixels; where the other columns leave less than the names want, the table is scrolled sideways.
_LEAST_NAME, _MOST_NAME = 176, 320
_MEMBER = Qt.ItemDataRole.UserRole


class _Tree(QTreeWidget):
    """The first column takes what the others leave."""

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.doItemsLayout()  # rows that were measured before the style was there are too low
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        rest = sum(self.columnWidth(column) for column in range(1, self.columnCount()))
        wanted = min(max(_LEAST_NAME, self.sizeHintForColumn(_NAME)), _MOST_NAME)
        self.setColumnWidth(_NAME, max(wanted, self.viewport().width() - rest))


class LineageDialog(Dialog):
    """Shows every network below the one it was made from, and lets one be chosen.

    Signals:
        networkChosen(Path): this one is to be used. wentBack(): what was in use before is to be used again.
        networksChanged(): one was renamed or deleted.
    """

    networkChosen = Signal(object)
    wentBack = Signal()
    networksChanged = Signal()

    def __init__(
        self,
        *,
        family: Forest,
        active_model: Path | None,
        way_back: Path | None,
        look_again: Callable[[Callable[[Forest], object]], object],
        exporter: Exporter,
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        """family: what to show; it was read from files, in a thread. way_back: where going back leads; None
        where it leads nowhere. look_again: has the family read once more, and calls with it. exporter: of
        networks to files."""
        super().__init__(parent, name="lineageDialog", size=QSize(960, 480))
        self.setWindowTitle(self.tr("Family tree"))
        self._family = family
        self._in_use = active_model
        self._look_again = look_again
        self._way_back = way_back
        self._renamed: Path | None = None  # to be chosen when the family was read again
        self._theme = theme
        introduction = QLabel(self.tr("Each network stands below the one it was made from."))
        introduction.setProperty("role", "muted")
        introduction.setWordWrap(True)
        self.tree = self._make_tree()
        self.detail = QLabel()
        self.detail.setObjectName("lineageDetail")
        self.detail.setTextFormat(Qt.TextFormat.PlainText)
        self.detail.setWordWrap(True)
        self.detail.setProperty("role", "muted")
        self.detail.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.detail.setMinimumHeight(2 * self.detail.fontMetrics().lineSpacing())
        self.menu = NetworkMenu(self.tree, exporter)
        self.menu.renamed.connect(self._on_renamed)
        self.menu.deleted.connect(self._on_deleted)
        exporter.said.connect(self.detail.setText)
        self.back = self._make_back(way_back)
        self.add_button(self.tr("Close"), self.reject, name="closeLineage", role=Role.RejectRole)
        self.use = self.add_button(
            self.tr("Use this network"),
            self._on_use,
            name="useNetwork",
            role=Role.AcceptRole,
            default=True,
        )
        self.more = self.add_button(self.tr("More…"), self._on_more, name="moreWithNetwork")
        self.column.addWidget(introduction)
        self.column.addWidget(self.tree, 1)
        self.column.addWidget(self.detail)
        theme.changed.connect(self._fill)
        self._fill()
        self.tree.setFocus()

    def _make_tree(self) -> _Tree:
        tree = _Tree()
        tree.setObjectName("familyTree")
        tree.setAccessibleName(self.tr("Family tree"))
        tree.setExpandsOnDoubleClick(False)
        head = QTreeWidgetItem()
        for column, (title, gloss) in enumerate(
            (
                (self.tr("Network"), ""),
                (self.tr("Accuracy"), self.tr("Of the pictures that it was validated with.")),
                (self.tr("Writer"), self.tr("The person whose handwriting it learned.")),
                (self.tr("Drawings"), self.tr("How many of that person's it learned from.")),
                (
                    self.tr("Their handwriting"),
                    self.tr(
                        "That person's drawings that it reads correctly, before and after; each was read by "
                        "a network that had not learned from it."
                    ),
                ),
                (
                    self.tr("Everyone else's"),
                    self.tr("Other people's digits that it reads correctly, before and after."),
                ),
                (self.tr("Made on"), ""),
            )
        ):
            head.setText(column, title)
            head.setToolTip(column, gloss)
            head.setTextAlignment(column, _alignment(column))
        tree.setHeaderItem(head)
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionsMovable(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Fixed)
        tree.currentItemChanged.connect(self._on_current_changed)
        tree.itemDoubleClicked.connect(self._on_use)
        return tree

    def _make_back(self, way_back: Path | None) -> QPushButton:
        text = self.tr("Go back to the previous network")
        if way_back is not None:
            text = self.tr("Go back to {name}").format(name=network_name(way_back))
        back = self.add_button(text, self._on_back, name="goBack")
        if way_back is None:
            back.setEnabled(False)
            back.setToolTip(
                self.tr("The network in use has no parent here, and none was in use before it.")
            )
        return back

    def show_family(self, family: Forest) -> None:
        """Shows what there is now; the same network stays the chosen one."""
        self._family = family
        self._fill()

    def _fill(self) -> None:
        chosen = self._chosen()
        current = self._renamed or (
            chosen.weights.path if chosen and chosen.weights else self._in_use
        )
        self._renamed = None
        self.tree.clear()
        items: dict[Member, QTreeWidgetItem] = {}
        # Where none has a parent there is nothing to fold, and names begin under their heading.
        self.tree.setRootIsDecorated(any(member.parent for member in self._family))
        for member in self._family:
            above = items.get(member.parent) if member.parent else None
            item = QTreeWidgetItem(above) if above else QTreeWidgetItem(self.tree)
            items[member] = item
            self._dress(item, member)
            item.setExpanded(True)
            if _is(member, current):
                self.tree.setCurrentItem(item)
        if self.tree.currentItem() is None and items:
            self.tree.setCurrentItem(next(iter(items.values())))
        self.tree.fit()
        self._on_current_changed()

    def _dress(self, item: QTreeWidgetItem, member: Member) -> None:
        # Not disabled: that would disable what stands below it, and hide the reason from the keyboard.
        item.setData(_NAME, _MEMBER, member)
        item.setText(_NAME, self._title(member))
        item.setToolTip(_NAME, f"<qt>{html.escape(self._about(member))}</qt>")
        card = member.weights.card if member.weights else None
        learned = personalization_of(card) if card else None
        if learned is not None:
            item.setText(_WRITER, shown_writer(learned.writer))
            if learned.drawings is not None:
                item.setText(_DRAWINGS, QLocale().toString(learned.drawings))
            for column, fractions in (
                (_WRITERS, learned.writer_accuracy),
                (_OTHERS, learned.retention),
            ):
                if fractions is not None:
                    before, after = map(exact_percent, fractions)
                    words = self.tr("{before} → {after}")
                    item.setText(column, words.format(before=before, after=after))
        accuracy = card.metrics.get("validation_accuracy") if card is not None else None
        if isinstance(accuracy, float):
            item.setText(_ACCURACY, exact_percent(accuracy))
        if card is not None and (moment := created(card)) is not None:
            day = QDate(moment.year, moment.month, moment.day)
            item.setText(_DATE, QLocale().toString(day, self.tr("d MMM yyyy")))
        for column in range(self.tree.columnCount()):
            if not item.text(column):
                item.setText(column, "–")
            item.setTextAlignment(column, _alignment(column))
            item.setFont(column, figures_font(SIZE_TEXT))
            if not member.is_usable:
                item.setForeground(column, QBrush(QColor(self._theme.tokens.text_muted)))
        if _is(member, self._in_use):
            item.setFont(_NAME, text_font(SIZE_TEXT, bold=True))

    def _title(self, member: Member) -> str:
        if member.weights is None:
            return self.tr("{name} (gone)").format(name=member.name)
        if member.weights.card is None:
            return self.tr("{name} (unusable)").format(name=member.name)
        if _is(member, self._in_use):
            return self.tr("{name} · in use").format(name=member.name)
        return member.name

    def _about(self, member: Member) -> str:
        """What the line below the tree says of it, and its tooltip."""
        if member.weights is None:
            return self.tr(
                "Its file is no longer in the models folder; the networks made from it still name it."
            )
        if member.weights.card is None:
            error = member.weights.error
            return sentence(error) if error else ""
        data = data_text(member.weights.card)
        if member.weights.shipped:
            return self.tr("Ships with the app. Learned from: {data}").format(data=data)
        return self.tr("Yours. Learned from: {data}").format(data=data)

    def _chosen(self) -> Member | None:
        item = self.tree.currentItem()
        return item.data(_NAME, _MEMBER) if item else None

    def _on_current_changed(self, *_: object) -> None:
        chosen = self._chosen()
        self.detail.setText(self._about(chosen) if chosen else "")
        usable = chosen is not None and chosen.is_usable and not _is(chosen, self._in_use)
        self.use.setEnabled(usable)
        self.menu.choose(chosen, self._in_use)

    def _on_more(self) -> None:
        self.menu.popup(self.more.mapToGlobal(self.more.rect().topLeft()))

    def _on_renamed(self, old: Path, new: Path) -> None:
        self._renamed = new
        if self._way_back == old:
            self._way_back = new
            self.back.setText(self.tr("Go back to {name}").format(name=network_name(new)))
        if self._in_use == old:  # under its new name from now on
            self._in_use = new
            self.networkChosen.emit(new)
        self._changed()

    def _on_deleted(self, path: Path) -> None:
        if self._way_back == path:
            self.back.setEnabled(False)
        self._changed()
        self.tree.setFocus()

    def _changed(self) -> None:
        self.networksChanged.emit()
        self._look_again(self.show_family)

    def _on_use(self, *_: object) -> None:
        chosen = self._chosen()
        if chosen is None or chosen.weights is None or not self.use.isEnabled():
            return
        try:
            read_card(chosen.weights.path)
        except WeightsError as error:  # removed or spoiled since the tree was drawn
            self._look_again(self.show_family)
            text = self.tr(
                "{reason}\n\nThe network in use stays. The tree shows what there is now."
            )
            warn(
                self,
                self.tr("This network cannot be used"),
                text.replace("{reason}", sentence(error)),
            )
            return
        self.networkChosen.emit(chosen.weights.path)
        self.accept()

    def _on_back(self) -> None:
        self.wentBack.emit()
        self.accept()


def _is(member: Member, path: Path | None) -> bool:
    weights = member.weights
    return weights is not None and path is not None and is_same_file(weights.path, path)


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _FIGURES else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


_FIGURES = (_ACCURACY, _DRAWINGS, _WRITERS, _OTHERS, _DATE)
