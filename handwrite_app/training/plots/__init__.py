"""The curves of a run: their numbers, plots, menu and files."""
