"""The keys that tokens are kept under: the first encrypts, each of them decrypts, so that they can be changed at any time."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class KeysUnfit(Exception):
    """The keys can't be used; the message says why and what to do. It never shows one."""


class Keyring:
    """Seals and opens tokens. KeysUnfit if a key is no Fernet key."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._fernet = _fernet(keys)

    def seal(self, secret: str) -> str:
        """As it may be kept."""
        return self._fernet.encrypt(secret.encode()).decode()

    def open(self, sealed: str) -> str:
        """As Slack takes it. KeysUnfit if it was sealed with a key that is not here."""
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except InvalidToken:
            raise _unknown_key() from None

    def seal_anew(self, sealed: str) -> str:
        """The same secret under the first key. KeysUnfit if it was sealed with a key that is not here."""
        from cryptography.fernet import InvalidToken

        try:
            return self._fernet.rotate(sealed.encode()).decode()
        except InvalidToken:
            raise _unknown_key() from None


class Sealed(TypeDecorator[str]):
    """A column whose text is encrypted where it is kept."""

    impl = Text
    cache_ok = True

    def __init__(self, keyring: Keyring) -> None:
        super().__init__()
        self.keyring = keyring

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """On its way into the database."""
        return None if value is None else self.keyring.seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """On its way out."""
        return None if value is None else self.keyring.open(value)


def new_key() -> str:
    """A key that was never used."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()


def _fernet(keys: Sequence[str]) -> "MultiFernet":
    from cryptography.fernet import Fernet, MultiFernet

    try:
        return MultiFernet([Fernet(key) for key in keys])
    except (ValueError, TypeError):
        raise KeysUnfit(
            "TOKEN_KEYS holds something that is no key. If a workspace has installed the app already, put back the key that was "
            "there; else `playercoach keys new` makes one."
        ) from None


def _unknown_key() -> KeysUnfit:
    return KeysUnfit(
        "a workspace's token was kept under a key that TOKEN_KEYS does not hold; put the old key back behind the new one."
    )
