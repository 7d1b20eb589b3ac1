"""Not answering: how probable a label is, from where on that is enough, and runs that learn it."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from tests.trainer.made_runs import of_kind, result_of, run_all, small
from tests.trainer.strokes_files import REFUSED, lines, write
from trainer.base.errors import DataError, WeightsError
from trainer.base.events import EpochFinished, Event, Note
from trainer.base.labels import DIGIT_SHAPED, NO_LABEL, labels_alone
from trainer.datasets import Split, generated, load_test
from trainer.execution.execution import Execution
from trainer.models.recognizer import Recognizer
from trainer.models.rejection import ANSWERED, fit_threshold, split
from trainer.models.weights import load_weights, read_card, save_weights
from trainer.models.weights_card import WeightsCard
from trainer.networks import build_network
from trainer.picture.preprocess import picture_from_drawing
from trainer.training.initial_weights import InitialNetwork
from trainer.training.validation import Validator

pytestmark = pytest.mark.usefixtures("one_thread")

DIGITS = tuple("0123456789")


def _generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_labels_that_can_be_answered() -> None:
    assert labels_alone((*DIGITS, NO_LABEL)) == DIGITS
    assert labels_alone(DIGITS) == DIGITS
    assert DIGIT_SHAPED.isdisjoint([*DIGITS, NO_LABEL])


# --- what the outputs say


def test_outputs_of_a_network_that_answers_everything() -> None:
    outputs = torch.randn(5, 10, generator=_generator())
    logits, is_digit = split(outputs, 10)
    assert is_digit is None
    assert torch.equal(logits, outputs)


def test_the_last_output_is_taken_apart() -> None:
    outputs = torch.randn(50, 11, generator=_generator()) * 3
    logits, is_digit = split(outputs, 10)
    assert torch.equal(logits, outputs[:, :10])
    assert is_digit is not None
    assert is_digit.shape == (50,)
    assert torch.allclose(is_digit, outputs.softmax(1)[:, :10].sum(1), atol=1e-6)
    low = split(outputs.bfloat16(), 10)[1]
    assert low is not None
    assert low.dtype == torch.float32


# --- the threshold


def _sources(*counts: int) -> tuple[Tensor, Tensor]:
    """Shares of sources of these sizes, the later the less sure, and the numbers of the sources."""
    generator = _generator()
    shares = [
        torch.rand(count, generator=generator) ** (0.1 + 0.3 * i) for i, count in enumerate(counts)
    ]
    return torch.cat(shares), torch.repeat_interleave(torch.tensor(counts))


@pytest.mark.parametrize("counts", [(50,), (1000,), (4000, 50, 333), (200, 5000), (60, 0, 70)])
def test_enough_of_every_source_is_answered_and_no_more(counts: tuple[int, ...]) -> None:
    shares, sources = _sources(*counts)
    threshold = fit_threshold(shares, sources)
    answered = {
        number: float((shares[sources == number] >= threshold).double().mean())
        for number in set(sources.tolist())
    }
    assert min(answered.values()) >= ANSWERED
    # Any larger, and there is a source of which no more than that is.
    above = float(shares[shares > threshold].min())
    assert any(
        float((shares[sources == number] >= above).double().mean()) <= ANSWERED + 1e-9
        for number in answered
    )


def test_a_source_of_few_drawings_has_no_say() -> None:
    shares = torch.cat([torch.full((1000,), 0.9), torch.full((49,), 0.1)])
    sources = (torch.arange(1049) >= 1000).long()
    assert fit_threshold(shares, sources) == pytest.approx(0.9)
    more = torch.cat([shares, shares[-1:]]), torch.cat([sources, sources[-1:]])
    assert fit_threshold(*more) == pytest.approx(0.1)


def test_where_all_have_few_all_have_a_say() -> None:
    shares = torch.cat([torch.full((30,), 0.9), torch.full((20,), 0.4)])
    assert fit_threshold(shares, (torch.arange(50) >= 30).long()) == pytest.approx(0.4)
    assert fit_threshold(torch.tensor([0.7]), torch.zeros(1, dtype=torch.long)) == pytest.approx(
        0.7
    )


def test_a_threshold_is_a_probability() -> None:
    sources = torch.zeros(100, dtype=torch.long)
    assert fit_threshold(torch.ones(100) + 1e-3, sources) == 1
    assert fit_threshold(torch.zeros(100) - 1e-6, sources) == 0


# --- the judge


def _validator(part: Split, parent: WeightsCard | None = None) -> Validator:
    initial = InitialNetwork(
        network=nn.Identity(), architecture="lenet5", arguments={}, mean=0, std=1, parent=parent
    )
    way = Execution(device=torch.device("cpu"), precision="float32", layout="channels first")
    return Validator(small(), part, initial, way, data_sources=())


def _part(targets: list[int], labels: tuple[str, ...], sources: list[int] | None = None) -> Split:
    return Split(
        pictures=np.zeros((len(targets), 28, 28), np.uint8),
        targets=np.array(targets, np.int64),
        labels=labels,
        sources=None if sources is None else np.array(sources, np.int64),
    )


def _outputs(targets: Tensor, classes: int, *, sure: float) -> Tensor:
    """Logits that answer rightly, more or less surely."""
    outputs = torch.zeros(len(targets), classes)
    outputs[torch.arange(len(targets)), targets] = sure
    return outputs + torch.randn(outputs.shape, generator=_generator())


def test_the_judge_fits_a_threshold_by_what_has_a_label() -> None:
    targets = torch.cat([torch.arange(1000) % 3, torch.full((500,), 3)])
    sources = [*(i % 2 for i in range(1000)), *[2] * 500]
    validator = _validator(_part(targets.tolist(), ("a", "b", "c", NO_LABEL), sources))
    assert validator.labels == ("a", "b", "c")
    outputs = _outputs(targets, 4, sure=6)
    validator.calibrate(outputs)
    is_digit = 1 - outputs.softmax(1)[:, 3]
    assert validator.calibration.threshold == pytest.approx(
        fit_threshold(is_digit[:1000], torch.tensor(sources[:1000]))
    )
    assert validator.calibration.rates["answered"] >= ANSWERED
    assert validator.calibration.threshold is not None
    refused = float((is_digit[1000:] < validator.calibration.threshold).float().mean())
    assert validator.calibration.rates["refused"] == pytest.approx(refused)
    assert refused > 0.5


def test_figures_are_of_what_has_a_label() -> None:
    """A network that answers everything rightly, and knows nothing of what is none, has no mistake."""
    validator = _validator(_part([0, 1, 2, 1, 2], ("a", "b", NO_LABEL)))

    class Answers(nn.Module):
        def forward(self, pictures: Tensor) -> Tensor:
            outputs = torch.zeros(len(pictures), 3)
            outputs[torch.arange(5), torch.tensor([0, 1, 0, 1, 1])] = 5
            return outputs

    figures, _, outputs = validator.validate(Answers())
    assert (figures.accuracy, figures.count) == (1, 3)
    assert outputs.shape == (5, 3)


def test_without_anything_to_refuse_there_is_no_threshold() -> None:
    targets = torch.arange(300) % 3
    validator = _validator(_part(targets.tolist(), ("a", "b", "c")))
    validator.calibrate(_outputs(targets, 3, sure=4))
    assert validator.calibration.threshold is None
    assert validator.calibration.rates == {}


@pytest.mark.parametrize(("parents", "kept"), [(0.3, 0.3), (0.0, 0.0), (None, 0.5), ("", 0.5)])
def test_with_nothing_to_judge_by_the_parents_threshold_stays(
    parents: float | str | None, kept: float
) -> None:
    """The training part has drawings without a label, or the parent was personalized by such."""
    parent = None
    if not isinstance(parents, str):
        parent = WeightsCard(architecture="lenet5", labels=("a", "b"), threshold=parents)
    validator = _validator(_part([0, 1] * 50, ("a", "b", NO_LABEL)), parent)
    validator.calibrate(_outputs(torch.arange(100) % 2, 3, sure=4))
    assert validator.calibration.threshold == kept


class _Told(nn.Module):
    """Answers what it is told for the pictures, in order."""

    def __init__(self, answers: Tensor, classes: int = 2) -> None:
        super().__init__()
        self.answers, self.classes = answers, classes

    def forward(self, pictures: Tensor) -> Tensor:
        assert len(pictures) == len(self.answers)
        return 4.0 * nn.functional.one_hot(self.answers, self.classes)


def _wrong(targets: Tensor, *places: slice) -> nn.Module:
    answers = targets.clone()
    for place in places:
        answers[place] = 1 - answers[place]
    return _Told(answers)


@pytest.mark.parametrize("few", [60, 20])
def test_every_source_has_the_same_say_in_which_epoch_is_best(few: int) -> None:
    """MNIST's thousands would outvote all others; only what is hardly seen has less of a say."""
    targets = torch.arange(400 + few) % 2
    sources = torch.tensor([0] * 200 + [1] * 200 + [2] * few)
    validator = _validator(_part(targets.tolist(), ("a", "b"), sources.tolist()))

    def judged(*places: slice) -> EpochFinished:
        found, balanced, _ = validator.validate(_wrong(targets, *places))
        assert balanced is not None
        assert balanced.count == found.count == 400 + few
        better = validator.is_best(balanced)
        return EpochFinished(
            epoch=1, step=1, training=found, validation=found, is_best=better, seconds=1,
            balanced=balanced,
        )  # fmt: skip

    validator.best = judged(slice(400, 410))  # of the few, ten
    assert validator.best.is_best
    other = judged(slice(0, 16), slice(200, 216))
    assert other.validation.accuracy < validator.best.validation.accuracy
    say = min(few, 50) / 50
    assert validator.best.selection_metrics.accuracy == pytest.approx(
        1 - say * 10 / few / (2 + say)
    )
    assert other.selection_metrics.accuracy == pytest.approx(1 - 2 * 16 / 200 / (2 + say))
    assert other.is_best == (10 / few * say > 2 * 16 / 200)
    assert other.is_best


