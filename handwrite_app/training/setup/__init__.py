"""The dialog that starts a training run: its fields, what the run would be, and settings in files."""
