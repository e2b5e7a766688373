"""Owns every conversation's state, and finds a person for those who wait."""
