"""What anybody with the card sees – and what they never see."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.cases import services
from nhipcau.cases.models import Case, Rating
from nhipcau.cases.rules import UnableToRate
from nhipcau.core import clock
from nhipcau.places.models import ServicePoint
from nhipcau.teams.access import MemberActor
from tests.cases.conftest import NAME, open_case
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db

FOLLOW = reverse("cases:follow")


def page(case: Case) -> str:
    return reverse("cases:follow_card", args=[case.token])


def finish(case: Case, by: MemberActor) -> None:
    for to in ("papers_ready", "submitted", "result_ready"):
        services.move_case(case_id=case.pk, to=to, by=by, now=clock.now())


def test_the_card_shows_the_way_and_no_person(
    volunteer: MemberActor, cast: Cast, point: ServicePoint
) -> None:
    case = open_case(volunteer, service_point=point.pk)
    services.move_case(case_id=case.pk, to="papers_missing", note="Thiếu giấy", by=volunteer, now=clock.now())
    services.add_note(case_id=case.pk, note="Ghi chú kín", by=volunteer, now=clock.now())
    response = Client().get(page(case))
    text = response.content.decode()
    assert case.code in text
    assert case.procedure is not None
    assert case.procedure.names["vi"] in text
    assert point.name in text
    assert "07:00" in text
    for secret in (
        NAME,
        "633000111",
        "Thiếu giấy",
        "Ghi chú kín",
        cast.volunteer.name,
        str(case.pk),
        str(case.citizen_id),
    ):
        assert secret not in text


def test_while_papers_are_gathered_the_page_leads_to_the_guide(case: Case, volunteer: MemberActor) -> None:
    guide = reverse("procedures:guide", args=["1.001193"])
    assert guide in Client().get(page(case)).content.decode()
    finish(case, volunteer)
    assert guide not in Client().get(page(case)).content.decode()


@pytest.mark.parametrize("language", ["vi", "th", "en"])
def test_public_pages_are_kept_out_of_engines_caches_and_other_sites(case: Case, language: str) -> None:
    for address in (page(case), FOLLOW):
        response = Client().get(address, {"lang": language})
        assert response.status_code == 200
        assert "noindex" in response["X-Robots-Tag"]
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "same-origin"
        assert "noindex" in response.content.decode()


@pytest.mark.parametrize("token", ["x", "a" * 27, "a" * 10_000, "..", "%00", "\U0001f600"])
def test_unknown_tokens_are_not_found(token: str, case: Case) -> None:
    assert Client().get(f"/c/{token}/").status_code == 404
    assert Client().post(f"/c/{token}/rate/", {"stars": "5"}).status_code == 404


def test_the_code_leads_to_the_same_page(case: Case) -> None:
    for typed in (case.code, case.code.lower(), case.code.replace("-", " ")):
        assert Client().post(FOLLOW, {"code": typed})["Location"] == page(case)


@pytest.mark.parametrize("typed", ["", "x", "0000-0000", "a" * 10_240, "\x00", "<script>", "\U0001f600" * 8])
def test_wrong_codes_get_words_and_stay_in_the_field(typed: str, case: Case) -> None:
    response = Client().post(FOLLOW, {"code": typed})
    assert response.status_code == 422
    text = response.content.decode()
    assert "govuk-error-summary" in text
    assert "<script>" not in text.replace("<script type=", "")


def test_a_code_that_exists_and_was_erased_looks_like_one_that_never_was(
    case: Case, volunteer: MemberActor
) -> None:
    code = case.code
    services.withdraw_consent(case_id=case.pk, by=volunteer, now=clock.now())
    erased = Client().post(FOLLOW, {"code": code})
    Case.objects.filter(pk=case.pk).update(code="2222-2222")
    unknown = Client().post(FOLLOW, {"code": code})
    assert erased.status_code == unknown.status_code == 422

    def bare(response: object) -> str:
        text = response.content.decode()  # type: ignore[attr-defined]  # the test client's own class
        return text[text.index("<main") :].split("csrfmiddlewaretoken")[0]

    assert bare(erased) == bare(unknown)


def test_ten_wrong_codes_rest_for_ten_minutes(case: Case) -> None:
    client = Client(REMOTE_ADDR="192.0.2.1")
    for _each in range(10):
        assert client.post(FOLLOW, {"code": "2222-2223"}).status_code == 422
    assert client.post(FOLLOW, {"code": "2222-2223"}).status_code == 429
    assert client.post(FOLLOW, {"code": case.code}).status_code == 429
    assert Client(REMOTE_ADDR="192.0.2.2").post(FOLLOW, {"code": case.code}).status_code == 302
    assert client.get(page(case)).status_code == 200


def test_right_codes_never_count_as_wrong(case: Case) -> None:
    client = Client()
    for _each in range(15):
        assert client.post(FOLLOW, {"code": case.code}).status_code == 302


def test_a_rating_once_there_is_a_result(case: Case, volunteer: MemberActor) -> None:
    client, address = Client(), reverse("cases:rate", args=[case.token])
    assert 'name="stars"' not in client.get(page(case)).content.decode()
    assert client.post(address, {"stars": "5"}).status_code == 422
    finish(case, volunteer)
    assert 'name="stars"' in client.get(page(case)).content.decode()
    assert client.post(address, {"stars": "4"}, follow=True).status_code == 200
    assert client.post(address, {"stars": "2"}, follow=True).status_code == 200
    rating = Rating.objects.get()
    assert rating.stars == 2
    assert rating.changed_at is not None
    assert case.events.filter(kind="rated").count() == 1
    with pytest.raises(UnableToRate):
        services.rate_case(token=case.token, stars=5, now=rating.at + timedelta(days=7))


@pytest.mark.parametrize("stars", ["", "0", "6", "-1", "5.5", "x", "9" * 1000, "\x00"])
def test_hostile_ratings_get_words(case: Case, volunteer: MemberActor, stars: str) -> None:
    finish(case, volunteer)
    response = Client().post(reverse("cases:rate", args=[case.token]), {"stars": stars})
    assert response.status_code == 422
    assert not Rating.objects.exists()


def test_a_form_from_elsewhere_is_refused(case: Case, volunteer: MemberActor) -> None:
    finish(case, volunteer)
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(reverse("cases:rate", args=[case.token]), {"stars": "5"}).status_code == 403
    assert not Rating.objects.exists()
