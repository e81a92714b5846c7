"""What I can do and when I can help: one's own pages, and the same for a member one answers for."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nhipcau.audit.services import record_read
from nhipcau.core import clock
from nhipcau.core.doors import requires, signed_in
from nhipcau.core.errors import UnableTo
from nhipcau.teams.access import actor_in
from nhipcau.teams.enums import Permission
from nhipcau.teams.models import Member, TeamMembership
from nhipcau.teams.queries import memberships_of
from nhipcau.volunteers import queries, services
from nhipcau.volunteers.forms import ClearForm, ConsentForm, DaysForm, LimitsForm, MinorForm, WeekForm
from nhipcau.volunteers.rules import Span, longest_consent, reaches
from nhipcau.volunteers.views.subject import Subject, saved, subject_of


@signed_in
def person(request: HttpRequest, member_id: UUID | None = None) -> HttpResponse:
    """Everything this room knows of a member, in one view."""
    subject, today = subject_of(request, member_id), clock.local_date(clock.now())
    member = subject.member
    summary = queries.summary_of(member.pk, today=today, private=True)
    teams = list(memberships_of(member, today=today))
    context = {
        "subject": subject,
        "member": member,
        "own": subject.own,
        "refusal": _standing(member, summary, teams).refusal_on(today),
        "summary": summary,
        "teams": teams,
        "spoken": member.languages.order_by("language"),
        "may_review": not subject.own,
    }
    return render(request, "volunteers/person.html", context)


def _standing(member: Member, summary: queries.Summary, teams: Sequence[TeamMembership]) -> queries.Standing:
    """What decides whether the member may serve, from what the page has read already."""
    minor_until = summary.profile.minor_until if summary.profile else None
    consents = (Span(summary.consent.given_on, summary.consent.valid_until),) if summary.consent else ()
    memberships = tuple((row.team_id, Span(row.starts_on, row.ends_on)) for row in teams)
    return queries.Standing(member.pk, member.is_active, minor_until, consents, memberships)


@signed_in
def when(request: HttpRequest, member_id: UUID | None = None) -> HttpResponse:
    """The usual week as a grid, and the days that differ from it."""
    subject = subject_of(request, member_id)
    form = WeekForm(request.POST) if request.method == "POST" else _week_form(subject)

    def set_week(**values: Any) -> None:
        week = form.week(like_monday="like_monday" in request.POST)
        services.set_week(by=values["by"], now=values["now"], member=subject.member, week=week)

    if saved(request, form, set_week, _("Saved.")):
        return redirect(subject.address("when"))
    return _when_page(request, subject, form, DaysForm())


def _week_form(subject: Subject) -> WeekForm:
    return WeekForm.of(queries.usual_week(subject.member.pk))


def _when_page(request: HttpRequest, subject: Subject, form: WeekForm, days: DaysForm) -> HttpResponse:
    context = {
        "subject": subject,
        "form": form,
        "days_form": days,
        "exceptions": queries.exceptions_of(subject.member.pk, today=clock.local_date(clock.now())),
        "days_address": subject.address("days"),
        "clear_address": subject.address("clear"),
    }
    status = 422 if form.errors or days.errors else 200
    return render(request, "volunteers/when.html", context, status=status)


@signed_in
@require_POST
def days(request: HttpRequest, member_id: UUID | None = None) -> HttpResponse:
    """Away, or free although not usually, on some days."""
    subject, form = subject_of(request, member_id), DaysForm(request.POST)
    if saved(request, form, services.set_days, _("Saved."), member=subject.member):
        return redirect(subject.address("when"))
    return _when_page(request, subject, _week_form(subject), form)


@signed_in
@require_POST
def clear(request: HttpRequest, member_id: UUID | None = None) -> HttpResponse:
    """The usual week holds again on some days."""
    subject, form = subject_of(request, member_id), ClearForm(request.POST)
    if form.is_valid():
        services.clear_days(by=subject.actor, now=clock.now(), member=subject.member, **form.cleaned_data)
        messages.success(request, _("The usual week holds again on these days."))
    else:
        messages.error(request, _("Nothing was changed. Choose the days once more."))
    return redirect(subject.address("when"))


@signed_in
def limits(request: HttpRequest, member_id: UUID | None = None) -> HttpResponse:
    """How much at most, and how far."""
    subject = subject_of(request, member_id)
    known = queries.profile_of(subject.member.pk)
    names = ("shifts_a_week", "hours_a_day", "reach_km")
    form = LimitsForm(request.POST or None, initial={name: getattr(known, name) for name in names})
    if saved(request, form, services.set_limits, _("Saved."), member=subject.member):
        return subject.back()
    title = _("How much I can help") if subject.own else _("How much they can help")
    return render(request, "volunteers/form.html", {"subject": subject, "form": form, "title": title})


@requires(Permission.VOLUNTEERS_REVIEW)
def minor(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """Until when a member is under 18."""
    subject = subject_of(request, member_id)
    known = queries.profile_of(subject.member.pk)
    form = MinorForm(request.POST or None, initial={"minor_until": known.minor_until})
    if saved(request, form, services.set_minor, _("Saved."), member=subject.member):
        return subject.back()
    context = {"subject": subject, "form": form, "title": _("Under 18?")}
    return render(request, "volunteers/form.html", context)


@requires(Permission.VOLUNTEERS_REVIEW)
def consent(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """A guardian agrees."""
    subject, now = subject_of(request, member_id), clock.now()
    known, present = queries.profile_of(subject.member.pk), queries.consent_of(subject.member.pk)
    initial = longest_consent(clock.local_date(now), known.minor_until)
    form = ConsentForm(request.POST or None, initial=initial)
    if saved(request, form, services.record_consent, _("The consent is recorded."), member=subject.member):
        return subject.back()
    if present is not None:
        record_read(
            by=subject.actor,
            entity="volunteers_guardianconsent",
            entity_id=str(present.pk),
            commune=subject.member.commune_id or "",
            now=now,
        )
    context = {"subject": subject, "form": form, "present": present}
    return render(request, "volunteers/consent.html", context)


@requires(Permission.VOLUNTEERS_REVIEW)
@require_POST
def withdraw_consent(request: HttpRequest, member_id: UUID) -> HttpResponse:
    """A guardian agrees no longer."""
    subject = subject_of(request, member_id)
    try:
        services.withdraw_consent(by=subject.actor, now=clock.now(), member=subject.member)
    except UnableTo as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The consent is withdrawn. From today on this person may not serve."))
    return subject.back()


def member_panel(request: HttpRequest, member: Member) -> str:
    """On a member's page: what they can do; for those who answer for them also when, and the consent."""
    actor, today = actor_in(request), clock.local_date(clock.now())
    own = member.pk == actor.id
    home = member.commune
    places = frozenset({(home.code, home.parent_id or "")} if home else ())
    answers = not own and member.is_active and reaches(actor, places)
    context = {
        "member": member,
        "own": own,
        "may_review": answers,
        "summary": queries.summary_of(member.pk, today=today, private=own or answers),
    }
    return render_to_string("volunteers/member_panel.html", context, request=request)


def profile_panel(request: HttpRequest, member: Member) -> str:
    """On one's own profile: the way to what one can do and when."""
    return render_to_string("volunteers/profile_panel.html", {}, request=request)
