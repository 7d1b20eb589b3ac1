"""A training run: data, loop, validation, checkpoints."""
