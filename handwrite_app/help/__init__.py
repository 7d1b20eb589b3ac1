"""The manual inside the app, with its formulas computed on what is on the paper."""
