"""Decides how to answer a customer, and composes the answer."""
