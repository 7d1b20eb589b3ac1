"""Weights of the lattice, by ``python -m benchmarks.segmentation_weights`` with the network that ships."""

from __future__ import annotations

import numpy as np

GROUPS = np.array(
    [
        -0.809,  # one
        0.277,  # log is_digit
        -0.657,  # log not is_digit
        0.574,  # log best
        -0.015,  # log not best
        -0.781,  # strokes
        0.609,  # gap within
        -0.145,  # distance within
        -1.333,  # too wide
        -0.119,  # too low
        -0.123,  # flat
        0.833,  # too high
        -1.590,  # cut before
        0.562,  # out of order
    ]
)
PAIRS = np.array(
    [
        -3.261,  # overlap
        -1.479,  # gap
        -0.621,  # distance
        -0.701,  # size differs
        -2.833,  # stacked
    ]
)
