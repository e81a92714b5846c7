"""Who may decide in a place hears of what waits there: one message a day, however much comes."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from nhipcau.core.clock import local_date
from nhipcau.messaging.enums import Kind
from nhipcau.messaging.services import Draft, send_once_a_day
from nhipcau.teams.access import actor_of
from nhipcau.teams.models import Member
from nhipcau.teams.services.telling import draft_for
from nhipcau.volunteers.queries import applications_visible_to, claims_visible_to, reviewers_of
from nhipcau.volunteers.rules import Places


def tell_reviewers(places: Places, *, now: datetime, without: UUID | None = None) -> None:
    """Something new waits in one of these communes; `without` may not decide about it. In a unit of work."""
    people = reviewers_of(places, now=now, without=without)

    def drafts() -> list[Draft]:
        return [_what_waits(one, now) for one in people]

    send_once_a_day(to=[one.pk for one in people], kind=Kind.REVIEW, drafts=drafts, now=now)


def _what_waits(member: Member, now: datetime) -> Draft:
    """Everything that waits for somebody, counted as their desk counts it; no names."""
    actor = actor_of(member, now)
    joining = applications_visible_to(actor).count()
    skills = claims_visible_to(actor, today=local_date(now)).count()

    def words() -> tuple[str, str]:
        one = ngettext("%(count)d request to join", "%(count)d requests to join", joining)
        other = ngettext("%(count)d skill to check", "%(count)d skills to check", skills)
        parts = [text % {"count": count} for text, count in ((one, joining), (other, skills)) if count]
        subject = gettext("For you to answer: %(what)s") % {"what": ", ".join(parts)}
        return subject, gettext("People wait for your answer. Others who lead here see the same.")

    return draft_for(member, kind=Kind.REVIEW, words=words, link=reverse("volunteers:desk"), about=member.pk)
