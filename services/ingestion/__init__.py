"""The one door: validates, deduplicates, orders and publishes; delivers what goes out."""
