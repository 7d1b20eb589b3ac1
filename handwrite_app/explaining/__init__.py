"""What the modes of the right column have in common that explain a drawing: panel, overlay, asking."""
