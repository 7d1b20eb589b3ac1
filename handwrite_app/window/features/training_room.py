"""Rooms of the training room: watching a run, breaking a network, reports, and the guided experiments."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from handwrite_app.window.features.feature import Feature
    from handwrite_app.window.window_parts import WindowParts


def _watching(window: WindowParts) -> Feature:
    from handwrite_app.watching.controller import Watching

    watching = Watching(
        window, window.actions_, window.asking, window.training, window.side, window.theme
    )
    watching.said.connect(window.say)
    return watching


def _breaking(window: WindowParts) -> Feature:
    from handwrite_app.breaking.controller import Breaking

    return Breaking(window, window.actions_, window.asking, window.theme)


def _reports(window: WindowParts) -> Feature:
    from handwrite_app.report.controller import Reports

    reports = Reports(
        window,
        window.actions_,
        window.training,
        window.theme,
        before_discarding=window.compare.forget,
    )
    reports.networkKept.connect(window.use_network)
    reports.said.connect(window.say)
    return reports


def _experiments(window: WindowParts) -> Feature:
    from handwrite_app.experiments.controller import Experiments
    from handwrite_app.report.controller import Reports

    experiments = Experiments(
        window,
        window.actions_,
        window.training,
        window.settings,
        open_report=lambda folder: window.feature(Reports).open(folder),
    )
    experiments.said.connect(window.say)
    return experiments


def _history(window: WindowParts) -> Feature:
    from handwrite_app.history.controller import History
    from handwrite_app.report.controller import Reports

    return History(
        window,
        window.actions_,
        window.theme,
        window.training,
        open_report=lambda folder: window.feature(Reports).open(folder),
    )


#: See handwrite_app.window.features.registry.
BUILDERS: tuple[Callable[[WindowParts], Feature] | str, ...] = (
    "handwrite_app.watching.record",
    "handwrite_app.watching.pins",
    "handwrite_app.watching.then",
    _watching,
    _breaking,
    _reports,
    _experiments,
    _history,
)
