"""Dialogs and message boxes that the rooms share."""
