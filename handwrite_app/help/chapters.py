"""The chapters of the manual as rich text, in the window's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication, QLocale

from handwrite_app.help.formulas import (
    HORIZONTAL,
    VERTICAL,
    Array,
    convolve,
    cross_entropy,
    parameters,
    pooled,
    reach,
    strongest,
)


class Chapter(NamedTuple):
    title: str
    html: str


class Subject(NamedTuple):
    """What the formulas are computed on: the input, and the answer about it. is_own: by the person."""

    image: Array
    labels: Sequence[str]
    probabilities: Sequence[float]
    is_own: bool


def tr(text: str) -> str:
    return QCoreApplication.translate("Manual", text)


def chapters(subject: Subject) -> list[Chapter]:
    """All of them, in their order."""
    return [
        _window(),
        _reading(),
        _convolution(subject),
        _pooling(subject),
        _separable(subject),
        _dilated(subject),
        _loss(subject),
        _learning(),
        _yours(),
    ]


def _window() -> Chapter:
    return Chapter(
        tr("What you see"),
        _paragraphs(
            tr(
                "Draw on the paper with mouse, pen or finger. The answer stands beside it while the pen "
                "still moves."
            ),
            tr(
                "The ten bars are probabilities: how likely the network holds each digit. They add up to "
                "100 %."
            ),
            tr(
                "“Sure” means 90 % or more. In amber it says between which digits it hesitates. “Not a "
                "digit” is an answer, too: a letter or a scribble gets no digit."
            ),
            tr(
                "The small black picture is all that the network gets: your ink, cropped, centred and "
                "shrunk to 28 × 28 pixels."
            ),
            tr(
                "Is it wrong? Press the key of what it is. The drawing is kept under that label, and the "
                "next one like it is read right."
            ),
        ),
    )


def _reading() -> Chapter:
    return Chapter(
        tr("How it reads"),
        _paragraphs(
            tr(
                "A network is a chain of layers. The first ones look for strokes and edges in small "
                "windows, later ones for loops, corners and ends, and the last one weighs up what was "
                "found: one number for each digit."
            ),
            tr(
                "Softmax turns these numbers z into probabilities: p(i) = e^z(i) ÷ (e^z(0) + … + e^z(9))."
            ),
            tr(
                "The next chapters compute what such layers do on the very picture of your drawing. The "
                "kernels there are classic ones; a network finds its own while it learns."
            ),
        ),
    )


def _convolution(subject: Subject) -> Chapter:
    step = strongest(subject.image, VERTICAL)
    return Chapter(
        tr("Convolution"),
        _on(subject)
        + _paragraphs(
            tr(
                "A convolution slides a small window of weights w (the kernel) over the picture x. Each "
                "value y of its output is the sum of nine products:"
            ),
        )
        + _formula("y(i, j) = Σ w(a, b) · x(i + a, j + b)")
        + _paragraphs(
            tr(
                "This kernel answers to vertical edges. On your drawing it answers most at row {row}, "
                "column {column}:"
            ).format(row=step.row + 1, column=step.column + 1),
        )
        + _sum(step.patch, VERTICAL, step.value)
        + _paragraphs(
            tr(
                "The same nine weights are used everywhere: an edge is found wherever it is, and there "
                "is little to learn."
            ),
        ),
    )


def _pooling(subject: Subject) -> Chapter:
    step = pooled(subject.image)
    return Chapter(
        tr("Pooling"),
        _on(subject)
        + _paragraphs(
            tr(
                "Max pooling keeps the largest of every 2 × 2 pixels: 28 × 28 become 14 × 14. A stroke "
                "that lies one pixel further left gives nearly the same output."
            ),
        )
        + _formula("y(i, j) = max x(2i + a, 2j + b),  a, b ∈ {0, 1}")
        + _paragraphs(
            tr("On your drawing, at row {row}, column {column}:").format(
                row=step.row + 1, column=step.column + 1
            )
        )
        + "<table cellspacing='12'><tr>"
        f"<td>{_matrix(step.patch)}</td>"
        f"<td valign='middle'>→&nbsp; max = <b>{_number(step.value)}</b></td></tr></table>",
    )


def _separable(subject: Subject) -> Chapter:
    step = strongest(subject.image, VERTICAL)
    across = float(convolve(subject.image, HORIZONTAL)[step.row, step.column])
    whole, separable = parameters(3, 32, 64)
    return Chapter(
        tr("Depthwise separable convolution"),
        _on(subject)
        + _paragraphs(
            tr(
                "An ordinary convolution has a kernel for each pair of an input and an output channel. A "
                "depthwise separable one works in two steps: first one kernel for each channel "
                "(depthwise), then a weighted sum of the channels at each pixel (pointwise)."
            ),
        )
        + _formula(
            "d(c; i, j) = Σ w(c; a, b) · x(c; i + a, j + b)<br>y(k; i, j) = Σ v(k, c) · d(c; i, j)"
        )
        + _paragraphs(
            tr(
                "At the same place of your drawing: vertical edges {first}, horizontal edges {second}. "
                "With the weights v = (0.5, 0.5) the second step gives 0.5 · {first} + 0.5 · {second} = "
                "{sum}."
            ).format(
                first=_number(step.value),
                second=_number(across),
                sum=_number((step.value + across) / 2),
            ),
            tr(
                "From 32 to 64 channels with 3 × 3 kernels that is {separable} weights instead of "
                "{whole}: {times} times fewer."
            ).format(
                separable=QLocale().toString(separable),
                whole=QLocale().toString(whole),
                times=QLocale().toString(whole / separable, "f", 1),
            ),
        ),
    )


def _dilated(subject: Subject) -> Chapter:
    step = strongest(subject.image, VERTICAL, 2)
    return Chapter(
        tr("Dilated convolution"),
        _on(subject)
        + _paragraphs(
            tr(
                "The same nine weights, but with gaps: with dilation d = 2 every second pixel is taken. "
                "A 3 × 3 kernel then sees {reach} × {reach} pixels, and costs nothing more."
            ).format(reach=reach(3, 2)),
        )
        + _formula(
            "y(i, j) = Σ w(a, b) · x(i + d·a, j + d·b)<br>k + (k − 1)(d − 1) = 3 + 2 · 1 = 5"
        )
        + _paragraphs(
            tr("On your drawing, at row {row}, column {column}:").format(
                row=step.row + 1, column=step.column + 1
            )
        )
        + _sum(step.patch, VERTICAL, step.value),
    )


def _loss(subject: Subject) -> Chapter:
    order = sorted(range(len(subject.labels)), key=lambda i: -subject.probabilities[i])
    rows = "".join(
        f"<tr><td>{subject.labels[i]}</td><td align='right'>{_number(subject.probabilities[i], 4)}</td>"
        f"<td align='right'><b>{_number(cross_entropy(subject.probabilities[i]), 2)}</b></td></tr>"
        for i in order[:4]
    )
    head = "".join(f"<th align='right'>{one}</th>" for one in (tr("If it is"), "p", "−ln p"))
    return Chapter(
        tr("Cross-entropy"),
        _on(subject)
        + _paragraphs(
            tr(
                "How wrong is an answer? The loss is the negative logarithm of the probability that the "
                "right label got:"
            )
        )
        + _formula("L = −ln p(label)")
        + _paragraphs(tr("For your drawing and the network's answer:"))
        + f"<table cellspacing='10'><tr>{head}</tr>{rows}</table>"
        + _paragraphs(
            tr(
                "A sure and right answer costs next to nothing, a sure and wrong one very much. Learning "
                "means making the mean of it over all training pictures small."
            ),
        ),
    )


def _learning() -> Chapter:
    return Chapter(
        tr("How it learns"),
        _paragraphs(
            tr(
                "A training picture goes through the network, and the loss says how wrong the answer "
                "was. Its gradient says for each weight in which direction the loss falls; every weight "
                "is moved a little that way:"
            ),
        )
        + _formula("w ← w − η · ∂L/∂w")
        + _paragraphs(
            tr(
                "η is the learning rate. One pass through all training pictures is an epoch. Pictures "
                "that were kept apart, the validation pictures, tell how well it reads what it has never "
                "seen."
            ),
            tr(
                "Train ▸ Train a network… does it beside you, and draws the curves of loss and accuracy."
            ),
        ),
    )


def _yours() -> Chapter:
    return Chapter(
        tr("Your handwriting"),
        _paragraphs(
            tr(
                "What you have labelled is remembered at once: the movement of your pen is compared with "
                "your own drawings. Nothing is trained for that, and one click forgets a drawing."
            ),
            tr(
                "Train ▸ Learn my handwriting trains a copy of the network on your drawings. You may use "
                "it only if it reads more of them right and does not forget how others write."
            ),
            tr("Your drawings stay on this computer. As a guest, nothing is kept."),
        ),
    )


def _on(subject: Subject) -> str:
    if subject.is_own:
        return ""
    return _paragraphs(
        "<i>"
        + tr(
            "The paper is empty: this is computed on a sample. Draw something, and open this page "
            "again."
        )
        + "</i>"
    )


def _paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def _formula(text: str) -> str:
    return f"<p style='margin-left: 24px'><code>{text}</code></p>"


def _sum(patch: Array, kernel: Array, value: float) -> str:
    """The patch, times the kernel, and what comes out."""
    return (
        "<table cellspacing='12'><tr>"
        f"<td>{_matrix(patch)}</td><td valign='middle'>⊙</td><td>{_matrix(kernel, 0)}</td>"
        f"<td valign='middle'>→&nbsp; Σ = <b>{_number(value)}</b></td></tr></table>"
    )


def _matrix(values: Array, decimals: int = 2) -> str:
    rows = "".join(
        "<tr>"
        + "".join(f"<td align='right'>{_number(float(one), decimals)}</td>" for one in row)
        + "</tr>"
        for row in values
    )
    return f"<table border='1' cellspacing='0' cellpadding='5'>{rows}</table>"


def _number(value: float, decimals: int = 2) -> str:
    text = QLocale().toString(abs(value), "f", decimals)
    return f"−{text}" if value < 0 and round(value, decimals) else text
