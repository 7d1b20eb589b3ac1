"""The application's settings: an INI file in the user's folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QByteArray, QSettings

from handwrite_app.ui.sample_rounds import DEFAULT_ROUNDS, ROUNDS
from handwrite_app.ui.theme import MODES, Mode
from trainer.base.errors import ConfigError, HandwriteError
from trainer.base.paths import user_folder
from trainer.execution.devices import DEVICES
from trainer.models.active_model import (
    activate,
    activate_best,
    active_model,
    is_remembered,
    missing_model,
)

if TYPE_CHECKING:
    from trainer.runs.config import TrainConfig

#: Key of the flag for reading and labels left of the paper.
LEFT_HANDED = "layout/left_handed"


class Settings:
    """Typed access; a value that is missing or unusable is the default."""

    def __init__(self, path: Path | None = None) -> None:
        file = path or user_folder() / "settings.ini"
        self._store = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def theme(self) -> Mode:
        value = self._store.value("theme", "system")
        return next((mode for mode in MODES if mode == value), "system")

    @theme.setter
    def theme(self, mode: Mode) -> None:
        self._store.setValue("theme", mode)

    @property
    def language(self) -> str:
        """A locale's name such as "zh_CN", "en", or "" for the system's."""
        return str(self._store.value("language", ""))

    @language.setter
    def language(self, name: str) -> None:
        self._store.setValue("language", name)

    @property
    def device(self) -> str:
        value = str(self._store.value("device", "auto"))
        return value if value in DEVICES else "auto"

    @device.setter
    def device(self, name: str) -> None:
        self._store.setValue("device", name)

    @property
    def weights(self) -> Path | None:
        """The active network; None: the best that ships, as while the remembered one is missing.

        Stored beside the networks, for the command line as well (trainer.models.active_model).
        """
        old = str(self._store.value("weights", ""))
        if old:  # as earlier versions stored it
            self._store.remove("weights")
            if not is_remembered():
                self.keep_weights(Path(old))
        return active_model()

    @property
    def missing_weights(self) -> Path | None:
        """The remembered network where its file is missing."""
        return missing_model()

    def keep_weights(self, path: Path | None) -> bool:
        """Stores the active model; None: the best that ships. False where it cannot be written."""
        try:
            if path is None:
                activate_best()
            else:
                activate(path)
        except HandwriteError:
            return False
        return True

    @property
    def pen_width(self) -> float | None:
        try:
            return float(cast(Any, self._store.value("pen_width")))
        except (TypeError, ValueError):
            return None

    @pen_width.setter
    def pen_width(self, width: float | None) -> None:
        self._store.setValue("pen_width", width)

    @property
    def writer(self) -> str:
        """Name of the active writer; "": the default writer of the drawings' store."""
        return str(self._store.value("writer", ""))

    @writer.setter
    def writer(self, name: str) -> None:
        self._store.setValue("writer", name)

    @property
    def writers_without_memory(self) -> list[str]:
        """Names of the writers whose kept drawings are not used for reading."""
        try:
            names = json.loads(str(self._store.value("writers_without_memory", "[]")))
        except ValueError:
            return []
        return [name for name in names if isinstance(name, str)] if isinstance(names, list) else []

    @writers_without_memory.setter
    def writers_without_memory(self, names: list[str]) -> None:
        self._store.setValue("writers_without_memory", json.dumps(names))

    @property
    def labelled(self) -> int:
        """How many drawings were labelled, counted until it needs no explaining any more."""
        try:
            return int(cast(Any, self._store.value("labelled", 0)))
        except (TypeError, ValueError):
            return 0

    @labelled.setter
    def labelled(self, count: int) -> None:
        self._store.setValue("labelled", count)

    @property
    def sample_rounds(self) -> int:
        """How often each label is asked for in a sampling session."""
        value = str(self._store.value("sample_rounds", DEFAULT_ROUNDS))
        return next((one for one in ROUNDS if str(one) == value), DEFAULT_ROUNDS)

    @sample_rounds.setter
    def sample_rounds(self, rounds: int) -> None:
        self._store.setValue("sample_rounds", rounds)

    @property
    def samples_by_themselves(self) -> bool:
        """Whether a sample is stored when the pen rests, and the next label asked for."""
        return str(self._store.value("samples_by_themselves", True)).lower() != "false"

    @samples_by_themselves.setter
    def samples_by_themselves(self, wanted: bool) -> None:
        self._store.setValue("samples_by_themselves", wanted)

    @property
    def training(self) -> TrainConfig | None:
        """The settings of the last training run."""
        from trainer.runs.config import TrainConfig  # not before the first paint

        try:
            return TrainConfig.from_json(json.loads(str(self._store.value("training", ""))))
        except (ValueError, TypeError, AttributeError, ConfigError):
            return None

    @training.setter
    def training(self, config: TrainConfig) -> None:
        self._store.setValue("training", json.dumps(config.to_json()))

    @property
    def demo_clear_ms(self) -> int:
        """In demo mode the paper clears itself so long after the pen rests."""
        return self.whole("demo/clear_ms", 2200, 500, 60_000)

    @demo_clear_ms.setter
    def demo_clear_ms(self, value: int) -> None:
        self._store.setValue("demo/clear_ms", value)

    @property
    def demo_idle_seconds(self) -> int:
        """In demo mode the next visitor is waited for after so long without a touch."""
        return self.whole("demo/idle_seconds", 45, 5, 3600)

    @demo_idle_seconds.setter
    def demo_idle_seconds(self, value: int) -> None:
        self._store.setValue("demo/idle_seconds", value)

    @property
    def demo_is_running(self) -> bool:
        """Whether a demo is under way: an app that was killed in one begins in one."""
        return bool(self.text("demo/running"))

    @demo_is_running.setter
    def demo_is_running(self, running: bool) -> None:
        self.set_text("demo/running", "on" if running else "")

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """A whole number, brought into least … most."""
        try:
            return min(max(int(cast(Any, self._store.value(key, default))), least), most)
        except (TypeError, ValueError):
            return default

    def flag(self, key: str, default: bool = False) -> bool:
        value = str(self._store.value(key, default)).lower()
        return value == "true" if value in ("true", "false") else default

    def set_value(self, key: str, value: bool | int | str) -> None:
        self._store.setValue(key, value)

    def set_flag(self, key: str, value: bool) -> None:
        self._store.setValue(key, value)

    def bytes_of(self, key: str) -> QByteArray | None:
        """The geometry or state of a window, as Qt wrote it."""
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else None

    def set_bytes(self, key: str, value: QByteArray) -> None:
        self._store.setValue(key, value)

    def text(self, key: str) -> str:
        return str(self._store.value(key, ""))

    def set_text(self, key: str, value: str) -> None:
        self._store.setValue(key, value)

    def sync(self) -> None:
        self._store.sync()
