"""Break it: damage to a copy of a network, with one's own drawing and a wall of pictures answering live."""
