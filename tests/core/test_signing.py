"""Papers carry the installation's signature, and a reader finds out when a byte was changed."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import typst
from asn1crypto import x509 as asn1
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.core.exceptions import ImproperlyConfigured
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from nhipcau.core.crypto import signing_identity
from nhipcau.core.documents import signed_pdf

PAGE = bytes(typst.compile("= Xin chào".encode(), format="pdf"))


def status(pdf: bytes) -> PdfSignatureStatus:
    """What a reader that trusts our certificate says of the only signature."""
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    root = asn1.Certificate.load(signing_identity().certificate)
    return validate_pdf_signature(signature, ValidationContext(trust_roots=[root]))


def test_a_signed_paper_is_valid_whole_and_closed_to_changes() -> None:
    found = status(signed_pdf(PAGE, reason="Giờ tình nguyện", place="Xã Lạc Dương"))
    assert found.bottom_line
    assert found.coverage.name == "ENTIRE_FILE"
    assert found.docmdp_ok


def test_one_changed_byte_is_found() -> None:
    data = bytearray(signed_pdf(PAGE, reason="x", place="y"))
    data[data.index(b"FlateDecode") + 200] ^= 1
    assert not status(bytes(data)).bottom_line


def test_an_added_page_is_found() -> None:
    signed = signed_pdf(PAGE, reason="x", place="y")
    found = status(signed + signed[len(PAGE) :])
    assert not (found.bottom_line and found.coverage.name == "ENTIRE_FILE")


def test_the_own_certificate_is_always_the_same_and_follows_the_index_key(settings: Any) -> None:
    first = signing_identity()
    settings.INDEX_KEY = "another key"
    second = signing_identity()
    settings.INDEX_KEY = "index-key-of-the-tests"
    signing_identity.__globals__["_identity"].cache_clear()
    assert signing_identity() == first
    assert second.certificate != first.certificate
    assert len(first.fingerprint) == 64


def test_without_any_key_nothing_is_signed(settings: Any) -> None:
    settings.INDEX_KEY = ""
    with pytest.raises(ImproperlyConfigured):
        signing_identity()


def pem_pair() -> tuple[str, str]:
    """A key with its certificate, and a second key."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Sở Nội vụ Mẫu")])
    key, other = (rsa.generate_private_key(65537, 2048) for _turn in range(2))
    start = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=9000))
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
        .decode()
    )
    mine, strange = (
        row.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode() for row in (key, other)
    )
    return mine + certificate, strange + certificate


def test_a_key_of_the_organisation_signs_instead(settings: Any) -> None:
    right, wrong = pem_pair()
    settings.SIGNING_PEM = right
    assert status(signed_pdf(PAGE, reason="x", place="y")).intact
    assert "Sở Nội vụ Mẫu" in str(asn1.Certificate.load(signing_identity().certificate).subject.native)
    for bad in (wrong, "no key at all"):
        settings.SIGNING_PEM = bad
        with pytest.raises(ImproperlyConfigured):
            signing_identity()
