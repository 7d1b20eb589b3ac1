"""Augmentation: of images on the device, and of strokes before they are drawn."""
