"""Strokes and images → the 28×28 input."""
