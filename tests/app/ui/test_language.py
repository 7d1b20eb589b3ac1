"""Languages: their files are complete, and one of them is chosen."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from handwrite_app.canvas.files.drawing_files import open_drawing
from handwrite_app.reading.device_text import device_detail, device_title
from handwrite_app.reading.verdict import exact_percent
from handwrite_app.ui import language
from handwrite_app.ui.error_text import sentence
from trainer.base.errors import PictureError
from trainer.base.messages import Message
from trainer.execution import devices
from trainer.execution.devices import DeviceState

pytestmark = pytest.mark.usefixtures("english_afterwards")

TRANSLATED = [name for name in language.LANGUAGES if name != "en"]
HAN = "[\u3400-\u9fff]"


def _texts() -> ModuleType:
    """resources/translations/texts.py, which is in no package."""
    path = Path(__file__).resolve().parents[3] / "resources" / "translations" / "texts.py"
    spec = importlib.util.spec_from_file_location("handwrite_texts", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


texts = _texts()


# The files


def test_every_language_has_its_file() -> None:
    assert [texts.language_of(path) for path in texts.ts_files()] == sorted(TRANSLATED)


@pytest.mark.parametrize("path", texts.ts_files(), ids=lambda path: path.stem)
def test_every_text_has_a_finished_translation_that_fits(path: Path) -> None:
    problems = texts.problems(texts.marked_texts(), texts.read_ts(path))
    assert not problems, "run scripts/translations, then translate:\n" + "\n".join(problems)


@pytest.mark.parametrize("path", texts.ts_files(), ids=lambda path: path.stem)
def test_the_compiled_file_is_current(path: Path) -> None:
    translator = QTranslator()
    assert translator.load(str(path.with_suffix(".qm")))
    for text, message in texts.read_ts(path).items():
        assert translator.translate(text.context, text.source) == message.translation


def test_chinese_is_set_as_chinese() -> None:
    """Punctuation of full width, and mnemonics in brackets after the words."""
    for text, message in texts.read_ts(texts.FOLDER / "handwrite_zh_CN.ts").items():
        if re.fullmatch(r"[\w-]+\.\w+", text.source):  # the name of a file
            continue
        shown = message.translation
        # The brackets of a file dialog's filters are Qt's.
        plain = re.sub(r"\(&\w\)| \(\*[^)]*\)(;;)?", "", shown)
        assert not re.search(f"{HAN}[,.:;?!()]|[,.:;?!()]{HAN}", plain), shown
        assert "&" not in plain, shown
        assert shown.endswith("…") == text.source.endswith("…"), shown


# Choosing one


@pytest.mark.parametrize(
    ("wanted", "chosen", "locale"),
    [
        (["zh-Hans-CN", "zh-CN", "zh"], "zh_CN", "zh_CN"),
        (["zh_CN"], "zh_CN", "zh_CN"),
        (["zh-Hans-SG"], "zh_CN", "zh_SG"),
        (["de-DE", "de", "zh-CN", "en-US"], "zh_CN", "zh_CN"),
        (["en-GB", "zh-CN"], "en", "en_GB"),
        (["de-DE", "fr"], "en", "en_US"),
        (["C"], "en", "en_US"),
        (["nonsense"], "en", "en_US"),
        ([], "en", "en_US"),
    ],
)
def test_the_first_language_that_there_are_texts_for(
    wanted: list[str], chosen: str, locale: str
) -> None:
    name, found = language._chosen(wanted)
    assert (name, found.name()) == (chosen, locale)


def test_the_systems_language_without_a_font_is_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_chosen", lambda _: ("zh_CN", QLocale("zh_CN")))
    monkeypatch.setattr(language, "is_readable", lambda _: False)
    language.install("")
    assert QLocale().name() == "en_US"
    assert not language._installed


def test_numbers_and_qts_own_words_follow(qtbot: QtBot) -> None:
    language.install("zh_CN")
    assert QLocale().name() == "zh_CN"
    assert exact_percent(0.98765) == "98.77%"
    box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
    qtbot.addWidget(box)
    assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "取消"
    language.install("en")
    assert exact_percent(0.98765) == "98.77 %"


def test_devices_are_told_of_in_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    def detail(message: Message) -> str:
        return device_detail(DeviceState(name="cpu", available=True, detail=message))

    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    monkeypatch.setattr("torch.version.cuda", "13.0")
    monkeypatch.setattr("platform.system", lambda: "Linux")
    absent = devices._cuda().detail
    many, one = (devices._cpu(threads) for threads in (16, 1))
    assert detail(many).endswith(", 16 threads")
    assert detail(one).endswith(", 1 thread")
    assert detail(Message.verbatim("NVIDIA H200")) == "NVIDIA H200"
    assert detail(absent).startswith("no NVIDIA card")
    language.install("zh_CN")
    assert detail(many).endswith("，16 线程")
    assert detail(one).endswith("，1 线程")
    assert detail(Message.verbatim("NVIDIA H200")) == "NVIDIA H200"
    assert detail(absent).startswith("未找到")
    assert device_title("auto") == "自动"
    assert device_title("cuda") == "CUDA"


def test_messages_of_files_are_told_in_the_language(tmp_path: Path) -> None:
    file = tmp_path / "{empty}.jsonl"
    file.touch()
    language.install("zh_CN")
    with pytest.raises(PictureError) as caught:
        open_drawing(file)
    assert sentence(caught.value) == "“{empty}.jsonl”中没有笔迹。"


def test_sentences_stand_apart_as_the_language_wants() -> None:
    assert language.joined(["One.", "Two."]) == "One. Two."
    language.install("zh_CN")
    assert language.joined(["一。", "二。"]) == "一。二。"
