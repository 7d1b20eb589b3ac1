"""An export answers as this program does, or it is not put in its place."""

from __future__ import annotations

import dataclasses
import io
import json
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from tests.drawings import DIGITS
from trainer.base.errors import ConfigError, InputError, RunError
from trainer.models import export as module
from trainer.models import recognizer as recognizer_module
from trainer.models.export import (
    FEWEST_DRAWINGS,
    FORMATS,
    ExportFormat,
    check_parity,
    export_weights,
    find_format,
    read_pictures,
    sample_pictures,
)
from trainer.models.export_formats import Answers, ExportedNetwork
from trainer.models.recognizer import Recognizer
from trainer.models.weights import load_weights, save_weights
from trainer.picture.strokes import Drawing
from trainer.picture.strokes_files import write_strokes_file
from trainer.synthetic.synthetic_digits import synthetic_digits

pytestmark = pytest.mark.usefixtures("one_thread")

LABELS = ("zero", "一", "2 ", "[3]", '"4"', "5\n", "six", "sept", "8", "é")
Pictures = NDArray[np.uint8]


@pytest.fixture(scope="module")
def weights(lenet_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network that knows the ten digits, with labels and a temperature that cannot be guessed."""
    path = tmp_path_factory.mktemp("weights") / "odd.safetensors"
    network, card = load_weights(lenet_file)
    save_weights(path, network, dataclasses.replace(card, labels=LABELS, temperature=1.5))
    return path


@pytest.fixture(scope="module")
def recognizer(weights: Path) -> Recognizer:
    return Recognizer(weights, device="cpu")


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    return sample_pictures()


@pytest.fixture(scope="module")
def files(
    weights: Path, pictures: Pictures, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """One export in each form, by its name."""
    folder = tmp_path_factory.mktemp("exports")
    found = {}
    for form in FORMATS.values():
        target = folder / f"odd{form.suffix}"
        done = export_weights(weights, target, form=form, pictures=pictures)
        assert done.path == target
        assert done.bytes == target.stat().st_size
        assert done.labels == LABELS
        assert done.parity.drawings == len(pictures)
        assert 0 < done.parity.probability < 1e-5
        assert 0 < done.parity.logit < 1e-5
        assert done.seconds > 0
        assert done.check_seconds > 0
        found[form.name] = target
    assert sorted(folder.iterdir()) == sorted(found.values())
    return found


def test_onnxruntime_alone_reads_it(
    files: dict[str, Path], recognizer: Recognizer, pictures: Pictures
) -> None:
    import onnxruntime

    session = onnxruntime.InferenceSession(files["onnx"])
    (given,) = session.get_inputs()
    assert (given.name, given.type) == ("pictures", "tensor(uint8)")
    assert [output.name for output in session.get_outputs()] == ["probabilities", "logits"]
    for value in (given, *session.get_outputs()):
        assert not isinstance(value.shape[0], int), "the batch is of any size"
    texts = session.get_modelmeta().custom_metadata_map
    assert tuple(json.loads(texts["labels"])) == LABELS
    assert json.loads(texts["card"]) == recognizer.card.to_json()
    for count in (1, 2, 7, 101):
        batch = pictures[:count]
        probabilities, logits = session.run(None, {"pictures": batch})
        assert probabilities.shape == (count, 10)
        assert np.allclose(probabilities, recognizer.probabilities(batch), atol=1e-5)
        assert np.allclose(logits, recognizer.logits(batch).numpy(), atol=1e-4)


def test_torch_alone_reads_it(
    files: dict[str, Path], recognizer: Recognizer, pictures: Pictures
) -> None:
    texts = {"labels": "", "card": ""}
    network = torch.export.load(files["torch"], extra_files=texts).module()
    assert tuple(json.loads(texts["labels"])) == LABELS
    assert json.loads(texts["card"]) == recognizer.card.to_json()
    for count in (1, 2, 7, 101):
        probabilities, logits = network(torch.from_numpy(pictures[:count].copy()))
        assert np.allclose(probabilities, recognizer.probabilities(pictures[:count]), atol=1e-5)
        assert torch.allclose(logits, recognizer.logits(pictures[:count]), atol=1e-4)


def test_a_file_tells_nothing_of_the_machine_it_was_made_on(files: dict[str, Path]) -> None:
    here = str(Path(module.__file__).parent).encode()
    for path in files.values():
        content = path.read_bytes()
        if path.suffix == ".pt2":
            with zipfile.ZipFile(path) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        assert here not in content
        assert b'.py"' not in content


def _with_one_weight_off(name: str, content: bytes) -> bytes:
    """The same file with one number of its first layer a hundredth larger."""
    if name == "onnx":
        import onnx
        from onnx import numpy_helper

        model = onnx.load_from_string(content)
        (tensor,) = (t for t in model.graph.initializer if t.name == "network.0.weight")
        values = numpy_helper.to_array(tensor).copy()
        values.flat[np.abs(values).argmax()] *= 1.01
        tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
        return model.SerializeToString()
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        for entry in old.namelist():
            data = old.read(entry)
            if entry.endswith("/weights/weight_0"):
                values = np.frombuffer(data, np.float32).copy()
                assert values.size == 6 * 5 * 5
                values[np.abs(values).argmax()] *= 1.01
                data = values.tobytes()
            new.writestr(entry, data)
    return changed.getvalue()


@pytest.mark.parametrize("name", FORMATS)
def test_one_weight_off_by_a_hundredth_fails_the_export(
    name: str, files: dict[str, Path], weights: Path, pictures: Pictures, tmp_path: Path
) -> None:
    good = files[name].read_bytes()
    target = tmp_path / "out"
    target.write_bytes(b"what was there")
    form = dataclasses.replace(FORMATS[name], make=lambda *_: _with_one_weight_off(name, good))
    with pytest.raises(RunError, match=r"answers \d+ of 120 drawings otherwise .* 1 at a time"):
        export_weights(weights, target, form=form, pictures=pictures)
    assert target.read_bytes() == b"what was there"
    assert list(tmp_path.iterdir()) == [target]
    # The same way round with nothing changed is fine.
    form = dataclasses.replace(FORMATS[name], make=lambda *_: good)
    export_weights(weights, target, form=form, pictures=pictures)
    assert target.read_bytes() == good


@pytest.mark.parametrize("name", FORMATS)
def test_a_torn_file_fails_the_export(
    name: str, files: dict[str, Path], recognizer: Recognizer, pictures: Pictures
) -> None:
    content = files[name].read_bytes()
    for torn in (b"", content[: len(content) // 2]):
        with pytest.raises(RunError, match=f"the {name} file made of odd.* cannot be opened: "):
            check_parity(FORMATS[name], torn, recognizer, pictures)


@pytest.mark.parametrize("name", FORMATS)
def test_an_export_of_other_weights_fails(
    name: str, files: dict[str, Path], lenet_file: Path, pictures: Pictures
) -> None:
    other = Recognizer(lenet_file, device="cpu")
    with pytest.raises(RunError, match="does not carry the labels and the card"):
        check_parity(FORMATS[name], files[name].read_bytes(), other, pictures)


def _form(
    recognizer: Recognizer, answer: Callable[[Pictures], Answers], labels: tuple[str, ...] = LABELS
) -> ExportFormat:
    """A form whose files are empty and answer what the test says."""
    opened = ExportedNetwork(labels=labels, card=recognizer.card.to_json(), answer=answer)
    return ExportFormat(
        name="fake", suffix="", summary="", modules=(), make=lambda *_: b"", open=lambda _: opened
    )


def _true(recognizer: Recognizer, batch: Pictures) -> Answers:
    return recognizer.probabilities(batch), recognizer.logits(batch).numpy()


def test_every_drawing_is_asked_alone_among_seven_and_among_all(
    recognizer: Recognizer, pictures: Pictures
) -> None:
    sizes: list[int] = []

    def answer(batch: Pictures) -> Answers:
        sizes.append(len(batch))
        return _true(recognizer, batch)

    parity = check_parity(_form(recognizer, answer), b"", recognizer, pictures)
    assert sizes == [1] * 120 + [7] * 17 + [1] + [120]
    assert parity.drawings == 120
    assert parity.probability < 1e-5


@pytest.mark.parametrize(("size", "told"), [(1, "1 at a time"), (7, "7 at"), (15, "15 at")])
@pytest.mark.parametrize("column", ["probabilities", "logits"])
@pytest.mark.parametrize("wrong", [1e-3, np.nan])
def test_one_wrong_number_in_one_answer_is_enough(
    recognizer: Recognizer, pictures: Pictures, size: int, told: str, column: str, wrong: float
) -> None:
    def answer(batch: Pictures) -> Answers:
        probabilities, logits = (values.copy() for values in _true(recognizer, batch))
        if len(batch) == size and batch[0].tobytes() == pictures[0].tobytes():
            values = probabilities if column == "probabilities" else logits
            values[0, 4] += wrong * (1 if column == "probabilities" else np.abs(logits).max())
        return probabilities, logits

    pictures = pictures[:15]
    with pytest.raises(RunError, match=rf"answers 1 of 15 drawings otherwise .*{told}"):
        check_parity(_form(recognizer, answer), b"", recognizer, pictures)


def test_rounding_is_no_difference_and_another_label_is(
    recognizer: Recognizer, pictures: Pictures
) -> None:
    def rounded(batch: Pictures) -> Answers:
        probabilities, logits = _true(recognizer, batch)
        return probabilities + np.float32(3e-5), logits * np.float32(1 + 3e-6)

    parity = check_parity(_form(recognizer, rounded), b"", recognizer, pictures)
    assert parity.probability == pytest.approx(3e-5, rel=0.2)
    assert 2e-6 < parity.logit < 4e-6

    class Undecided:
        """This program, where two labels are equally likely to rounding."""

        path, labels, card = recognizer.path, recognizer.labels, recognizer.card

        def answers(self, batch: Pictures) -> recognizer_module.Answers:
            return recognizer_module.Answers(
                probabilities=np.array([[0.5, 0.5 - 1e-6, *[0] * 8]] * len(batch), np.float32),
                logits=np.zeros((len(batch), 10), np.float32),
                is_digit=None,
            )

    def other(batch: Pictures) -> Answers:
        found = Undecided().answers(batch).probabilities[:, [1, 0, *range(2, 10)]]
        return found, np.zeros_like(found)

    with pytest.raises(RunError, match="answers 120 of 120 drawings otherwise"):
        check_parity(_form(recognizer, other), b"", Undecided(), pictures)  # type: ignore[arg-type]


def test_a_file_that_wants_another_batch_fails(recognizer: Recognizer, pictures: Pictures) -> None:
    def answer(batch: Pictures) -> Answers:
        if len(batch) != 1:
            raise ValueError("Got: 7 Expected: 1\nPlease fix the inputs")
        return _true(recognizer, batch)

    with pytest.raises(RunError, match=r"does not answer 7 images at a time: Got: 7 Expected: 1\."):
        check_parity(_form(recognizer, answer), b"", recognizer, pictures)
    nothing = np.zeros((1, 3), np.float32)
    narrow = _form(recognizer, lambda batch: (nothing, nothing))
    with pytest.raises(RunError, match="does not answer 1 images at a time"):
        check_parity(narrow, b"", recognizer, pictures)


def test_a_network_that_cannot_be_exported_is_a_run_error(
    weights: Path, pictures: Pictures, tmp_path: Path
) -> None:
    def fails(*_: object) -> bytes:
        raise ValueError("Unsupported: aten.what\n\nand a page more")

    form = dataclasses.replace(FORMATS["onnx"], make=fails)
    with pytest.raises(RunError, match=r"odd.safetensors could not be exported to onnx: .*what$"):
        export_weights(weights, tmp_path / "x", form=form, pictures=pictures)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_none_is_a_run_error(
    files: dict[str, Path], weights: Path, pictures: Pictures, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    form = dataclasses.replace(FORMATS["onnx"], make=lambda *_: files["onnx"].read_bytes())
    with pytest.raises(RunError, match="could not be written"):
        export_weights(weights, tmp_path / "file" / "x.onnx", form=form, pictures=pictures)


def test_formats_are_found_by_name_with_what_they_want(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [find_format(name).name for name in FORMATS] == ["onnx", "torch"]
    with pytest.raises(ConfigError, match="--format tflite: not one of onnx, torch"):
        find_format("tflite")
    # None is what the interpreter puts there for a module that must not be found.
    monkeypatch.setitem(sys.modules, "onnxscript", None)
    with pytest.raises(
        ConfigError, match=r"ONNX export needs onnxscript\. .*pip install onnxscript"
    ):
        find_format("onnx")
    assert find_format("torch").name == "torch"


def test_the_programs_own_drawings_are_enough(pictures: Pictures) -> None:
    assert len(pictures) >= FEWEST_DRAWINGS
    assert pictures.shape[1:] == (28, 28)
    assert pictures.dtype == np.uint8
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)


def test_a_persons_own_drawings_do_as_well_if_there_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    drawings: list[tuple[Drawing, str | None]]
    drawings = [(drawing, label) for label, drawing in synthetic_digits(FEWEST_DRAWINGS)]
    write_strokes_file(path, [(Drawing(), None), *drawings])
    with path.open("a") as file:
        file.write("not a drawing\n")
    assert read_pictures(path).shape == (FEWEST_DRAWINGS, 28, 28)
    write_strokes_file(path, drawings[1:])
    with pytest.raises(InputError, match=r"only 99 can be read; .* at least 100"):
        read_pictures(path)
    with pytest.raises(InputError, match="does not exist"):
        read_pictures(tmp_path / "no.jsonl")


def test_the_sample_network_knows_its_digits(recognizer: Recognizer) -> None:
    """Else equal answers would say little."""
    pictures = sample_pictures()[: 10 * len(DIGITS)]
    assert len(set(recognizer.probabilities(pictures).argmax(1))) == 10
