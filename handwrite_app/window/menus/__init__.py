"""What the menus of the main window open, and the menus in which one of several things is chosen."""
