"""What a citizen sees without an account: how far the case is, and a rating at the end.

No name, no phone number, no note. The pages are kept out of search engines and caches.
"""

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from nhipcau.cases import queries, services
from nhipcau.cases.enums import CaseState
from nhipcau.cases.forms import FollowForm, RateForm
from nhipcau.cases.models import Case
from nhipcau.cases.rules import NEXT_STEPS, can_rate, public_message
from nhipcau.core import clock, limits
from nhipcau.core.doors import public, unlisted
from nhipcau.core.errors import UnableTo

TRIES: Final = "cases.follow"
WRONG_TRIES: Final = 10
WAIT_SECONDS: Final = 600


@public
@unlisted
@require_http_methods(["GET", "HEAD", "POST"])
def follow_by_code(request: HttpRequest) -> HttpResponse:
    """For a card without a camera: type the code. Ten wrong ones, and it rests for ten minutes."""
    if request.method != "POST":
        return render(request, "cases/follow_by_code.html", {"form": FollowForm()})
    form, now = FollowForm(request.POST), clock.now()
    if not limits.take_try(TRIES, request, most=WRONG_TRIES, seconds=WAIT_SECONDS, now=now):
        form.add_error(None, _("Too many wrong codes. Wait ten minutes, or come to us with your card."))
        return render(request, "cases/follow_by_code.html", {"form": form}, status=429)
    case = queries.case_by_code(form.cleaned_data["code"]) if form.is_valid() else None
    if case is not None:
        limits.give_try_back(TRIES, request, now=now)
        return redirect("cases:follow_card", token=case.token)
    if form.is_valid():
        form.add_error("code", _("We find no case with this code. Compare it with your card, or come to us."))
    return render(request, "cases/follow_by_code.html", {"form": form}, status=422)


@public
@unlisted
@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """How far the case is, for whoever holds the card."""
    return _page(request, _by_token(token), token, thanks="thanks" in request.GET)


@public
@unlisted
@require_POST
def rate(request: HttpRequest, token: str) -> HttpResponse:
    """One to five; may be changed for a week."""
    case = _by_token(token)
    form = RateForm(request.POST)
    if form.is_valid():
        try:
            services.rate_case(token=token, stars=form.cleaned_data["stars"], now=clock.now())
        except UnableTo as error:
            form.add_error(None, str(error))
        else:
            return redirect(f"{reverse('cases:follow_card', args=[token])}?thanks")
    return _page(request, case, token, form=form)


def _by_token(token: str) -> Case:
    case = queries.case_by_token(token)
    if case is None:
        raise Http404
    return case


def _page(
    request: HttpRequest, case: Case, token: str, *, form: RateForm | None = None, thanks: bool = False
) -> HttpResponse:
    rating = queries.rating_of(case)
    open_to_rate = can_rate(case.state, rating.at if rating else None, clock.now())
    events = list(queries.public_timeline(case))
    point = queries.point_of(case, clock.local_date(clock.now()))
    papers_matter = case.state in (CaseState.OPENED, CaseState.PAPERS_MISSING)
    sheet = _sheet(case) if papers_matter else None
    context = {
        "case": case,
        "token": token,
        "need": queries.need_label(case),
        "state_words": _state_words(case),
        "next_step": NEXT_STEPS[CaseState(case.state)],
        "papers_matter": papers_matter,
        # The card's holder reads the names of papers on the list, never an answer.
        "missing": sheet.missing if sheet else [],
        "missing_count": sheet.lacking if sheet else 0,
        "events": events,
        "point": point,
        "hours": queries.hours_of(point) if point else [],
        "rating": rating,
        "rate_form": (form or RateForm(initial={"stars": rating.stars if rating else None}))
        if open_to_rate or form
        else None,
        "thanks": thanks and rating is not None,
    }
    return render(request, "cases/follow.html", context, status=422 if form is not None else 200)


def _sheet(case: Case) -> queries.Sheet | None:
    """What the latest check found, while the case still holds it."""
    latest = queries.papers_history(case).first()
    return queries.sheet_of(latest, case) if latest else None


def _state_words(case: Case) -> str:
    """The present state as the citizen reads it."""
    return str(public_message("", case.state).label)
