"""How ink is painted: outlines, the image on the paper, the stroke under the pen, thumbnails."""
