"""Menus whose entries begin at one line, whichever kinds they hold."""

from __future__ import annotations

from PySide6.QtWidgets import QMenu


def align_entries(menu: QMenu) -> None:
    """Whenever it opens: Qt insets the entries of a menu by one length where some have icons, and by another
    where some have ticks. The style sheet adds what is missing, by the property ``inset``."""

    def follow() -> None:
        actions = menu.actions()
        inset = "plain"
        if any(not one.icon().isNull() for one in actions):
            inset = "icons"
        elif any(one.isCheckable() for one in actions):
            inset = "ticks"
        if menu.property("inset") != inset:
            menu.setProperty("inset", inset)
            menu.style().unpolish(menu)
            menu.style().polish(menu)

    menu.aboutToShow.connect(follow)
    follow()
