"""The colours can be read, the palette is complete, and the theme follows whom it should."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from handwrite_app.ui.style import palette, style_sheet
from handwrite_app.ui.theme import Theme, figures_font, text_font
from handwrite_app.ui.tokens import DARK, LIGHT, Tokens

#: What is written (or, for the last group, drawn) in which colour on which ground.
WRITTEN = [
    *[("text", ground) for ground in ("desk", "surface", "field", "hover", "pressed", "track")],
    ("text", "accent_soft"),
    *[("text_muted", ground) for ground in ("desk", "surface", "field")],
    *[("accent", ground) for ground in ("desk", "surface", "field")],
    *[("accent_text", ground) for ground in ("accent", "accent_hover", "accent_pressed")],
    ("amber", "surface"),
    *[("red", ground) for ground in ("desk", "surface")],
    *[("validation", ground) for ground in ("desk", "surface", "field")],
    ("ink", "paper"),
    ("tooltip_text", "tooltip"),
    ("network_ink", "network_ground"),
]
DRAWN = [
    *[("outline", ground) for ground in ("surface", "field")],
    *[(bar, "track") for bar in ("accent", "amber", "text_muted")],
    ("accent", "accent_soft"),
]

both_themes = pytest.mark.parametrize("tokens", [LIGHT, DARK], ids=["light", "dark"])


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.fixture
def dressed_app(qapp: QApplication) -> Iterator[QApplication]:
    """The application, undressed again afterwards."""
    before = QPalette(qapp.palette()), qapp.styleSheet(), QFont(qapp.font())
    yield qapp
    qapp.styleHints().setColorScheme(Qt.ColorScheme.Unknown)
    qapp.setStyleSheet(before[1])
    qapp.setPalette(before[0])
    qapp.setFont(before[2])


def test_contrast_agrees_with_the_published_extremes() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@both_themes
@pytest.mark.parametrize(("colour", "ground"), WRITTEN)
def test_what_is_written_can_be_read(tokens: Tokens, colour: str, ground: str) -> None:
    assert contrast(getattr(tokens, colour), getattr(tokens, ground)) >= 4.5


@both_themes
@pytest.mark.parametrize(("colour", "ground"), DRAWN)
def test_what_is_drawn_can_be_seen(tokens: Tokens, colour: str, ground: str) -> None:
    assert contrast(getattr(tokens, colour), getattr(tokens, ground)) >= 3


@both_themes
def test_every_token_is_a_colour(tokens: Tokens) -> None:
    for field in fields(tokens):
        if field.name != "dark":
            assert re.fullmatch(r"#[0-9a-f]{6}", getattr(tokens, field.name)), field.name


@both_themes
def test_the_palette_sets_every_role_of_every_group(tokens: Tokens) -> None:
    made = palette(tokens)
    groups = (
        QPalette.ColorGroup.Active,
        QPalette.ColorGroup.Inactive,
        QPalette.ColorGroup.Disabled,
    )
    for role in QPalette.ColorRole:
        if role in (QPalette.ColorRole.NoRole, QPalette.ColorRole.NColorRoles):
            continue
        for group in groups:
            assert made.isBrushSet(group, role), (group, role)
    disabled = made.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert disabled.name() == tokens.disabled


@both_themes
def test_the_style_sheet_is_filled_in_and_its_pictures_exist(tokens: Tokens) -> None:
    sheet = style_sheet(tokens)
    assert "$" not in sheet
    pictures = re.findall(r'url\("([^"]+)"\)', sheet)
    assert pictures
    for picture in pictures:
        assert Path(picture).is_file(), picture


@pytest.mark.usefixtures("qapp")
def test_an_unknown_mode_is_refused_with_the_choices() -> None:
    with pytest.raises(ValueError, match="system, light, dark"):
        Theme("sepia")  # type: ignore[arg-type]


def test_a_mode_changes_the_tokens_once(dressed_app: QApplication, qtbot: QtBot) -> None:
    theme = Theme("light")
    theme.apply(dressed_app)
    heard: list[str] = []
    theme.changed.connect(lambda: heard.append(dressed_app.palette().window().color().name()))
    theme.set_mode("dark")
    theme.set_mode("dark")
    assert theme.tokens is DARK
    assert heard == [DARK.desk]  # told once, and after the palette was in place
    assert DARK.desk in dressed_app.styleSheet()
    theme.set_mode("light")
    assert theme.tokens is LIGHT
    assert dressed_app.palette().window().color().name() == LIGHT.desk
    theme.deleteLater()


def test_it_follows_the_system_only_where_asked(
    dressed_app: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    theme = Theme("system")
    theme.apply(dressed_app)
    monkeypatch.setattr(
        type(dressed_app.styleHints()), "colorScheme", lambda _: Qt.ColorScheme.Dark
    )
    theme._on_color_scheme_changed(Qt.ColorScheme.Dark)
    assert theme.tokens is DARK
    theme.set_mode("light")
    theme._on_color_scheme_changed(Qt.ColorScheme.Dark)
    assert theme.tokens is LIGHT
    theme.deleteLater()


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(("value", "wanted"), [("1", True), ("0", False), ("", False)])
def test_reduced_motion_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, value: str, wanted: bool
) -> None:
    monkeypatch.setenv("HANDWRITE_REDUCED_MOTION", value)
    assert Theme().reduced_motion is wanted
    assert Theme(reduced_motion=True).reduced_motion


@pytest.mark.usefixtures("qapp")
def test_fonts_are_sized_in_pixels_and_figures_keep_their_width() -> None:
    assert text_font(20, bold=True).pixelSize() == 20
    assert text_font(20, bold=True).bold()
    font = figures_font(14)
    assert font.pixelSize() == 14
    assert font.isFeatureSet(QFont.Tag("tnum"))
