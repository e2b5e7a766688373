"""Emotion: reads what a customer feels, and keeps each conversation's trajectory."""
