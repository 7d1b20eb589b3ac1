"""All drawings that were kept."""
