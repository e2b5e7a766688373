"""What happens in conversations, told to other systems: signed, in order, at least once."""
