"""Opening a case on paper's terms: the words, the yes, nothing lost; and the steps that follow."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.audit.queries import entries_of
from nhipcau.cases import services
from nhipcau.cases.models import Case, CaseEvent, HelpSession
from nhipcau.citizens.enums import Purpose
from nhipcau.citizens.models import Citizen, Consent
from nhipcau.citizens.queries import consent_words
from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.places.models import ServicePoint
from nhipcau.teams.access import MemberActor
from tests.cases.conftest import NAME, PHONE, session
from tests.factories.cast import Cast

pytestmark = pytest.mark.django_db

NEW = reverse("cases:new_case")


@pytest.fixture
def client(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.volunteer)
    return client


def typed(**changes: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": str(new_id()),
        "words": consent_words(Purpose.FOLLOW_UP, "vi").sha256,
        "words_language": "vi",
        "need": "procedure:birth-registration",
        "place": "24848:",
        "name": NAME,
        "phone": PHONE,
        "keep_months": "6",
        "method": "spoken_witnessed",
        "agreed": "on",
    }
    return values | changes


def test_the_words_are_shown_and_nothing_is_ticked(client: Client) -> None:
    text = client.get(NEW).content.decode()
    for paragraph in consent_words(Purpose.FOLLOW_UP, "vi").paragraphs:
        assert paragraph in text
    assert not re.search(r'name="(agreed|method)"[^>]*checked', text)


def test_a_case_is_opened_and_the_card_follows(client: Client) -> None:
    response = client.post(NEW, typed())
    case = Case.objects.get()
    assert response["Location"] == reverse("cases:card", args=[case.pk])
    consent = Consent.objects.get()
    assert (consent.method, consent.words.language) == ("spoken_witnessed", "vi")
    text = client.get(response["Location"]).content.decode()
    assert case.code in text
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in text
    assert 'class="qr"' in text
    assert NAME not in text
    assert "633000111" not in text


def test_it_grows_out_of_a_session(client: Client, volunteer: MemberActor, point: ServicePoint) -> None:
    done = services.record_session(
        session=session(volunteer, topic="", procedure="death-registration", service_point=point.pk),
        by=volunteer,
        now=clock.now(),
    ).session
    text = client.get(NEW, {"session": str(done.pk)}).content.decode()
    assert re.search(r'value="procedure:death-registration"[^>]*selected', text)
    assert re.search(rf'value="24848:{point.pk}"[^>]*selected', text)
    client.post(NEW, typed(session=str(done.pk)))
    assert HelpSession.objects.get().case == Case.objects.get()


@pytest.mark.parametrize("text", ["x", "00000000-0000-7000-8000-000000000000", "\x00"])
def test_a_strange_session_is_passed_over(client: Client, text: str) -> None:
    assert client.get(NEW, {"session": text}).status_code == 200


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("agreed", ""),
        ("method", ""),
        ("method", "assumed"),
        ("words", "0" * 64),
        ("name", ""),
        ("name", "A" * 10_240),
        ("name", "Mẫu\x00"),
        ("name", "\U0001f600"),
        ("name", "Mẫu 068000000000"),
        ("phone", "không"),
        ("phone", "0" * 10_240),
        ("need", ""),
        ("need", "procedure:no-such"),
        ("place", "22015:"),
        ("keep_months", "120"),
        ("due_on", "2020-01-01"),
        ("due_on", "hôm nay"),
        ("helping_language", "ethnic"),
        ("same_person", "00000000-0000-4000-8000-000000000000"),
        ("same_person", "x"),
        ("id", "x"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(client: Client, field: str, value: str) -> None:
    response = client.post(NEW, typed(**{field: value}))
    text = response.content.decode()
    assert response.status_code == 422
    assert "govuk-error-summary" in text
    if field != "name":
        assert NAME in text
    if field != "phone":
        assert PHONE in text
    assert not Case.objects.exists()
    assert not Citizen.objects.exists()


def test_markup_in_a_name_stays_text(client: Client) -> None:
    client.post(NEW, typed(name="<img src=x onerror=alert(1)> Mẫu"))
    case = Case.objects.get()
    text = client.get(reverse("cases:person", args=[case.pk])).content.decode()
    assert "&lt;img src=x" in text
    assert "<img src=x" not in text


def test_a_known_number_is_asked_about_without_showing_a_name(client: Client) -> None:
    client.post(NEW, typed())
    first = Case.objects.get()
    sent = typed(name="Gõ Lại Mẫu")
    response = client.post(NEW, sent)
    text = response.content.decode()
    assert response.status_code == 422
    assert first.code in text
    assert NAME not in text
    assert "Gõ Lại Mẫu" in text
    assert str(first.citizen_id) in text
    assert client.post(NEW, sent | {"same_person": str(first.citizen_id)}).status_code == 302
    assert client.post(NEW, typed(same_person="another")).status_code == 302
    assert (Case.objects.count(), Citizen.objects.count()) == (3, 2)


def test_a_double_tap_is_one_case(client: Client) -> None:
    sent = typed()
    assert {client.post(NEW, sent).status_code for _again in range(3)} == {302}
    assert (Case.objects.count(), Citizen.objects.count()) == (1, 1)


def test_personal_data_is_behind_a_door_that_remembers(client: Client, case: Case, cast: Cast) -> None:
    page = client.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert NAME not in page
    assert "633000111" not in page
    shown = client.get(reverse("cases:person", args=[case.pk]))
    assert NAME in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    reads = entries_of("citizens_citizen", str(case.citizen_id)).filter(action="read")
    assert [entry.actor for entry in reads] == [str(cast.volunteer.pk)]
    assert entries_of("cases_case", str(case.pk)).filter(action="read").count() == 1


def test_reading_notes_is_recorded_too(client: Client, case: Case, volunteer: MemberActor) -> None:
    address = reverse("cases:case", args=[case.pk])
    client.get(address)
    assert not entries_of("cases_case", str(case.pk)).filter(action="read").exists()
    services.add_note(case_id=case.pk, note="Gọi lại", by=volunteer, now=clock.now())
    assert "Gọi lại" in client.get(address).content.decode()
    assert entries_of("cases_case", str(case.pk)).filter(action="read").count() == 1


def test_only_possible_steps_are_offered(client: Client, case: Case, cast: Cast) -> None:
    def offered(who: Client) -> set[str]:
        text = who.get(reverse("cases:case", args=[case.pk])).content.decode()
        return set(re.findall(r'name="to" value="(\w+)"', text))

    assert offered(client) == {
        "papers_ready",
        "papers_missing",
        "closed_done",
        "closed_not_possible",
        "withdrawn",
    }
    client.post(reverse("cases:move", args=[case.pk]), {"to": "closed_done", "seen": "opened"})
    assert offered(client) == set()
    leader = Client()
    leader.force_login(cast.leader)
    assert offered(leader) == {"opened"}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"to": "result_ready", "seen": "opened"},
        {"to": "x" * 10_000, "seen": ""},
        {"to": "papers_ready", "seen": "submitted"},
    ],
)
def test_impossible_steps_are_refused_in_words(client: Client, case: Case, sent: dict[str, str]) -> None:
    response = client.post(reverse("cases:move", args=[case.pk]), sent)
    assert response.status_code in (409, 422)
    assert "nc-notice--bad" in response.content.decode()
    assert Case.objects.get().state == "opened"


@pytest.mark.parametrize(
    ("form", "sent"),
    [
        ("note", {"note": ""}),
        ("note", {"note": "Số 068000000000"}),
        ("note", {"note": "a" * 10_240}),
        ("note", {"note": "a\x00"}),
        ("dossier", {"code": "", "submitted_on": "2025-07-03", "submitted_by": "citizen"}),
        ("dossier", {"code": "068000000000", "submitted_on": "2025-07-03", "submitted_by": "citizen"}),
        ("dossier", {"code": "HS-1", "submitted_on": "2999-01-01", "submitted_by": "citizen"}),
        ("dossier", {"code": "HS-1", "submitted_on": "x", "submitted_by": "volunteer"}),
        ("due", {"due_on": "2020-01-01"}),
        ("due", {"due_on": "mai"}),
        ("assign", {"member": "x"}),
        ("assign", {}),
    ],
)
def test_small_forms_keep_what_was_typed(cast: Cast, case: Case, form: str, sent: dict[str, str]) -> None:
    client = Client()
    client.force_login(cast.leader)
    before = CaseEvent.objects.count()
    response = client.post(reverse(f"cases:{form}", args=[case.pk]), sent)
    text = response.content.decode()
    assert response.status_code == 422
    assert "govuk-error-summary" in text
    for value in sent.values():
        assert value.replace("\x00", "")[:200] in text or form == "assign"
    assert CaseEvent.objects.count() == before


def test_steps_that_work(cast: Cast, case: Case) -> None:
    client = Client()
    client.force_login(cast.leader)

    def send(name: str, **sent: str) -> str:
        response = client.post(reverse(f"cases:{name}", args=[case.pk]), sent, follow=True)
        assert response.status_code == 200
        return response.content.decode()

    send("move", to="papers_ready", seen="opened")
    text = send("dossier", code="hs-2025/17", submitted_on="2025-07-03", submitted_by="citizen")
    assert "HS-2025/17" in text
    assert "nc-notice--warn" in text
    send("note", note="Hẹn thứ hai")
    send("due", due_on=(clock.local_date(clock.now()) + timedelta(days=7)).isoformat())
    assert cast.official.name in send("assign", member=str(cast.official.pk))
    assert Case.objects.get().state == "submitted"


def test_the_list_is_searched_by_whole_code_or_phone_only(client: Client, case: Case) -> None:
    address = reverse("cases:cases")

    def found(text: str) -> bool:
        return reverse("cases:case", args=[case.pk]) in client.get(address, {"q": text}).content.decode()

    assert found(case.code.lower().replace("-", " "))
    assert found("+84 633 000 111")
    assert not found("0633000112")
    for odd in ("Mẫu", NAME, "063300", "%", "x" * 10_000, "<b>", "\U0001f600"):
        assert not found(odd)


def test_withdrawing_erases_and_the_case_goes_on_without_a_name(
    cast: Cast, client: Client, case: Case
) -> None:
    address = reverse("cases:withdraw", args=[case.pk])
    assert client.get(address).status_code == 200
    assert Citizen.objects.get().name == NAME
    client.post(address)
    assert Citizen.objects.get().name == ""
    page = client.get(reverse("cases:case", args=[case.pk]))
    assert page.status_code == 200
    for gone in ("person", "withdraw", "card", "card_pdf"):
        assert client.get(reverse(f"cases:{gone}", args=[case.pk])).status_code == 404
    assert Client().get(reverse("cases:follow_card", args=[case.token])).status_code == 404
    assert (
        client.post(reverse("cases:move", args=[case.pk]), {"to": "withdrawn", "seen": "opened"}).status_code
        == 302
    )
    assert client.post(reverse("cases:note", args=[case.pk]), {"note": "x"}).status_code == 404


@pytest.mark.parametrize("size", ["", "a6", "a5", "a0", "\x00"])
def test_the_card_is_one_pdf_page(client: Client, case: Case, size: str) -> None:
    pypdf = pytest.importorskip("pypdf")
    response = client.get(reverse("cases:card_pdf", args=[case.pk]), {"size": size})
    assert response["Content-Type"] == "application/pdf"
    import io

    pages = pypdf.PdfReader(io.BytesIO(response.content)).pages
    text = pages[0].extract_text()
    assert len(pages) == 1
    assert case.code in text
    assert NAME not in text
    width = round(float(pages[0].mediabox.width))
    assert width == (420 if size == "a5" else 298)
