"""Settings of a run in a file of their own, TOML or JSON, for `train --config FILE` and the dialog."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

from trainer.base.errors import InputError
from trainer.base.files import atomic_write
from trainer.runs.config import TrainConfig


def read_settings(path: Path, *, option: str = "") -> dict[str, Any]:
    """The settings in a .toml or .json file, by their flags' names with - or _.

    A run's config.json is such a file. option: that named it, for the error. Raises InputError where the file
    cannot be read, ConfigError for settings that do not exist or have impossible values.
    """
    shown = f"{option} {path}" if option else str(path)
    try:
        content = path.read_text(encoding="utf-8-sig")  # as Windows' editor writes it
        document = json.loads(content) if path.suffix.lower() == ".json" else tomllib.loads(content)
    except OSError as error:
        raise InputError(
            "config.unreadable",
            "{path}: cannot be read ({reason})",
            path=shown,
            reason=error.strerror or str(error),
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(
            "config.no-toml",
            "{path}: is neither TOML nor, under a name that ends in .json, JSON ({reason})",
            path=shown,
            reason=str(error),
        ) from error
    if not isinstance(document, dict):
        raise InputError("config.no-table", "{path}: holds no settings", path=shown)
    named = {str(key).replace("-", "_"): value for key, value in document.items()}
    config = TrainConfig.from_json(named)  # checks them
    return {name: getattr(config, name) for name in named}


def write_settings(config: TrainConfig, path: Path) -> None:
    """Writes all settings: JSON where the name ends so, else TOML. Raises RunError where it cannot."""
    values = config.to_json()
    if path.suffix.lower() == ".json":
        text = json.dumps(values, indent=2) + "\n"
    else:  # JSON's strings and numbers are TOML's
        text = "".join(f"{name} = {json.dumps(value)}\n" for name, value in values.items())
    with atomic_write(path) as temporary:
        temporary.write_text(text, encoding="utf-8")
