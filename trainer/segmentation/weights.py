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
#: Of a piece that is the pen's way from one character to the next; chosen on validation writers.
LIGATURE = 0.0
#: What a dot that is a character by itself loses, among letters; chosen on validation writers.
DOT_ALONE = 4.0

# With --letters: of networks that read letters.
LETTER_GROUPS = np.array(
    [
        -1.363,  # one
        0.594,  # log is_digit
        -0.238,  # log not is_digit
        0.901,  # log best
        -0.310,  # log not best
        -0.943,  # strokes
        -0.188,  # gap within
        -0.635,  # distance within
        -1.775,  # too wide
        -0.796,  # too low
        0.024,  # flat
        0.137,  # too high
        -2.305,  # cut before
        -0.073,  # out of order
    ]
)
LETTER_PAIRS = np.array(
    [
        -3.644,  # overlap
        -0.644,  # gap
        0.578,  # distance
        -0.359,  # size differs
        -0.910,  # stacked
    ]
)
