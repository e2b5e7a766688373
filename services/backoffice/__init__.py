"""The reference ActionService: routine tasks carried out over a real SQL database."""
