"""Demo mode: the app for visitors of an exhibition or an open day."""
