"""What the pages share: whom one is about – oneself, or a member one answers for – and saving a form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise

from nhipcau.core import clock
from nhipcau.core.errors import UnableTo
from nhipcau.teams.access import MemberActor, actor_in
from nhipcau.teams.models import Member
from nhipcau.volunteers import queries


@dataclass(frozen=True, slots=True)
class Subject:
    """The member a page is about, and whether that is oneself."""

    actor: MemberActor
    member: Member
    own: bool

    @property
    def home(self) -> str:
        """Address of the page with everything about the member."""
        return reverse("volunteers:me") if self.own else reverse("volunteers:person", args=[self.member.pk])

    def address(self, name: str) -> str:
        """Address of a page about the member: `when` is one's own, `person_when` another's."""
        if self.own:
            return reverse(f"volunteers:{name}")
        return reverse(f"volunteers:person_{name}", args=[self.member.pk])

    def back(self) -> HttpResponse:
        """On to the page with everything."""
        return redirect(self.home)


def subject_of(request: HttpRequest, member_id: UUID | None) -> Subject:
    """Oneself without an id; else a member of one's places, or 404."""
    actor = actor_in(request)
    if member_id is None or member_id == actor.id:
        return Subject(actor, actor.member, own=True)
    found = queries.get_person(member_id, for_=actor, today=clock.local_date(clock.now()))
    return Subject(actor, found, own=False)


def saved(
    request: HttpRequest, form: forms.Form, act: Callable[..., Any], words: str | Promise, **given: Any
) -> bool:
    """Whether a sent form was right and done; a refusal stands in the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(by=actor_in(request), now=clock.now(), **given, **form.cleaned_data)
    except UnableTo as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, str(words))
    return True
