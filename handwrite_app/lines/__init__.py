"""Several characters on the paper, read as one line: a number, a sum, or a word."""
