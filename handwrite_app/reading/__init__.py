"""When a drawing is read, and how the answer is shown."""
