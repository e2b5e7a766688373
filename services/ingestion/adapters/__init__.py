"""Foreign chat systems at the door: one declarative file each maps its payload to the contract."""
