"""A family shares a number: a case is tied to nobody but the person it was opened for."""

from typing import Any

import pytest

from nhipcau.cases.models import Case
from nhipcau.citizens.models import Citizen
from tests.factories.phones import Phone

from .conftest import Send, opening
from .test_operations_cases import results

HUSBAND, WIFE = "Trần Văn Mẫu", "Nguyễn Thị Mẫu"
ASKED = ("needs_person", "citizens.known_phone")


@pytest.fixture
def family(phone: Phone, send: Send) -> dict[str, Citizen]:
    """Two people under one number, the husband first."""
    sent = [opening(phone, name=HUSBAND), opening(phone, name=WIFE, another_person=True)]
    assert results(send(phone, *sent)) == [("applied", "")] * 2
    return {citizen.name: citizen for citizen in Citizen.objects.all()}


def ask(phone: Phone, send: Send, **more: Any) -> Any:
    """Whom the phone may call the same person."""
    (receipt,) = send(phone, opening(phone, **more)).receipts
    assert (receipt.result, receipt.code) == ASKED
    return receipt.about


@pytest.mark.parametrize("typed", [WIFE, "nguyen thi mau", " NGUYỄN  THỊ MẪU "])
def test_the_same_person_is_the_one_of_that_name(
    phone: Phone, send: Send, family: dict[str, Citizen], typed: str
) -> None:
    assert ask(phone, send, name=typed) == family[WIFE].pk
    same = opening(phone, name=typed, known_citizen=str(family[WIFE].pk))
    assert results(send(phone, same)) == [("applied", "")]
    assert Case.objects.get(pk=same["data"]["id"]).citizen == family[WIFE]


def test_a_third_of_the_family_is_none_of_the_two(
    phone: Phone, send: Send, family: dict[str, Citizen]
) -> None:
    assert ask(phone, send, name="Trần Thị Con") is None


def test_of_two_with_the_same_name_nobody_is_named(
    phone: Phone, send: Send, family: dict[str, Citizen]
) -> None:
    send(phone, opening(phone, name=WIFE, another_person=True))
    assert ask(phone, send, name=WIFE) is None


def test_an_answer_to_the_question_of_before_is_asked_once_more(
    phone: Phone, send: Send, family: dict[str, Citizen]
) -> None:
    """A phone was told of the oldest of the family, whoever it had been opened for."""
    assert ask(phone, send, name=WIFE, known_citizen=str(family[HUSBAND].pk)) == family[WIFE].pk
    assert Case.objects.count() == 2


def test_of_the_only_one_the_person_before_them_decides(phone: Phone, send: Send) -> None:
    """A name is written in many ways."""
    send(phone, opening(phone, name="Bà Mẫu"))
    known = Citizen.objects.get()
    assert ask(phone, send, name=WIFE) == known.pk
    assert results(send(phone, opening(phone, name=WIFE, known_citizen=str(known.pk)))) == [("applied", "")]
    assert Citizen.objects.count() == 1
