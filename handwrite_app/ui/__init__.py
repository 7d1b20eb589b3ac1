"""Theme, icons, widgets and settings; knows nothing of the other rooms."""
