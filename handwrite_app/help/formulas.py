"""The formulas of the manual, computed on a 28×28 input as the network gets it. Knows no Qt.

Pixels are 0 … 1, 1 where there is ink. Kernels are applied as networks do it: as cross-correlation.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

SIDE = 28
#: Sobel's kernels: vertical and horizontal edges.
VERTICAL: Array = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
HORIZONTAL: Array = VERTICAL.T.copy()


class Step(NamedTuple):
    """One value of an output: row and column of the patch's upper left pixel, the patch, and the value."""

    row: int
    column: int
    patch: Array
    value: float


def pixels(picture: bytes) -> Array:
    """(28, 28) in 0 … 1 from 784 bytes. Raises ValueError on any other count."""
    if len(picture) != SIDE * SIDE:
        raise ValueError(f"a picture has {SIDE * SIDE} bytes, not {len(picture)}")
    return np.frombuffer(picture, np.uint8).reshape(SIDE, SIDE) / 255.0


def convolve(image: Array, kernel: Array, dilation: int = 1) -> Array:
    """Valid cross-correlation of (H, W) with (k, k), whose taps are `dilation` pixels apart."""
    size = (len(kernel) - 1) * dilation + 1
    windows = np.lib.stride_tricks.sliding_window_view(image, (size, size))
    return np.asarray(np.einsum("hwab,ab->hw", windows[:, :, ::dilation, ::dilation], kernel))


def strongest(image: Array, kernel: Array, dilation: int = 1) -> Step:
    """The place where the kernel answers most."""
    output = convolve(image, kernel, dilation)
    row, column = (int(i) for i in np.unravel_index(np.abs(output).argmax(), output.shape))
    size = (len(kernel) - 1) * dilation + 1
    patch = image[row : row + size : dilation, column : column + size : dilation]
    return Step(row, column, patch, float(output[row, column]))


def pooled(image: Array) -> Step:
    """The 2×2 block of max pooling whose four pixels differ most."""
    blocks = image.reshape(SIDE // 2, 2, SIDE // 2, 2).swapaxes(1, 2)
    spread = blocks.max(axis=(2, 3)) - blocks.min(axis=(2, 3))
    row, column = (int(i) for i in np.unravel_index(spread.argmax(), spread.shape))
    patch = blocks[row, column]
    return Step(2 * row, 2 * column, patch, float(patch.max()))


def cross_entropy(probability: float) -> float:
    """The loss of one drawing whose label got this probability, in nats."""
    return -math.log(max(probability, 1e-12))


def parameters(kernel: int, inputs: int, outputs: int) -> tuple[int, int]:
    """Weights of a convolution, and of a depthwise separable one."""
    return kernel**2 * inputs * outputs, kernel**2 * inputs + inputs * outputs


def reach(kernel: int, dilation: int) -> int:
    """Side of what one value of a dilated convolution sees."""
    return kernel + (kernel - 1) * (dilation - 1)
