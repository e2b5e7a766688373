"""Plumbing that every service shares: the map of topics, the loop, how a service runs."""
