"""Paths of icons, translations and sample drawings, in an installed wheel or in a checkout."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def resources_folder() -> Path:
    """The folder of resources. Raises FileNotFoundError where the installation lacks it."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_resources", package.parent / "resources"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(
        "the icons and texts of the application are missing: please install it again"
    )


def resource_path(*parts: str) -> Path:
    """The path of one resource, ``resource_path("icons", "undo.svg")``. It need not exist."""
    return resources_folder().joinpath(*parts)
