"""Watching a network learn: pinned drawings, a wall of pictures, and what is inside. See controller."""
