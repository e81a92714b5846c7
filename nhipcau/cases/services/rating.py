"""The citizen's rating, given on the public page without an account."""

from datetime import datetime

from django.http import Http404
from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.cases.enums import EventKind, Stars
from nhipcau.cases.models import Case, CaseEvent, Rating
from nhipcau.cases.queries import token_hash
from nhipcau.cases.rules import UnableToRate, check_can_rate
from nhipcau.cases.services.recount import recount
from nhipcau.core.clock import local_date
from nhipcau.core.ids import new_id


def rate_case(*, token: str, stars: int, now: datetime) -> Rating:
    """One rating a case, by whoever holds the card; the same card may change it for a week.

    Raises `UnableToRate`; 404 for an unknown token.
    """
    if stars not in Stars.values:
        raise UnableToRate(_("Choose from 1 to 5."))
    with unit_of_work(by=None, now=now):
        case = (
            Case.objects.select_for_update().filter(token_hash=token_hash(token)).first() if token else None
        )
        if case is None:
            raise Http404
        rating = Rating.objects.filter(case=case).first()
        check_can_rate(case.state, rating.at if rating else None, now)
        if rating is None:
            rating = Rating.objects.create(id=new_id(now), case=case, stars=stars, at=now)
            CaseEvent.objects.create(case=case, kind=EventKind.RATED, at=now)
        elif rating.stars != stars:
            rating.stars, rating.changed_at = stars, now
            rating.save(update_fields=["stars", "changed_at"])
        recount(local_date(rating.at))
    return rating
