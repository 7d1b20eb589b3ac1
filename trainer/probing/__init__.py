"""Looking into a network: what it answers while it learns, what its layers see, and how it bears damage."""
