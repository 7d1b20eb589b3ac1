"""Errors, labels, folders, locks and events: what every room stands on; imports nothing of the project."""
