"""Languages of the window: Qt translations from resources/translations, loaded while it runs.

``scripts/translations`` maintains the files. A widget sets its texts again on ``LanguageChange``.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QFontDatabase

from handwrite_app.ui.resources import resource_path

#: Locale → the language's name in itself. English is in the sources and needs no file.
LANGUAGES = {"en": "English", "zh_CN": "简体中文"}

#: The writing system of a language, where a computer may have no font for it.
_WRITING = {"zh_CN": QFontDatabase.WritingSystem.SimplifiedChinese}

_installed: list[QTranslator] = []
_current = "en"


def current() -> str:
    """The language of the window now: a key of LANGUAGES."""
    return _current


def install(name: str) -> None:
    """Switches to a language by the name of its locale; "" is the system's. Unknown ones become English.

    Texts, Qt's own and the numbers of ``QLocale()`` are in that language from now on.
    """
    app = QCoreApplication.instance()
    if app is None:
        raise RuntimeError("there is no application to translate")
    global _current
    uninstall()
    language, locale = _chosen([name]) if name else _systems()
    QLocale.setDefault(locale)
    _current = language
    qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for file, folder in (
        ("qtbase", qt_folder),
        ("handwrite", str(resource_path("translations"))),
    ):
        translator = QTranslator(app)
        if translator.load(f"{file}_{language}", folder) and not translator.isEmpty():
            app.installTranslator(translator)
            _installed.append(translator)


def uninstall() -> None:
    """Goes back to the texts of the sources."""
    global _current
    for translator in _installed:
        QCoreApplication.removeTranslator(translator)
        translator.deleteLater()
    _installed.clear()
    _current = "en"


def joined(sentences: Iterable[str]) -> str:
    """Sentences one after another; Chinese has no space between them."""
    return ("" if _current.startswith("zh") else " ").join(sentences)


def is_readable(language: str) -> bool:
    """Whether this system has a font for one of LANGUAGES; without it, text is a row of boxes."""
    writing = _WRITING.get(language)
    return writing is None or bool(QFontDatabase.families(writing))


def _systems() -> tuple[str, QLocale]:
    language, locale = _chosen(QLocale.system().uiLanguages())
    return (language, locale) if is_readable(language) else ("en", QLocale("en"))


def _chosen(wanted: list[str]) -> tuple[str, QLocale]:
    """The first of these locales that has texts: its key in LANGUAGES, and itself."""
    for name in wanted:
        locale = QLocale(name)
        for language in LANGUAGES:
            ours = QLocale(language)
            if (locale.language(), locale.script()) == (ours.language(), ours.script()):
                return language, locale
    return "en", QLocale("en")
