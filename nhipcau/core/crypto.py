"""Personal data at rest: an encrypted text field and a blind index. The only user of `cryptography`.

Keys come from the environment or the state folder, never from the database, so that a copy of the
database alone tells nothing. The first field key encrypts; all of them decrypt, which is how keys
are rotated (`MultiFernet`). The index key is separate: it must outlive rotation.
"""

import hmac
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def encrypt(text: str) -> str:
    """Ciphertext of a text (AES-128-CBC with HMAC-SHA256, Fernet). The empty text stays empty."""
    return _cipher(tuple(settings.FIELD_KEYS)).encrypt(text.encode()).decode() if text else ""


def decrypt(token: str) -> str:
    """The text behind a ciphertext; `cryptography.fernet.InvalidToken` when no key fits."""
    return _cipher(tuple(settings.FIELD_KEYS)).decrypt(token.encode()).decode() if token else ""


def blind_index(value: str, *, purpose: str) -> str:
    """A keyed digest (HMAC-SHA256, 128 bits, hex) by which an encrypted value can be found again.

    `purpose` separates uses, so that equal values in two columns do not show as equal.
    """
    if not value:
        return ""
    if not settings.INDEX_KEY:
        raise ImproperlyConfigured("NHIPCAU_INDEX_KEY is empty: anybody could compute the index.")
    return hmac.new(settings.INDEX_KEY.encode(), f"{purpose}\0{value}".encode(), sha256).hexdigest()[:32]


class EncryptedTextField(_Text):
    """A text column whose content is ciphertext in the database and plain text in Python.

    It cannot be searched or ordered by the database: use `blind_index` in a column of its own.
    """

    description = "Encrypted text"
    is_personal = True

    def get_prep_value(self, value: Any) -> Any:
        return None if value is None else encrypt(str(value))

    def from_db_value(
        self, value: str | None, expression: Any, connection: BaseDatabaseWrapper
    ) -> str | None:
        return None if value is None else decrypt(value)

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise FieldError(f"{self.name}: an encrypted field cannot be looked up by {lookup_name}")
