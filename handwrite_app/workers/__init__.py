"""Every thread of the application."""
