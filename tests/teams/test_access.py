"""What roles open, and the guard at the door."""

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from nhipcau.core.doors import public, requires, signed_in
from nhipcau.teams.access import ROLES, GuardMiddleware, actor_of
from nhipcau.teams.enums import LEVELS, Permission, Role
from nhipcau.teams.rules import APPOINTS
from tests.factories.cast import NOW, PASSWORD, Cast

pytestmark = pytest.mark.django_db

SHUT = (
    "account_signup",
    "account_email",
    "account_reset_password",
    "account_set_password",
    "account_email_verification_sent",
)


def answer(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


def knock(view: object, actor: object, method: str = "get", **extra: str) -> HttpResponse | None:
    request = getattr(RequestFactory(), method)("/somewhere/?a=1", **extra)
    request.actor = actor
    request.htmx = "HTTP_HX_REQUEST" in extra
    return GuardMiddleware(answer).process_view(request, view, (), {})  # type: ignore[arg-type]  # a view


def fresh(mark: object) -> object:
    def view(request: HttpRequest) -> HttpResponse:
        return HttpResponse("in")

    return mark(view)  # type: ignore[operator]  # one of the marks


def test_every_role_is_described_everywhere() -> None:
    assert set(ROLES) == set(LEVELS) == set(APPOINTS) == set(Role)


def test_every_permission_is_held_by_some_role() -> None:
    assert set().union(*ROLES.values()) == set(Permission)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.NATIONAL_COORDINATOR, Role.PROVINCE_COORDINATOR])
def test_who_leads_from_afar_opens_no_personal_data(role: Role) -> None:
    closed = {
        Permission.CASES_VIEW_PERSONAL,
        Permission.CASES_VIEW_CASE,
        Permission.CASES_EDIT_CASE,
        Permission.CASES_VIEW_OWN,
        Permission.CASES_OPEN_CASE,
    }
    assert not ROLES[role] & closed


def test_the_administrator_opens_nothing_of_cases_or_figures() -> None:
    assert not [p for p in ROLES[Role.ADMINISTRATOR] if p.split(".")[0] in ("cases", "reports")]


def test_a_volunteer_reaches_only_own_cases() -> None:
    held = ROLES[Role.VOLUNTEER]
    assert {Permission.CASES_VIEW_OWN, Permission.CASES_RECORD_SESSION} <= held
    assert not {Permission.CASES_VIEW_CASE, Permission.CASES_VIEW_SESSIONS} & held


def test_roles_are_read_once(cast: Cast, django_assert_num_queries: object) -> None:
    actor = actor_of(cast.leader, NOW)
    with django_assert_num_queries(1):  # type: ignore[operator]  # the plugin's fixture
        assert actor.may(Permission.TEAMS_EDIT)
        assert actor.scope(Permission.TEAMS_EDIT).communes == {"24848"}
        assert actor.scope(Permission.PLACES_EDIT_POINTS).communes == set()
    assert actor.holdings[0].label.endswith("– Xã Lạc Dương")


def test_an_open_door_asks_nobody() -> None:
    assert knock(fresh(public), None) is None


def test_an_unmarked_view_does_not_exist(cast: Cast) -> None:
    for actor in (None, actor_of(cast.nation, NOW)):
        with pytest.raises(Http404):
            knock(fresh(lambda view: view), actor)


def test_nobody_is_sent_to_sign_in_and_back() -> None:
    response = knock(fresh(signed_in), None)
    assert response is not None
    assert response["Location"] == reverse("account_login") + "?next=/somewhere/%3Fa%3D1"


def test_what_nobody_sends_is_not_repeated() -> None:
    response = knock(fresh(signed_in), None, "post")
    assert response is not None
    assert response["Location"] == reverse("account_login")


def test_a_part_of_a_page_sends_the_whole_page_to_sign_in() -> None:
    response = knock(fresh(signed_in), None, HTTP_HX_REQUEST="true")
    assert response is not None
    assert response["HX-Redirect"] == reverse("account_login")


def test_the_description_of_the_public_interface_is_open(client: Client) -> None:
    assert client.get("/api/v1/openapi.json").status_code == 200
    assert client.get("/api/v1/nothing/").status_code == 404


def test_a_stranger_finds_nothing(cast: Cast) -> None:
    view = fresh(requires(Permission.TEAMS_EDIT))
    assert knock(view, actor_of(cast.leader, NOW)) is None
    with pytest.raises(Http404):
        knock(view, actor_of(cast.volunteer, NOW))


@pytest.mark.parametrize("name", SHUT)
def test_pages_that_need_mail_or_sign_up_are_shut(name: str, client: Client, cast: Cast) -> None:
    assert client.get(reverse(name)).status_code == 404
    client.force_login(cast.leader)
    assert client.get(reverse(name)).status_code == 404


@pytest.mark.parametrize("language", ["vi", "th", "en"])
def test_the_sign_in_page_opens_in_every_language(client: Client, language: str) -> None:
    response = client.get(reverse("account_login"), {"lang": language})
    assert response.status_code == 200
    assert response.headers["Content-Language"] == language


def test_signing_in_speaks_the_members_language(client: Client, cast: Cast) -> None:
    type(cast.leader).objects.filter(pk=cast.leader.pk).update(preferred_language="th")
    response = client.post(reverse("account_login"), {"login": "leader", "password": PASSWORD})
    assert response.status_code == 302
    assert response.cookies["lang"].value == "th"


def test_a_wrong_password_opens_nothing_and_five_close_the_door(client: Client, cast: Cast) -> None:
    for _attempt in range(5):
        response = client.post(reverse("account_login"), {"login": "official", "password": "wrong"})
        assert response.status_code == 200
    response = client.post(reverse("account_login"), {"login": "official", "password": PASSWORD})
    assert response.status_code != 302
    assert "_auth_user_id" not in client.session


def test_a_closed_account_cannot_sign_in(client: Client, cast: Cast) -> None:
    type(cast.leader).objects.filter(pk=cast.leader.pk).update(is_active=False)
    client.post(reverse("account_login"), {"login": "leader", "password": PASSWORD})
    assert "_auth_user_id" not in client.session


def test_the_second_factor_is_offered(client: Client, cast: Cast) -> None:
    client.force_login(cast.leader)
    assert client.get(reverse("mfa_index")).status_code == 200


def test_a_copy_of_the_database_holds_no_second_factor(cast: Cast) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast.official, secret)
    codes = RecoveryCodes.activate(cast.official)
    seed = get_adapter().decrypt(codes.instance.data["seed"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT data::text FROM mfa_authenticator")
        stored = str(cursor.fetchall())
    assert secret not in stored
    assert seed not in stored
    assert codes.validate_code(codes.get_unused_codes()[0])
    totp = Authenticator.objects.get(type=Authenticator.Type.TOTP)
    assert get_adapter().decrypt(totp.data["secret"]) == secret


def test_tries_to_sign_in_count_for_all_processes_and_nobody_lies_about_where_from(cast: Cast) -> None:
    """An invented `X-Forwarded-For` gives no fresh tries; the right password is refused as well."""
    for number in range(8):
        knocker = Client(REMOTE_ADDR="192.0.2.9", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
        knocker.post(reverse("account_login"), {"login": "official", "password": f"wrong {number}"})
    late = Client(REMOTE_ADDR="192.0.2.9").post(
        reverse("account_login"), {"login": "official", "password": PASSWORD}
    )
    assert late.status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM limits")
        assert cursor.fetchone()[0] > 0
