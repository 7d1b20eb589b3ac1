"""A number or a word written on the paper in the active writer's hand."""
