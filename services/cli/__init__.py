"""The `rapport` command: runs the platform on this machine, and looks into it."""
