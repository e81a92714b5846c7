"""Ciphertext hides, reads back, and rotates; the blind index finds equals and tells nothing else."""

import pytest
from cryptography.fernet import Fernet, InvalidToken
from django.core.exceptions import FieldError, ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from nhipcau.core.crypto import EncryptedTextField, blind_index, decrypt, encrypt


@given(st.text(max_size=300))
def test_what_is_encrypted_reads_back(text: str) -> None:
    assert decrypt(encrypt(text)) == text


def test_ciphertext_shows_nothing_and_differs_each_time() -> None:
    first, second = encrypt("Nguyễn Thị Mẫu"), encrypt("Nguyễn Thị Mẫu")
    assert first != second
    assert "Nguy" not in first


def test_empty_stays_empty() -> None:
    assert encrypt("") == "" == decrypt("")


def test_an_old_key_still_opens_and_a_foreign_one_does_not(settings: Settings) -> None:
    token = encrypt("abc")
    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    assert decrypt(token) == "abc"
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(InvalidToken):
        decrypt(token)


def test_blind_index_separates_purposes() -> None:
    assert blind_index("0900", purpose="phone") == blind_index("0900", purpose="phone")
    assert blind_index("0900", purpose="phone") != blind_index("0900", purpose="other")
    assert blind_index("0900", purpose="phone") != blind_index("0901", purpose="phone")
    assert blind_index("", purpose="phone") == ""


def test_an_encrypted_field_refuses_to_be_searched() -> None:
    field: EncryptedTextField = EncryptedTextField()
    field.name = "phone"
    with pytest.raises(FieldError):
        field.get_lookup("exact")


def test_without_its_key_the_index_refuses(settings: Settings) -> None:
    """With an empty key anybody with a copy of the database could try all phone numbers."""
    settings.INDEX_KEY = ""
    with pytest.raises(ImproperlyConfigured):
        blind_index("0900", purpose="phone")
