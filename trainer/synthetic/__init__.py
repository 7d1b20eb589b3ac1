"""Drawings that the program makes itself: digits, symbols, scribbles."""
