"""Rooms that the main window only has to build, tell of the network, and close."""
