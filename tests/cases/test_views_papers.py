"""Papers on the pages: the form of a case, its result, the card's page, the way from the open check."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from nhipcau.audit.models import Entry
from nhipcau.cases import queries, services
from nhipcau.cases.models import Case, HelpSession, PapersCheck
from nhipcau.core import clock
from nhipcau.core.ids import new_id
from nhipcau.places.models import ServicePoint
from nhipcau.teams.access import MemberActor
from tests.cases.conftest import open_case
from tests.cases.test_papers import newer_version
from tests.factories.cast import NOW, Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(cast: Cast, point: ServicePoint) -> Client:
    client = Client()
    client.force_login(cast.volunteer)
    return client


def papers_url(case: Case) -> str:
    return reverse("cases:papers", args=[case.pk])


def filled(client: Client, case: Case, query: str = "") -> dict[str, str]:
    """The hidden fields of the form."""
    text = client.get(papers_url(case) + query).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(id|version)" value="([^"]+)"', text))
    assert set(hidden) == {"id", "version"}
    return hidden


def test_the_form_asks_and_keeps(client: Client, case: Case) -> None:
    page = client.get(papers_url(case))
    assert [field.name for field in page.context["form"].asked]
    assert page.content.decode().count('name="have"') > 1
    sent = filled(client, case) | {"a.way": "online"}
    answer = client.post(papers_url(case), sent)
    assert answer.status_code == 302
    row = PapersCheck.objects.get()
    assert queries.content_of_check(row) == {"answers": {"way": "online"}, "have": []}
    shown = client.get(reverse("cases:case", args=[case.pk]) + "?lang=en").content.decode()
    assert "Where to get it" in shown or "Ask us where to get it" in shown
    assert f"{row.missing} papers missing" in shown or "1 paper missing" in shown


def test_the_list_follows_the_answers_without_being_kept(client: Client, case: Case) -> None:
    sent = filled(client, case) | {"a.way": "online", "update": "1"}
    page = client.post(papers_url(case), sent)
    assert page.status_code == 200
    assert page.context["found"].answers == {"way": "online"}
    assert str(page.context["form"].initial["id"]) == sent["id"]
    assert not PapersCheck.objects.exists()


def test_what_was_said_is_there_the_next_time_and_the_look_is_recorded(client: Client, case: Case) -> None:
    sent = filled(client, case) | {"a.way": "online"}
    listed = client.post(papers_url(case), sent | {"update": "1"}).context["groups"]
    first = listed[0]["ways"][0][0]["id"]
    sent["have"] = first
    client.post(papers_url(case), sent)
    before = Entry.objects.filter(action="read").count()
    page = client.get(papers_url(case))
    assert (page.context["have"], page.context["found"].answers) == ((first,), {"way": "online"})
    assert f'value="{first}"' in page.content.decode()
    client.get(reverse("cases:case", args=[case.pk]))
    assert Entry.objects.filter(action="read").count() == before + 2


@pytest.mark.parametrize(
    "sent",
    [
        {"a.way": "nonsense"},
        {"id": "nonsense"},
        {"version": "00000000-0000-7000-8000-000000000000"},
        {"a.way": "\x00"},
    ],
)
def test_nonsense_is_refused_on_the_page(client: Client, case: Case, sent: dict[str, str]) -> None:
    answer = client.post(papers_url(case), filled(client, case) | sent)
    assert answer.status_code == 422
    assert not PapersCheck.objects.exists()


def test_strange_ticks_and_questions_are_left_out(client: Client, case: Case) -> None:
    sent = filled(client, case) | {"a.nothing": "yes", "have": ["<script>", "x" * 9999]}
    assert client.post(papers_url(case), sent).status_code == 302
    assert queries.content_of_check(PapersCheck.objects.get()) == {"answers": {}, "have": []}


def test_no_list_of_a_topic_or_of_an_erased_case(client: Client, volunteer: MemberActor) -> None:
    topic = open_case(volunteer, topic="vneid", procedure="", phone="")
    assert client.get(papers_url(topic)).status_code == 404
    assert client.get(reverse("cases:case", args=[topic.pk])).context["papers"] is None
    erased = open_case(volunteer, phone="")
    services.withdraw_consent(case_id=erased.pk, by=volunteer, now=clock.now())
    assert client.get(papers_url(erased)).status_code == 404
    assert papers_url(erased) not in client.get(reverse("cases:case", args=[erased.pk])).content.decode()


def test_an_older_list_says_what_has_changed_and_is_checked_again(
    client: Client, volunteer: MemberActor
) -> None:
    old = open_case(volunteer, NOW)
    newer_version()
    # The new rules ended before today in this trial; those in force today are others than both.
    page = client.get(reverse("cases:case", args=[old.pk]) + "?lang=en")
    now = queries.version_now(old, clock.local_date(clock.now()))
    assert now is not None
    changed = page.context["papers"]["changed"]
    assert (changed is None) == (now.pk == old.procedure_version_id)
    again = filled(client, old, "?with=now")
    assert again["version"] == str(now.pk)
    assert client.post(papers_url(old) + "?with=now", again).status_code == 302
    page = client.get(reverse("cases:case", args=[old.pk]) + "?lang=en")
    assert page.context["papers"]["changed"] is None


def test_a_closed_case_asks_for_no_papers(client: Client, volunteer: MemberActor) -> None:
    old = open_case(volunteer, NOW)
    newer_version()
    page = reverse("cases:case", args=[old.pk])
    assert papers_url(old) in client.get(page).content.decode()
    services.move_case(case_id=old.pk, to="closed_done", by=volunteer, now=clock.now())
    closed = client.get(page)
    assert closed.context["papers"]["changed"] is None
    assert papers_url(old) not in closed.content.decode()


def test_the_card_page_names_what_is_missing_and_no_answer(client: Client, case: Case) -> None:
    nobody = Client()
    follow = reverse("cases:follow_card", args=[case.token])
    assert nobody.get(follow).context["missing"] == []
    client.post(papers_url(case), filled(client, case) | {"a.way": "online"})
    row = PapersCheck.objects.get()
    page = nobody.get(follow + "?lang=en")
    assert page.context["missing_count"] == row.missing
    text = page.content.decode()
    for need in page.context["missing"]:
        for paper in need["lacking"]:
            assert paper["name"].split("'")[0] in text
    assert "still missing" in text
    assert "online" not in [field for need in page.context["missing"] for field in need]
    Case.objects.filter(pk=case.pk).update(state="submitted")
    assert nobody.get(follow).context["missing"] == []


def test_the_printed_card_says_nothing_of_papers(client: Client, case: Case) -> None:
    before = client.get(reverse("cases:card", args=[case.pk]) + "?lang=en").content.decode()
    client.post(papers_url(case), filled(client, case), follow=True)
    Case.objects.filter(pk=case.pk).update(state="opened")
    after = client.get(reverse("cases:card", args=[case.pk]) + "?lang=en").content.decode()
    token = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
    assert token.sub("", before) == token.sub("", after)


CHECK = "/guides/birth-registration/papers/"


def test_the_open_check_leads_a_volunteer_to_the_reception(client: Client) -> None:
    assert "/reception/" not in Client().get(CHECK, {"checked": "1"}).content.decode()
    text = client.get(CHECK, {"checked": "1"}).content.decode()
    found = re.search(r'href="(/reception/\?[^"]+)"', text)
    assert found is not None
    url = found.group(1).replace("&amp;", "&")
    assert url == "/reception/?need=procedure%3Abirth-registration&papers=missing"
    page = client.get(url).content.decode()
    assert re.search(r'name="need"[^>]*value="procedure:birth-registration"[^>]*checked', page)
    assert re.search(r'name="papers"[^>]*value="missing"[^>]*checked', page)


def test_the_kiosk_offers_no_reception(client: Client) -> None:
    assert "/reception/" not in client.get("/kiosk/birth-registration/papers/?checked=1").content.decode()


def reception(client: Client, **changes: str) -> int:
    page = client.get(reverse("cases:reception"))
    sent = {
        "id": str(new_id()), "need": "topic:vneid", "outcome": "done", "alone": "half", "minutes": "15",
        "place": page.context["form"]["place"].field.choices[0][0], "first_time": "yes",
        "age_band": "not_said", "language": "",
    }  # fmt: skip
    return client.post(reverse("cases:reception"), sent | changes).status_code


def test_the_reception_keeps_what_was_said_about_papers(client: Client) -> None:
    assert reception(client) == 302
    assert reception(client, papers="ready") == 302
    assert reception(client, first_time="no", came_back="yes", papers="missing") == 302
    kept = HelpSession.objects.order_by("recorded_at").values_list("papers", "came_back_for_papers")
    assert list(kept) == [("not_checked", None), ("ready", None), ("missing", True)]
    assert reception(client, papers="perhaps") == 422


def test_whoever_was_here_before_is_asked_whether_papers_were_the_reason(client: Client) -> None:
    assert reception(client, first_time="no") == 422
    assert not HelpSession.objects.exists()
    for said, kept in (("no", False), ("unknown", None), ("yes", True)):
        assert reception(client, first_time="no", came_back=said) == 302
        latest = HelpSession.objects.order_by("-recorded_at").first()
        assert latest is not None
        assert latest.came_back_for_papers is kept
