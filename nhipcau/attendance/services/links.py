"""Addresses that work without signing in: calendars and wall boards. Renewed, the old one is dead."""

from datetime import datetime
from uuid import UUID

from django.http import Http404

from nhipcau.attendance.models import Board, CalendarFeed
from nhipcau.attendance.queries.shifts import get_post
from nhipcau.audit.services import unit_of_work
from nhipcau.core.ids import new_id, new_token
from nhipcau.core.scope import Actor
from nhipcau.places.models import ServicePoint
from nhipcau.shifts.models import Post
from nhipcau.teams.models import Member


def renew_own_feed(*, by: Actor, now: datetime) -> CalendarFeed:
    """A new address of the member's own calendar; the one before no longer answers."""
    with unit_of_work(by=by, now=now):
        # Two taps at once wait for each other.
        Member.objects.select_for_update(no_key=True).filter(pk=by.id).first()
        CalendarFeed.objects.filter(member_id=by.id, ended_at__isnull=True).update(ended_at=now)
        return CalendarFeed.objects.create(id=new_id(now), token=new_token(), made_at=now, member_id=by.id)


def renew_post_feed(*, post_id: UUID, by: Actor, now: datetime) -> CalendarFeed:
    """A new address of the calendar of a post of the actor's places; or 404."""
    with unit_of_work(by=by, now=now):
        post = _locked(post_id, by)
        CalendarFeed.objects.filter(post=post, ended_at__isnull=True).update(ended_at=now)
        return CalendarFeed.objects.create(id=new_id(now), token=new_token(), made_at=now, post=post)


def renew_board(*, post_id: UUID, whole_point: bool, language: str, by: Actor, now: datetime) -> Board:
    """A new wall board of a post, or of all posts of its service point; the one before goes dark. Or 404."""
    with unit_of_work(by=by, now=now):
        post = _locked(post_id, by)
        if whole_point and post.point is None:
            raise Http404
        if whole_point and post.point:  # the point's other posts may renew the same board
            ServicePoint.objects.select_for_update(no_key=True).filter(pk=post.point.pk).first()
        place = {"point": post.point} if whole_point else {"post": post}
        Board.objects.filter(ended_at__isnull=True, **place).update(ended_at=now)
        return Board.objects.create(
            id=new_id(now),
            token=new_token(),
            made_at=now,
            commune_id=post.commune_id,
            language=language,
            **place,
        )


def _locked(post_id: UUID, by: Actor) -> Post:
    """A post of the actor's places; two taps at once wait for each other. Or 404."""
    post = get_post(post_id, for_=by)
    Post.objects.select_for_update(no_key=True).filter(pk=post_id).first()
    return post


def end_board(*, board_id: UUID, post_id: UUID, by: Actor, now: datetime) -> None:
    """The board goes dark. Or 404."""
    with unit_of_work(by=by, now=now):
        post = get_post(post_id, for_=by)
        rows = Board.objects.filter(pk=board_id, commune_id=post.commune_id, ended_at__isnull=True)
        if not rows.update(ended_at=now):
            raise Http404
