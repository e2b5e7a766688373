"""Scripted customers for the reply service: `make bench-reply`."""
