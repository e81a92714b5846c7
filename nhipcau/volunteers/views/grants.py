"""What somebody can do: said, given, ended, checked; and what can be said at all."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from nhipcau.core import clock
from nhipcau.core.doors import requires, signed_in
from nhipcau.core.errors import UnableTo
from nhipcau.core.scope import NATION
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission
from nhipcau.volunteers import queries, services
from nhipcau.volunteers.forms import ApproveForm, ClaimForm, DefinitionForm, GiveForm, ReasonForm
from nhipcau.volunteers.views.subject import saved, subject_of

ROWS = 30


@signed_in
def claim(request: HttpRequest) -> HttpResponse:
    """A member says to be able to do something."""
    subject, today = subject_of(request, None), clock.local_date(clock.now())
    places = queries.places_of([subject.member.pk], today=today)[subject.member.pk]
    form = ClaimForm(request.POST or None, offered=queries.offered_at(places))
    words = _("Noted. What has to be checked counts as soon as your leader has checked it.")
    if saved(request, form, services.claim_qualification, words):
        return subject.back()
    context = {"subject": subject, "form": form, "title": _("Say what else I can do")}
    return render(request, "volunteers/form.html", context)


@requires(Permission.VOLUNTEERS_REVIEW)
def give(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Who leads the place knows what a member can do."""
    subject, today = subject_of(request, member_id), clock.local_date(clock.now())
    places = queries.places_of([member_id], today=today)[member_id]
    offered = queries.offered_at(places, claimable=False)
    form = GiveForm(request.POST or None, initial={"valid_from": today}, offered=offered)
    if saved(request, form, services.give_qualification, _("Saved."), member=subject.member):
        return subject.back()
    context = {"subject": subject, "form": form, "title": _("Note what they can do")}
    return render(request, "volunteers/form.html", context)


@signed_in
def end(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """A claim is taken back, or what was approved ends, after one question."""
    actor, now = actor_in(request), clock.now()
    grant = queries.get_grant(grant_id, for_=actor, today=clock.local_date(now))
    subject = subject_of(request, grant.member_id)
    if request.method == "POST":
        try:
            services.end_qualification(by=actor, now=now, grant_id=grant_id)
        except UnableTo as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Saved."))
        return subject.back()
    return render(request, "volunteers/end.html", {"subject": subject, "grant": grant})


@requires(Permission.VOLUNTEERS_REVIEW)
def claims(request: HttpRequest) -> HttpResponse:
    """What members of my places say to be able to do and nobody has looked at yet."""
    rows = queries.claims_visible_to(actor_in(request), today=clock.local_date(clock.now()))
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "volunteers/claims.html", {"page": page})


@requires(Permission.VOLUNTEERS_REVIEW)
def ending(request: HttpRequest) -> HttpResponse:
    """What ends within thirty days in my places."""
    rows = queries.ending_soon(actor_in(request), today=clock.local_date(clock.now()))
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    return render(request, "volunteers/ending.html", {"page": page})


@requires(Permission.VOLUNTEERS_REVIEW)
def review(request: HttpRequest, grant_id: UUID) -> HttpResponse:
    """One claim: the evidence, yes with its days, or no with a reason."""
    today = clock.local_date(clock.now())
    grant = queries.get_claim(grant_id, for_=actor_in(request), today=today)
    declining = "decline" in request.POST
    yes = ApproveForm(None if declining else request.POST or None, initial={"valid_from": today})
    no = ReasonForm(request.POST if declining else None)
    form, act = (no, services.decline_claim) if declining else (yes, services.approve_claim)
    words = _("Answered. %(name)s gets a message.") % {"name": grant.member.name}
    if saved(request, form, act, words, grant_id=grant_id):
        return redirect("volunteers:claims")
    return render(request, "volunteers/review.html", {"grant": grant, "yes": yes, "no": no})


@requires(Permission.VOLUNTEERS_DEFINE)
def definitions(request: HttpRequest) -> HttpResponse:
    """What volunteers of my places can be known to be able to do."""
    actor = actor_in(request)
    page = Paginator(queries.definitions_visible_to(actor), ROWS).get_page(request.GET.get("page"))
    scope = actor.scope(Permission.VOLUNTEERS_DEFINE)
    rows = [(row, scope.covers_unit(row.unit_code)) for row in page]
    return render(request, "volunteers/definitions.html", {"page": page, "rows": rows})


@requires(Permission.VOLUNTEERS_DEFINE)
def new_definition(request: HttpRequest) -> HttpResponse:
    """A qualification of one's own province, or of the whole country."""
    actor = actor_in(request)
    places, others = queries.places_to_define(actor), queries.definitions_visible_to(actor)
    form = DefinitionForm(request.POST or None, places=places, others=others)
    if saved(request, form, services.define_qualification, _("Saved.")):
        return redirect("volunteers:definitions")
    return render(request, "volunteers/definition.html", {"form": form})


@requires(Permission.VOLUNTEERS_DEFINE)
def definition(request: HttpRequest, code: str) -> HttpResponse:
    """Changing what is said of a qualification; a shipped one can only be offered or not."""
    found = queries.get_definition(code, for_=actor_in(request))
    others = queries.offered({found.unit_code} - {NATION}, claimable=False).exclude(pk=found.pk)
    form = DefinitionForm.of(found, request.POST or None, others=others, shipped=services.is_shipped(found))
    if saved(request, form, services.change_qualification, _("Saved."), code=code):
        return redirect("volunteers:definitions")
    return render(request, "volunteers/definition.html", {"form": form, "found": found})
