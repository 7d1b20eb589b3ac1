"""Icons are in the theme's colours, sharp, and change with the theme."""

from __future__ import annotations

from itertools import product
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QAction, QColor, QIcon
from PySide6.QtWidgets import QApplication, QMessageBox, QToolButton
from pytestqt.qtbot import QtBot
from shiboken6 import delete, isValid

from handwrite_app.ui.dialogs.message_boxes import MessageBox
from handwrite_app.ui.icons import NAMES, app_icon, bind_icon, icon
from handwrite_app.ui.resources import resource_path
from handwrite_app.ui.theme import Theme
from handwrite_app.ui.tokens import DARK, LIGHT

pytestmark = pytest.mark.usefixtures("qapp")


def _colours(made: QIcon, mode: QIcon.Mode, size: int = 24) -> set[str]:
    """The colours of the opaque pixels."""
    image = made.pixmap(QSize(size, size), 1.0, mode).toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return {pixel.name() for pixel in pixels if pixel.alpha() == 255}


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_a_square_line_drawing(name: str) -> None:
    root = ElementTree.parse(resource_path("icons", f"{name}.svg")).getroot()
    assert root.get("viewBox") == "0 0 24 24"
    assert root.get("stroke") == "currentColor"


@pytest.mark.parametrize("name", NAMES)
def test_every_icon_is_drawn_in_the_colour_of_the_text(name: str) -> None:
    for tokens in (LIGHT, DARK):
        made = icon(name, tokens)
        assert _colours(made, QIcon.Mode.Normal) == {tokens.text}
        assert _colours(made, QIcon.Mode.Selected) == {tokens.text}
        assert _colours(made, QIcon.Mode.Disabled) == {tokens.disabled}


def test_an_icon_may_be_of_another_colour_and_size() -> None:
    made = icon("train", LIGHT, size=48, colour="accent_text")
    assert _colours(made, QIcon.Mode.Normal, size=48) == {LIGHT.accent_text}
    assert made.pixmap(QSize(48, 48), 1.0).width() == 48


def test_an_icon_is_sharp_on_every_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handwrite_app.ui.icons._ratios", lambda: [1.0, 1.5, 2.0])
    made = icon("undo", LIGHT)
    for side, ratio in product((20, 24), (1.0, 1.5, 2.0)):
        pixmap = made.pixmap(QSize(side, side), ratio)
        assert pixmap.width() == round(side * ratio)
        assert pixmap.devicePixelRatio() == ratio
        straight = icon("undo", LIGHT, size=side).pixmap(QSize(side, side), ratio)
        assert pixmap.toImage() == straight.toImage()  # drawn at that size, not scaled to it


def test_an_unknown_icon_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match="undo"):
        icon("floppy", LIGHT)


def test_a_bound_icon_follows_the_theme_as_long_as_its_owner_lives() -> None:
    theme = Theme("light")
    owners: list[QAction | QToolButton] = [QAction("Undo"), QToolButton()]
    for owner in owners:
        bind_icon(owner, "undo", theme)
    theme.set_mode("dark")
    for owner in owners:
        assert _colours(owner.icon(), QIcon.Mode.Normal) == {DARK.text}
    children = [owner.findChildren(QObject)[0] for owner in owners]
    for owner in owners:
        delete(owner)
    assert not any(isValid(child) for child in children)
    theme.set_mode("light")  # reaches nobody, and breaks nothing
    theme.deleteLater()


def test_the_application_icon_is_drawn_at_any_size() -> None:
    for size in (16, 64, 256):
        image = app_icon().pixmap(QSize(size, size)).toImage()
        assert image.width() == size
        assert image.pixelColor(size // 2, size // 10) == QColor(LIGHT.accent)


def test_the_icons_of_boxes_follow_the_theme(qapp: QApplication, qtbot: QtBot) -> None:
    theme = Theme("light")
    theme.apply(qapp)
    box = MessageBox(QMessageBox.Icon.Warning, "Title", "Text", name="warning", parent=None)
    qtbot.addWidget(box)
    assert _colours(QIcon(box.iconPixmap()), QIcon.Mode.Normal) == {LIGHT.amber}
    theme.set_mode("dark")
    try:
        assert _colours(QIcon(box.iconPixmap()), QIcon.Mode.Normal) == {DARK.amber}
    finally:
        theme.set_mode("light")
