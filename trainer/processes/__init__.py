"""Programs that run beside the window, and how they talk with it."""
