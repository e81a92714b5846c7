"""Personal data at rest: an encrypted text field and a blind index; the key that signs our papers.

The only user of `cryptography`.

Keys come from the environment or the state folder, never from the database, so that a copy of the
database alone tells nothing. The first field key encrypts; all of them decrypt, which is how keys
are rotated (`MultiFernet`). The index key is separate: it must outlive rotation.

Papers are signed with `NHIPCAU_SIGNING_PEM` (a key and its certificates). Without it the installation signs
with a key of its own, drawn from the index key (HKDF): there is nothing more to keep, and every machine of
the installation signs with the same one. Its certificate is made by itself and is always the same bytes.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256, sha512
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
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


def secret_number(*, purpose: str, below: int) -> int:
    """A number in `[0, below)` that only this installation knows, the same as long as its index key.

    For keys that need not be kept: made anew from the key that is. 512 bits make it even up to 2^-256
    for a `below` of 256 bits.
    """
    if not settings.INDEX_KEY:
        raise ImproperlyConfigured("NHIPCAU_INDEX_KEY is empty: anybody could compute the number.")
    digest = hmac.new(settings.INDEX_KEY.encode(), f"number:{purpose}".encode(), sha512).digest()
    return int.from_bytes(digest, "big") % below


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


_SEAL = padding.OAEP(mgf=padding.MGF1(hashes.SHA256()), algorithm=hashes.SHA256(), label=None)


def new_sealing_key() -> tuple[str, str]:
    """A pair of keys (RSA, 3072 bits): PKCS #8 as PEM, to be kept encrypted, and the public half as base64 of
    its DER. Whoever holds the public half can seal up to 318 bytes that only the private half opens."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return private, base64.b64encode(public).decode()


def unseal(private: str, sealed: bytes) -> bytes:
    """What was sealed (RSA-OAEP with SHA-256, as browsers do it); `ValueError` when it is not for us."""
    key = load_pem_private_key(private.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise ValueError("not a sealing key")
    return key.decrypt(sealed, _SEAL)


def open_box(key: bytes, nonce: bytes, box: bytes, about: bytes) -> bytes:
    """The content of a box (AES-GCM, 256 bits) that says what it is `about`; `ValueError` when it was
    changed, moved, or closed with another key."""
    try:
        return AESGCM(key).decrypt(nonce, box, about)
    except InvalidTag as error:
        raise ValueError("the box does not open") from error


# The order of the group of P-256 (SEC 2, section 2.4.2): private keys are the numbers below it.
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_SigningKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class Identity:
    """With what papers are signed, all as DER: PKCS #8 key, certificate, and those of who vouches for it."""

    key: bytes
    certificate: bytes
    issuers: tuple[bytes, ...] = ()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, as readers of PDF show it."""
        return sha256(self.certificate).hexdigest().upper()


def signing_identity() -> Identity:
    """The key and certificate of this installation; `ImproperlyConfigured` when none can be had."""
    return _identity(settings.SIGNING_PEM, settings.INDEX_KEY)


@lru_cache(maxsize=4)
def _identity(pem: str, secret: str) -> Identity:
    if not pem and not secret:
        raise ImproperlyConfigured("NHIPCAU_INDEX_KEY is empty: anybody could sign in our name.")
    key, certificates = _given(pem) if pem else _own(secret)
    if key.public_key() != certificates[0].public_key():
        raise ImproperlyConfigured("NHIPCAU_SIGNING_PEM: the first certificate does not belong to the key.")
    first, *issuers = (row.public_bytes(Encoding.DER) for row in certificates)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return Identity(key=private, certificate=first, issuers=tuple(issuers))


def _given(pem: str) -> tuple[_SigningKey, list[x509.Certificate]]:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
        certificates = x509.load_pem_x509_certificates(pem.encode())
    except (ValueError, TypeError) as error:
        raise ImproperlyConfigured(
            "NHIPCAU_SIGNING_PEM holds no key and certificate that we can read."
        ) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise ImproperlyConfigured("NHIPCAU_SIGNING_PEM: the key must be RSA or of an elliptic curve.")
    return key, certificates


def _own(secret: str) -> tuple[_SigningKey, list[x509.Certificate]]:
    seed = HKDF(hashes.SHA256(), 48, None, b"nhipcau.core.signing").derive(secret.encode())
    key = ec.derive_private_key(int.from_bytes(seed, "big") % (_P256_ORDER - 1) + 1, ec.SECP256R1())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    mark = sha256(public).hexdigest()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Nhịp Cầu {mark[:8].upper()}")])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int(mark[:30], 16) | 1)
        # Fixed days: the certificate is the same however often it is made.
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2056, 1, 1, tzinfo=UTC))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    return key, [certificate]
