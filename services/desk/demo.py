"""The accounts of a demonstration, made anew at each start."""

import asyncio

from pydantic import SecretStr

from services.desk.signing_in import SigningIn


class DemoAccounts:
    """A part of the service: with a password it makes the accounts, without one it removes them."""

    def __init__(self, signing_in: SigningIn, password: SecretStr) -> None:
        self._signing_in = signing_in
        self._password = password.get_secret_value()

    async def start(self) -> None:
        """Makes the accounts, or removes those that an earlier demonstration has left."""
        await asyncio.to_thread(self._signing_in.make_demo_accounts, self._password)

    async def drain(self) -> None:
        """The accounts stay until the next start."""

    def ready(self) -> bool:
        """Always, once started."""
        return True
