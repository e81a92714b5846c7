"""What each role may do, the actor of a request, and the guard at the door of every page."""

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import Any, Final, cast
from uuid import UUID

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import reverse

from nhipcau.core import clock
from nhipcau.core.crypto import decrypt, encrypt
from nhipcau.core.doors import door_of
from nhipcau.core.limits import network_of
from nhipcau.core.requests import OurRequest
from nhipcau.core.scope import NATION, Scope
from nhipcau.teams.enums import LEVELS, Level, Permission, Role
from nhipcau.teams.models import Member
from nhipcau.teams.queries import holdings_and_unread
from nhipcau.teams.rules import Holding

_OWN_WORK = frozenset(
    {
        Permission.CASES_RECORD_SESSION,
        Permission.CASES_OPEN_CASE,
        Permission.CASES_VIEW_OWN,
        Permission.CASES_EDIT_OWN,
        Permission.ROSTER_SIGN_UP,
        Permission.VISITS_DO,
        Permission.LEARNING_TEACH,
    }
)
_FOLLOW_CASES = frozenset(
    {
        Permission.CASES_VIEW_SESSIONS,
        Permission.CASES_VIEW_CASE,
        Permission.CASES_EDIT_CASE,
        Permission.CASES_CLOSE_CASE,
        Permission.CASES_VIEW_PERSONAL,
    }
)
_FIGURES = frozenset({Permission.REPORTS_VIEW, Permission.REPORTS_ROWS})
_GUIDES = frozenset({Permission.AUTHORING_WRITE, Permission.AUTHORING_CHECK})
_RUN_TEAMS = frozenset({Permission.TEAMS_VIEW, Permission.TEAMS_EDIT, Permission.TEAMS_GRANT})
# Leaders and coordinators of a commune run its rosters; who leads the province sees them and moves people.
_RUN_ROSTERS = frozenset(
    {
        Permission.VOLUNTEERS_REVIEW,
        Permission.ROSTER_VIEW,
        Permission.ROSTER_EDIT,
        Permission.ATTENDANCE_MARK,
        Permission.ATTENDANCE_APPROVE,
        Permission.REINFORCEMENT_ASK,
        Permission.DEVICES_MANAGE,
    }
)
_RUN_CLASSES = frozenset({Permission.LEARNING_PLAN, Permission.LEARNING_VIEW})
_PLAN_VISITS = frozenset({Permission.VISITS_PLAN, Permission.VISITS_VIEW})
_MOVE_PEOPLE = frozenset(
    {
        Permission.VOLUNTEERS_REVIEW,
        Permission.VOLUNTEERS_DEFINE,
        Permission.ROSTER_VIEW,
        Permission.ROSTER_EDIT,
        Permission.REINFORCEMENT_SEND,
    }
)

# Who leads a province or the country sees figures and the rows behind them, never a citizen's name.
# The administrator manages accounts, sees which messages did not get through (never to whom, never what
# they say) and opens no case at all. Officials write guides of their province and
# check each other's facts; whoever answers for the province or the country puts them before the public.
ROLES: Final[dict[Role, frozenset[Permission]]] = {
    Role.VOLUNTEER: _OWN_WORK,
    Role.TEAM_LEADER: _OWN_WORK
    | _FOLLOW_CASES
    | _FIGURES
    | _RUN_TEAMS
    | _RUN_ROSTERS
    | _RUN_CLASSES
    | _PLAN_VISITS,
    Role.COMMUNE_COORDINATOR: _OWN_WORK
    | _FOLLOW_CASES
    | _FIGURES
    | _RUN_TEAMS
    | _RUN_ROSTERS
    | _RUN_CLASSES
    | _PLAN_VISITS
    | {Permission.PLACES_EDIT_POINTS, Permission.CASES_ERASE_CITIZEN, Permission.DEVICES_RESCUE},
    Role.OFFICIAL: _OWN_WORK
    | _FOLLOW_CASES
    | _FIGURES
    | _GUIDES
    | {
        Permission.TEAMS_VIEW,
        Permission.ROSTER_VIEW,
        Permission.VISITS_VIEW,
        Permission.LEARNING_VIEW,
        Permission.ATTENDANCE_MARK,
        Permission.PLACES_EDIT_POINTS,
        Permission.PROCEDURES_CHECK,
        Permission.CASES_ERASE_CITIZEN,
    },
    Role.PROVINCE_COORDINATOR: _RUN_TEAMS
    | _FIGURES
    | _GUIDES
    | _MOVE_PEOPLE
    | {
        Permission.PLACES_EDIT_POINTS,
        Permission.PROCEDURES_CHECK,
        Permission.AUTHORING_PUBLISH,
        Permission.CASES_VIEW_SESSIONS,
        Permission.DEVICES_MANAGE,
        Permission.DEVICES_RESCUE,
        Permission.VISITS_VIEW,
        Permission.LEARNING_VIEW,
    },
    Role.GUIDE_EDITOR: _GUIDES | {Permission.PROCEDURES_CHECK},
    Role.NATIONAL_COORDINATOR: _RUN_TEAMS
    | _FIGURES
    | _GUIDES
    | _MOVE_PEOPLE
    | {Permission.PLACES_EDIT_POINTS, Permission.PROCEDURES_CHECK, Permission.AUTHORING_PUBLISH},
    Role.ADMINISTRATOR: _RUN_TEAMS | {Permission.PLACES_EDIT_POINTS, Permission.MESSAGING_OPERATE},
}


