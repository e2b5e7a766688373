"""Fakes for unit tests, held to the behaviour of the real thing by tests/contract/."""
