"""What is written on the paper: digits, letters, or both."""
