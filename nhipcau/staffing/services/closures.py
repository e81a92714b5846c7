"""Closing a commune or a service point for some days, and opening it again early."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.clock import local_date
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.places.models import ServicePoint, Unit
from nhipcau.shifts.enums import ClosureReason
from nhipcau.shifts.models import Closure, Post
from nhipcau.shifts.queries.shifts import closures_over, shifts_after, shifts_closed_by
from nhipcau.shifts.services import MOST_DAYS, check_edit_roster, posts
from nhipcau.staffing.services.changing import call_off_closed


class UnableToClose(UnableTo):
    """The days or the place of a closure do not fit."""

    code = "staffing.unable_to_close"


def check_closure(
    *, commune: Unit, point: ServicePoint | None, starts_on: date, ends_on: date, today: date
) -> None:
    """Raises `UnableToClose`: before the preview, and again when it is done."""
    if ends_on <= starts_on or ends_on <= today:
        raise UnableToClose(_("The last day is not before the first, and not in the past."))
    if (ends_on - starts_on).days > MOST_DAYS:
        raise UnableToClose(_("Choose at most two months."))
    if point is not None and point.commune_id != commune.pk:
        raise UnableToClose(_("This service point is in another commune."))
    there = closures_over([commune.pk], start=starts_on, end=ends_on)
    if any(row.point_id == (point.pk if point else None) for row in there):
        raise UnableToClose(_("This place is closed on some of these days already."))


def close_place(
    *,
    by: Actor | None,
    now: datetime,
    commune: Unit,
    point: ServicePoint | None,
    reason: ClosureReason,
    starts_on: date,
    ends_on: date,
) -> tuple[Closure, int, int]:
    """No shift is made on these days; those there are called off and their people told.

    Without a point the whole commune is closed. Returns how many shifts and how many people too.
    """
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, commune)
        # Two who close the same commune at once come here one after the other.
        Unit.objects.select_for_update(no_key=True).get(pk=commune.pk)
        check_closure(
            commune=commune, point=point, starts_on=starts_on, ends_on=ends_on, today=local_date(now)
        )
        try:
            with transaction.atomic():
                closure = Closure.objects.create(
                    id=new_id(now),
                    commune=commune,
                    point=point,
                    reason=reason,
                    starts_on=starts_on,
                    ends_on=ends_on,
                    made_by_id=by.id if by else None,
                )
        except IntegrityError as error:
            raise UnableToClose(_("This place is closed on some of these days already.")) from error
        days = {"start": starts_on, "end": ends_on}
        here = shifts_closed_by(commune=commune.pk, point=closure.point_id, now=now, **days)
        shifts = list(here)
        people = call_off_closed(shifts, by=by, now=now, why=reason)
        return closure, len(shifts), people


def end_post(*, by: Actor | None, now: datetime, post: Post, on: date, call_off: bool) -> tuple[int, int]:
    """No shift is made at the post from that day on; with `call_off` those there already are called off.

    Returns how many shifts are called off, and how many people were counted on.
    """
    with unit_of_work(by=by, now=now):
        posts.end_post(by=by, now=now, post=post, on=on)
        shifts = list(shifts_after(post, day=on, now=now)) if call_off else []
        return len(shifts), call_off_closed(shifts, by=by, now=now, why="")


def end_closure(*, by: Actor | None, now: datetime, closure: Closure, on: date) -> bool:
    """Open again on that day: shifts can be made anew. True when the closure is gone altogether."""
    with unit_of_work(by=by, now=now):
        check_edit_roster(by, closure.commune)
        if on >= closure.ends_on or on < min(local_date(now), closure.ends_on):
            raise UnableToClose(_("Choose a day from today until before the closure ends."))
        if on <= closure.starts_on:
            Closure.objects.filter(pk=closure.pk).delete()
            return True
        closure.ends_on = on
        closure.save(update_fields=["ends_on"])
        return False
