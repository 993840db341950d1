"""What the office's command line can do: one function a command."""
