"""Which network was made from which."""
