"""What a browser gets from this server: guide pages, suggestions, the widget's files."""
