"""Training code. Nothing here runs in the service: the service reads what `export` wrote."""
