"""The Qt desk application. It imports ``trainer``, never the other way round, and never torch."""
