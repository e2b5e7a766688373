"""Trains the head that hears what calls for a person or for care (`services.reply.matters`)."""
