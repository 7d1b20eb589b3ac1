"""The gallery of all saved drawings."""
