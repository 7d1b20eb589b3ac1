"""The report on a run, in a window: what it confuses, and the pictures behind every number."""
