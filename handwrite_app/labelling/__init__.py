"""One key stores the drawing with its label."""
