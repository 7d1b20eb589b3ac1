"""Five guided experiments: what to train, what to look at, and what came of it."""
