"""The tokens as a Qt palette, for all that Fusion draws, and a style sheet for the rest."""

from __future__ import annotations

import re
from dataclasses import asdict
from functools import cache
from string import Template

from PySide6.QtGui import QColor, QPalette

from handwrite_app.ui.resources import resource_path
from handwrite_app.ui.tokens import Tokens

_Role = QPalette.ColorRole
_Group = QPalette.ColorGroup


def palette(tokens: Tokens) -> QPalette:
    """A palette in which every role is set, for the active, the inactive and the disabled group."""
    t = tokens
    active = {
        _Role.Window: t.desk,
        _Role.WindowText: t.text,
        _Role.Base: t.field,
        _Role.AlternateBase: t.surface,
        _Role.Text: t.text,
        _Role.PlaceholderText: t.text_muted,
        _Role.Button: t.surface,
        _Role.ButtonText: t.text,
        _Role.BrightText: t.red,
        _Role.ToolTipBase: t.tooltip,
        _Role.ToolTipText: t.tooltip_text,
        _Role.Highlight: t.accent,
        _Role.HighlightedText: t.accent_text,
        _Role.Accent: t.accent,
        _Role.Link: t.accent,
        _Role.LinkVisited: t.accent,
        _Role.Light: t.field if not t.dark else t.pressed,
        _Role.Midlight: t.hover,
        _Role.Mid: t.border,
        _Role.Dark: t.outline,
        _Role.Shadow: "#000000",
    }
    disabled = {
        _Role.WindowText: t.disabled,
        _Role.Text: t.disabled,
        _Role.PlaceholderText: t.disabled,
        _Role.ButtonText: t.disabled,
        _Role.Base: t.surface,
        _Role.Highlight: t.border,
        _Role.HighlightedText: t.text_muted,
        _Role.Accent: t.disabled,
        _Role.Link: t.disabled,
        _Role.LinkVisited: t.disabled,
    }
    result = QPalette()
    for group in (_Group.Active, _Group.Inactive, _Group.Disabled):
        for role, name in active.items():
            result.setColor(group, role, QColor(name))
    for role, name in disabled.items():
        result.setColor(_Group.Disabled, role, QColor(name))
    return result


@cache
def style_sheet(tokens: Tokens, scale: float = 1.0) -> str:
    """The style sheet of the whole application in these tokens, its lengths times a scale.

    Properties that it knows: ``primary`` (QPushButton), ``role`` = "muted", "small" or "title" and
    ``chip`` (QLabel), ``card`` (QFrame), ``quiet``, ``fold``, ``beside`` and ``compact`` (QPushButton),
    ``wrong`` (an input, or the QLabel that says why), ``key`` (QLabel).
    """
    images = {
        f"image_{name}": resource_path("icons", f"control-{name}.svg").as_posix()
        for name in ("down", "up", "right", "across", "upright")
    }
    shade = "dark" if tokens.dark else "light"
    for name in ("check", "mark"):
        images[f"image_{name}"] = resource_path("icons", f"control-{name}-{shade}.svg").as_posix()
    sheet = Template(_SHEET).substitute(asdict(tokens), **images)
    if scale == 1.0:
        return sheet
    # Lines stay as thin as they are; "-" of a negative margin is not part of the number.
    return re.sub(r"\b(\d+)px", lambda found: _longer(int(found[1]), scale), sheet)


def _longer(pixels: int, scale: float) -> str:
    return f"{pixels if pixels <= 2 else round(pixels * scale)}px"


