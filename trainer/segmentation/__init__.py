"""Lines and pages of writing: divided into characters, which the active network reads."""
