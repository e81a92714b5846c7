"""Many posts and sign-ups at once, under the same rules and constraints: for imports and for the demo."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nhipcau.audit.services import unit_of_work
from nhipcau.core.errors import UnableTo
from nhipcau.core.ids import new_id
from nhipcau.core.scope import Actor
from nhipcau.shifts.enums import OpenTo
from nhipcau.shifts.models import Post, PostNeed, PostRule, ShiftNeed
from nhipcau.shifts.services import NeedSpec, check_needs
from nhipcau.signups.enums import Source
from nhipcau.signups.models import SignUp, SignUpStep
from nhipcau.signups.rules.states import Mover, check_move
from nhipcau.signups.services.seats import in_words
from nhipcau.volunteers.models import Qualification

_BATCH = 1000


class UnableToAddPosts(UnableTo):
    """A post without a name, or a rule without days or the wrong way round."""

    code = "signups.unable_to_add_posts"


@dataclass(frozen=True, slots=True)
class NewRule:
    """On which weekdays and when, and who is needed each time."""

    weekdays: tuple[int, ...]
    starts: time
    ends: time
    needs: tuple[NeedSpec, ...]


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post of a team in a commune, with its rules. `id` is made by whoever asks."""

    id: UUID
    team: UUID
    commune: str
    name: str
    active_from: date
    rules: tuple[NewRule, ...]
    point: UUID | None = None
    open_to: OpenTo = OpenTo.TEAM


@dataclass(frozen=True, slots=True)
class Step:
    """A move of a sign-up to a state at a moment, with a reason where the table asks for one."""

    to: str
    at: datetime
    mover: Mover = Mover.SYSTEM
    reason: str = ""


@dataclass(frozen=True, slots=True)
class NewSignUp:
    """A member on a need with its life so far; the last step says its state."""

    id: UUID
    need: UUID
    member: UUID
    steps: tuple[Step, ...]
    source: str = Source.SELF


def add_posts_in_bulk(*, posts: Sequence[NewPost], by: Actor | None, now: datetime) -> int:
    """All the posts with their rules and needs, or none; how many. Only the system calls it."""
    known = set(Qualification.objects.order_by().values_list("pk", flat=True))
    rows: list[Post] = []
    rules: list[PostRule] = []
    needs: list[PostNeed] = []
    for new in posts:
        if not new.name.strip():
            raise UnableToAddPosts(_("Give the post a name."))
        rows.append(_post(new))
        for rule in new.rules:
            rules.append(_rule(new, rule, now))
            specs = check_needs(rule.needs, known=known)
            needs += [_need(rules[-1], spec, place, now) for place, spec in enumerate(specs)]
    with unit_of_work(by=by, now=now):
        Post.objects.bulk_create(rows, batch_size=_BATCH)
        PostRule.objects.bulk_create(rules, batch_size=_BATCH)
        PostNeed.objects.bulk_create(needs, batch_size=_BATCH)
    return len(rows)


def _post(new: NewPost) -> Post:
    return Post(
        id=new.id,
        team_id=new.team,
        commune_id=new.commune,
        point_id=new.point,
        name=new.name.strip(),
        open_to=new.open_to,
        active_from=new.active_from,
    )


def _rule(new: NewPost, rule: NewRule, now: datetime) -> PostRule:
    if not rule.weekdays or rule.ends <= rule.starts:
        raise UnableToAddPosts(_("A shift ends after it begins, on the same day."))
    return PostRule(
        id=new_id(now),
        post_id=new.id,
        weekdays=sorted(set(rule.weekdays)),
        starts=rule.starts,
        ends=rule.ends,
        valid_from=new.active_from,
    )


def _need(rule: PostRule, spec: NeedSpec, position: int, now: datetime) -> PostNeed:
    return PostNeed(id=new_id(now), rule=rule, position=position, **spec.seats)


def sign_up_in_bulk(*, sign_ups: Iterable[NewSignUp], by: Actor | None, now: datetime) -> int:
    """All the sign-ups with their steps, or none; how many. Only the system calls it.

    Every move is checked against the table; capacity, overlap and a second place on one shift are refused
    by the database (`UnableToTakeSeat`, `UnableToBeInTwoPlaces`, `UnableToSignUpTwice`).
    """
    wanted = list(sign_ups)
    with unit_of_work(by=by, now=now):
        needs = ShiftNeed.objects.select_related("shift").in_bulk({new.need for new in wanted})
        rows: list[SignUp] = []
        steps: list[SignUpStep] = []
        for new in wanted:
            rows.append(_sign_up(new, needs[new.need]))
            steps += _steps(new, now)
        with in_words():
            SignUp.objects.bulk_create(rows, batch_size=_BATCH)
        SignUpStep.objects.bulk_create(steps, batch_size=_BATCH)
    return len(rows)


def _sign_up(new: NewSignUp, need: ShiftNeed) -> SignUp:
    last = new.steps[-1]
    return SignUp(
        id=new.id,
        need=need,
        shift_id=need.shift_id,
        starts_at=need.shift.starts_at,
        ends_at=need.shift.ends_at,
        member_id=new.member,
        state=last.to,
        source=new.source,
        reason=last.reason,
        made_at=new.steps[0].at,
        changed_at=last.at,
    )


def _steps(new: NewSignUp, now: datetime) -> Iterable[SignUpStep]:
    state = ""
    for step in new.steps:
        check_move(state, step.to, step.mover, reason=step.reason)
        yield SignUpStep(
            id=new_id(now),
            sign_up_id=new.id,
            from_state=state,
            to_state=step.to,
            at=step.at,
            reason=step.reason,
        )
        state = step.to
