"""Ink in pieces: strokes where they may be cut, parts of a photograph, and signs by their shape."""
