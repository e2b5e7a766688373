"""Measures how conversations go: outcomes for the record, windows for the moment."""
