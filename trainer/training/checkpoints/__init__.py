"""What moves during a run, and a run as a file and back."""
