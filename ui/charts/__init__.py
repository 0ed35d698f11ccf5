"""Charts: their words and numbers, screen and pictures, and those of each page."""