def test_the_loss_of_a_mixture_is_balanced_too() -> None:
    targets = torch.arange(300) % 2
    validator = _validator(_part(targets.tolist(), ("a", "b"), [0] * 200 + [1] * 100))
    network = _wrong(targets, slice(200, 250))
    found, balanced, outputs = validator.validate(network)
    assert balanced is not None
    losses = nn.functional.cross_entropy(outputs, targets, reduction="none")
    assert balanced.loss == pytest.approx(float(losses[:200].mean() + losses[200:].mean()) / 2)
    assert balanced.loss > 1.2 * found.loss


def test_one_source_needs_no_balance() -> None:
    """Nor do others of which nothing has a label."""
    targets = torch.cat([torch.arange(100) % 2, torch.full((50,), 2)])
    sources = [0] * 100 + [1] * 50
    validator = _validator(_part(targets.tolist(), ("a", "b", NO_LABEL), sources))
    _, balanced, _ = validator.validate(_Told(targets, 3))
    assert balanced is None


def test_with_nothing_to_judge_by_a_run_does_not_begin() -> None:
    with pytest.raises(
        DataError, match="none of the 3 validation pictures shows one of the labels a, b"
    ):
        _validator(_part([2, 2, 2], ("a", "b", NO_LABEL)))


def test_every_source_has_the_same_say_in_the_temperature() -> None:
    """Not every picture: a small source that is never sure counts as much as a large one."""
    targets = torch.arange(2000) % 2
    outputs = torch.cat(
        [_outputs(targets[:1900], 2, sure=8), _outputs(targets[1900:], 2, sure=8).flip(1)]
    )
    sources = (torch.arange(2000) >= 1900).long()
    alike = _validator(_part(targets.tolist(), ("a", "b"), sources.tolist()))
    alike.calibrate(outputs)
    by_picture = _validator(_part(targets.tolist(), ("a", "b")))
    by_picture.calibrate(outputs)
    assert alike.calibration.temperature > 2 * by_picture.calibration.temperature
    again = torch.cat([outputs[:1900], *[outputs[1900:]] * 19])
    repeated = torch.cat([targets[:1900], *[targets[1900:]] * 19])
    balanced = _validator(_part(repeated.tolist(), ("a", "b")))
    balanced.calibrate(again)
    assert alike.calibration.temperature == pytest.approx(
        balanced.calibration.temperature, rel=1e-3
    )


