"""Plumbing that every service shares: the map of topics, the consumer loop, the way a service runs."""
