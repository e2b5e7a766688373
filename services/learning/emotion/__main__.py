"""`python -m services.learning.emotion`: as `rapport model`, for a checkout without the command."""

from services.learning.emotion.commands import app

if __name__ == "__main__":
    app()
