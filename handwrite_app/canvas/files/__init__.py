"""Drawings as files, and the sheet of each window on the disk."""
