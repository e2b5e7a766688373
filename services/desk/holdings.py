"""What the desk holds: of agents alone. What it shows of customers it asks for."""

from services.common.holdings import By, Holding

HOLDINGS = (
    Holding("accounts", "accounts of agents", By.NOBODY, "null", None),
    Holding("sessions", "sessions of agents", By.NOBODY, "ends_at", None),
)
