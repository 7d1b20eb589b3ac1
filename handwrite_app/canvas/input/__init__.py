"""Mouse, pen and fingers as gestures."""
