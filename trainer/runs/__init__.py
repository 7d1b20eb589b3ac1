"""The settings of a training run, its folder, and the list of runs."""
