"""A bad setting fails before a run starts, and says what would be possible."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any, get_type_hints

import pytest

from trainer.base.errors import ConfigError, InputError
from trainer.networks import NETWORKS
from trainer.runs.config import Setting, TrainConfig, settings

KINDS = get_type_hints(TrainConfig)
NUMBERS = [name for name in settings() if KINDS[name] in (int, float)]
TEXTS = [name for name, setting in settings().items() if setting.choices and not setting.open]
FREE = [name for name in settings() if name not in NUMBERS + TEXTS]


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _bounds(name: str) -> tuple[float, float]:
    setting = settings()[name]
    assert setting.least is not None
    assert setting.most is not None
    return setting.least, setting.most


def _message(**values: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        TrainConfig(**values)
    return str(caught.value)


def test_a_default_configuration_is_possible() -> None:
    config = TrainConfig()
    assert config.network in NETWORKS
    assert config.dataset == "mnist"


def test_it_cannot_be_changed_and_takes_names_only() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        TrainConfig().epochs = 2  # type: ignore[misc]
    with pytest.raises(TypeError):
        TrainConfig("cnn")  # type: ignore[call-arg]


def test_every_setting_is_a_number_in_bounds_or_a_text() -> None:
    assert all(KINDS[name] is str for name in TEXTS + FREE)
    assert FREE == ["dataset", "augmentation", "start"]  # checked by who knows what they name
    for name, setting in settings().items():
        assert setting.label
        assert setting.gloss
        assert bool(setting.choices and not setting.open) == (name in TEXTS)
        assert (setting.least is not None and setting.most is not None) == (name in NUMBERS)


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_may_be_at_its_bounds(name: str) -> None:
    for bound in _bounds(name):
        config = TrainConfig(**{"network": "cnn-dropout", name: KINDS[name](bound)})
        assert getattr(config, name) == bound


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_beyond_its_bounds_is_told_with_them(name: str) -> None:
    low, high = (KINDS[name](bound) for bound in _bounds(name))
    for value in (low - 1, high + 1, KINDS[name](10**30), KINDS[name](-(10**30))):
        message = _message(**{name: value})
        assert message.startswith(f"{_flag(name)} must be a")
        assert message.endswith(f", not {value!r}")
        assert f"from {low:,} to {high:,}" in message


@pytest.mark.parametrize("name", [name for name in NUMBERS if KINDS[name] is float])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_a_number_is_refused(name: str, value: float) -> None:
    message = _message(**{name: value})
    assert message.startswith(f"{_flag(name)} must be a number from ")
    assert message.endswith(f", not {value!r}")


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", [True, False, None, "3", [3], 3j])
def test_another_kind_than_a_number_is_refused(name: str, value: object) -> None:
    message = _message(**{name: value})
    assert message.startswith(f"{_flag(name)} must be a")
    assert message.endswith(f", not {value!r}")
    assert "number from" in message


def test_a_whole_number_is_wanted_where_one_is_counted() -> None:
    assert "--epochs must be a whole number from 1 to 1,000, not 2.0" in _message(epochs=2.0)


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("value", ["", "none such", 1, None, True, ["cnn"], {"cnn": 1}])
def test_another_text_is_told_with_the_choices(name: str, value: object) -> None:
    message = _message(**{name: value})
    assert message.startswith(f"{_flag(name)} must be one of ")
    assert message.endswith(f", not {value!r}")
    for choice in settings()[name].choices:
        assert choice in message


@pytest.mark.parametrize("name", FREE)
@pytest.mark.parametrize("value", [1, None, True, ["mnist"]])
def test_another_kind_than_a_text_is_refused(name: str, value: object) -> None:
    assert _message(**{name: value}) == f"{_flag(name)} must be a text, not {value!r}"


def test_a_dropout_below_nothing_is_refused() -> None:
    assert "--dropout must be -1 or a number from 0 to 0.95, not -0.5" in _message(dropout=-0.5)


def test_dropout_where_a_network_has_none_is_refused() -> None:
    assert "'cnn' has none" in _message(network="cnn", dropout=0.5)


@pytest.mark.parametrize("name", TEXTS)
def test_every_choice_is_possible(name: str) -> None:
    for choice in settings()[name].choices:
        assert getattr(TrainConfig.from_json({name: choice}), name) == choice


def test_the_error_is_one_of_wrong_input() -> None:
    assert issubclass(ConfigError, InputError)


def test_json_and_back() -> None:
    config = TrainConfig(
        network="lenet5", epochs=7, learning_rate=0.5, averaging=0.999, seed=3, threads=2
    )
    assert TrainConfig.from_json(json.loads(json.dumps(config.to_json()))) == config


def test_json_may_leave_settings_out() -> None:
    assert TrainConfig.from_json({}) == TrainConfig()
    assert TrainConfig.from_json({"epochs": 2}) == TrainConfig(epochs=2)


def test_json_may_write_a_whole_learning_rate() -> None:
    config = TrainConfig.from_json(json.loads('{"learning_rate": 1}'))
    assert config.learning_rate == 1.0
    assert type(config.learning_rate) is float


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(ConfigError, match="unknown training settings: colour, epoch"):
        TrainConfig.from_json({"epoch": 3, "colour": "red", "seed": 1})


@pytest.mark.parametrize("document", [None, [], ["epochs"], "epochs", 3, [["epochs", 3]]])
def test_what_is_no_object_is_refused(document: object) -> None:
    with pytest.raises(ConfigError, match="not a JSON object"):
        TrainConfig.from_json(document)


@pytest.mark.parametrize(
    "text", ['{"learning_rate": 1%s}' % ("0" * 400), '{"learning_rate": NaN}', '{"epochs": 1.5}']
)  # fmt: skip
def test_numbers_that_json_can_write_and_no_run_can_use(text: str) -> None:
    with pytest.raises(ConfigError, match="must be a"):
        TrainConfig.from_json(json.loads(text))


def test_settings_come_in_the_order_of_the_fields() -> None:
    assert list(settings()) == [field.name for field in dataclasses.fields(TrainConfig)]
    assert all(isinstance(setting, Setting) for setting in settings().values())
