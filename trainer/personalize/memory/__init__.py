"""The memory of strokes: drawings like a writer's own are read at once, without any training."""
