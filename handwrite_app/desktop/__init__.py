"""The app among the programs of a Linux desktop."""
