"""Menus whose entries begin at one line, whichever kinds they hold."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu


def align_entries(menu: QMenu) -> None:
    """Whenever it opens: Qt insets the entries of a menu by one length where some have icons, and by another
    where some have ticks. The style sheet adds what is missing, by the property ``inset``."""

    def inset_of_entries() -> str:
        actions = menu.actions()
        if any(not one.icon().isNull() for one in actions):
            return "icons"
        return "ticks" if any(one.isCheckable() for one in actions) else "plain"

    def follow() -> None:
        inset = inset_of_entries()
        if menu.property("inset") != inset:
            menu.setProperty("inset", inset)
            menu.style().unpolish(menu)
            menu.style().polish(menu)

    menu.aboutToShow.connect(follow)
    # A menu that was not shown is not polished yet, and its style takes 10 ms to ask for the first time.
    menu.setProperty("inset", inset_of_entries())
