"""What a run would be, before it begins: its batch, speed and counts."""