# --- a run


@pytest.fixture(scope="module", autouse=True)
def few_scribbles() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generated, "_COUNT", 170)
        yield


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("data") / "digits.jsonl", lines(300))


@pytest.fixture(scope="module")
def run(digits: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    """Some epochs of digits and scribbles."""
    config = small(dataset=f"strokes:{digits}+scribbles", epochs=10, batch_size=16, limit=0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HANDWRITE_CACHE", str(tmp_path_factory.mktemp("cache")))
        return run_all(digits.parent, config, runs=tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def trained(run: list[Event]) -> Path:
    return Path(result_of(run).weights)


def test_its_card_says_from_where_on_it_answers(run: list[Event], trained: Path) -> None:
    network, card = load_weights(trained)
    assert card.labels == DIGITS
    assert card.outputs == (*DIGITS, NO_LABEL)
    assert card.threshold is not None
    assert 0 <= card.threshold <= 1
    assert card.metrics["answered"] >= ANSWERED
    assert 0.5 < card.metrics["refused"] <= 1
    assert card.data.startswith("strokes:digits.jsonl+scribbles, ")
    assert network(torch.zeros(1, 1, 28, 28)).shape == (1, 11)
    # Only what has a label is a matter of accuracy.
    figures = result_of(run).validation
    assert card.metrics["validation_pictures"] == figures.count < 70
    assert figures.accuracy > 0.8


def test_it_answers_digits_and_refuses_scribbles(trained: Path, digits: Path) -> None:
    recognizer = Recognizer(trained, device="cpu")
    test = load_test(f"strokes:{digits}", digits.parent)
    found = recognizer.answers(test.pictures)
    assert found.logits.shape == found.probabilities.shape == (len(test), 10)
    assert np.allclose(found.probabilities.sum(1), 1, atol=1e-5)
    assert (found.probabilities.argmax(1) == test.targets).mean() > 0.8
    assert found.is_digit is not None
    assert found.is_digit.dtype == np.float32
    assert (found.is_digit >= recognizer.threshold).mean() > 0.9
    assert np.array_equal(recognizer.probabilities(test.pictures), found.probabilities)
    assert np.array_equal(recognizer.logits(test.pictures).numpy(), found.logits)
    scribbled = [picture_from_drawing(drawing) for drawing in REFUSED]
    others = recognizer.answers([picture for picture in scribbled if picture is not None])
    assert others.is_digit is not None
    assert (others.is_digit < recognizer.threshold).mean() > 0.6


def test_a_network_that_refuses_nothing_has_no_share(lenet_file: Path) -> None:
    recognizer = Recognizer(lenet_file, device="cpu")
    assert recognizer.answers(np.zeros((3, 28, 28), np.uint8)).is_digit is None
    assert recognizer.threshold == 0


def test_its_report_knows_the_labels_alone(run: list[Event]) -> None:
    document = json.loads((Path(result_of(run).run) / "report.json").read_text("utf-8"))
    assert document["labels"] == list(DIGITS)
    assert document["count"] == result_of(run).validation.count
    assert document["accuracy"] == pytest.approx(result_of(run).validation.accuracy)


def test_it_is_compared_with_one_that_answers_everything(
    digits: Path, tmp_path: Path, lenet_file: Path
) -> None:
    config = small(dataset=f"strokes:{digits}+scribbles", limit=100)
    events = run_all(digits.parent, config, runs=tmp_path, compare_with=lenet_file)
    compared = result_of(events).compared
    assert compared is not None
    assert compared.count == result_of(events).validation.count
    assert compared.accuracy > 0.3


# --- training further


def test_digits_alone_are_joined_by_drawings_to_reject(
    digits: Path, tmp_path: Path, trained: Path
) -> None:
    """Without them the network would forget to reject within an epoch."""
    config = small(dataset=f"strokes:{digits}", start=str(trained), limit=100)
    events = run_all(digits.parent, config, runs=tmp_path)
    assert any(
        "goes on learning that from scribbles" in note.text for note in of_kind(events, Note)
    )
    assert not any("new head" in note.text for note in of_kind(events, Note))
    network, card = load_weights(Path(result_of(events).weights))
    assert card.threshold is not None
    assert card.outputs == (*DIGITS, NO_LABEL)
    assert network(torch.zeros(1, 1, 28, 28)).shape == (1, 11)
    assert card.metrics["answered"] >= ANSWERED
    assert result_of(events).validation.accuracy > 0.8


def test_with_more_to_refuse_the_threshold_is_fitted_again(
    digits: Path, tmp_path: Path, trained: Path
) -> None:
    network, card = load_weights(trained)
    start = tmp_path / "start.safetensors"
    save_weights(start, network, dataclasses.replace(card, threshold=1e-6))
    config = small(dataset=f"strokes:{digits}+scribbles", start=str(start), layers=1, limit=100)
    events = run_all(digits.parent, config, runs=tmp_path / "runs")
    assert not any("new head" in note.text for note in of_kind(events, Note))
    found = read_card(Path(result_of(events).weights))
    assert found.threshold is not None
    assert found.threshold > 1e-6
    assert found.metrics["answered"] >= ANSWERED


def test_who_answered_everything_can_learn_to_refuse(
    digits: Path, tmp_path: Path, lenet_file: Path
) -> None:
    config = small(dataset=f"strokes:{digits}+scribbles", start=str(lenet_file), limit=100)
    events = run_all(digits.parent, config, runs=tmp_path)
    assert any("new head" in note.text for note in of_kind(events, Note))
    trained, card = load_weights(Path(result_of(events).weights))
    assert card.threshold is not None
    assert trained(torch.zeros(1, 1, 28, 28)).shape == (1, 11)


def test_other_labels_get_a_new_head_that_rejects_as_well(tmp_path: Path, trained: Path) -> None:
    some = [{**line, "label": "abc"[i % 3]} for i, line in enumerate(lines(200))]
    path = write(tmp_path / "letters.jsonl", some)
    config = small(dataset=f"strokes:{path}", start=str(trained))
    events = run_all(tmp_path, config, runs=tmp_path / "runs")
    assert any("new head for 3" in note.text for note in of_kind(events, Note))
    card = read_card(Path(result_of(events).weights))
    assert card.outputs == ("a", "b", "c", NO_LABEL)


def test_a_card_without_its_output_does_not_load(tmp_path: Path) -> None:
    """And an output without its card does not."""
    for classes, threshold in ((10, 0.5), (11, None)):
        path = tmp_path / f"{classes}.safetensors"
        card = WeightsCard(architecture="lenet5", labels=DIGITS, threshold=threshold)
        save_weights(path, build_network("lenet5", classes=classes), card)
        with pytest.raises(WeightsError, match="its network has"):
            load_weights(path)
