"""Adapting a network to one writer."""
