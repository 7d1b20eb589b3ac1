"""Data, networks, training, evaluation and recognition of handwritten characters. Knows no Qt."""

__version__ = "0.1.0"
