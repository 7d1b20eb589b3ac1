"""Guided samples of one writer's digits."""
