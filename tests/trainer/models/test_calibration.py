"""A temperature changes how sure answers sound, to what they are worth, and no answer."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from trainer.evaluation.metrics import error_of_answers
from trainer.models.calibration import LEAST, MOST, fit_temperature


def _sample(temperature: float, count: int = 20_000) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits that are true at this temperature, with targets drawn from them."""
    generator = torch.Generator().manual_seed(0)
    honest = 3 * torch.randn(count, 10, generator=generator)
    targets = torch.multinomial(honest.softmax(1), 1, generator=generator).squeeze(1)
    return honest * temperature, targets


@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_the_temperature_is_found(temperature: float) -> None:
    logits, targets = _sample(temperature)
    assert fit_temperature(logits, targets) == pytest.approx(temperature, rel=0.05)


def test_it_makes_probabilities_honest() -> None:
    logits, targets = _sample(3.0)
    before = error_of_answers(logits.softmax(1).numpy(), targets.numpy())
    fitted = (logits / fit_temperature(logits, targets)).softmax(1)
    after = error_of_answers(fitted.numpy(), targets.numpy())
    assert before is not None
    assert after is not None
    assert before > 0.1
    assert after < 0.02
    assert torch.equal(fitted.argmax(1), logits.argmax(1))


def test_bounds_hold_where_nothing_is_wrong_or_everything() -> None:
    logits = torch.eye(10)
    assert fit_temperature(logits, torch.arange(10)) == pytest.approx(LEAST, rel=0.01)
    assert fit_temperature(logits, torch.arange(10).roll(1)) == pytest.approx(MOST, rel=0.01)


def test_a_weight_of_three_is_a_picture_three_times() -> None:
    logits, targets = _sample(2.0, count=300)
    weights = torch.tensor([1, 3, 2] * 100)
    repeated = [values.repeat_interleave(weights, 0) for values in (logits, targets)]
    found = fit_temperature(logits, targets, weights.float() * 7)
    assert found == pytest.approx(fit_temperature(repeated[0], repeated[1]), rel=1e-6)
    assert fit_temperature(logits, targets, torch.ones(300)) == fit_temperature(logits, targets)


def test_the_error_of_known_answers() -> None:
    # Four answers at 0.8, of which three are right: |0.75 - 0.8|.
    probabilities = torch.tensor([[0.8, 0.2]] * 4)
    assert error_of_answers(probabilities.numpy(), np.array([0, 0, 0, 1])) == pytest.approx(0.05)
