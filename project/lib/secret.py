"""Text that must not lie readable in the database: phones of call-backs, call names."""

import base64
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _TextField = models.TextField[str | None, str | None]
else:  # the field is generic in its stubs only
    _TextField = models.TextField

_PURPOSE = b"go-cua text at rest 1"  # part of the key: another purpose would get another key


class UnreadableSecret(ValueError):
    """A stored ciphertext opens with none of SECRET_KEY and SECRET_KEY_FALLBACKS (or was altered)."""


@lru_cache(maxsize=8)
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet(
        [
            Fernet(
                base64.urlsafe_b64encode(
                    HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode())
                )
            )
            for key in keys
        ]
    )


def _current() -> MultiFernet:
    return _box((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def encrypt(text: str) -> str:
    """Ciphertext (ASCII, different at each call) under the present SECRET_KEY."""
    return _current().encrypt(text.encode()).decode("ascii")


def decrypt(token: str) -> str:
    """The text again, also if written under a key that is now a fallback; else UnreadableSecret."""
    try:
        return _current().decrypt(token.encode()).decode()
    except InvalidToken as failure:
        raise UnreadableSecret(
            "A stored secret opens with no known key: put the former SECRET_KEY into SECRET_KEY_FALLBACKS."
        ) from failure


def reencrypt(token: str) -> str:
    """The same text under the present key; for use after SECRET_KEY changed."""
    try:
        return _current().rotate(token.encode()).decode("ascii")
    except InvalidToken as failure:
        raise UnreadableSecret("A stored secret opens with no known key.") from failure


class EncryptedTextField(_TextField):
    """Text for the program, ciphertext in the database. NULL and '' stay as they are.

    It cannot be searched, compared or sorted: the only lookup is `isnull` (FieldError for the others).
    """

    description = "Encrypted text"

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way to the database."""
        value = super().get_prep_value(value)
        return value if value in (None, "") else encrypt(str(value))

    def from_db_value(self, value: str | None, expression: Any, connection: BaseDatabaseWrapper) -> str | None:
        """Decrypt on the way from the database."""
        return decrypt(value) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        """Only `isnull`: ciphertexts of equal texts differ, so any comparison would silently find nothing."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def get_transform(self, lookup_name: str) -> Any:
        """None: nothing can be computed from a ciphertext in the database."""
        return None
