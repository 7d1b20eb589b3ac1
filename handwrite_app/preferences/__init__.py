"""All settings in one window, and how pens are seen to work."""
