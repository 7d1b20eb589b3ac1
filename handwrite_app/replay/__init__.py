"""The drawing played back, with the probabilities over time."""
