"""The window used by real key presses, each page in a picture: for the demo and the manual."""
