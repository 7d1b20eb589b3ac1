"""The paper: gestures, ink, undo, files."""
