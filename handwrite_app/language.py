"""Languages of the window: Qt translations from resources/translations, loaded while it runs."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from handwrite_app.resources import resource_path

#: Locale → the language's own name for itself. English is in the sources and needs no file.
LANGUAGES = {"en": "English", "zh_CN": "简体中文"}

_installed: list[QTranslator] = []


def install(name: str) -> None:
    """Switches to a language by its locale's name; "" is the system's. Unknown ones become English."""
    app = QCoreApplication.instance()
    if app is None:
        raise RuntimeError("there is no application to translate")
    for translator in _installed:
        app.removeTranslator(translator)
    _installed.clear()
    locale = QLocale(name) if name else QLocale.system()
    QLocale.setDefault(locale if locale.language() in _languages() else QLocale("en"))
    qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for file, folder in (
        ("qtbase", qt_folder),
        ("handwrite", str(resource_path("translations"))),
    ):
        translator = QTranslator(app)
        if translator.load(locale, file, "_", folder):
            app.installTranslator(translator)
            _installed.append(translator)


def _languages() -> set[QLocale.Language]:
    return {QLocale(name).language() for name in LANGUAGES}