class MemberActor:
    """A signed-in member as the lower rooms know whoever asks (`core.scope.Actor`).

    The roles are read once, when first needed.
    """

    def __init__(self, member: Member, now: datetime) -> None:
        self.member = member
        self._now = now

    def __str__(self) -> str:
        return self.name

    @property
    def id(self) -> UUID:
        return self.member.pk

    @property
    def name(self) -> str:
        return self.member.name

    @property
    def commune(self) -> str:
        return self.member.commune_id or ""

    @cached_property
    def _read(self) -> tuple[tuple[Holding, ...], int | None]:
        return holdings_and_unread(self.member.pk, now=self._now)

    @property
    def holdings(self) -> tuple[Holding, ...]:
        """The roles held at the moment of the request; none for a closed account."""
        return self._read[0]

    @property
    def unread(self) -> int | None:
        """How many messages waited to be read when the roles were read; None: nobody counted."""
        return self._read[1]

    @property
    def roles(self) -> frozenset[Role]:
        """The roles held, whatever the place: to choose a home page, never to allow something."""
        return frozenset(holding.role for holding in self.holdings)

    def may(self, permission: str) -> bool:
        """Whether the permission is held on some place."""
        return any(permission in ROLES[holding.role] for holding in self.holdings)

    def scope(self, permission: str) -> Scope:
        """The places on which the permission is held."""
        held = [holding for holding in self.holdings if permission in ROLES[holding.role]]
        return Scope(
            nation=any(holding.unit_code == NATION for holding in held),
            provinces=frozenset(h.unit_code for h in held if LEVELS[h.role] is Level.PROVINCE),
            communes=frozenset(h.unit_code for h in held if LEVELS[h.role] is Level.COMMUNE),
        )


def actor_of(member: Member, now: datetime) -> MemberActor:
    """The member as an actor at a moment."""
    return MemberActor(member, now)


def actor_in(request: HttpRequest) -> MemberActor:
    """Whoever sent a request to a view that only members reach."""
    return cast("MemberActor", cast("OurRequest", request).actor)


# Views of other packages, which carry no mark of ours. The sign-in package asks for a session itself;
# of its pages only those are open that a programme without e-mail needs. The interface is public.
OPEN_MODULES: Final = ("allauth.account.", "allauth.mfa.", "ninja.")
_SIGN_IN_PAGES: Final = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_reauthenticate",
        "account_change_password",
        "mfa_index",
        "mfa_authenticate",
        "mfa_reauthenticate",
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    }
)

View = Callable[..., HttpResponse]


class GuardMiddleware:
    """Sets `request.actor` and lets nobody through a door that is not theirs.

    Nobody signed in: to the sign-in page, and back afterwards. Signed in without the permission:
    404, as if the page did not exist. A view that carries no mark: 404 for everyone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        actor = actor_of(user, clock.now()) if isinstance(user, Member) else None
        cast("OurRequest", request).actor = actor
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Django calls it between routing and the view."""
        door = door_of(view)
        if door is None:
            _check_foreign(request, view)
            return None
        if not door.signed_in:
            return None
        actor = cast("OurRequest", request).actor
        if actor is None:
            return _to_sign_in(request)
        if door.permission and not actor.may(door.permission):
            raise Http404
        return None


def module_of(view: View) -> str:
    """Where a view comes from; a partial hides the module of its function."""
    return str(getattr(view, "func", view).__module__)


def _check_foreign(request: HttpRequest, view: View) -> None:
    """An unmarked view: 404 unless it is one of the pages of other packages that we open."""
    module = module_of(view)
    if not module.startswith(OPEN_MODULES):
        raise Http404
    name = request.resolver_match.url_name if request.resolver_match else None
    if module.startswith("allauth.") and name not in _SIGN_IN_PAGES:
        raise Http404


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page. What was sent is not repeated afterwards, so only a page is returned to."""
    sign_in = reverse("account_login")
    if getattr(request, "htmx", False):
        response = HttpResponse(status=200)
        response["HX-Redirect"] = sign_in
        return response
    if request.method in ("GET", "HEAD"):
        return redirect_to_login(request.get_full_path(), login_url=sign_in)
    return HttpResponseRedirect(resolve_url(sign_in))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the package has no types
    """Sign-in without sign-up: members are registered by those who run the teams."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Where tries to sign in are counted."""
        return network_of(request)

    def post_login(self, request: HttpRequest, user: Member, **kwargs: Any) -> HttpResponse:
        """After signing in the screens speak the member's own language."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        response.set_cookie(
            "lang", user.preferred_language, max_age=365 * 24 * 3600, samesite="Lax", httponly=True
        )
        return response


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # as above
    """The secrets of the second factor are encrypted: a copy of the database opens no account."""

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)
