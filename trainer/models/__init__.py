"""Weights files, the recognizer, rejection, calibration, lineage, export."""
