"""Certificates: the signed PDF, the page anybody may open, codes that are guessed."""

import io
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from asn1crypto import x509
from django.test import Client
from django.urls import reverse
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from nhipcau.attendance import services
from nhipcau.attendance.models import Certificate
from nhipcau.attendance.queries.certificates import Facts, Line
from nhipcau.attendance.views.certificates import TEMPLATE, _words
from nhipcau.core.documents import typst_pdf
from nhipcau.teams.models import Member
from tests.attendance.conftest import END, Morning
from tests.factories.cast import Cast

LATER = END + timedelta(days=2)
SignIn = Callable[[Member], Client]


@pytest.fixture
def certificate(morning: Morning) -> Certificate:
    morning.approved()
    return services.issue(
        member_id=morning.volunteer.id,
        first=date(2025, 7, 1),
        until=date(2025, 7, 9),
        by=morning.volunteer,
        now=LATER,
    )


def pdf_of(client: Client, certificate: Certificate, **query: str) -> bytes:
    answer = client.get(reverse("attendance:certificate_pdf", args=[certificate.pk]), query)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    return bytes(answer.content)


def status(pdf: bytes, client: Client) -> Any:
    """As a reader that has loaded the certificate from our site."""
    (signature,) = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
    root = x509.Certificate.load(client.get(reverse("attendance:signing_certificate")).content)
    return validate_pdf_signature(signature, ValidationContext(trust_roots=[root]))


@pytest.mark.parametrize(
    ("language", "title"),
    [("vi", "4,5"), ("en", "Certificate of volunteer hours"), ("th", "4.5")],
)
def test_the_pdf_is_one_signed_leaf(
    certificate: Certificate, sign_in: SignIn, cast: Cast, client: Client, language: str, title: str
) -> None:
    pdf = pdf_of(sign_in(cast.volunteer), certificate, lang=language)
    reader = PdfReader(io.BytesIO(pdf))
    text = reader.pages[0].extract_text()
    assert len(reader.pages) == 1
    for words in (
        title,
        certificate.code,
        "Tình nguyện viên Mẫu",
        "Bàn hướng dẫn",
        certificate.digest[:8].upper(),
    ):
        assert words in text, text
    found = status(pdf, client)
    assert found.bottom_line
    assert found.coverage.name == "ENTIRE_FILE"


def test_a_changed_byte_breaks_the_signature(
    certificate: Certificate, sign_in: SignIn, cast: Cast, client: Client
) -> None:
    pdf = bytearray(pdf_of(sign_in(cast.volunteer), certificate))
    pdf[pdf.index(b"FlateDecode") + 300] ^= 1
    assert not status(bytes(pdf), client).bottom_line


def test_many_posts_are_still_one_leaf() -> None:
    lines = tuple(
        Line(f"Điểm trực số {number} tại nhà văn hóa thôn", "Xã Lạc Dương", 3, 600) for number in range(40)
    )
    facts = Facts("Nguyễn Thị Tên Rất Dài Của Một Người", "Xã Lạc Dương", "2025-01-01", "2025-12-31", lines)
    row = Certificate(code="7K3M-9QX4", token="t" * 27, digest="a" * 64, issued_at=LATER)
    reader = PdfReader(io.BytesIO(typst_pdf(TEMPLATE, _words(row, facts))))
    assert len(reader.pages) == 1
    assert "400" in reader.pages[0].extract_text()


def test_the_public_page_says_what_it_says_and_whether_it_stands(
    certificate: Certificate, client: Client, morning: Morning
) -> None:
    url = reverse("attendance:hours", args=[certificate.token])
    page = client.get(url, {"lang": "en"})
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("Tình nguyện viên Mẫu", "01/07/2025", "08/07/2025", "4.5", certificate.code, "stands"):
        assert words in text
    assert morning.leader.name not in text
    assert page["X-Robots-Tag"].startswith("noindex")
    services.withdraw(certificate_id=certificate.pk, reason="Bí mật nội bộ", by=morning.leader, now=LATER)
    text = client.get(url, {"lang": "en"}).content.decode()
    assert "withdrawn" in text
    assert "Bí mật" not in text
    forged = client.get(reverse("attendance:hours", args=["x" * 27]), {"lang": "en"})
    assert forged.status_code == 404
    assert "There is no certificate at this address." in forged.content.decode()
    mistyped = client.post(reverse("attendance:check"), {"code": "AAAA-AAAA"}, headers={"cookie": "lang=en"})
    assert "Compare it with the paper." in mistyped.content.decode()


def test_a_withdrawn_certificate_is_not_given_out(
    certificate: Certificate, sign_in: SignIn, cast: Cast, morning: Morning
) -> None:
    services.withdraw(certificate_id=certificate.pk, reason="x", by=morning.leader, now=LATER)
    url = reverse("attendance:certificate_pdf", args=[certificate.pk])
    assert sign_in(cast.volunteer).get(url).status_code == 404


def test_only_the_holder_and_who_approves_hours_open_it(
    certificate: Certificate, sign_in: SignIn, cast: Cast
) -> None:
    for name, member in cast.everyone().items():
        for page in ("certificate", "certificate_pdf"):
            answer = sign_in(member).get(reverse(f"attendance:{page}", args=[certificate.pk]))
            allowed = name in ("volunteer", "leader", "coordinator")
            assert answer.status_code == (200 if allowed else 404), (name, page)


def test_the_short_code_leads_to_the_page_and_guessing_rests(
    certificate: Certificate, client: Client
) -> None:
    url = reverse("attendance:check")
    answer = client.post(url, {"code": certificate.code.lower().replace("-", " ")})
    assert answer["Location"] == reverse("attendance:hours", args=[certificate.token])
    assert client.post(url, {"code": "nonsense"}).status_code == 422
    for _turn in range(9):
        assert client.post(url, {"code": "2222-222E"}).status_code == 422
    assert client.post(url, {"code": certificate.code}).status_code == 429


def test_a_member_asks_for_a_period(
    morning: Morning, sign_in: SignIn, cast: Cast, frozen: Callable[[datetime], None]
) -> None:
    frozen(LATER)
    morning.approved()
    url = reverse("attendance:certify", args=[cast.volunteer.pk])
    client = sign_in(cast.volunteer)
    assert client.post(url, {"first": "2025-07-09", "last": "2025-07-01"}).status_code == 422
    assert client.post(url, {"first": "2025-06-01", "last": "2025-06-30"}).status_code == 422
    answer = client.post(url, {"first": "2025-07-01", "last": "09/07/2025"})
    row = Certificate.objects.get()
    assert answer["Location"] == reverse("attendance:certificate", args=[row.pk])
    assert (row.starts_on, row.ends_on, row.language) == (date(2025, 7, 1), date(2025, 7, 10), "vi")
    # Somebody else's hours: only who looks after them.
    for name, member in cast.everyone().items():
        status_code = sign_in(member).post(url, {"first": "2025-07-01", "last": "2025-07-09"}).status_code
        assert status_code == (302 if name in ("volunteer", "leader", "coordinator") else 404), name
