"""The commands of handwrite-trainer, one module each."""
