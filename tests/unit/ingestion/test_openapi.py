"""The door against its own OpenAPI document."""
