"""Watching a network learn: pinned drawings and a wall of pictures. See controller."""
