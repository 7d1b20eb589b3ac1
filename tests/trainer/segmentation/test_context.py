"""Characters are settled by their neighbours, and by a list of words."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from trainer.base.errors import InputError
from trainer.segmentation.context import as_words, settle
from trainer.segmentation.line import with_characters
from trainer.segmentation.reading import PLAIN, Character, Line
from trainer.segmentation.words import MOST_BYTES, WordList, read_words

LABELS = (*"0123456789", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *"abcdefghijklmnopqrstuvwxyz")


def character(place: int, height: float = 50, **p: float) -> Character:
    probabilities = [0.0] * len(LABELS)
    for label, probability in p.items():
        probabilities[LABELS.index(label.removeprefix("_"))] = probability
    best = max(range(len(LABELS)), key=probabilities.__getitem__)
    return Character(
        label=LABELS[best],
        probability=probabilities[best],
        box=(60.0 * place, 80 - height, 40.0, height),
        probabilities=tuple(probabilities),
    )


def read(characters: list[Character]) -> str:
    return "".join(one.label for one in characters)


def test_an_o_among_digits_is_a_zero_and_the_other_way_round() -> None:
    number = [character(0, _2=0.9), character(1, O=0.6, _0=0.4), character(2, _7=0.9)]
    assert read(settle(number, LABELS)) == "207"
    word = [character(0, B=0.9), character(1, _0=0.6, O=0.35), character(2, M=0.9)]
    assert read(settle(word, LABELS)) == "BOM"
    assert settle(word, LABELS)[1].alternatives[0][0] == "0"


def test_size_tells_the_case_of_letters_of_one_shape() -> None:
    low = [character(0, H=0.9), character(1, 30, S=0.6, s=0.4)]
    settled = settle(low, LABELS)
    assert read(settled) == "Hs"
    assert settled[1].probability == pytest.approx(
        1.0
    )  # the picture says one of the two, and the size which
    assert settled[1].alternatives[0] == ("S", 0.6)
    high = [character(0, H=0.9), character(1, 50, s=0.6, S=0.4)]
    assert read(settle(high, LABELS)) == "HS"


def test_alone_nothing_changes() -> None:
    assert read(settle([character(0, O=0.6, _0=0.4)], LABELS)) == "O"
    assert settle([], LABELS) == []


def test_a_word_of_the_list_is_taken_where_it_is_nearly_as_probable() -> None:
    characters = [character(0, C=0.9), character(1, U=0.6, A=0.35), character(2, T=0.8)]
    words = as_words(characters, LABELS, WordList(["dog", "Cat", "cät"]))
    assert read(words) == "CAT"
    assert words[1].probability == pytest.approx(0.35)  # what the network says to it
    line = with_characters(Line(text="", probability=0, characters=(), divided=0.5), words, PLAIN)
    assert line.probability == pytest.approx(0.5 * 0.9 * 0.35 * 0.8)
    assert read(as_words(characters, LABELS, WordList(["dog", "cats"]))) == "CUT"
    assert read(as_words(characters, LABELS, WordList(["dög"]))) == "CUT"
    assert as_words([], LABELS, WordList(["dog"])) == []
    sure = [character(0, C=0.99), character(1, U=0.99), character(2, T=0.99)]
    assert read(as_words(sure, LABELS, WordList(["dog"]))) == "CUT"


def test_a_file_of_words(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    path.write_text("\ufeffAnna\r\n\r\n  anna \nBen\n", encoding="utf-8")
    assert len(read_words(path)) == 2
    path.write_text("Anna\nBen\nClara\n", encoding="utf-8")
    assert WordList(["Straße"])._by_length.keys() == {6}
    assert len(read_words(path)) == 3  # it is read again where it has changed


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "words.unreadable"),
        (b"\xff\xfe\x00words", "words.unreadable"),
        (b"\n \n", "words.none"),
    ],
)
def test_what_is_no_list_of_words(tmp_path: Path, content: bytes | None, code: str) -> None:
    path = tmp_path / "words.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as error:
        read_words(path)
    assert error.value.code == code


@pytest.mark.skipif(os.name != "posix", reason="pipes are files there")
def test_a_pipe_is_no_list_of_words(tmp_path: Path) -> None:
    pipe = tmp_path / "words"
    os.mkfifo(pipe)
    with pytest.raises(InputError) as error:
        read_words(pipe)
    assert error.value.code == "words.unreadable"


def test_a_file_that_is_too_large_for_words(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    with path.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(InputError) as error:
        read_words(path)
    assert error.value.code == "words.too-large"