_SHEET = """
QMainWindow, QDialog { background: $desk; }
QScrollArea#dialogScroll, QWidget#dialogBody { background: $desk; }
/* A form layout centres a label on its field only if the label is at least 4/7 as tall. */
QDialog QLabel { min-height: 19px; }
QMessageBox QLabel { min-height: 0; } /* or more lines than one would be cut off */
QMessageBox QLabel#qt_msgbox_label { font-size: 20px; font-weight: 600; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QLabel[role="muted"] { color: $text_muted; }
QLabel[role="small"] { color: $text_muted; font-size: 12px; }
QLabel[role="title"] { font-size: 20px; font-weight: 600; }
QLabel[wrong="true"] { color: $red; }
QLabel[key="true"] {
    color: $text; background: $surface; border: 1px solid $border; border-bottom: 2px solid $border;
    border-radius: 4px; padding: 0 6px; font-size: 12px;
}
QLabel[chip="true"] {
    color: $text; background: $track; border-radius: 8px; padding: 2px 8px; font-size: 12px;
}
QFrame[card="true"] {
    background: $surface; border: 1px solid $border; border-radius: 8px;
}
QFrame#toast { background: $tooltip; border: none; border-radius: 8px; }
QFrame#toast QLabel { color: $tooltip_text; }
QFrame#toast QPushButton {
    color: $tooltip_accent; background: transparent; border: 2px solid transparent; font-weight: 600;
    padding: 6px 14px; border-radius: 8px;
}
QFrame#toast QPushButton:hover { text-decoration: underline; }
QFrame#toast QPushButton:focus { border-color: $tooltip_accent; }
QFrame[rule="true"] { background: $border; border: none; }

QMenuBar { background: $desk; color: $text; padding: 2px; border: none; }
QMenuBar::item { padding: 6px 8px; border-radius: 4px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenuBar::item:pressed { background: $pressed; }
QMenuBar::item:disabled { color: $disabled; }

QMenu {
    background: $surface; color: $text; border: 1px solid $border; padding: 4px; icon-size: 20px;
}
QMenu::item { padding: 7px 24px 7px 8px; border-radius: 4px; }
QMenu[inset="plain"]::item { padding-left: 32px; }
QMenu[inset="ticks"]::item { padding-left: 17px; }
QMenu::item:selected { background: $accent_soft; }
QMenu::item:disabled { color: $disabled; background: transparent; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QMenu::icon { padding-left: 8px; }
QMenu::indicator { width: 16px; height: 16px; left: 6px; }
QMenu::indicator:checked { image: url("$image_mark"); }
QMenu::right-arrow { width: 12px; height: 12px; image: url("$image_right"); right: 4px; }

QToolButton {
    min-width: 36px; min-height: 36px; padding: 0; color: $text; background: transparent;
    border: 2px solid transparent; border-radius: 8px;
}
QToolButton:hover { background: $hover; }
QToolButton:pressed { background: $pressed; }
QToolButton:checked { background: $accent_soft; }
QToolButton:disabled { color: $disabled; }
QToolButton:focus { border-color: $accent; }
QToolButton[label="true"] {
    min-width: 0; min-height: 0; background: $surface; border: 1px solid $border;
}
QToolButton[label="true"]:hover { background: $hover; border-color: $outline; }
QToolButton[label="true"]:pressed { background: $pressed; }
QToolButton[label="true"]:checked { background: $accent_soft; border: 2px solid $accent; }
QToolButton[label="true"]:focus { border: 2px solid $accent; }
QToolButton::menu-indicator { image: none; width: 0; }
QLineEdit QToolButton { min-width: 0; min-height: 0; border: none; } /* it empties the line */
QLineEdit QToolButton:hover, QLineEdit QToolButton:pressed { background: transparent; }

QPushButton {
    min-height: 20px; padding: 7px 16px; color: $text; background: $surface;
    border: 1px solid $outline; border-radius: 6px; outline: 0;
}
QPushButton:hover { background: $hover; }
QPushButton:pressed { background: $pressed; }
QPushButton:focus { border: 2px solid $accent; padding: 6px 15px; }
QPushButton:disabled { color: $disabled; border-color: $border; background: transparent; }
QPushButton[primary="true"] {
    color: $accent_text; background: $accent; border-color: $accent; font-weight: 600;
}
QPushButton[primary="true"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[primary="true"]:pressed { background: $accent_pressed; border-color: $accent_pressed; }
QPushButton[primary="true"]:focus { border: 2px solid $text; }
QPushButton[primary="true"]:disabled {
    color: $disabled; background: $track; border-color: $border;
}
QPushButton::menu-indicator {
    image: url("$image_down"); width: 12px; height: 12px;
    subcontrol-origin: padding; subcontrol-position: center right; right: 8px;
}
QPushButton[beside="true"] { padding: 5px 16px; } /* as high as a field */
QPushButton[beside="true"]:focus { padding: 4px 15px; }
QPushButton[compact="true"] { min-height: 15px; max-height: 15px; padding: 0 10px; }
QPushButton[compact="true"]:focus { min-height: 13px; max-height: 13px; padding: 0 9px; }
QPushButton[quiet="true"] { background: transparent; border-color: transparent; color: $accent; }
QPushButton[quiet="true"]:hover { background: $hover; }
QPushButton[quiet="true"]:focus { border-color: $accent; }
QPushButton[line="true"] {
    min-height: 20px; max-height: 20px; padding: 0 2px; text-align: left; color: $accent;
    background: transparent; border: 1px solid transparent;
}
QPushButton[line="true"]:hover { background: $hover; }
QPushButton[line="true"]:focus { border: 1px solid $accent; padding: 0 2px; }
QPushButton[choice="true"] { text-align: left; padding: 7px 10px; }
QPushButton[choice="true"]:checked { background: $accent_soft; border: 2px solid $accent; padding: 6px 9px; }
QPushButton[fold="true"] {
    background: transparent; border-color: transparent; color: $accent; padding: 7px 8px 7px 0;
    text-align: left;
}
QPushButton[fold="true"]:hover { color: $accent_hover; }
QPushButton[fold="true"]:focus { border: 2px solid $accent; padding: 6px 7px 6px 0; }

QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox, QPlainTextEdit, QTextEdit, QListView {
    color: $text; background: $field; border: 1px solid $outline; border-radius: 6px; outline: 0;
    placeholder-text-color: $text_muted;
    selection-color: $accent_text; selection-background-color: $accent;
}
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox { min-height: 22px; padding: 4px 8px; }
QLineEdit { padding: 4px 6px; } /* Qt adds two */
QLineEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus, QPlainTextEdit:focus, QTextEdit:focus,
QListView:focus { border: 2px solid $accent; }
QLineEdit:focus { padding: 3px 5px; }
QSpinBox:focus, QDoubleSpinBox:focus { padding: 3px 7px; }
QComboBox:focus, QComboBox:on { border: 2px solid $accent; padding: 3px 7px; }
QLineEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled, QComboBox:disabled {
    color: $disabled; background: transparent; border-color: $border;
}
QSpinBox, QDoubleSpinBox { min-height: 19px; }
QLineEdit[wrong="true"], QSpinBox[wrong="true"], QDoubleSpinBox[wrong="true"],
QComboBox[wrong="true"] { border: 2px solid $red; }
QLineEdit[wrong="true"] { padding: 3px 5px; }
QSpinBox[wrong="true"], QDoubleSpinBox[wrong="true"], QComboBox[wrong="true"] { padding: 3px 7px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    subcontrol-origin: border; width: 24px; background: transparent; border: none;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 2px 2px 0 0; }
QAbstractSpinBox::down-button { subcontrol-position: bottom right; margin: 0 2px 2px 0; }
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover { background: $hover; }
QAbstractSpinBox::up-button:pressed, QAbstractSpinBox::down-button:pressed {
    background: $pressed;
}
QAbstractSpinBox::up-arrow { image: url("$image_up"); width: 12px; height: 12px; }
QAbstractSpinBox::down-arrow { image: url("$image_down"); width: 12px; height: 12px; }
QComboBox { combobox-popup: 0; }
QComboBox QLineEdit, QComboBox QLineEdit:focus { padding: 0; }
QComboBox:editable { padding-left: 6px; } /* its line edit adds two */
QComboBox:editable:focus, QComboBox:editable:on { padding-left: 5px; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: url("$image_down"); width: 12px; height: 12px; }
QListView { padding: 3px; selection-color: $text; selection-background-color: $accent_soft; }
QListView:focus { padding: 2px; }
QListView#misread, QListView#misread:focus { background: transparent; border: none; padding: 0; }
QListView::item { padding: 0 5px; border-radius: 4px; color: $text; }
QListWidget::item { padding: 5px 6px; }
QListWidget#misread::item { padding: 0 5px; }
QListView::item:hover { background: $hover; }
QListView::item:selected { background: $accent_soft; }
QListView::item:disabled { color: $disabled; }
QComboBox QListView, QComboBox QListView:focus {
    background: $surface; border: 1px solid $border; border-radius: 0; padding: 3px;
}
QComboBox QListView::item { padding: 6px 5px; }

QTreeView {
    color: $text; background: $field; border: 1px solid $outline; border-radius: 6px; outline: 0;
    padding: 3px; selection-color: $text; selection-background-color: $accent_soft;
}
QTreeView:focus { border: 2px solid $accent; padding: 2px; }
QTreeView::item { min-height: 32px; padding: 0 8px; border: none; }
QTreeView::item:hover { background: $hover; }
QTreeView::item:selected { background: $accent_soft; }
QTreeView::branch:selected { background: $accent_soft; }
QAbstractScrollArea::corner { background: transparent; border: none; }
QHeaderView { background: transparent; }
QHeaderView::section {
    color: $text_muted; background: transparent; border: none; border-bottom: 1px solid $border;
    padding: 6px 11px; font-size: 12px; /* Qt insets items by three */
}

QCheckBox, QRadioButton { spacing: 8px; padding: 4px 4px 4px 1px; border: 2px solid transparent; outline: 0; }
QCheckBox:focus, QRadioButton:focus { border-color: $accent; border-radius: 6px; }
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator, QRadioButton::indicator {
    width: 16px; height: 16px; border: 1px solid $outline; background: $field;
}
QCheckBox::indicator { border-radius: 4px; }
QRadioButton::indicator { border-radius: 9px; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked {
    background: $accent; border-color: $accent; image: url("$image_check");
}
QRadioButton::indicator:checked {
    width: 8px; height: 8px; border: 5px solid $accent; background: $accent_text;
}
QCheckBox::indicator:disabled, QRadioButton::indicator:disabled {
    border-color: $disabled; background: transparent;
}
QCheckBox::indicator:checked:disabled { background: $disabled; }

QSlider { min-height: 24px; min-width: 24px; }
QSlider:focus { border: 2px solid $accent; border-radius: 6px; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $pressed; }
QSlider::sub-page:horizontal { border-radius: 2px; background: $outline; }
QSlider::handle:horizontal {
    width: 16px; height: 16px; margin: -6px 0; border-radius: 8px; background: $text_muted;
}
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:pressed { background: $text; }
QSlider::sub-page:horizontal:disabled { background: $pressed; }
QSlider::handle:horizontal:disabled { background: $disabled; }

QProgressBar {
    min-height: 8px; max-height: 8px; border: none; border-radius: 4px; background: $pressed;
    color: transparent;
}
QProgressBar::chunk { border-radius: 4px; background: $accent; }

QGroupBox {
    margin-top: 24px; padding: 12px; border: 1px solid $border; border-radius: 8px;
    background: $surface;
}
QGroupBox::title {
    subcontrol-origin: margin; subcontrol-position: top left; padding: 0 0 4px 0;
    color: $text_muted; background: transparent;
}

QTabWidget::pane { border: none; border-top: 1px solid $border; top: -1px; }
QTabBar { background: transparent; qproperty-drawBase: 0; }
QTabBar::tab {
    padding: 8px 12px; color: $text_muted; background: transparent;
    border: none; border-bottom: 2px solid transparent;
}
QTabBar::tab:hover { color: $text; background: $hover; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { color: $accent; }
QTabBar::tab:disabled { color: $disabled; }

QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: 12px; }
QScrollBar:horizontal { height: 12px; }
QScrollBar::handle { background: $outline; border-radius: 3px; margin: 3px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $text_muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: none; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: transparent; border-radius: 3px; }
QSplitter::handle:vertical { height: 8px; image: url("$image_across"); }
QSplitter::handle:horizontal { width: 8px; image: url("$image_upright"); }
QSplitter::handle:hover { background: $pressed; }

QStatusBar { background: $desk; color: $text_muted; }
QStatusBar::item { border: none; }
QToolTip {
    color: $tooltip_text; background: $tooltip; border: 1px solid $tooltip; padding: 4px 6px;
    font-size: 12px;
}
"""
