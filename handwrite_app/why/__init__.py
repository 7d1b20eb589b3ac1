"""Why a drawing is read as it is: examples, small edits, strokes, maps."""
