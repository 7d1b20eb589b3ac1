"""Widgets that the rooms share."""
