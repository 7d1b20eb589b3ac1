"""Why a network reads a drawing as it does: stages, examples, small edits, strokes, maps, and over time."""
