"""One drawing in an image file: its ink found among paper, lines, frames and shadows."""
